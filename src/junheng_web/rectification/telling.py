"""What the pages of issues show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from junheng_web.assessment.telling import address as assessed
from junheng_web.evidence.selectors import links_to
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification.deeds import LABELS
from junheng_web.rectification.following import task_of
from junheng_web.rectification.forms import NO_INDICATOR, Asked
from junheng_web.rectification.models import LATE, Issue
from junheng_web.rectification.selectors import issues_of, offered, sees_all
from junheng_web.supervision.selectors import tasks_of

State = Issue.State
ENDED = (State.CLOSED, State.DROPPED)
TONES: Mapping[str, str] = MappingProxyType(
    {
        State.FOUND: "azure",
        State.ASSIGNED: "azure",
        State.WORKING: "azure",
        State.APPLIED: "yellow",
        State.REVIEW: "yellow",
        State.CLOSED: "green",
        State.REOPENED: "red",
        State.DROPPED: "secondary",
    }
)
REACHED = {Issue.Reached.MET: ("pass", "达到"), Issue.Reached.UNMET: ("fail", "没有达到")}
KIND = "issue"


def address(county: Area, name: str, *more: object) -> str:
    """Return the address of one of this room's pages."""
    return reverse(f"rectification:{name}", args=[county.code, *more])


def badge(tone: str, words: str) -> str:
    """Return words in a tone."""
    return format_html('<span class="badge bg-{}-lt">{}</span>', tone, words)


def tone_of(issue: Issue, today: dt.date | None) -> str:
    """Return the tone of an issue: red where it is late."""
    return "red" if today and issue.late_on(today) else TONES[State(issue.state)]


def narrowed(found: QuerySet[Issue], asked: Asked, today: dt.date) -> QuerySet[Issue]:
    """Return the issues that are asked for."""
    if asked.indicator == NO_INDICATOR[0]:
        found, asked = found.filter(indicator=""), replace(asked, indicator="")
    picked = {"unit__code": asked.unit, "indicator": asked.indicator, "origin": asked.origin}
    found = found.filter(**{name: value for name, value in picked.items() if value})
    if asked.q:
        found = found.filter(Q(title__icontains=asked.q) | Q(school__name__icontains=asked.q))
    if asked.state == "open":
        return found.exclude(state__in=ENDED)
    if asked.state == "late":
        return found.filter(state__in=LATE, due__lt=today)
    return found if asked.state == "every" else found.filter(state=asked.state)


def counts(scope: Scope, county: Area, today: dt.date) -> list[tuple[str, str, str, int]]:
    """Return how many of one's issues stand where: state, word, tone, number; what is late first."""
    found = issues_of(scope, county).order_by().values_list("state")
    many = dict(found.annotate(many=Count("id")))
    late = narrowed(issues_of(scope, county), Asked(state="late"), today).count()
    told = [(one.value, one.label, TONES[one], many.get(one.value, 0)) for one in State if many.get(one.value)]
    return ([("late", "过期", "red", late)] if late else []) + told


def listed(scope: Scope, county: Area, asked: Asked, today: dt.date) -> dict[str, Any]:
    """Return what the page of the ledger shows beside the table."""
    units = Unit.objects.visible_to(scope).of(county).filter(parent=None) if sees_all(scope, county) else []
    manages = allowed("rectification.manage", scope, county)
    return {"counts": counts(scope, county, today), "units": units, "asked": asked, "manages": manages}


def issue_told(scope: Scope, issue: Issue, today: dt.date) -> dict[str, Any]:
    """Return what an issue's page shows."""
    steps = [
        {"label": LABELS.get(one.deed, one.deed), "tone": TONES[State(one.state)], "row": one}
        for one in issue.steps.all()
    ]
    task = task_of(issue)
    seen = task and tasks_of(scope, issue.county).filter(id=task.id).exists()
    return {
        "issue": issue,
        "tone": tone_of(issue, today),
        "late": issue.late_on(today),
        "steps": steps,
        "deeds": offered(scope, issue),
        "sends": allowed("rectification.manage", scope, issue.county) and issue.open,
        "task": task if seen else None,
        "money": allowed("funding.view", scope, issue.county),
        "bases": _bases(issue),
        "links": links_to(issue.county, KIND, [issue.code]),
        "indicator_url": assessed(issue.county, "rule", issue.indicator) if issue.indicator else "",
        "plan_url": address(issue.county, "plan", issue.school.code) if issue.school else "",
    }


def _bases(issue: Issue) -> list[tuple[str, str, str, str]]:
    """Return of an issue from a gap what each basis says: its name, the status, the word, which step it is."""
    if not issue.of_gap:
        return []
    told = (("现状口径", issue.present, "第一步：现状到位"), ("统计口径", issue.census, "第二步：入统销号"))
    return [(name, *REACHED.get(reached, ("undetermined", "还不知道")), step) for name, reached, step in told]
