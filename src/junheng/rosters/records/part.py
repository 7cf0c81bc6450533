"""Parts of the rosters counted: people (`people`), schools, rooms, what they give of each school, what looks wrong."""

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
from junheng.rosters.records.model import Asked, RecordCheck, Records
from junheng.rosters.records.people import count_people, of_part, with_part, with_text_ids
from junheng.rosters.records.reading import read_people, refusing
from junheng.rosters.records.sources import Found, Rosters
from junheng.rosters.records.statements import pupils_statement, teachers_statement
from junheng.sql.files import PARQUET, FileSession

COUNTS = ("class_counts", "staff_counts")


@dataclass(frozen=True, slots=True)
class Counted:
    """What one part came to: its tables by name, how much that is, and what looks wrong in it."""

    tables: Mapping[str, pa.Table]
    totals: Mapping[str, int]
    findings: tuple[checking.RecordFinding, ...]


Tables = Mapping[str, pa.Table]


def count_parts(session: FileSession, rosters: Rosters, parts: Sequence[str], asked: Asked) -> dict[str, Counted]:
    """Return everything that some parts give, by part. Raises `Unusable` with every problem found in one of them.

    What can be asked of all parts at once is: a statement costs as much for one as for eight.
    """
    things = {part: _things_of(rosters, part, asked) for part in parts}
    people = count_people(session, rosters, parts, asked)
    tables = {part: own | people[part] for part, own in things.items()}
    findings = {part: _findings(session, rosters, part, own, asked) for part, own in tables.items()}
    facts = of_schools(session, tables, asked.records)
    return {part: Counted(_kept(own) | facts[part], _totals(own), findings[part]) for part, own in tables.items()}


def _things_of(rosters: Rosters, part: str, asked: Asked) -> dict[str, pa.Table]:
    things = {"school_rows": SCHOOLS, "rooms": ROOMS}
    return {name: _things(rosters.of(one.name, part, asked.years), one) for name, one in things.items()}


def _findings(
    session: FileSession, rosters: Rosters, part: str, tables: Tables, asked: Asked
) -> tuple[checking.RecordFinding, ...]:
    checks = _checks(tables)
    idle = [one for one in checks if is_idle(one, tables, asked.records, asked.types)]
    none = tuple(checking.RecordFinding(one, 0, ()) for one in idle)
    open_checks = [one for one in checks if one not in idle]
    if not open_checks:
        return none
    for name in ("school_rows", *COUNTS):
        session.register(name, tables[name])
    for table in {one.table for one in open_checks if one.kind == "rows"}:
        # Such a check reads people, and of this part alone.
        read_people(session, table, rosters.of(table, part, frozenset({asked.year})))
    with refusing([one.file for one in rosters.of("pupils", part) + rosters.of("teachers", part)]):
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
    found = {name: with_text_ids(session.fetch(sql)) for name, sql in asked.items()}
    return {part: {name: of_part(table, part) for name, table in found.items()} for part in tables}


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


def files_of(rosters: Rosters, part: str, asked: Asked) -> list[Path]:
    """Return every file that a part is counted from."""
    people = rosters.of("pupils", part, asked.years) + rosters.of("teachers", part, frozenset({asked.year}))
    things = rosters.of("schools", part, asked.years) + rosters.of("rooms", part, asked.years)
    return [one.file for one in people + things]
