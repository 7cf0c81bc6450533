"""Rosters give the counts of the facts: as counting row by row does, with nothing guessed where a cell is empty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import roster_rows as hand
from junheng import api as jh
from junheng.rosters.invented import invent

YEAR = 2025
COHORT = ("entry_grade7", "graduates", "transfers_in", "transfers_out")


def schools_of(facts: Path) -> dict[str, dict[str, Any]]:
    """Return the rows of every table of schools under a folder, by code."""
    files = [*facts.rglob("schools.parquet")]
    own = [file for file in files if ".kept" not in file.parts]
    assert own
    return {row["school_code"]: row for file in own for row in pq.ParquetFile(file).read().to_pylist()}


def rows_of(rosters: Path, table: str) -> list[dict[str, Any]]:
    """Return every row of a table of the rosters."""
    return [row for file in sorted((rosters / table).rglob("*.parquet")) for row in _rows(file)]


def _rows(file: Path) -> list[dict[str, Any]]:
    keys = dict(part.split("=") for part in file.parts if "=" in part)
    more = {"year": int(keys["year"])} if "year" in keys else {}
    return [{**row, **more} for row in pq.ParquetFile(file).read().to_pylist()]


@pytest.fixture(scope="module")
def two_counties(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two invented counties, in one league."""
    folder = tmp_path_factory.mktemp("rosters")
    invent(folder, 100_000, seed=3, threads=1)
    return folder


