"""The same rosters give the same bytes; what changed is counted anew, and comes to what counting everything would."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from junheng import api as jh
from junheng.rosters.invented import invent
from roster_rows import contents, finished


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invented rosters of 26 counties in four leagues; both verdicts occur."""
    folder = tmp_path_factory.mktemp("made")
    invent(folder, 26 * 52_000, seed=7, threads=2)
    return folder


@pytest.fixture(scope="module")
def whole(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of it counted and judged."""
    output = tmp_path_factory.mktemp("whole") / "facts"
    jh.aggregate(made, output)
    jh.nation(output)
    return output


def test_the_same_rosters_give_the_same_bytes(made: Path, whole: Path, tmp_path: Path) -> None:
    """With one thread and little memory too, and the same rows for the nation."""
    jh.aggregate(made, tmp_path / "again", threads=1, memory="200MB")
    assert contents(tmp_path / "again") == contents(whole)
    assert jh.nation(tmp_path / "again", threads=1).equals(jh.nation(whole))


def test_the_nation_says_what_judging_each_county_says(whole: Path) -> None:
    """Verdicts and statuses of every county; both verdicts occur; what is shown differs by less than a billionth."""
    rows = {row["county_code"]: row for row in jh.nation(whole).to_pylist()}
    seen = set()
    for folder in sorted({Path(file).parent for file in finished(whole) if file.endswith("period.parquet")}):
        for answer in jh.assess_all(jh.load(folder)):
            row = rows.pop(answer.county_code)
            seen.add(answer.resources)
            assert (row["verdict"], row["resources"]) == (answer.verdict, answer.resources)
            assert {id: row[id] for id in answer.requirements} == {
                id: one.status for id, one in answer.requirements.items()
            }
            for name, stage in answer.stages.items():
                assert row[f"{name}_verdict"] == stage.verdict
                assert (row[f"{name}_sections"], row[f"{name}_pupils"]) == (stage.schools, stage.pupils)
                for id, spread in stage.indicators.items():
                    assert row[f"{name}_{id}_status"] == spread.status
                    assert row[f"{name}_{id}_cv"] == pytest.approx(spread.cv, rel=1e-9)
    assert rows == {}
    assert seen == {"pass", "fail"}


def test_one_league_changed_is_the_only_one_counted(made: Path, tmp_path: Path) -> None:
    """A pupil who is entered elsewhere makes another school's cohort too: all is as if counted from the start."""
    rosters, out = tmp_path / "rosters", tmp_path / "out"
    shutil.copytree(made, rosters)
    jh.aggregate(rosters, out)
    jh.nation(out)
    before = contents(out)
    _change(rosters)
    counted: list[tuple[str, int, int]] = []
    manifest = jh.aggregate(rosters, out, told=lambda *told: counted.append(told))
    table = jh.nation(out)

    fresh = jh.aggregate(rosters, tmp_path / "fresh")
    assert manifest == fresh
    assert contents(out) == contents(tmp_path / "fresh")
    assert table.equals(jh.nation(tmp_path / "fresh"))
    assert [told for told in counted if told[0] == "数名册"] == [("数名册", 1, 1)]
    changed = {name.rsplit("/", 1)[0] for name, told in contents(out).items() if told != before.get(name)}
    assert len([part for part in changed if part.startswith("province=")]) > 1


def test_ids_that_are_texts_are_linked_again_too(tmp_path: Path) -> None:
    """There is no sieve for them; all parts are looked through, and it comes to the same."""
    rosters, out = tmp_path / "rosters", tmp_path / "out"
    invent(rosters, 9 * 52_000, seed=7, threads=1)
    for file in (rosters / "pupils").rglob("*.parquet"):
        table = pq.ParquetFile(file).read()
        pq.write_table(table.set_column(0, "pupil_id", table["pupil_id"].cast(pa.string())), file)
    jh.aggregate(rosters, out, duplicates=False)
    _change(rosters)
    jh.aggregate(rosters, out, duplicates=False)
    jh.aggregate(rosters, tmp_path / "fresh", duplicates=False)
    assert contents(out) == contents(tmp_path / "fresh")


def _change(rosters: Path) -> None:
    """Let a league lose its last pupils of this year, one of whom is now a pupil of its first school twice over."""
    file = sorted((rosters / "pupils").rglob("year=2025/*.parquet"))[0]
    table = pq.ParquetFile(file).read()
    others = sorted((rosters / "pupils").rglob("year=2023/*.parquet"))[-1]
    entered = pq.ParquetFile(others).read().filter(pa.compute.field("grade") == 7).slice(0, 5)
    moved = entered.set_column(
        entered.schema.get_field_index("grade"), "grade", pa.array([9] * len(entered), pa.int64())
    ).set_column(
        entered.schema.get_field_index("school_code"), "school_code", pa.array([table["school_code"][0].as_py()] * 5)
    )
    pq.write_table(pa.concat_tables([table.slice(0, len(table) - 300), moved.cast(table.schema)]), file)


def test_an_interrupted_run_goes_on_where_it_was(made: Path, whole: Path, tmp_path: Path) -> None:
    """What two parts came to is kept; the rest is counted; the bytes are those of a run that nobody stopped."""
    out, heard = tmp_path / "out", []

    def stop(doing: str, done: int, of: int) -> None:
        heard.append(doing)
        if len(heard) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jh.aggregate(made, out, threads=1, told=stop)
    assert finished(out) == []
    parts: list[tuple[str, int, int]] = []
    jh.aggregate(made, out, threads=1, told=lambda *told: parts.append(told))
    assert len([one for one in parts if one[0] == "数名册"]) < 4
    assert contents(out) == contents(whole)


def test_nothing_changed_is_nothing_done(whole: Path) -> None:
    """Neither counted, linked, written nor judged again."""
    before = {file: Path(file).stat().st_mtime_ns for file in finished(whole) if file.endswith("schools.parquet")}
    rosters_told: list[str] = []
    table = jh.nation(whole, told=lambda doing, *_: rosters_told.append(doing))
    assert rosters_told == []
    assert len(table) == 26
    assert {file: Path(file).stat().st_mtime_ns for file in before} == before
