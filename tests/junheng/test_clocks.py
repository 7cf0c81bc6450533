"""Each fact has its own clock: the rule book and the data dictionary speak of the same ones, and each says its days."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from junheng.facts.clocks import CLOCKS, Clock, school_year_of
from junheng.facts.items import ITEMS
from junheng.facts.schema import SCHOOLS
from junheng.facts.template import write_template
from junheng.standard.load import load_standard
from junheng.standard.needed import county_needs, school_needs

DAY = dt.date(2025, 9, 1)


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (Clock.COUNTING, "2025 年 9 月 1 日"),
        (Clock.SCHOOL_YEAR, "2025—2026 学年"),
        (Clock.LAST_SCHOOL_YEAR, "2024—2025 学年"),
        (Clock.BUDGET_YEAR, "2024 年度预算、决算"),
        (Clock.LAST_YEAR, "2024 年度"),
        (Clock.TRAINING_CYCLE, "本轮培训，起止以培训文件为准"),
        (Clock.AUTUMN_INTAKE, "2025 年秋季招生"),
        (Clock.SUMMER_QUOTA, "2025 年夏季招生"),
        (Clock.COHORT, "2022 年秋入学、2025 年夏毕业的一届"),
        (Clock.MONITORING, "最近一轮，以监测报告为准"),
        (Clock.APPLICATION_YEAR, "申报的那一年"),
    ],
)
def test_each_clock_says_which_days_it_means(clock: Clock, words: str) -> None:
    """From the counting date; where its bounds are set elsewhere no date is made up."""
    assert clock.span(DAY) == words
    assert CLOCKS[clock.label] is clock


def test_a_day_in_spring_is_of_the_school_year_that_began_before() -> None:
    """The year begins with August."""
    assert [school_year_of(day) for day in (dt.date(2026, 7, 31), dt.date(2026, 8, 1))] == [2025, 2026]
    assert Clock.SCHOOL_YEAR.span(dt.date(2026, 3, 1)) == "2025—2026 学年"


def test_an_indicator_and_the_numbers_that_it_reads_have_a_clock_in_common() -> None:
    """What the rule book says of an indicator's time, the data dictionary says of one of its numbers at least."""
    rules = load_standard("national-2017").on(DAY)
    read: dict[str, set[str]] = {}
    for type in rules.standard.school_types:
        for name, ids in school_needs(rules, type).items():
            for id in ids:
                read.setdefault(id, set()).add(SCHOOLS.column(name).clock.label)
    for name, ids in county_needs(rules).items():
        for id in ids:
            read.setdefault(id, set()).add(ITEMS[name].clock.label)
    every = {**rules.indicators, **rules.requirements}
    assert {id: every[id].time_basis for id in read if every[id].time_basis not in read[id]} == {}
    assert len(read) > 20


def test_the_workbook_says_the_clock_in_the_note_of_each_heading(tmp_path: Path) -> None:
    """Whoever fills in the workbook sees it without a manual."""
    write_template(tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["学校"]
    notes = {cell.value: cell.comment.text for cell in sheet[1]}
    assert "时间口径：上一预算年度" in notes["公用经费预算（万元）"]
    assert "时间口径：统计时点（9 月 1 日）" in notes["小学在校生数（人）"]
