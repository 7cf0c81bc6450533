"""A nation's table on the screen, in files and as a page; typed Parquet files read as the readers read them."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from junheng import api as jh
from junheng.cli import main
from junheng.facts.readers import load_table
from junheng.facts.schema import ROOMS, SCHOOLS
from junheng.facts.typed import read_typed
from junheng.rosters.invented import invent


@pytest.fixture(scope="module")
def rosters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten invented counties in two provinces."""
    folder = tmp_path_factory.mktemp("rosters")
    invent(folder, 10 * 52_000, seed=2)
    return folder


@pytest.fixture(scope="module")
def facts(rosters: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What they come to."""
    output = tmp_path_factory.mktemp("facts") / "facts"
    assert main(["aggregate", str(rosters), "--output", str(output)]) == 0
    return output


def test_the_command_says_what_was_counted(rosters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How many, of which year, which cohort, what deserves a second look, and what was not looked for."""
    assert main(["aggregate", str(rosters), "--output", str(tmp_path / "out"), "--without-duplicates"]) == 0
    told = capsys.readouterr()
    counts = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["counts"]
    assert f"2025 学年：{counts['schools']:,} 所学校，{counts['pupils']:,} 名学生" in told.out
    assert "2023 年入学" in told.out
    assert "没有查重复" in told.out
    assert told.err == ""


def test_the_screen_shows_provinces_and_what_is_hardest(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the counts of the table."""
    assert main(["nation", str(facts)]) == 0
    shown = capsys.readouterr().out
    counted = Counter(jh.nation(facts)["resources"].to_pylist())
    assert f"10 个县。资源配置（B1～B7）：达标 {counted['pass']}，不达标 {counted['fail']}" in shown
    assert counted["pass"]
    assert counted["fail"]
    assert "北京" in shown
    assert "差异系数超过上限" in shown


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_file_has_a_row_for_every_county(facts: Path, tmp_path: Path, form: str) -> None:
    """As `jh.nation` gives them."""
    file = tmp_path / f"各县.{form}"
    assert main(["nation", str(facts), "--output", str(file)]) == 0
    rows = jh.nation(facts).to_pylist()
    assert _read(file, form) == [_plain(row, form) for row in rows]


def _read(file: Path, form: str) -> list[dict[str, Any]]:
    if form == "csv":
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return list(csv.DictReader(opened))
    if form == "jsonl":
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return pq.ParquetFile(file).read().to_pylist()


def _plain(row: dict[str, Any], form: str) -> dict[str, Any]:
    return {key: "" if value is None else str(value) for key, value in row.items()} if form == "csv" else row


def test_the_page_stands_alone_and_says_that_it_is_invented(facts: Path, tmp_path: Path) -> None:
    """Every county, a chart for each stage and indicator, nothing that is loaded or leads away, nothing that runs."""
    file = tmp_path / "全国.html"
    assert main(["nation", str(facts), "--output", str(file)]) == 0
    page = file.read_text(encoding="utf-8")
    rows = jh.nation(facts).to_pylist()
    assert all(row["county_name"] in page for row in rows)
    assert page.count("<svg") == 15
    assert "数据是虚构的，仅供演示：每个县的名册是生成的" in page
    assert "<script" not in page
    assert not re.search(r"""(src|href)=["'](?!#)""", page)
    over = sum(row["junior_B6_status"] == "fail" for row in rows)
    assert f"初中 B6：{over} 县超过 0.45" in page


def test_all_parts_are_read_as_one_folder_of_facts(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every other command reads what was counted, part by part or all together."""
    loaded = jh.load(facts)
    assert loaded.counties.keys() == {row["county_code"] for row in jh.nation(facts).to_pylist()}
    answers = {one.county_code: one.resources for one in jh.assess_all(loaded)}
    assert answers == {row["county_code"]: row["resources"] for row in jh.nation(facts).to_pylist()}
    code = next(iter(answers))
    assert main(["assess", str(facts), "--county", code, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["county"]["code"] == code


def test_an_unknown_form_is_refused(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As are sizes and numbers that are none."""
    for words in (["nation", str(facts), "--output", "x.doc"], ["nation", str(facts), "--memory", "lots"]):
        with pytest.raises(SystemExit):
            main(words)
    assert "不是内存大小" in capsys.readouterr().err


@pytest.mark.parametrize("table", [SCHOOLS, ROOMS], ids=lambda table: table.name)
def test_typed_files_are_read_as_readers_read_them(rosters: Path, table: Any) -> None:
    """The same rows, to the last unit, file by file and all of them together."""
    files = sorted((rosters / table.name).rglob("*.parquet"))
    assert len(files) > 1
    together, apart = read_typed(files, table), [read_typed([file], table) for file in files]
    assert together is not None
    for file, one, own in zip(files, together, apart, strict=True):
        assert one.equals(load_table(file, table).rows)
        assert own is not None
        assert own[0].equals(one)


@pytest.mark.parametrize(
    "cells",
    [
        {"school_type": "大学"},
        {"school_code": "1.5E+17"},
        {"school_code": None},
        {"school_name": " 某校"},
        {"school_name": "未报"},
        {"teaching_area": -1},
        {"teaching_area": 10**12},
        {"teaching_area": 1.5},
        {"is_boarding": "是"},
        {"某列": 1},
    ],
    ids=str,
)
def test_what_needs_a_look_is_left_to_the_readers(tmp_path: Path, cells: dict[str, Any]) -> None:
    """A blank, a code that is none, a number out of range, a double, a column that is not known."""
    row = {"county_code": "1", "school_code": "2", "school_name": "某校", "school_type": "primary", "teaching_area": 1}
    file = tmp_path / "schools.parquet"
    pq.write_table(pa.Table.from_pylist([row]), file)
    assert read_typed([file], SCHOOLS) is not None
    pq.write_table(pa.Table.from_pylist([{**row, **cells}]), file)
    assert read_typed([file], SCHOOLS) is None
