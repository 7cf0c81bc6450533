"""The day on which the county plans to be reviewed, and how far it is. A deadline is a date: it ends at 24:00."""

from __future__ import annotations

import datetime as dt

from junheng_web.assessment import selectors
from junheng_web.assessment.telling import address, who
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed, who_may
from junheng_web.organisation.scopes import Scope

PERMISSION = "assessment.schedule"


def left(day: dt.date, today: dt.date) -> str:
    """Return in words how many days are left; the day itself is one of them until it ends."""
    days = (day - today).days
    if days < 0:
        return f"已过 {-days} 天"
    return f"还有 {days} 天" if days else "就是今天"


def review(scope: Scope, county: Area, today: dt.date) -> dict[str, str]:
    """Return what the overview says of the day: how far it is and who set it, or that there is none and who may."""
    last = selectors.review_date(scope, county)
    url = address(county, "review_date") if allowed(PERMISSION, scope, county) else ""
    if last is None or last.day is None:
        return {"left": "还没有定日期", "note": f"计划接受国家评估认定的日期，由{who_may(PERMISSION)}定", "url": url}
    return {"left": left(last.day, today), "note": f"{last.day}，{who(last)}定", "url": url}
