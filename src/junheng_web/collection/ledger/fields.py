"""Which cells a form has: what the rules in force ask of a school of its type, or of the county.

A form is never written down: it follows from the rule book, the data dictionary and who owns which item.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from junheng import api as jh
from junheng import papers
from junheng.facts.items import ITEMS
from junheng.facts.schema import COUNTY, JUDGED, SCHOOLS, TABLES, Column
from junheng.standard.model import Rules, Standard
from junheng.standard.needed import county_needs, judged_needs, list_needs, school_needs
from junheng_web.collection.ledger.periods import Period
from junheng_web.collection.ledger.values import Key, column_of, row_of, unit_of

BOOKS, TYPES = 8, 32
# The first column that is found in a group's names decides where a column stands; the last group takes the rest.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "基本情况": ("sponsor_code", "location", "is_boarding", "built_year", "dense_city_core"),
    "学生和班级": ("pupils", "classes", "in_zone", "new_", "grades"),
    "教师": ("teachers",),
    "校舍、场地和设备": ("area", "equipment", "rooms"),
    "经费": ("budget", "final", "spent", "fund"),
    "三年巩固": (),
}
# The columns that a list has in a form; its school is the form's.
LISTS: Mapping[str, tuple[str, ...]] = {
    "classes": ("stage", "grade", "class_name", "pupils"),
    "rooms": ("kind", "area"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One cell of a form: where it stands, what it is called, and which indicators are judged by it."""

    key: Key
    label: str
    group: str
    indicators: tuple[str, ...]

    @property
    def column(self) -> Column:
        """The data dictionary's column."""
        return column_of(self.key)

    @property
    def unit(self) -> str:
        """The unit in which it is typed."""
        return unit_of(self.key)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that a school hands in, row by row, with the indicators that are judged by it."""

    table: str
    label: str
    columns: tuple[Column, ...]
    indicators: tuple[str, ...]


@lru_cache(maxsize=BOOKS)
def standard_of(id: str) -> Standard:
    """Return a document, read once."""
    return jh.load_standard(id)


def rules_of(period: Period) -> Rules:
    """Return the rules in force on a period's counting date."""
    return standard_of(period.standard).on(period.counting_date)


def school_form(period: Period, code: str, school_type: str) -> list[Field]:
    """Return the cells that a school of this type fills in; of a type that nobody knows, those of no stage."""
    asked = _school_columns(period.standard, period.counting_date, school_type)
    return [Field((SCHOOLS.name, code, name), label, group, indicators) for name, label, group, indicators in asked]


@lru_cache(maxsize=BOOKS * TYPES)
def _school_columns(standard: str, day: dt.date, school_type: str) -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """Return what schools of a type are asked, by group: a county's thousand schools are of a dozen types."""
    rules = standard_of(standard).on(day)
    if school_type not in rules.standard.school_types:
        return ()
    needs = school_needs(rules, school_type)
    asked = [(name, SCHOOLS.column(name).label, _group(name), needs[name]) for name in needs]
    return tuple(sorted(asked, key=lambda one: list(GROUPS).index(one[2])))


def school_lists(period: Period, school_type: str) -> list[Listed]:
    """Return the lists that a school of this type hands in."""
    rules = rules_of(period)
    needs = list_needs(rules, school_type) if school_type in rules.standard.school_types else {}
    return [
        Listed(name, TABLES[name].label, tuple(TABLES[name].column(one) for one in LISTS[name]), needs[name])
        for name in LISTS
        if name in needs
    ]


def county_form(period: Period) -> list[Field]:
    """Return every cell that is asked of the county: its items, then what is judged, by the requirement's name.

    What the application form prints is asked for too, though nothing is judged by it: without it no form is whole.
    """
    rules, names = rules_of(period), {}
    for id, one in rules.requirements.items():
        names[id] = f"{id} {one.name}"
    items = [
        Field((COUNTY.name, name, "value"), ITEMS[name].label, names[ids[0]], ids) for name, ids in _county_items(rules)
    ]
    judged = [Field((JUDGED.name, row_of("", id), "judgement"), "评定", names[id], (id,)) for id in judged_needs(rules)]
    order = list(names.values())
    return sorted([*items, *judged], key=lambda field: order.index(field.group))


def _county_items(rules: Rules) -> Iterator[tuple[str, tuple[str, ...]]]:
    judged, printed = county_needs(rules), papers.items_printed(rules.standard)
    yield from ((name, judged.get(name) or printed[name]) for name in ITEMS if name in judged or name in printed)


def item_of(field: Field) -> str:
    """Return the name under which one of the county's cells is owned."""
    return field.key[1]


def _group(name: str) -> str:
    return next((group for group, parts in GROUPS.items() if any(part in name for part in parts)), list(GROUPS)[-1])
