"""What differs between two counties' facts, cell by cell: schools, items, grades, classes, rooms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from junheng.facts.items import ITEMS
from junheng.facts.model import Facts
from junheng.facts.schema import SCHOOLS, TABLES, Column, Kind
from junheng.facts.writers import plain

YES_OR_NO = {"1": "是", "0": "否"}
# Lists: what names a row, and what it says. Rows of one name are told together.
LISTS = {
    "judged": (("indicator", "school_code"), "judgement"),
    "classes": (("school_code", "stage", "grade", "class_name"), "pupils"),
    "rooms": (("school_code", "kind"), "area"),
}
NAMED_ELSEWHERE = {"indicator", "school_code", "grade"}
# What a school is called changes nothing that is judged.
NAMES = {"county_code", "county_name", "school_code", "school_name", "note"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not as it was, in the data dictionary's written units; None is not reported, or not there.

    `name` is the column, the item, or the indicator of a grade; `label` says it to an officer.
    """

    table: str
    school_code: str
    name: str
    label: str
    before: str | None
    after: str | None


def cells(before: Facts, after: Facts) -> tuple[Cell, ...]:
    """Return every cell that differs, of schools that are in both; what came or went with a school is not told."""
    return (*_schools(before, after), *_items(before, after), *_lists(before, after))


def rows_of(facts: Facts) -> dict[str, Mapping[str, Any]]:
    """Return the schools by their codes, in the order of the file."""
    return {row["school_code"]: row for row in facts.tables["schools"].to_pylist()}


def _schools(before: Facts, after: Facts) -> Iterator[Cell]:
    old, new = rows_of(before), rows_of(after)
    for code in (code for code in old if code in new):
        for column in SCHOOLS.columns:
            if column.name not in NAMES and old[code][column.name] != new[code][column.name]:
                told = (written(row[code][column.name], column) for row in (old, new))
                yield Cell("schools", code, column.name, column.label, *told)


def _items(before: Facts, after: Facts) -> Iterator[Cell]:
    for name, column in ITEMS.items():
        old, new = before.items.get(name), after.items.get(name)
        if old != new:
            yield Cell("county", "", name, column.label, written(old, column), written(new, column))


def _lists(before: Facts, after: Facts) -> Iterator[Cell]:
    both = {"", *(rows_of(before).keys() & rows_of(after).keys())}
    for table in LISTS:
        old, new = _grouped(before, table), _grouped(after, table)
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key) and key[0] in both:
                school, name, label = key
                yield Cell(table, school, name, label, old.get(key), new.get(key))


def _grouped(facts: Facts, table: str) -> dict[tuple[str, str, str], str]:
    """Return what a list says under each name: (school, indicator or table, label) to the figures, in order of size."""
    keys, said = LISTS[table]
    columns = TABLES[table].by_name
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in sorted(facts.tables[table].to_pylist(), key=lambda row: str(row[said]).zfill(20)):
        told_by = [key for key in keys if key not in NAMED_ELSEWHERE]
        label = "".join([TABLES[table].label, *(written(row[key], columns[key]) or "" for key in told_by)])
        name = row["indicator"] if table == "judged" else table
        told = found.setdefault((row["school_code"] or "", name or "", label), [])
        told.append(written(row[said], columns[said]) or "未报")
    return {key: "、".join(figures) for key, figures in found.items()}


def written(value: Any, column: Column) -> str | None:
    """Return a cell as a person writes it; None is not reported."""
    if value is None:
        return None
    text = plain(value, column)
    return YES_OR_NO.get(text, text) if column.kind is Kind.FLAG else column.choices.get(text, text)
