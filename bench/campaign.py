"""A county in the middle of its campaign: thousands of tasks and issues, for the pages that list them. All invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

TASKS, ISSUES, UNITS = 5_000, 2_000, 25
TODAY = dt.date(2026, 11, 26)
PAGES: Mapping[str, str] = {
    "tasks": "tasks/",
    "tasks, late": "tasks/late/",
    "board": "tasks/board/",
    "issues": "rectification/",
    "issues, all": "rectification/?state=every",
    "figures": "rectification/figures/",
    "leader": "rectification/leader/",
}


def fill(county: object) -> None:
    """Give a county its units, tasks in every state and issues in every state, each with the step that made it."""
    from junheng_web.organisation.models import Unit

    units = [Unit(county=county, code=f"unit-{at}", name=f"测速单位 {at}", place=at) for at in range(UNITS)]
    Unit.objects.bulk_create(units)
    _tasks(county, units)
    _issues(county, units)


def _due(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number % 60 - 30)


def _tasks(county: object, units: list[object]) -> None:
    from junheng_web.supervision.models import Deed, Status, Step, Task

    states, start = list(Status), TODAY - dt.timedelta(days=60)
    rows = [
        Task(
            county=county,
            number=number,
            title=f"测速任务 {number}",
            unit=units[number % UNITS],
            start=start,
            due=_due(number),
            status=states[number % len(states)],
        )
        for number in range(1, TASKS + 1)
    ]
    Task.objects.bulk_create(rows)
    Step.objects.bulk_create(Step(county=county, task=one, deed=Deed.ASSIGN) for one in rows)


def _issues(county: object, units: list[object]) -> None:
    from junheng_web.rectification.models import Issue, IssueStep

    states = list(Issue.State)
    rows = [
        Issue(
            county=county,
            number=number,
            origin=Issue.Origin.HAND,
            title=f"测速问题 {number}",
            unit=units[number % UNITS],
            due=_due(number),
            state=states[number % len(states)],
        )
        for number in range(1, ISSUES + 1)
    ]
    Issue.objects.bulk_create(rows)
    IssueStep.objects.bulk_create(IssueStep(county=county, issue=one, deed="raise", state=one.state) for one in rows)
