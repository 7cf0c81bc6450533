"""What the room makes of events: a value that was approved, withdrawn, declared or taken back moves its issues."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import transaction

from junheng_web.organisation.models import Event
from junheng_web.rectification.deeds import DEEDS, TO_DO, fits
from junheng_web.rectification.judging import issues_judge, step_write
from junheng_web.rectification.models import Issue
from junheng_web.supervision.models import Status, Task

State = Issue.State
# What a task's step is to its issue, as long as the task stands there: the deed, the states from which it is one.
OF_TASK: Mapping[str, tuple[str, str, frozenset[str]]] = MappingProxyType(
    {
        "task.receive": (Status.WORKING, "start", frozenset({State.ASSIGNED, State.REOPENED})),
        "task.ask": (Status.ASKED, "apply", TO_DO),
        "task.return": (Status.WORKING, "return", frozenset({State.APPLIED})),
        "task.close": (Status.CLOSED, "review", frozenset({State.APPLIED})),
    }
)


def values_changed(event: Event) -> None:
    """Judge the county's issues by the values of today; whatever happened, the same question is asked anew."""
    issues_judge(county=event.county)


@transaction.atomic
def task_moved(event: Event) -> None:
    """Take the issue of a task the step that the task took: a unit says it once, in either place."""
    status, name, before = OF_TASK[event.kind]
    task = Task.objects.of(event.county).filter(number=event.object_code, origin=Task.Origin.ISSUE).first()
    issues = Issue.objects.of(event.county).select_for_update(of=("self",)).select_related("county")
    # What the task did since is told by an event of its own.
    issue = issues.filter(number=task.origin_key[1:]).first() if task and task.status == status else None
    if issue is None or issue.state not in before or not fits(DEEDS[name], issue):
        return
    said = task.steps.filter(deed=event.kind.partition(".")[2]).last()
    note = f"任务 {task.number}：{said.by_name or '系统'}{'，' if said.note else ''}{said.note}" if said else ""
    step_write(issue, name, DEEDS[name].after, by=None, note=note[:1000])
