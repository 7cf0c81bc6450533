"""One part of the rosters counted: pupils by class, teachers by school, cohort, schools, and what looks wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from junheng.facts.model import arrow_schema
from junheng.facts.problems import Problem, Unusable
from junheng.facts.readers import load_table
from junheng.facts.schema import ROOMS, SCHOOLS, STAGES, TABLES, Table
from junheng.facts.typed import read_typed
from junheng.rosters.records import checking
from junheng.rosters.records.idle import is_idle
from junheng.rosters.records.load import load_record_checks
from junheng.rosters.records.model import Cohort, RecordCheck, Records
from junheng.rosters.records.reading import check_cells, read_people, refuse, refusing
from junheng.rosters.records.schema import STAGES_TAUGHT
from junheng.rosters.records.sieve import each_once
from junheng.rosters.records.sources import Found, Rosters
from junheng.rosters.records.statements import (
    classes_statement,
    cohort_statement,
    odd_rows,
    pupils_statement,
    staff_statement,
    teachers_statement,
)
from junheng.sql.files import CSV, PARQUET, FileSession

COUNTS = ("class_counts", "staff_counts")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted: the year, the cohort whose years there are (None where there are none), and by which rules."""

    records: Records
    year: int
    cohort: Cohort | None
    types: checking.TypeStages

    @property
    def years(self) -> frozenset[int]:
        """The years whose pupils are read."""
        cohort = self.cohort
        return frozenset({self.year, *((self.year + cohort.entered, self.year + cohort.last) if cohort else ())})


@dataclass(frozen=True, slots=True)
class Counted:
    """What one part came to: its tables by name, how much that is, and what looks wrong in it."""

    tables: Mapping[str, pa.Table]
    totals: Mapping[str, int]
    findings: tuple[checking.RecordFinding, ...]


Tables = Mapping[str, pa.Table]


def count_parts(session: FileSession, rosters: Rosters, parts: Sequence[str], asked: Asked) -> dict[str, Counted]:
    """Return everything that some parts give, by part. Raises `Unusable` with every problem found in one of them.

    People are counted part by part. What their counts give of each school is asked of all parts at once: the statement
    costs as much for one as for eight.
    """
    tables, findings = {}, {}
    for part in parts:
        tables[part] = _tables(session, rosters, part, asked)
        findings[part] = _findings(session, rosters, part, tables[part], asked)
    facts = of_schools(session, tables, asked.records)
    return {part: Counted(_kept(own) | facts[part], _totals(own), findings[part]) for part, own in tables.items()}


def _tables(session: FileSession, rosters: Rosters, part: str, asked: Asked) -> dict[str, pa.Table]:
    things = {"school_rows": SCHOOLS, "rooms": ROOMS}
    tables = {name: _things(rosters.of(one.name, part, asked.years), one) for name, one in things.items()}
    tables |= _pupils(session, rosters.of("pupils", part, asked.years), asked)
    return tables | _teachers(session, rosters.of("teachers", part, frozenset({asked.year})), asked)


def _findings(
    session: FileSession, rosters: Rosters, part: str, tables: Tables, asked: Asked
) -> tuple[checking.RecordFinding, ...]:
    checks = _checks(tables)
    idle = [one for one in checks if is_idle(one, tables, asked.records, asked.types)]
    none = tuple(checking.RecordFinding(one, 0, ()) for one in idle)
    if len(idle) == len(checks):
        return none
    for name in ("school_rows", *COUNTS):
        session.register(name, tables[name])
    with refusing([one.file for one in rosters.of("pupils", part) + rosters.of("teachers", part)]):
        open_checks = [one for one in checks if one not in idle]
        return (*checking.find(session, open_checks, asked.records, asked.types), *none)


def _kept(tables: Tables) -> dict[str, pa.Table]:
    """Return what is kept of a part's tables: of single classes only what facts have of them."""
    counts = tables["class_counts"]
    classes = counts.filter(pc.is_in(counts["stage"], pa.array(STAGES)))
    classes = classes.append_column("note", pa.nulls(len(classes), pa.string()))
    kept = {name: table for name, table in tables.items() if name not in COUNTS}
    schema = arrow_schema(TABLES["classes"])
    return kept | {"classes": classes.select(schema.names).cast(schema)}


def of_schools(session: FileSession, tables: Mapping[str, Tables], records: Records) -> dict[str, dict[str, pa.Table]]:
    """Return, for each part, what its counts give of each school."""
    for name in COUNTS:
        session.register(name, pa.concat_tables(with_part(own[name], part) for part, own in tables.items()))
    asked = {"pupil_facts": pupils_statement(records), "teacher_facts": teachers_statement(records)}
    found = {name: _with_text_ids(session.fetch(sql)) for name, sql in asked.items()}
    return {part: {name: of_part(table, part) for name, table in found.items()} for part in tables}


