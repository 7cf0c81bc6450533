"""The people of some parts counted: pupils by class, teachers by school and stage, the cohort's two years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from junheng.rosters.records import linking
from junheng.rosters.records.batch import Batch
from junheng.rosters.records.model import Asked, Records
from junheng.rosters.records.reading import WHOLE, People, check_cells, read_people, refuse, refusing
from junheng.rosters.records.schema import STAGES_TAUGHT
from junheng.rosters.records.sieve import each_once
from junheng.rosters.records.sources import Found
from junheng.rosters.records.statements import (
    CLASS,
    STAFF,
    classes_statement,
    cohort_statement,
    in_order,
    odd_rows,
    staff_statement,
)
from junheng.sql.files import CSV, FileSession

Counts = dict[str, pa.Table]


def count_people(session: FileSession, batch: Batch) -> Counts:
    """Return the counts of some parts, each row with its part's number. Raises `Unusable` with every problem."""
    pupils = _pupils(session, batch.files("pupils"), batch.asked, batch.place)
    return pupils | _teachers(session, batch.files("teachers"), batch.asked, batch.place)


def _pupils(session: FileSession, found: Sequence[Found], asked: Asked, place: str) -> Counts:
    people = read_people(session, "pupils", found, place)
    # What classes are grouped by is looked at there; reading every id once more would cost more than counting.
    whole = () if found[0].form == CSV else [name for name in ("year",) if found[0].year is None]
    if found[0].form == CSV or whole:
        check_cells(session, people, whole)
    with refusing([one.file for one in found]):
        classes = session.fetch(in_order(classes_statement(asked.records, asked.year), CLASS))
        years = {one[0]: _year(session, people, asked.records, *one) for one in _cohort_years(asked)}
        ids = sum(one["pupil_id"].null_count for one in years.values())
        refuse(people, _unknown(classes, "pupils", "pupils") | ({"pupil_id": ids} if ids else {}))
        linked = {name: session.fetch(sql) for name, sql in linking.OF_COHORT.items()} if years else {}
    if linked:
        refuse(people, _nowhere(linked["cohort_years"]))
    last = {"last": years["last"]} if years else {}
    return {name: with_text_ids(table) for name, table in {"class_counts": classes, **last, **linked}.items()}


def _year(session: FileSession, people: People, records: Records, name: str, year: int, grade: int) -> pa.Table:
    """Keep a year's pupils of the cohort, each once in a school, and return them, and those without an id.

    Whether each is there once already, numbers tell at once.
    """
    if people.types[people.headings["pupil_id"]] in WHOLE:
        rows = session.keep(name, cohort_statement(records, year, grade, distinct=False))
        if rows["pupil_id"].null_count or each_once(rows["pupil_id"]):
            return rows
        del rows
    return session.keep(name, cohort_statement(records, year, grade))


def _cohort_years(asked: Asked) -> Iterator[tuple[str, int, int]]:
    linked, cohort = asked.records.linked, asked.cohort
    if cohort:
        yield "entered", asked.year + cohort.entered, linked.entry
        yield "last", asked.year + cohort.last, linked.last


def _unknown(counts: pa.Table, heads: str, table: str) -> dict[str, int]:
    """Return how many people have no school, no known stage, or a cell that means nothing, by column."""
    known = pc.is_in(counts["stage"], pa.array(list(STAGES_TAUGHT)))
    found = {
        "stage": pc.sum(counts.filter(pc.invert(known))[heads]).as_py(),
        "school_code": pc.sum(counts.filter(pc.is_null(counts["school_code"]))[heads]).as_py(),
    }
    wrong = (name for name in odd_rows(table) if name.startswith("wrong_"))
    found |= {name.removeprefix("wrong_"): pc.sum(counts[name]).as_py() for name in wrong}
    return {name: number for name, number in found.items() if number}


def _nowhere(years: pa.Table) -> dict[str, int]:
    """Return how many of a cohort have no school: in the year in which they entered nobody else looks."""
    own = years.filter(pc.is_null(years["school_code"]))
    return {"school_code": pc.sum(pc.add(own["entered"], own["last"])).as_py()} if len(own) else {}


def with_text_ids(table: pa.Table) -> pa.Table:
    """Return a table with plain strings, whichever kind of string an engine gives."""
    for at, field in enumerate(table.schema):
        if pa.types.is_large_string(field.type) or pa.types.is_string_view(field.type):
            table = table.set_column(at, field.name, table[field.name].cast(pa.string()))
    return table


def _teachers(session: FileSession, found: Sequence[Found], asked: Asked, place: str) -> Counts:
    if not found:
        return {"staff_counts": _no_staff(asked.records)}
    people = read_people(session, "teachers", found, place)
    if found[0].form == CSV:
        check_cells(session, people)
    with refusing([one.file for one in found]):
        counts = with_text_ids(session.fetch(in_order(staff_statement(asked.records), STAFF)))
    refuse(people, _unknown(counts, "people", "teachers"))
    return {"staff_counts": counts}


def _no_staff(records: Records) -> pa.Table:
    marks = [name for mark in records.marks["teachers"] for name in (mark, f"{mark}_known")]
    numbers = [(name, pa.int64()) for name in ("people", *marks, *odd_rows("teachers"))]
    texts = [(name, pa.string()) for name in ("school_code", "stage")]
    return pa.schema([("part", pa.int64()), *texts, *numbers]).empty_table()
