"""What is proposed when an issue is raised: who puts it right and until when. The office confirms it (P2, P3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from junheng_web.collection.models import Period
from junheng_web.duties.selectors import desk_of
from junheng_web.organisation.models import Area, Unit


@dataclass(frozen=True, slots=True)
class Proposal:
    """The unit and its desk, where the office has set who leads, and a day; each may be missing."""

    unit: Unit | None = None
    desk: Unit | None = None
    due: dt.date | None = None


def proposal(county: Area, indicator: str, period: Period | None) -> Proposal:
    """Return what the matrix proposes for an indicator; where several answer and none leads, nobody (P2)."""
    proposed = desk_of(county, indicator)
    return Proposal(proposed.unit, proposed.desk, period and day_before_census(period, timezone.localdate()))


def day_before_census(period: Period, today: dt.date) -> dt.date:
    """Return the last day, from today on, on which something can still count at a counting date after the period's."""
    years = range(max(period.counting_date.year + 1, today.year), today.year + 3)
    days = (period.counting_date.replace(year=year) - dt.timedelta(days=1) for year in years)
    return next((day for day in days if day >= today), period.counting_date)
