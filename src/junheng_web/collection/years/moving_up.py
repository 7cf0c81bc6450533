"""Classes a grade further, as a proposal; and the grade-7 pupils of three years ago, whom B23 asks after."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from junheng.facts.clocks import COHORT_YEARS, school_year_of
from junheng.facts.schema import CLASSES, SCHOOLS
from junheng_web.collection.ledger.entries import Cell
from junheng_web.collection.ledger.fields import school_form
from junheng_web.collection.ledger.periods import Ledger, Period
from junheng_web.collection.ledger.saving import Change, Place
from junheng_web.collection.ledger.subjects import NUMBER_DIGITS
from junheng_web.collection.ledger.values import Kept, row_of, subject_of
from junheng_web.collection.years.carrying import HELD

# The column that asks after a cohort when it came; the class list of its first year holds it, or who was new then.
ENTERED, STAGE, NEW = "entry_grade7", "junior", "junior_new_pupils"
NUMERALS = "一二三四五六七八九"
JUNIOR_BEGINS = 7
Row = dict[str, tuple[Kept, int]]
"""A class: its columns, each with what it holds and the id of its entry."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """How many pupils of a school were in the first grade of the stage, how that is known, and by which entry."""

    pupils: int
    told: str
    entry: int


def classes_of(ledger: Ledger) -> dict[str, list[Row]]:
    """Return each school's classes, in the order of its list."""
    cells = Cell.objects.filter(ledger=ledger, table=CLASSES.name, reported=True).order_by("row")
    found: dict[str, list[Row]] = {}
    for name, own in groupby(cells.values_list(*HELD), key=lambda cell: cell[1]):
        row = {column: (Kept(True, integer, text), entry) for _, _, column, integer, text, entry in own}
        found.setdefault(subject_of((CLASSES.name, name, "")), []).append(row)
    return found


def highest(classes: Mapping[str, list[Row]]) -> dict[str, int]:
    """Return the highest grade of each stage in the county: whoever was in it has left the stage."""
    found: dict[str, int] = {}
    for row in (row for rows in classes.values() for row in rows if {"stage", "grade"} <= set(row)):
        stage, grade = row["stage"][0].text, row["grade"][0].integer or 0
        found[stage] = max(grade, found.get(stage, 0))
    return dict(sorted(found.items(), reverse=True))


def moved_up(classes: Mapping[str, list[Row]], schools: Mapping[str, str], last: Mapping[str, int]) -> Iterator[Change]:
    """Yield the class lists of the schools (code: type) a grade further, without those that were in the `last` grade.

    How many pupils a class has is asked again, and the classes of the first grade are for the school to add.
    """
    for code in (code for code in classes if code in schools):
        staying = [row for row in classes[code] if _stays(row, last)]
        for number, row in enumerate(staying, 1):
            name = row_of(code, f"{number:0{NUMBER_DIGITS}}")
            for column, (kept, entry) in _further(row).items():
                yield Change((CLASSES.name, name, column), kept, source=entry)


def _stays(row: Row, last: Mapping[str, int]) -> bool:
    if not {"stage", "grade"} <= set(row):
        return False
    return (row["grade"][0].integer or 0) < last.get(row["stage"][0].text, 0)


def _further(row: Row) -> Row:
    kept, entry = row["grade"]
    grade = kept.integer or 0
    found = {"stage": row["stage"], "grade": (Kept(True, grade + 1), entry)}
    if "class_name" in row:
        name, entry = row["class_name"]
        found["class_name"] = (Kept(True, None, next_name(name.text, grade)), entry)
    return found


def next_name(name: str, grade: int) -> str:
    """Return what a class is called a grade later, where its name begins with its grade; any other name stays."""
    pairs = [(rf"{grade}(?!\d)", str(grade + 1))]
    for start, sign in ((1, ""), (JUNIOR_BEGINS, "初")):
        at = grade - start
        if 0 <= at < len(NUMERALS) - 1:
            pairs.append((f"{sign}{NUMERALS[at]}", f"{sign}{NUMERALS[at + 1]}"))
    for old, new in pairs:
        if begins := re.match(old, name):
            return new + name[begins.end() :]
    return name


def cohorts(period: Period) -> dict[str, Cohort]:
    """Return by school the pupils who entered the stage three years before a period, as far as it holds that year."""
    code = str(school_year_of(period.counting_date) - COHORT_YEARS)
    ledgers = Ledger.objects.of(period.county).filter(period__code=code).select_related("period")
    found: dict[str, Cohort] = {}
    # What was counted and locked goes before what was so at the time.
    for ledger in sorted(ledgers, key=lambda one: one.basis == Ledger.Basis.CENSUS):
        found |= _newcomers(ledger) | _listed(ledger)
    return found


def _newcomers(ledger: Ledger) -> dict[str, Cohort]:
    cells = Cell.objects.filter(ledger=ledger, table=SCHOOLS.name, column=NEW, reported=True)
    label = SCHOOLS.column(NEW).label
    return {row: Cohort(pupils, label, entry) for row, pupils, entry in cells.values_list("row", "integer", "entry_id")}


def _listed(ledger: Ledger) -> dict[str, Cohort]:
    """Return the cohorts that class lists tell of; one class of unknown size leaves its school out."""
    found: dict[str, Cohort] = {}
    for code, rows in classes_of(ledger).items():
        staged = [row for row in rows if "grade" in row and "stage" in row and row["stage"][0].text == STAGE]
        first = min((row["grade"][0].integer or 0 for row in staged), default=0)
        own: list[Any] = [row.get("pupils") for row in staged if row["grade"][0].integer == first]
        if own and None not in own and first in (1, JUNIOR_BEGINS):
            told = f"{NUMERALS[JUNIOR_BEGINS - 1]}年级 {len(own)} 个班的学生数合计"
            found[code] = Cohort(sum(kept.integer for kept, _ in own), told, own[0][1])
    return found


def offered(period: Period, schools: Mapping[str, str]) -> Iterator[Change]:
    """Yield, where a school's form asks after the cohort, its number from the year in which it came."""
    asking = {type: _asks(period, type) for type in set(schools.values())}
    for code, one in cohorts(period).items():
        if asking.get(schools.get(code, "-"), False):
            place = Place(f"{school_year_of(period.counting_date) - COHORT_YEARS} 学年", None, one.told)
            yield Change((SCHOOLS.name, code, ENTERED), Kept(True, one.pupils), None, place, one.entry)


def _asks(period: Period, type: str) -> bool:
    return any(field.key[2] == ENTERED for field in school_form(period, "", type))
