"""Rosters laid out once come to the same facts and verdicts, to the last byte, and nobody reads a pupil again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import roster_rows as hand
from junheng import api as jh
from junheng.cli import main
from junheng.rosters.invented import invent
from roster_rows import contents, finished


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invented rosters of nine counties in two leagues."""
    folder = tmp_path_factory.mktemp("made")
    invent(folder, 9 * 52_000, seed=7, threads=1)
    return folder


@pytest.fixture(scope="module")
def laid(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, laid out."""
    folder = tmp_path_factory.mktemp("laid") / "rosters"
    jh.lay_out(made, folder)
    return folder


def _facts(output: Path) -> dict[str, bytes]:
    """Return every file of an output but the manifest, which names the rosters' files."""
    return {name: told for name, told in contents(output).items() if name != "manifest.json"}


def test_facts_and_verdicts_are_those_of_the_plain_rosters(made: Path, laid: Path, tmp_path: Path) -> None:
    """Byte by byte, findings and duplicates too; and no part is counted again."""
    plain = jh.aggregate(made, tmp_path / "plain")
    heard: list[str] = []
    told = jh.aggregate(laid, tmp_path / "out", told=lambda doing, *_: heard.append(doing))
    assert "数名册" not in heard
    assert _facts(tmp_path / "out") == _facts(tmp_path / "plain")
    assert {**told, "inputs": None} == {**plain, "inputs": None}
    assert jh.nation(tmp_path / "out").equals(jh.nation(tmp_path / "plain"))


def test_rows_are_the_same_people_in_one_order(made: Path, laid: Path) -> None:
    """By grade, school and class; every cell as it was."""
    columns = ["pupil_id", "school_code", "stage", "grade", "class_name", "in_zone", "migrant"]
    for file in sorted((laid / "pupils").rglob("*.parquet")):
        own = pq.ParquetFile(file).read().select(columns)
        part = file.parent.relative_to(laid)
        source = next((made / part).glob("*.parquet"))
        whole = [(name, "ascending") for name in ("grade", "school_code", "class_name", "stage", "pupil_id")]
        assert own.equals(pq.ParquetFile(source).read().select(columns).sort_by(whole).cast(own.schema))


def test_only_a_part_that_changed_is_laid_out_again(made: Path, tmp_path: Path) -> None:
    """And all comes to what laying out everything would; a part that is no more is taken away."""
    rosters, laid = tmp_path / "rosters", tmp_path / "laid"
    shutil.copytree(made, rosters)
    jh.lay_out(rosters, laid)
    file = sorted((rosters / "pupils").rglob("year=2025/*.parquet"))[0]
    table = pq.ParquetFile(file).read()
    pq.write_table(table.slice(0, len(table) - 300), file)
    assert jh.lay_out(rosters, laid)["laid_out"] == [file.parents[1].relative_to(rosters / "pupils").as_posix()]
    jh.aggregate(laid, tmp_path / "out")
    jh.aggregate(rosters, tmp_path / "plain")
    assert _facts(tmp_path / "out") == _facts(tmp_path / "plain")

    gone = file.parents[1].relative_to(rosters / "pupils")
    for name in ("pupils", "teachers", "schools", "rooms"):
        shutil.rmtree(rosters / name / gone)
    assert jh.lay_out(rosters, laid)["laid_out"] == []
    assert (
        jh.aggregate(laid, tmp_path / "less")["outputs"].keys()
        == jh.aggregate(rosters, tmp_path / "fewer")["outputs"].keys()
    )


def test_a_laid_out_file_that_was_changed_is_counted(laid: Path, tmp_path: Path) -> None:
    """What is kept beside the rosters is believed only of the very files that it was counted from."""
    copied = tmp_path / "rosters"
    shutil.copytree(laid, copied)
    file = sorted((copied / "pupils").rglob("year=2025/*.parquet"))[0]
    table = pq.ParquetFile(file).read()
    pq.write_table(table.slice(0, len(table) - 100), file)
    counts = json.loads(
        (copied / ".kept" / "parts" / _place(file, copied) / _only(copied, file) / "told.json").read_text()
    )
    before = counts["totals"]["pupils"]
    jh.aggregate(copied, tmp_path / "out")
    jh.aggregate(laid, tmp_path / "plain")
    after, whole = (
        json.loads((tmp_path / name / "manifest.json").read_text())["counts"]["pupils"] for name in ("out", "plain")
    )
    assert whole - after == 100 < before


def _place(file: Path, rosters: Path) -> str:
    return file.parents[1].relative_to(rosters / "pupils").as_posix().replace("/", "+").replace("=", "-")


def _only(rosters: Path, file: Path) -> str:
    (one,) = (rosters / ".kept" / "parts" / _place(file, rosters)).iterdir()
    return one.name


def test_csv_in_one_part_with_moves_is_laid_out_too(tmp_path: Path) -> None:
    """Years stand in the rows, ids are texts with leading noughts, moves stand apart."""
    pupils = [hand.pupil(id, code, 7, 2023) for id in range(20) for code in "AB"]
    pupils += [hand.pupil(id, "A", 9, in_zone="") for id in range(15)] + [hand.pupil(id, "B", 1) for id in range(9)]
    pupils = [{**one, "pupil_id": f"0{one['pupil_id']}"} for one in pupils]
    moves = [{"pupil_id": f"0{id}", "year": 2024, "kind": kind} for id, kind in ((17, "death"), (18, "out"))]
    tables = {"schools": [hand.school("A"), hand.school("B")], "pupils": pupils, "moves": moves}
    rosters = hand.write(tmp_path / "in", teachers=[hand.teacher(1, "A")], **tables)
    jh.lay_out(rosters, tmp_path / "laid")
    told = jh.aggregate(tmp_path / "laid", tmp_path / "out")
    assert {**told, "inputs": None} == {**jh.aggregate(rosters, tmp_path / "plain"), "inputs": None}
    assert _facts(tmp_path / "out") == _facts(tmp_path / "plain")


def test_what_cannot_be_used_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    """A cell that is no number is told with file and row; a folder of facts is not laid out into, nor the reverse."""
    rosters = hand.write(tmp_path / "in", schools=[hand.school("A")], pupils=[{**hand.pupil(1, "A", 7), "grade": "七"}])
    with pytest.raises(jh.Unusable, match="应当是整数"):
        jh.lay_out(rosters, tmp_path / "laid")
    assert not (tmp_path / "laid").exists()
    rosters = hand.write(tmp_path / "in", pupils=[hand.pupil(1, "A", 7)])
    jh.aggregate(rosters, tmp_path / "facts")
    with pytest.raises(jh.Unusable, match="别的东西"):
        jh.lay_out(rosters, tmp_path / "facts")
    jh.lay_out(rosters, tmp_path / "laid")
    with pytest.raises(jh.Unusable, match="别的东西"):
        jh.aggregate(rosters, tmp_path / "laid")
    assert finished(tmp_path / "laid")


def test_the_command_says_what_it_laid_out(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And that the folder is to be used in the place of the rosters."""
    assert main(["aggregate", str(made), "--output", str(tmp_path / "laid"), "--lay-out"]) == 0
    assert "重排了 2 个分区" in capsys.readouterr().out
