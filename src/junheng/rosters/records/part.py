"""Parts of the rosters counted: people (`people`), schools, rooms, what they give of each school, what looks wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from junheng.facts.model import arrow_schema
from junheng.facts.problems import Problem, Unusable
from junheng.facts.readers import load_table
from junheng.facts.schema import ROOMS, SCHOOLS, Table
from junheng.facts.typed import read_typed
from junheng.rosters.records import checking
from junheng.rosters.records.batch import Batch, taken_apart, with_part
from junheng.rosters.records.idle import is_idle
from junheng.rosters.records.load import load_record_checks
from junheng.rosters.records.model import Asked, RecordCheck, Records
from junheng.rosters.records.people import count_people, with_text_ids
from junheng.rosters.records.reading import read_people, refusing
from junheng.rosters.records.sources import Found, Rosters
from junheng.rosters.records.statements import SCHOOL, in_order, pupils_statement, teachers_statement
from junheng.rosters.records.tables import settled_tables
from junheng.sql.files import PARQUET, FileSession

COUNTS = ("class_counts", "staff_counts")
Tables = Mapping[str, pa.Table]


@dataclass(frozen=True, slots=True)
class Counted:
    """What one part came to: its tables by name, how much that is, and what looks wrong in it."""

    tables: Tables
    totals: Mapping[str, int]
    findings: tuple[checking.RecordFinding, ...]


def count_parts(session: FileSession, rosters: Rosters, parts: Sequence[str], asked: Asked) -> dict[str, Counted]:
    """Return everything that some parts give, by part. Raises `Unusable` with every problem found in one of them.

    Where something cannot be used, each is read by itself once more, so that what is told names its file.
    """
    if len(parts) > 1 and (batch := Batch(rosters, parts, asked)).is_alike():
        with suppress(Unusable):
            return _counted(session, batch)
    return {part: _counted(session, Batch(rosters, [part], asked))[part] for part in parts}


def _counted(session: FileSession, batch: Batch) -> dict[str, Counted]:
    """Return what a batch gives, taken apart only once everything is asked."""
    tables = {"school_rows": _things_of(batch, SCHOOLS), "rooms": _things_of(batch, ROOMS)}
    tables |= count_people(session, batch)
    findings = _findings(session, batch, tables)
    facts = of_schools(session, tables, batch.asked.records)
    apart = {name: taken_apart(table, batch.numbers) for name, table in (tables | facts).items()}
    own = {part: {name: of_parts[part] for name, of_parts in apart.items()} for part in batch.parts}
    return {part: Counted(_kept(one), _totals(one), findings[part]) for part, one in own.items()}


def _findings(session: FileSession, batch: Batch, tables: Tables) -> dict[str, tuple[checking.RecordFinding, ...]]:
    asked, checks = batch.asked, _checks(tables)
    idle = [one for one in checks if is_idle(one, tables, asked.records, asked.types)]
    found = _found(session, batch, tables, [one for one in checks if one not in idle])
    none = tuple(checking.RecordFinding(one, 0, ()) for one in idle)
    return {part: (*found.get(at, ()), *none) for part, at in batch.numbers.items()}


def _found(
    session: FileSession, batch: Batch, tables: Tables, checks: Sequence[RecordCheck]
) -> dict[int, tuple[checking.RecordFinding, ...]]:
    """Return what some checks find in each part, by its number."""
    for name in ("school_rows", *COUNTS):
        session.register(name, tables[name])
    for table in {one.table for one in checks if one.kind == "rows"}:
        # Such a check reads people, and of this year alone.
        files = [one for part in batch.parts for one in batch.rosters.of(table, part, frozenset({batch.asked.year}))]
        read_people(session, table, files, batch.place)
    with refusing([one.file for table in ("pupils", "teachers") for one in batch.files(table)]):
        return checking.find(session, checks, batch.asked, list(batch.numbers.values()))


def of_schools(session: FileSession, tables: Tables, records: Records) -> dict[str, pa.Table]:
    """Return what the counts (`count_people`) of some parts give of each school, each row with its part's number."""
    for name in COUNTS:
        session.register(name, tables[name])
    asked = {"pupil_facts": pupils_statement(records), "teacher_facts": teachers_statement(records)}
    return {name: with_text_ids(session.fetch(in_order(sql, SCHOOL))) for name, sql in asked.items()}


def _kept(tables: Tables) -> dict[str, pa.Table]:
    """Return what is kept of a part's tables: of single classes and rooms only what facts have of them."""
    kept = {name: table for name, table in tables.items() if name not in COUNTS}
    return kept | settled_tables(tables["class_counts"], tables["rooms"])


def _totals(tables: Tables) -> dict[str, int]:
    classes, staff = tables["class_counts"], tables["staff_counts"]
    found = {"pupils": pc.sum(classes["pupils"]).as_py() or 0, "teachers": pc.sum(staff["people"]).as_py() or 0}
    return found | {"classes": len(classes), "schools": len(tables["school_rows"]), "rooms": len(tables["rooms"])}


def _checks(tables: Tables) -> list[RecordCheck]:
    """Return the checks of some parts: what compares parts is asked later, what has no roster not at all."""
    has_staff = tables["staff_counts"].num_rows > 0
    return [one for one in load_record_checks() if one.kind != "twice" and (one.table == "pupils" or has_staff)]


def _things_of(batch: Batch, table: Table) -> pa.Table:
    """Return the schools or rooms of each part with its number. Raises `Unusable` with every problem found in one."""
    found = batch.files(table.name)
    typed = read_typed([one.file for one in found], table) if all(one.form == PARQUET for one in found) else None
    if typed is not None:
        own = zip(found, typed, strict=True)
        rows = pa.concat_tables(with_part(one, batch.numbers[file.part]) for file, one in own)
        if table is not SCHOOLS or pc.count_distinct(rows["school_code"]).as_py() == len(rows):
            return rows
    read = (with_part(_things(batch.of(table.name, part), table), at) for part, at in batch.numbers.items())
    return pa.concat_tables(read)


def _things(found: Sequence[Found], table: Table) -> pa.Table:
    """Return schools or rooms, read as facts are, every file's problems told; a school stands once."""
    problems: list[Problem] = []
    read: list[pa.Table] = []
    for one in found:
        try:
            read.append(load_table(one.file, table).rows)
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


def files_of(rosters: Rosters, part: str, asked: Asked) -> dict[str, str]:
    """Return the path of every file that a part is counted from, by its name in the rosters."""
    batch = Batch(rosters, [part], asked)
    return rosters.named(one for table in ("pupils", "teachers", "schools", "rooms") for one in batch.of(table, part))
