"""Each indicator names the period of its numbers, and what is too old for the day is said."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from rich.console import Console

import golden
import impeccable
import junheng as jh
from junheng.api import print_assessment

DAY = dt.date(2025, 9, 1)
SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"


def told(answer: jh.Assessment) -> dict[str, list[str]]:
    """Return the warnings by indicator."""
    found: dict[str, list[str]] = {}
    for one in answer.warnings:
        found.setdefault(one.indicator, []).append(one.message)
    return found


def test_every_indicator_names_its_period() -> None:
    """What the document asks, the school year, the counting date, and when it was judged."""
    answer = jh.assess(jh.load(SHILI))
    standard = answer.rules.standard
    assert list(answer.periods) == [*standard.indicators, *standard.requirements]
    one = answer.periods["B28"]
    assert (one.time_basis, one.school_year, one.counted) == ("本学年", "2025-2026", dt.date(2025, 9, 1))
    assert (one.judged_from, one.judged_to) == (dt.date(2025, 10, 20), dt.date(2025, 10, 20))
    assert answer.periods["B1"].judged_from is None


@pytest.mark.parametrize(
    ("as_of", "counting_is_old", "judging_is_old"),
    [
        ("2026-09-01", False, False),
        ("2026-09-02", True, False),
        ("2026-10-20", True, False),
        ("2026-10-21", True, True),
    ],
)
def test_numbers_and_judgements_grow_too_old_by_the_day(
    as_of: str, counting_is_old: bool, judging_is_old: bool
) -> None:
    """Twelve months to the day are allowed, one day more is told, for every indicator that it is about."""
    found = told(jh.assess(jh.load(SHILI), as_of=dt.date.fromisoformat(as_of)))
    assert ("B1" in found) == counting_is_old
    assert sum("统计时点" in message for message in found.get("B28", [])) == counting_is_old
    assert sum("最早的评定在 2025-10-20" in message for message in found.get("B28", [])) == judging_is_old


def test_a_round_of_monitoring_that_passed_by_is_told() -> None:
    """Not sampled is a state, and the reader is told that there is no number."""
    assert told(jh.assess(jh.load(SHILI))) == {"B31": ["“是否参加最近一轮质量监测”填的是“否”，这一项没有数可判"]}


def test_whose_figures_they_are_is_asked_where_there_are_figures(tmp_path: Path) -> None:
    """National or provincial changes no verdict; untold is told, with what to do; not sampled asks nothing."""
    asked = {"monitoring_sampled": "是", "monitoring_arts_level": 3, "monitoring_arts_spread": 0.1}
    untold = jh.assess(jh.load(impeccable.write(_folder(tmp_path, "untold"), **asked)), as_of=DAY)
    said = {
        word: jh.assess(
            jh.load(impeccable.write(_folder(tmp_path, word), **asked, monitoring_national=word)), as_of=DAY
        )
        for word in ("是", "否")
    }
    assert told(untold) == {
        "B31": [
            "“监测结果是否出自国家义务教育质量监测”没有填，说不出数出自国家义务教育质量监测还是省级质量监测，"
            "请对照监测报告补填；结论不受影响"
        ]
    }
    assert [told(one) for one in said.values()] == [{}, {}]
    assert {one.requirements["B31"].status for one in (untold, *said.values())} == {"pass"}
    assert [one.periods["B31"].figures_from for one in said.values()] == ["国家义务教育质量监测", "省级质量监测"]
    assert untold.periods["B31"].figures_from is None
    assert untold.periods["B30"].figures_from is None


def _folder(above: Path, name: str) -> Path:
    folder = above / name
    folder.mkdir()
    return folder


def test_without_a_counting_date_or_before_it_is_told(tmp_path: Path) -> None:
    """Nobody can tell of which period such numbers are; numbers of the future are suspect."""
    row = {"school_code": "A", "school_type": "primary", "primary_pupils": 100}
    alone = jh.assess(jh.load(golden.write_schools([row], tmp_path)), as_of=golden.DAY)
    assert told(alone)["B1"] == ["没有写统计时点，说不出是哪一期的数"]
    early = jh.assess(jh.load(SHILI), as_of=dt.date(2025, 8, 31))
    assert told(early)["B1"] == ["统计时点 2025-09-01 晚于判定日 2025-08-31"]


def test_the_terminal_says_it_once_for_all_and_lists_what_to_confirm(tmp_path: Path) -> None:
    """Neighbouring indicators are joined; what does not apply waits for somebody's confirmation."""
    out = io.StringIO()
    print_assessment(jh.assess(jh.load(SHILI), as_of=dt.date(2026, 11, 1)), Console(file=out, width=120))
    shown = out.getvalue()
    assert "数据：2025-2026 学年，统计时点 2025-09-01，统计口径" in shown
    assert "各项：统计时点 2025-09-01 距判定日 2026-11-01 超过 12 个月" in shown
    assert shown.count("超过 12 个月") == 2
    assert "请确认不适用（没有适用的对象）：B31" in shown
    out = io.StringIO()
    print_assessment(jh.assess(jh.load(impeccable.write(tmp_path))), Console(file=out, width=120))
    assert "时期提醒" in out.getvalue()
