"""Each fact has its own clock: the closed list of them, and which days or years each means for a counting date.

A column of the data dictionary names its clock; an indicator's `time_basis` in the rule book is one of the labels.
Where a clock's bounds are set elsewhere (a training cycle, a round of monitoring), the words say by whom: no date is
made up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

SCHOOL_YEAR_BEGINS = 8
COHORT_YEARS = 3


class Clock(StrEnum):
    """What a fact's period is."""

    COUNTING = "counting"
    SCHOOL_YEAR = "school_year"
    LAST_SCHOOL_YEAR = "last_school_year"
    BUDGET_YEAR = "budget_year"
    LAST_YEAR = "last_year"
    TRAINING_CYCLE = "training_cycle"
    AUTUMN_INTAKE = "autumn_intake"
    SUMMER_QUOTA = "summer_quota"
    COHORT = "cohort"
    MONITORING = "monitoring"
    APPLICATION_YEAR = "application_year"

    @property
    def label(self) -> str:
        """What the clock is called, in the data dictionary and in the rule book alike."""
        return _LABELS[self]

    def span(self, counting_date: dt.date) -> str:
        """Return in words which days or years are meant where facts are counted on `counting_date` (P8)."""
        year = school_year_of(counting_date)
        return _SPANS[self].format(
            day=f"{counting_date.year} 年 {counting_date.month} 月 {counting_date.day} 日",
            year=year,
            next=year + 1,
            last=year - 1,
            before=counting_date.year - 1,
            entered=year - COHORT_YEARS,
        )


_LABELS: Mapping[Clock, str] = MappingProxyType(
    {
        Clock.COUNTING: "统计时点（9 月 1 日）",
        Clock.SCHOOL_YEAR: "本学年",
        Clock.LAST_SCHOOL_YEAR: "上一学年",
        Clock.BUDGET_YEAR: "上一预算年度",
        Clock.LAST_YEAR: "上一年度",
        Clock.TRAINING_CYCLE: "本培训周期",
        Clock.AUTUMN_INTAKE: "今年秋季招生",
        Clock.SUMMER_QUOTA: "今年夏季招生",
        Clock.COHORT: "三年一届（入学至毕业）",
        Clock.MONITORING: "最近一轮监测",
        Clock.APPLICATION_YEAR: "申报当年",
    }
)
_SPANS: Mapping[Clock, str] = MappingProxyType(
    {
        Clock.COUNTING: "{day}",
        Clock.SCHOOL_YEAR: "{year}—{next} 学年",
        Clock.LAST_SCHOOL_YEAR: "{last}—{year} 学年",
        Clock.BUDGET_YEAR: "{before} 年度预算、决算",
        Clock.LAST_YEAR: "{before} 年度",
        Clock.TRAINING_CYCLE: "本轮培训，起止以培训文件为准",
        Clock.AUTUMN_INTAKE: "{year} 年秋季招生",
        Clock.SUMMER_QUOTA: "{year} 年夏季招生",
        Clock.COHORT: "{entered} 年秋入学、{year} 年夏毕业的一届",
        Clock.MONITORING: "最近一轮，以监测报告为准",
        Clock.APPLICATION_YEAR: "申报的那一年",
    }
)
CLOCKS: Mapping[str, Clock] = MappingProxyType({label: clock for clock, label in _LABELS.items()})
"""The clocks by their labels."""


def school_year_of(day: dt.date) -> int:
    """Return the year in which the school year of a day began: facts are counted early in it."""
    return day.year if day.month >= SCHOOL_YEAR_BEGINS else day.year - 1
