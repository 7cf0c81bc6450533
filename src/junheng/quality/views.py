"""What the checks read: each table with its rows numbered, and `schools` with what its types do not have filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from junheng.engine import pipeline
from junheng.engine.sections import quoted
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
        session.register(f"numbered_{name}" if name == SCHOOLS.name else viewed(name), _numbered(facts.tables[name]))
    session.define(viewed(SCHOOLS.name), _filled(context.standard, SCHOOLS.name))
    if context.previous is not None:
        session.register(f"numbered_{PREVIOUS}", _numbered(context.previous.tables[SCHOOLS.name]))
        session.define(viewed(PREVIOUS), _filled(context.standard, PREVIOUS))
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


def _filled(standard: Standard, table: str) -> str:
    """Return the schools in which an empty count of a stage that the type does not have is 0, and own stages told."""
    filled = ", ".join(f"{value} AS {name}" for name, value in _fillings(standard).items())
    own = ", ".join(f"{_own(standard, stage)} AS {stage}_own_stage" for stage in STAGES)
    return f"SELECT * REPLACE ({filled}), {own} FROM numbered_{table}"


def _fillings(standard: Standard) -> dict[str, str]:
    """Return how each column is filled: a stage's counts are 0 where the type lacks it and no pupils are reported."""
    fillings = {}
    for stage in (*STAGES, "senior"):
        without = f"(NOT {_own(standard, stage)} AND coalesce({stage}_pupils, 0) = 0)"
        for name in _counts(stage):
            fillings[name] = f"CASE WHEN {without} THEN coalesce({name}, 0) ELSE {name} END"
    return fillings


def _counts(stage: str) -> Iterator[str]:
    return (column.name for column in SCHOOLS.columns if column.name.startswith(f"{stage}_"))


def _own(standard: Standard, stage: str) -> str:
    types: Mapping[str, object] = {name: one for name, one in standard.school_types.items() if stage in one.stages}
    return f"school_type IN ({quoted(types)})"
