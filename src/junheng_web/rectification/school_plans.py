"""One plan for each school (一校一案): what it lacks, who puts it right and until when, made from its issues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q

from junheng_web.organisation.models import Area, School
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification.gaps import Gap
from junheng_web.rectification.models import LATE, Issue
from junheng_web.rectification.selectors import issues_of
from junheng_web.rectification.tables import state_told
from junheng_web.rectification.telling import ENDED, tone_of

State = Issue.State


def plans(scope: Scope, county: Area, today: dt.date) -> list[dict[str, Any]]:
    """Return the schools with issues that are one's to see, in the order of the roll, with how many stand where."""
    every = issues_of(scope, county).exclude(school=None).exclude(state=State.DROPPED)
    asked = {
        "every": Count("id"),
        "closed": Count("id", filter=Q(state__in=ENDED)),
        "review": Count("id", filter=Q(state=State.REVIEW)),
        "late": Count("id", filter=Q(state__in=LATE, due__lt=today)),
    }
    found = {row.pop("school"): row for row in every.order_by().values("school").annotate(**asked)}
    schools = School.objects.visible_to(scope).of(county).filter(id__in=found)
    return [{"school": one, **found[one.id]} for one in schools]


def _counted(issues: Iterable[Issue], today: dt.date) -> dict[str, int]:
    every = list(issues)
    return {
        "every": len(every),
        "closed": sum(one.state in ENDED for one in every),
        "review": sum(one.state == Issue.State.REVIEW for one in every),
        "late": sum(one.late_on(today) for one in every),
    }


def plan(scope: Scope, county: Area, school: School, gaps: Iterable[Gap], today: dt.date) -> dict[str, Any]:
    """Return a school's plan: its issues in the document's order, and the gaps that nobody has made an issue of."""
    issues = list(issues_of(scope, county).filter(school=school).exclude(state=Issue.State.DROPPED))
    known = {one.key for one in issues}
    rows = [{"issue": one, "tone": tone_of(one, today), "state": state_told(one)} for one in sorted(issues, key=_place)]
    left = [one for one in gaps if one.key.school == school.code and str(one.key) not in known]
    return {"school": school, "rows": rows, "left": left, **_counted(issues, today)}


def _place(issue: Issue) -> tuple[object, ...]:
    """Numbered indicators in their order, what names none last."""
    digits = issue.indicator[1:]
    return not issue.indicator, int(digits) if digits.isdecimal() else 99, issue.number
