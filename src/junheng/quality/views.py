"""What the checks read: each table with its rows numbered, and `schools` with what its types do not have filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from junheng.engine import pipeline
from junheng.facts.model import Facts
from junheng.facts.schema import SCHOOLS, STAGES, TABLES
from junheng.sql import Session
from junheng.standard.model import Rules, Standard

REMARKS = "remarks"
# Last year's schools.
PREVIOUS = "previous"
# Of the engine's statements, the ones that a kind of checks reads: sections, and the values in force on a day.
ENGINE_STATEMENTS: Mapping[str, tuple[str, ...]] = {
    "needed": ("campuses", "sections"),
    "hugging": ("campuses", "sections", "amounts", "measures"),
}


@dataclass(frozen=True, slots=True)
class Context:
    """What the checks are made under: the standard, the day, its rules where it is known, and last year's facts."""

    standard: Standard
    day: dt.date | None
    rules: Rules | None
    previous: Facts | None = None

    @property
    def any_rules(self) -> Rules:
        """The rules of the day, or the latest ones: for what holds on every day."""
        return self.rules or self.standard.on(dt.date.max)


def viewed(table: str) -> str:
    """Return the name under which the checks read `table`."""
    return f"checked_{table}"


def prepare(session: Session, facts: Facts, context: Context, kinds: Collection[str]) -> None:
    """Register the facts and define what checks of these kinds read."""
    for name in TABLES:
        session.register(viewed(name), _numbered(facts.tables[name]))
    session.register(viewed(SCHOOLS.name), _filled(context.standard, facts.tables[SCHOOLS.name]))
    if context.previous is not None:
        session.register(viewed(PREVIOUS), _filled(context.standard, context.previous.tables[SCHOOLS.name]))
    session.register(viewed(REMARKS), _remarks(facts))
    session.register(SCHOOLS.name, facts.tables[SCHOOLS.name])
    session.register("lines", pipeline.lines(context.any_rules))
    if needed := max((ENGINE_STATEMENTS.get(kind, ()) for kind in kinds), key=len, default=()):
        statements = pipeline.statements(context.any_rules)
        for name in needed:
            session.define(name, statements[name])


def _numbered(table: pa.Table) -> pa.Table:
    return table.append_column("row_at", pa.array(range(len(table)), pa.int64()))


def _remarks(facts: Facts) -> pa.Table:
    return pa.table({"row_at": pa.array(range(len(facts.remarks)), pa.int64())})


def _filled(standard: Standard, schools: pa.Table) -> pa.Table:
    """Return the schools in which an empty count of a stage that the type does not have is 0, and own stages told.

    Nothing is filled in where pupils of the stage are reported all the same, or where the type is not known. On whole
    columns and not in SQL: planning that many cases took a third of a check of one school.
    """
    filled = _numbered(schools)
    for stage in (*STAGES, "senior"):
        own = _own(standard, stage, schools["school_type"])
        empty = pc.equal(pc.fill_null(schools[f"{stage}_pupils"], 0), 0)
        lacking = pc.fill_null(pc.and_(pc.invert(own), empty), False)
        for name in _counts(stage):
            filled = _replaced(filled, name, lacking)
        if stage in STAGES:
            filled = filled.append_column(f"{stage}_own_stage", own)
    return filled


def _replaced(table: pa.Table, name: str, lacking: pa.ChunkedArray) -> pa.Table:
    """Return a table in which a column's empty cells are 0 where the stage is lacking."""
    column = table[name]
    if not column.null_count:
        return table
    zeros = pc.if_else(pc.and_(lacking, pc.is_null(column)), pa.scalar(0, column.type), column)
    return table.set_column(table.column_names.index(name), name, zeros)


def _counts(stage: str) -> Iterator[str]:
    return (column.name for column in SCHOOLS.columns if column.name.startswith(f"{stage}_"))


def _own(standard: Standard, stage: str, types: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return whether each school's type has the stage; null where no type is reported."""
    with_it = [name for name, one in standard.school_types.items() if stage in one.stages]
    return pc.if_else(pc.is_valid(types), pc.is_in(types, pa.array(with_it, pa.string())), None)
