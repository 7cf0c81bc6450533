"""From one school year to the next: of each fact, whether last year's value is carried on, asked again, or forgotten.

What is proposed follows from the fact's clock and kind in the data dictionary; the office may decide otherwise. What is
carried stands in the new year's form as a draft that names the entry it repeats, until whoever fills in confirms it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db import models

from junheng.facts.clocks import Clock
from junheng.facts.schema import COUNTY, ROOMS, SCHOOLS, TABLES, Column, Kind
from junheng_web.collection.ledger.entries import Cell
from junheng_web.collection.ledger.fields import GROUPS, county_form, item_of, school_form, school_lists
from junheng_web.collection.ledger.periods import Ledger, Period
from junheng_web.collection.ledger.saving import Change
from junheng_web.collection.ledger.values import Kept, Key, subject_of


class Deed(models.TextChoices):
    """What is done with last year's value of a fact."""

    CARRIED = "carried", "沿用上年"
    ASKED = "asked", "重新填"
    RESET = "reset", "从头填"


# A fact that is counted on the day may last (see `_lasts`); of the others the clock alone says what is proposed.
PROPOSED: Mapping[Clock, Deed] = MappingProxyType(
    {
        **dict.fromkeys(Clock, Deed.ASKED),
        Clock.BUDGET_YEAR: Deed.RESET,
        Clock.LAST_YEAR: Deed.RESET,
        Clock.APPLICATION_YEAR: Deed.RESET,
        Clock.MONITORING: Deed.CARRIED,
    }
)
# What stays until somebody builds, moves or decides: areas, kinds, whether it is so, rooms, the year of building.
LASTING_KINDS, LASTING_UNITS = frozenset({Kind.AREA, Kind.CODE, Kind.FLAG, Kind.TEXT}), frozenset({"间", "年"})
HELD = ("table", "row", "column", "integer", "text", "entry_id")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that the new year's forms ask for, under its name (`name_of`), with what is proposed for it."""

    name: str
    label: str
    group: str
    clock: Clock
    proposed: Deed


def name_of(key: Key) -> str:
    """Return under which name a cell's fact is decided upon: all schools' alike; a list is one fact."""
    table, row, column = key
    if table == COUNTY.name:
        return f"{table}.{row}"
    return f"{table}.{column}" if table == SCHOOLS.name else table


def proposed(column: Column) -> Deed:
    """Return what is proposed for a fact."""
    return Deed.CARRIED if column.clock is Clock.COUNTING and _lasts(column) else PROPOSED[column.clock]


def _lasts(column: Column) -> bool:
    return column.kind in LASTING_KINDS or column.unit in LASTING_UNITS


def begins_anew(period: Period, key: Key) -> bool:
    """Whether a fact begins anew in a period, so that last year's value does not stand beside it."""
    return bool(period.opening.get(name_of(key)) == Deed.RESET)


def facts_asked(period: Period, types: Collection[str]) -> list[Fact]:
    """Return the facts that a period's forms ask of schools of these types and of the county, and the lists of rooms.

    Grades of judges are not among them: they are given anew each year. `period` need not stand in the database.
    """
    forms = [field for one in sorted(types) for field in school_form(period, "", one)]
    forms.sort(key=lambda field: (list(GROUPS).index(field.group), list(SCHOOLS.by_name).index(field.key[2])))
    county = [field for field in county_form(period) if field.key[0] == COUNTY.name]
    found = {
        name_of(field.key): Fact(
            name_of(field.key), field.label, field.group, field.column.clock, proposed(field.column)
        )
        for field in [*forms, *county]
    }
    listed = {one.table for type in types for one in school_lists(period, type)}
    if ROOMS.name in listed:
        found[ROOMS.name] = Fact(ROOMS.name, TABLES[ROOMS.name].label, "清单", Clock.COUNTING, Deed.CARRIED)
    return list(found.values())


def carried(before: Ledger, period: Period, schools: Mapping[str, str], deeds: Mapping[str, str]) -> Iterator[Change]:
    """Yield what last year's ledger gives to this year's forms: of the schools (code: type) and of the county.

    A school that has become of another type gets what its new form asks for.
    """
    asked = _asked(period, set(schools.values()))
    cells = Cell.objects.filter(ledger=before, reported=True, table__in=(SCHOOLS.name, ROOMS.name, COUNTY.name))
    for table, row, column, integer, text, entry in cells.values_list(*HELD).iterator(chunk_size=5000):
        key = (table, row, column)
        type = "" if table == COUNTY.name else schools.get(subject_of(key))
        if type is not None and deeds.get(name_of(key)) == Deed.CARRIED and name_of(key) in asked[type]:
            yield Change(key, Kept(reported=True, integer=integer, text=text), source=entry)


def _asked(period: Period, types: Collection[str]) -> dict[str, set[str]]:
    """Return the names of what is asked of a school of each type; of the county under ''."""
    asked = {type: {name_of(field.key) for field in school_form(period, "", type)} for type in types}
    for type in types:
        asked[type] |= {one.table for one in school_lists(period, type)}
    county = {f"{COUNTY.name}.{item_of(field)}" for field in county_form(period)}
    return {**asked, "": asked.get("", set()) | county}
