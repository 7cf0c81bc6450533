"""The task that an issue sends out, and how it follows the issue: done when the value is there, open when it falls."""

from __future__ import annotations

from junheng_web.duties.selectors import posts_of_unit
from junheng_web.organisation.models import Post
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification.models import Issue
from junheng_web.supervision.models import Status, Task
from junheng_web.supervision.selectors import task_of_origin
from junheng_web.supervision.services import (
    task_ask_to_close,
    task_assign,
    task_close,
    task_edit,
    task_propose,
    task_receive,
    task_reopen,
    task_return,
    task_stop,
)

State, ORIGIN = Issue.State, Task.Origin.ISSUE
TITLE = 200
ENDED = (Status.CLOSED, Status.STOPPED)


def task_of(issue: Issue) -> Task | None:
    """Return the task of an issue, once it was sent."""
    return task_of_origin(issue.county, ORIGIN, issue.code).first()


def task_send(*, by: Scope, issue: Issue) -> Task:
    """Send an issue out as a task at its desk, or send the task that it has anew; part of the caller's transaction."""
    task, post = task_of(issue), _post(issue)
    if task is None:
        task = task_propose(by=by, county=issue.county, origin=ORIGIN, origin_key=issue.code, **_told(issue, post))
    else:
        task = _again(by, issue, task, post)
    return task_assign(by=by, task=task, desk=post) if task.status == Status.PROPOSED else task


def _post(issue: Issue) -> Post | None:
    return posts_of_unit(issue.county, issue.desk).first() if issue.desk else None


def _told(issue: Issue, post: Post | None) -> dict[str, object]:
    return {
        "title": issue.title[:TITLE],
        "unit": issue.unit,
        "desk": post,
        "due": issue.due,
        "demand": issue.asked,
        "indicators": [issue.indicator] if issue.indicator else [],
        "schools": [issue.school] if issue.school else [],
    }


def _again(by: Scope, issue: Issue, task: Task, post: Post | None) -> Task:
    """Let the task be what the issue says now; one that was at its end is worked on again."""
    if task.status in ENDED:
        task = task_reopen(by=by, task=task, note=f"{issue.code} 重新交办", due=issue.due)
    told = _told(issue, post)
    return task_edit(by=by, task=task, version=task.version, start=min(task.start, issue.due), supports=(), **told)


def task_follow(issue: Issue) -> None:
    """Bring the issue's task to where the issue is. The system takes the step, and says which of the issue's it was."""
    task = task_of(issue)
    if task is None:
        return
    why = f"{issue.code} {issue.get_state_display()}"
    if issue.state in {State.REVIEW, State.CLOSED}:
        _finish(task, f"{why}：要求已经达到")
    elif issue.state == State.APPLIED:
        _asked(task, why)
    elif issue.state == State.WORKING:
        _working(task, why)
    elif issue.state == State.REOPENED and task.status in ENDED:
        task_reopen(by=None, task=task, note=why)
    elif issue.state == State.DROPPED and task.status not in ENDED:
        task_stop(by=None, task=task, note=why)


def _working(task: Task, why: str) -> None:
    if task.status == Status.ASSIGNED:
        task_receive(by=None, task=task, note=why)
    elif task.status == Status.ASKED:
        task_return(by=None, task=task, note=why)


def _asked(task: Task, why: str) -> None:
    if task.status == Status.ASSIGNED:
        task = task_receive(by=None, task=task, note=why)
    if task.status == Status.WORKING:
        task_ask_to_close(by=None, task=task, note=why)


def _finish(task: Task, why: str) -> None:
    if task.status == Status.PROPOSED:
        task_stop(by=None, task=task, note=why)
    elif task.status not in ENDED:
        _asked(task, why)
        task_close(by=None, task=task, note=why)