@pytest.fixture(scope="module")
def facts(two_counties: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their facts."""
    output = tmp_path_factory.mktemp("facts") / "facts"
    jh.aggregate(two_counties, output, threads=1)
    return output


def test_every_count_is_what_counting_row_by_row_gives(two_counties: Path, facts: Path) -> None:
    """For 200,000 pupils of two years and their teachers."""
    found = schools_of(facts)
    slow = hand.counted(rows_of(two_counties, "pupils"), rows_of(two_counties, "teachers"), YEAR)
    assert len(slow) > 100
    for code, told in slow.items():
        assert {name: found[code][name] for name in told} == told, code


def test_the_cohort_is_followed_pupil_by_pupil(two_counties: Path, facts: Path) -> None:
    """Into other schools of both counties; some are lost. Nobody is known to have died without a roster of moves."""
    found = schools_of(facts)
    slow = hand.retention(rows_of(two_counties, "pupils"), 2023, 2025)
    assert sum(one["transfers_out"] for one in slow.values()) > 50
    assert sum(one["lost"] for one in slow.values()) > 10
    for code, told in slow.items():
        assert [found[code][name] for name in COHORT] == [told[name] for name in COHORT], code
        assert found[code]["deaths"] is None


def test_the_facts_are_facts(facts: Path) -> None:
    """Every other command reads them, and what they say of themselves is that they were counted."""
    (folder,) = (file.parent for file in facts.rglob("period.parquet"))
    loaded = jh.load(folder)
    assert loaded.remarks == ()
    assert str(loaded.counting_date) == "2025-09-01"
    answers = list(jh.assess_all(loaded))
    assert {one.resources for one in answers} <= {"pass", "fail"}
    assert all(
        section.indicators["B1"].value is not None for one in answers for section in one.sections if section.in_sample
    )


SMALL = [hand.school("A"), hand.school("B", "junior")]


def small(folder: Path, pupils: list[Any], teachers: list[Any] | None = None, **more: Any) -> Path:
    """Write small rosters by hand."""
    return hand.write(folder, schools=SMALL, pupils=pupils, teachers=teachers or [hand.teacher(1, "A")], **more)


def test_an_empty_cell_makes_a_count_not_reported(tmp_path: Path) -> None:
    """Neither zero nor one: of whom it is not known whether he counts, the school's count is not known."""
    pupils = [hand.pupil(1, "A", 1), hand.pupil(2, "A", 1, in_zone=""), hand.pupil(3, "B", 7)]
    teachers = [hand.teacher(1, "A", backbone=""), hand.teacher(2, "B", "junior", qualification="associate")]
    manifest = jh.aggregate(small(tmp_path / "in", pupils, teachers), tmp_path / "out")
    found = schools_of(tmp_path / "out")
    assert found["A"]["primary_pupils"] == 2
    assert found["A"]["primary_in_zone_pupils"] is None
    assert found["A"]["primary_backbone_teachers"] is None
    assert found["A"]["primary_teachers"] == 1
    assert found["B"]["junior_in_zone_pupils"] == 1
    assert found["B"]["junior_above_required_teachers"] == 0
    assert (manifest["findings"]["N08"], manifest["findings"]["N11"]) == (1, 1)


MOVED = [
    # Stayed, dead, gone to B, moved out of sight, lost, came in from nowhere.
    *(hand.pupil(id, "A", 7, 2023) for id in (1, 2, 3, 4, 5)),
    hand.pupil(1, "A", 9),
    hand.pupil(3, "B", 9),
    hand.pupil(6, "A", 9),
]
MOVES = [{"pupil_id": 2, "year": 2024, "kind": "death"}, {"pupil_id": 4, "year": 2024, "kind": "out"}]


def test_moves_tell_of_deaths_and_of_who_left_the_rosters(tmp_path: Path) -> None:
    """Both published formulas, as the rule book has them, over the county: 5 entered, 3 ended, 2 in, 2 out, 1 dead."""
    jh.aggregate(small(tmp_path / "in", MOVED, moves=MOVES), tmp_path / "out")
    found = schools_of(tmp_path / "out")
    assert [found["A"][name] for name in (*COHORT, "deaths")] == [5, 2, 1, 2, 1]
    assert [found["B"][name] for name in (*COHORT, "deaths")] == [0, 1, 1, 0, 0]
    (row,) = jh.nation(tmp_path / "out").to_pylist()
    assert row["B23_kept"] == pytest.approx((3 - 2 + 2) / (5 - 1))
    assert row["B23_graduated"] == pytest.approx(3 / (5 + 2 - 2 - 1))


def test_the_cohort_that_graduated_is_taken_where_its_years_are_there(tmp_path: Path) -> None:
    """Entered three autumns ago, in the last grade last year; else the one that is in the last grade now."""
    pupils = [hand.pupil(1, "A", 7, 2022), hand.pupil(1, "A", 9, 2024), hand.pupil(2, "A", 8), hand.pupil(3, "B", 9)]
    manifest = jh.aggregate(small(tmp_path / "in", pupils), tmp_path / "out")
    assert (manifest["cohort"]["entered"], manifest["cohort"]["last"]) == (2022, 2024)
    assert [schools_of(tmp_path / "out")["A"][name] for name in COHORT] == [1, 1, 0, 0]
    alone = jh.aggregate(small(tmp_path / "one", [hand.pupil(1, "A", 7)]), tmp_path / "none")
    assert alone["cohort"] is None
    assert schools_of(tmp_path / "none")["A"]["entry_grade7"] is None


FOUND = {
    "N01": ([hand.pupil(1, "C", 1), hand.pupil(2, "C", 2)], [], 2, "C"),
    "N02": ([], [hand.teacher(2, "C")], 1, "C"),
    "N03": ([{**hand.pupil(1, "A", 1), "grade": 8}], [], 1, "A"),
    "N04": ([hand.pupil(id, "A", 1) for id in range(81)], [], 82, "A"),
    "N05": ([hand.pupil(1, "B", 1)], [], 1, "B"),
    "N06": ([], [hand.teacher(2, "B", "primary")], 1, "B"),
    "N07": ([], [hand.teacher(2, "A", subject="化学")], 1, "A"),
    "N09": ([hand.pupil(1, "A", 1, migrant="")], [], 1, "A"),
    "N10": ([], [hand.teacher(2, "A", qualification="")], 1, "A"),
    "N12": ([], [hand.teacher(2, "A", subject="")], 1, "A"),
    "N13": ([], [hand.teacher(2, "A", certified="")], 1, "A"),
    "N14": ([], [hand.teacher(2, "A", training_hours="")], 1, "A"),
    "N21": ([hand.pupil(1, "A", 1), hand.pupil(1, "A", 2)], [], 1, "A"),
    "N22": ([hand.pupil(1, "A", 1), hand.pupil(1, "B", 7)], [], 1, "A"),
    "N24": ([], [hand.teacher(1, "A", "junior")], 1, "A"),
    "N25": ([], [hand.teacher(1, "B", "junior")], 1, "A"),
}


@pytest.mark.parametrize("check", FOUND)
def test_each_check_finds_its_own(tmp_path: Path, check: str) -> None:
    """And no other one of the same table does, with a sample that names the school."""
    import json

    pupils, teachers, rows, school = FOUND[check]
    rosters = small(tmp_path / "in", [hand.pupil(100, "A", 1), *pupils], [hand.teacher(1, "A"), *teachers])
    manifest = jh.aggregate(rosters, tmp_path / "out")
    assert {id: n for id, n in manifest["findings"].items() if n} == {check: rows}
    told = {one["id"]: one for one in json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))}
    assert told[check]["samples"][0]["school_code"] == school
    assert told[check]["remedy"]


def test_who_is_in_two_counties_is_found(tmp_path: Path) -> None:
    """A pupil and a teacher; the same county's schools are another check."""
    other = hand.school("D", county_code="150698", county_name="虚构县")
    pupils = [hand.pupil(1, "A", 1), hand.pupil(1, "D", 1)]
    teachers = [hand.teacher(7, "A"), hand.teacher(7, "D")]
    rosters = hand.write(tmp_path / "in", schools=[*SMALL, other], pupils=pupils, teachers=teachers)
    found = jh.aggregate(rosters, tmp_path / "out")["findings"]
    assert {id: n for id, n in found.items() if n} == {"N23": 1, "N26": 1}
    without = jh.aggregate(rosters, tmp_path / "fast", duplicates=False)
    assert without["duplicates"] == "not checked"
    assert "N23" not in without["findings"]
