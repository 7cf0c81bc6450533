"""One SQL: every statement of the engine gives on Spark what it gives on DuckDB, and so do the verdicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import impeccable
import junheng as jh
from counties import facts_of, seeded_schools
from junheng.engine import assess, pipeline
from junheng.facts.model import Facts
from junheng.sql import open_session

pytestmark = pytest.mark.java
SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
DAYS = (dt.date(2025, 9, 1), dt.date(2021, 9, 1))
DIGITS = 9


@pytest.fixture(scope="module", autouse=True)
def spark(java: str) -> Iterator[None]:
    """Let one local Spark serve every test, and end it."""
    yield
    from pyspark.sql import SparkSession

    if session := SparkSession.getActiveSession():
        session.stop()


def two_hundred_counties() -> Facts:
    """Return 200 drawn counties in one table of schools."""
    return facts_of(seeded_schools(20, 200))


def answers_of(engine: str, facts: Facts, day: dt.date) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every statement, sorted, as plain values."""
    rules = jh.load_standard().on(day)
    with open_session(engine) as session:
        assess.define_all(session, facts, rules)
        names = [*pipeline.statements(rules)]
        return {name: plain(session.fetch(f"SELECT * FROM {name}")) for name in names}


def plain(table: pa.Table) -> list[tuple[Any, ...]]:
    """Return rows by column name, doubles to nine digits, in an order that both engines share."""
    columns = sorted(table.column_names)
    rows = [tuple(_plain(row[name]) for name in columns) for row in table.to_pylist()]
    return sorted(rows, key=repr)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if abs(value) > 1e-12 else 0.0
    return int(value) if isinstance(value, Decimal) else value


def rounded(rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    """Return rows with doubles as pytest compares them: to a billionth."""
    return [[pytest.approx(one, rel=1e-8, abs=1e-10) if isinstance(one, float) else one for one in row] for row in rows]


@pytest.mark.parametrize("day", DAYS)
def test_every_statement_gives_the_same_rows(day: dt.date, tmp_path: Path) -> None:
    """Over the example, an impeccable county and 200 drawn ones: the same rows, statement by statement."""
    for facts in (jh.load(SHILI), jh.load(impeccable.write(tmp_path)), two_hundred_counties()):
        duck, spark = (answers_of(engine, facts, day) for engine in ("duckdb", "spark"))
        assert list(duck) == list(spark)
        for name, rows in duck.items():
            assert len(rows) == len(spark[name]), name
            assert [list(row) for row in spark[name]] == rounded(rows), name


@pytest.mark.parametrize("day", DAYS)
def test_every_verdict_is_the_same(day: dt.date) -> None:
    """The whole answers agree county by county: verdicts, statuses, gaps and reasons."""
    facts = two_hundred_counties()
    pairs = zip(*(jh.assess_all(facts, as_of=day, engine=engine) for engine in ("duckdb", "spark")), strict=True)
    seen = 0
    for duck, spark in pairs:
        assert decided(duck) == decided(spark)
        seen += 1
    assert seen > 150


def decided(answer: jh.Assessment) -> Any:
    """Return what an answer decides, without its doubles."""
    sections = [
        [one.school_code, one.stage, one.verdict, one.met, one.in_sample]
        + [(m.status, m.gap_to_threshold, m.gap_to_floor) for m in one.indicators.values()]
        for one in answer.sections
    ]
    stages = [[(s.status, s.reason) for s in one.indicators.values()] + [one.verdict] for one in answer.stages.values()]
    requirements = [(one.id, one.status) for one in answer.requirements.values()]
    reasons = [(one.indicator, one.scope) for one in answer.reasons]
    return answer.county_code, answer.verdict, answer.resources, sections, stages, requirements, reasons
