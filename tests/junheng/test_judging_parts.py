"""A part's answer is put together from its one row of sums and its open rows, and says nothing of rows it lacks."""

from __future__ import annotations

import datetime as dt

from junheng.engine.judging import judge_parts
from junheng.engine.result import OpenRow
from junheng.standard.load import load_standard

RULES = load_standard().on(dt.date(2025, 9, 1))
OF = {"requirement": "B10", "part": "music"}


def test_a_part_without_a_row_counts_nothing() -> None:
    """Nobody was asked: it cannot be judged."""
    judged = judge_parts(RULES, [], [])
    assert {(one.applicable, one.failing, one.missing, one.open_rows) for one in judged.values()} == {(0, 0, 0, ())}
    assert {one.status for one in judged.values()} == {"undetermined"}


def test_a_part_with_a_row_says_who_lacks() -> None:
    """Schools that fail and schools of which too little is known, by name, or by code where there is none."""
    sums = {**OF, "applicable": 4, "failing": 1, "missing": 1, "top": 5, "bottom": 6}
    rows = [
        {**OF, "state": "failing", "school_code": "甲", "subject": None},
        {**OF, "state": "missing", "school_code": "乙", "subject": "乙小学"},
    ]
    music = judge_parts(RULES, [sums], rows)["B10", "music"]
    assert (music.status, music.applicable, music.failing, music.missing) == ("fail", 4, 1, 1)
    assert music.open_rows == (OpenRow("甲", "", "failing"), OpenRow("乙", "乙小学", "missing"))
    assert music.reason == "音乐专用教室：1 校不达标：甲"
