"""The register's counts are one SQL: on Spark they are what they are on DuckDB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from junheng import api as jh

pytestmark = pytest.mark.java
FILE = Path(__file__).parents[2] / "examples" / "shili" / "registers" / "teachers.csv"


@pytest.fixture(scope="module", autouse=True)
def spark(java: str) -> Iterator[None]:
    """End the local Spark that the tests start."""
    yield
    from pyspark.sql import SparkSession

    if session := SparkSession.getActiveSession():
        session.stop()


@pytest.mark.parametrize("day", [dt.date(2025, 9, 1), dt.date(2026, 11, 26)])
@pytest.mark.parametrize("reading", ["census", "teaching"])
def test_counts_people_and_traps_are_the_same(day: dt.date, reading: str) -> None:
    """For the example's thousand people."""
    teachers = jh.load_register(FILE).rows
    told = {"as_of": day, "reading": reading}
    assert jh.count_teachers(teachers, **told, engine="spark") == jh.count_teachers(teachers, **told)
    of = {**told, "school": "1506990006"}
    assert jh.people_counted(teachers, **of, engine="spark") == jh.people_counted(teachers, **of)
    assert jh.find_traps(teachers, as_of=day, engine="spark") == jh.find_traps(teachers, as_of=day)
