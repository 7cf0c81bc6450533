"""By when a thing must begin to count at the next counting date (P23): months counted back, in the season for works."""

from __future__ import annotations

import datetime as dt

from junheng.facts.plan_schema import DEEDS
from junheng.planner.case import Case

MONTHS = 12


def begins(case: Case) -> dt.date:
    """Return the day from which on something can be begun: the one that the county says, or that of the rules."""
    return case.terms.today or case.rules.day


def counting_day(case: Case) -> dt.date:
    """Return the next counting date: the first day of the rules' month that comes after work can begin."""
    day, today = case.rules.day, begins(case)
    this_year = dt.date(today.year, day.month, 1)
    return this_year if this_year > today else dt.date(today.year + 1, day.month, 1)


def latest_start(case: Case, item: str) -> dt.date:
    """Return the latest day on which a deed must begin; what is built in the open grows only in its season."""
    season = case.terms.season if DEEDS[item].land else (1, MONTHS)
    left, day = case.terms.prices[item].lead_months, counting_day(case)
    while left:
        day = (day - dt.timedelta(days=1)).replace(day=1)
        left -= season[0] <= day.month <= season[1]
    return day


def late(case: Case, start: dt.date | None) -> bool:
    """Whether a latest start has passed before work can begin."""
    return start is not None and start < begins(case)
