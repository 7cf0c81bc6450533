"""The terminal's tables keep every school and verdict readable, also on 80 columns and with the longest names."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

import golden
import junheng as jh
from junheng.api import print_assessment
from junheng.engine.display import shown, shown_beside

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
LONG = "示例自治旗示例苏木示例嘎查蒙古族九年一贯制寄宿学校东部校区（原示例牧业小学与示例初级中学合并）"


def printed(answer: jh.Assessment, width: int) -> str:
    """Return what a terminal of so many columns shows."""
    out = io.StringIO()
    print_assessment(answer, Console(file=out, width=width, highlight=False))
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_of_a_table_is_cut_or_wrapped(width: int) -> None:
    """Every line fits, every figure is whole, and no verdict is shortened."""
    text = printed(jh.assess(jh.load(SHILI)), width)
    assert max(cell_len(line.rstrip()) for line in text.splitlines()) <= width
    assert "…" not in text.split("原因")[0]
    for whole in ("▽4.08", "0.086～6.067", "不能判定", "不纳入"):
        assert whole in text


def test_the_longest_name_is_shown_whole(tmp_path: Path) -> None:
    """A long name is folded over several lines, not cut."""
    row = {"school_code": "A", "school_name": LONG, "school_type": "primary", "primary_pupils": 100}
    facts = jh.load(golden.write_schools([row], tmp_path))
    text = printed(jh.assess(facts, as_of=golden.DAY), 80)
    table = text.split("小学各校")[1].split("原因")[0]
    shown_name = "".join(line.split(" ")[0] for line in table.splitlines())
    assert LONG in shown_name


def test_a_county_without_schools_shows_no_empty_tables(tmp_path: Path) -> None:
    """Two reasons, and no table without rows."""
    text = printed(jh.assess(jh.load(golden.write_schools([], tmp_path)), as_of=golden.DAY), 80)
    assert "没有一所可判的学校" in text
    assert "小学各校" not in text
    assert "校际差异系数" not in text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (4.505, 2, "4.51"),
        (4.5049, 2, "4.50"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (1234567.891, 2, "1,234,567.89"),
        (0, 2, "0.00"),
    ],
)
def test_numbers_are_rounded_half_up_once(value: float, decimals: int, text: str) -> None:
    """As the national form rounds, from the number as written, not from its binary neighbour."""
    assert shown(value, decimals) == text


def test_a_cv_just_over_its_limit_does_not_look_equal_to_it() -> None:
    """As many decimals are shown as it takes; an equal value stays short."""
    assert shown_beside(0.50004, 0.5, 3) == "0.50004"
    assert shown_beside(0.5, 0.5, 3) == "0.500"
    assert shown_beside(0.6, 0.5, 3) == "0.600"
