"""The people of some parts counted: pupils by class, teachers by school and stage, the cohort's two years.

Parts whose files have the same columns of the same types are read at once: to open files and to plan costs a part as
much as counting some hundred thousand people. What a part comes to does not depend on which others were read beside
it. Where something cannot be used, every part is read by itself once more, so that what is told names its file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from junheng.facts.problems import Unusable
from junheng.rosters.records.model import Asked, Records
from junheng.rosters.records.reading import check_cells, read_people, refuse, refusing
from junheng.rosters.records.schema import PEOPLE, STAGES_TAUGHT
from junheng.rosters.records.sieve import each_once
from junheng.rosters.records.sources import Found, Rosters
from junheng.rosters.records.statements import classes_statement, cohort_statement, odd_rows, staff_statement
from junheng.sql.files import CSV, PARQUET, FileSession

# Folders that engines name as they stand: a leading nought, a date or a blank might come back as another text.
KEY = re.compile(r"([a-z]\w*)=(0|[1-9][0-9]*)", re.ASCII)
# So many are a whole number on every engine.
DIGITS = 18
Counts = dict[str, pa.Table]


def count_people(session: FileSession, rosters: Rosters, parts: Sequence[str], asked: Asked) -> dict[str, Counts]:
    """Return the counts of each part. Raises `Unusable` with every problem found in one of them."""
    if len(parts) > 1 and _alike(rosters, parts, asked):
        with suppress(Unusable):
            return _counted(session, rosters, parts, asked)
    return {part: _counted(session, rosters, [part], asked)[part] for part in parts}


def _alike(rosters: Rosters, parts: Sequence[str], asked: Asked) -> bool:
    """Whether some parts can be read at once and each comes to what it comes to by itself."""
    keys = [KEY.fullmatch(key) for part in parts for key in part.split("/")]
    if not all(key and key[1] not in (*PEOPLE["pupils"].by_name, *PEOPLE["teachers"].by_name) for key in keys):
        return False
    if sum(_widths(_keys(parts)[1])) > DIGITS:
        return False
    return all(_of_one_shape(_files(rosters, table, parts, asked)) for table in ("pupils", "teachers"))


def _of_one_shape(found: Sequence[Found]) -> bool:
    """Whether all files are of Parquet and have the same columns of the same types, as far as they can be read."""
    shapes = set()
    for one in found:
        if one.form != PARQUET:
            return False
        try:
            with pq.ParquetFile(one.file) as opened:
                columns = [opened.schema.column(at) for at in range(len(opened.schema.names))]
        except (OSError, pa.ArrowException):
            return False
        shapes.add(tuple((column.path, column.physical_type, str(column.logical_type)) for column in columns))
    return len(shapes) <= 1


def _files(rosters: Rosters, table: str, parts: Sequence[str], asked: Asked) -> list[Found]:
    years = asked.years if table == "pupils" else frozenset({asked.year})
    return [one for part in parts for one in rosters.of(table, part, years)]


def _counted(session: FileSession, rosters: Rosters, parts: Sequence[str], asked: Asked) -> dict[str, Counts]:
    numbers, place = _numbered(parts)
    tables = _pupils(session, _files(rosters, "pupils", parts, asked), asked, place)
    tables |= _teachers(session, _files(rosters, "teachers", parts, asked), asked, place)
    return {part: {name: of_part(table, at) for name, table in tables.items()} for part, at in numbers.items()}


def _numbered(parts: Sequence[str]) -> tuple[dict[str, int], str]:
    """Return a number for each part, and the SQL that makes it of the folders: a text in each row would be dearer."""
    if len(parts) == 1:
        return {parts[0]: 0}, "0"
    names, rows = _keys(parts)
    steps = [10 ** sum(_widths(rows)[at + 1 :]) for at in range(len(names))]
    numbers = (sum(int(one) * step for one, step in zip(row, steps, strict=True)) for row in rows)
    cells = (f"CAST({name} AS BIGINT) * {step}" for name, step in zip(names, steps, strict=True))
    return dict(zip(parts, numbers, strict=True)), " + ".join(cells)


def _keys(parts: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """Return the names of the folders, and for each part their values."""
    pairs = [[key.split("=") for key in part.split("/")] for part in parts]
    return [name for name, _ in pairs[0]], [[value for _, value in pair] for pair in pairs]


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(len(one) for one in column) for column in zip(*rows, strict=True)]


def with_part(table: pa.Table, part: str) -> pa.Table:
    """Return a table with a column that says of which part it is."""
    return table.append_column("part", pa.repeat(pa.scalar(part), len(table)))


def of_part(table: pa.Table, part: str | int) -> pa.Table:
    """Return the rows of one part, without that column."""
    return table.filter(pc.equal(table["part"], part)).drop_columns(["part"])


def _pupils(session: FileSession, found: Sequence[Found], asked: Asked, place: str) -> Counts:
    people = read_people(session, "pupils", found, place)
    # What classes are grouped by is looked at there; reading every id once more would cost more than counting.
    whole = () if found[0].form == CSV else [name for name in ("year",) if found[0].year is None]
    if found[0].form == CSV or whole:
        check_cells(session, people, whole)
    with refusing([one.file for one in found]):
        tables = {"class_counts": session.fetch(classes_statement(asked.records, asked.year))}
        for name, year, grade in _cohort_years(asked):
            tables[name] = _cohort(session, asked.records, year, grade)
    ids = sum(tables[name]["pupil_id"].null_count for name in ("entered", "last") if name in tables)
    refuse(people, _unknown(tables["class_counts"], "pupils", "pupils") | ({"pupil_id": ids} if ids else {}))
    return {name: with_text_ids(table) for name, table in tables.items()}


def _cohort(session: FileSession, records: Records, year: int, grade: int) -> pa.Table:
    """Return a year's pupils of the cohort, each once in a school: whether that is so already, numbers tell at once."""
    rows = session.fetch(cohort_statement(records, year, grade, distinct=False))
    return rows if each_once(rows["pupil_id"]) else session.fetch(cohort_statement(records, year, grade))


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
        counts = with_text_ids(session.fetch(staff_statement(asked.records)))
    refuse(people, _unknown(counts, "people", "teachers"))
    return {"staff_counts": counts}


def _no_staff(records: Records) -> pa.Table:
    marks = [name for mark in records.marks["teachers"] for name in (mark, f"{mark}_known")]
    numbers = [(name, pa.int64()) for name in ("people", *marks, *odd_rows("teachers"))]
    texts = [(name, pa.string()) for name in ("school_code", "stage")]
    return pa.schema([("part", pa.int64()), *texts, *numbers]).empty_table()
