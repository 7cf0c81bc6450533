"""The fictional 示例旗 is made by a script with a seed, says that it is invented, and is worth looking at."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import junheng as jh

SHILI = Path(__file__).parents[2] / "examples" / "shili"


def test_the_script_makes_the_same_bytes(tmp_path: Path) -> None:
    """What is committed is what the script writes."""
    spec = importlib.util.spec_from_file_location("make_shili", SHILI / "make.py")
    assert spec
    assert spec.loader
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    make.write(tmp_path)
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert made == {file.name: file.read_bytes() for file in (SHILI / "facts").iterdir()}


def test_every_row_of_every_file_says_that_it_is_invented() -> None:
    """Nobody can take a figure of the example for a real one."""
    files = list((SHILI / "facts").glob("*.csv"))
    assert len(files) >= 2
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            assert all("虚构" in row["note"] for row in csv.DictReader(lines)), file.name


def test_the_example_shows_every_kind_of_answer() -> None:
    """Passing, failing and undetermined schools, a spread too wide, one with bounds, and schools outside the sample."""
    answer = jh.assess(jh.load(SHILI / "facts"))
    assert {section.verdict for section in answer.sections} == {"pass", "fail", "undetermined"}
    assert {section.excluded_because for section in answer.sections} == {None, "small_teaching_point", "special_school"}
    assert {spread.status for stage in answer.stages.values() for spread in stage.indicators.values()} == {
        "pass",
        "fail",
        "undetermined",
    }
    assert {one.status for s in answer.sections for one in s.indicators.values()} == {
        "met",
        "floor",
        "below",
        "missing",
    }
    assert len(answer.sections) > 30