def with_part(table: pa.Table, part: str) -> pa.Table:
    """Return a table with a column that says of which part it is."""
    return table.append_column("part", pa.repeat(pa.scalar(part), len(table)))


def of_part(table: pa.Table, part: str) -> pa.Table:
    """Return the rows of one part, without that column."""
    return table.filter(pc.equal(table["part"], part)).drop_columns(["part"])


def _totals(tables: Mapping[str, pa.Table]) -> dict[str, int]:
    classes, staff = tables["class_counts"], tables["staff_counts"]
    found = {"pupils": pc.sum(classes["pupils"]).as_py() or 0, "teachers": pc.sum(staff["people"]).as_py() or 0}
    return found | {"classes": len(classes), "schools": len(tables["school_rows"]), "rooms": len(tables["rooms"])}


def _checks(tables: Mapping[str, pa.Table]) -> list[RecordCheck]:
    """Return the checks of one part: what compares parts is asked later, what has no roster not at all."""
    has_staff = tables["staff_counts"].num_rows > 0
    return [one for one in load_record_checks() if one.kind != "twice" and (one.table == "pupils" or has_staff)]


def _things(found: Sequence[Found], table: Table) -> pa.Table:
    """Return schools or rooms, read as facts are, every file's problems told; a school stands once."""
    problems: list[Problem] = []
    read: list[pa.Table] = []
    for one in found:
        try:
            plain = read_typed(one.file, table) if one.form == PARQUET else None
            read.append(load_table(one.file, table).rows if plain is None else plain)
        except Unusable as error:
            problems += error.problems
    rows = pa.concat_tables(read) if read else _empty(table)
    if table is SCHOOLS:
        problems += _twice(rows, found)
    if problems:
        raise Unusable(problems)
    return rows


def _empty(table: Table) -> pa.Table:
    return arrow_schema(table).empty_table()


def _twice(schools: pa.Table, found: Sequence[Found]) -> Iterator[Problem]:
    counted = pc.value_counts(schools["school_code"]).to_pylist()
    for one in (one for one in counted if one["counts"] > 1):
        file = found[0].file.name
        yield Problem(file, "学校标识码出现两次", "请删去一行或改正代码", column="school_code", value=one["values"])


def _pupils(session: FileSession, found: Sequence[Found], asked: Asked) -> dict[str, pa.Table]:
    people = read_people(session, "pupils", found)
    # What classes are grouped by is looked at there; reading every id once more would cost more than counting.
    whole = () if found[0].form == CSV else [name for name in ("year",) if found[0].year is None]
    if found[0].form == CSV or whole:
        check_cells(session, people, whole)
    years = _cohort_years(asked)
    with refusing([one.file for one in found]):
        tables = {"class_counts": session.fetch(classes_statement(asked.records, asked.year))}
        for name, year, grade in years:
            tables[name] = _cohort(session, asked.records, year, grade)
    ids = sum(tables[name]["pupil_id"].null_count for name in ("entered", "last") if name in tables)
    refuse(people, _unknown(tables["class_counts"], "pupils", "pupils") | ({"pupil_id": ids} if ids else {}))
    return {name: _with_text_ids(table) for name, table in tables.items()}


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


def _with_text_ids(table: pa.Table) -> pa.Table:
    """Return a table with plain strings, whichever kind of string an engine gives."""
    for at, field in enumerate(table.schema):
        if pa.types.is_large_string(field.type) or pa.types.is_string_view(field.type):
            table = table.set_column(at, field.name, table[field.name].cast(pa.string()))
    return table


def _teachers(session: FileSession, found: Sequence[Found], asked: Asked) -> dict[str, pa.Table]:
    if not found:
        return {"staff_counts": _no_staff(asked.records)}
    people = read_people(session, "teachers", found)
    if found[0].form == CSV:
        check_cells(session, people)
    with refusing([one.file for one in found]):
        counts = _with_text_ids(session.fetch(staff_statement(asked.records)))
    refuse(people, _unknown(counts, "people", "teachers"))
    return {"staff_counts": counts}


def _no_staff(records: Records) -> pa.Table:
    marks = [name for mark in records.marks["teachers"] for name in (mark, f"{mark}_known")]
    numbers = [(name, pa.int64()) for name in ("people", *marks, *odd_rows("teachers"))]
    return pa.schema([("school_code", pa.string()), ("stage", pa.string()), *numbers]).empty_table()


def files_of(rosters: Rosters, part: str, asked: Asked) -> list[Path]:
    """Return every file that a part is counted from."""
    people = rosters.of("pupils", part, asked.years) + rosters.of("teachers", part, frozenset({asked.year}))
    things = rosters.of("schools", part, asked.years) + rosters.of("rooms", part, asked.years)
    return [one.file for one in people + things]
