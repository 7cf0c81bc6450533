"""Rosters to facts to verdicts is one SQL: on Spark every byte of the facts and every row of the nation is the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import roster_rows as hand
from junheng import api as jh
from junheng.rosters.invented import invent
from roster_rows import contents

pytestmark = pytest.mark.java


@pytest.fixture(scope="module", autouse=True)
def spark(java: str) -> Iterator[None]:
    """Let one local Spark serve every test, and end it."""
    yield
    from pyspark.sql import SparkSession

    if session := SparkSession.getActiveSession():
        session.stop()


def test_a_nation_is_the_same_on_both_engines(tmp_path: Path) -> None:
    """Facts byte by byte, verdicts, spreads to the last bit; both verdicts occur."""
    invent(tmp_path / "rosters", 3 * 52_000, seed=14)
    jh.aggregate(tmp_path / "rosters", tmp_path / "duckdb")
    jh.aggregate(tmp_path / "rosters", tmp_path / "spark", engine="spark")
    assert contents(tmp_path / "spark") == contents(tmp_path / "duckdb")
    table = jh.nation(tmp_path / "duckdb")
    assert jh.nation(tmp_path / "spark", engine="spark").equals(table)
    assert set(table["resources"].to_pylist()) == {"pass", "fail"}


def test_rosters_in_csv_are_the_same_on_both_engines(tmp_path: Path) -> None:
    """With empty cells, moves and people who stand twice."""
    pupils = [hand.pupil(id, code, 7, 2023) for id in range(20) for code in "AB"]
    pupils += [hand.pupil(id, "A", 9, in_zone="") for id in range(15)] + [hand.pupil(id, "B", 1) for id in range(9)]
    teachers = [hand.teacher(1, "A"), hand.teacher(1, "B", "junior", backbone=""), hand.teacher(2, "C")]
    moves = [{"pupil_id": id, "year": 2024, "kind": kind} for id, kind in ((17, "death"), (18, "out"), (19, "in"))]
    tables = {"schools": [hand.school("A"), hand.school("B")], "pupils": pupils, "teachers": teachers, "moves": moves}
    rosters = hand.write(tmp_path / "in", **tables)
    jh.aggregate(rosters, tmp_path / "duckdb")
    jh.aggregate(rosters, tmp_path / "spark", engine="spark")
    assert contents(tmp_path / "spark") == contents(tmp_path / "duckdb")
