"""Writes of tasks: one function a deed, each with its step, its audit row and, where the state changes, its event.

Nobody has to sign in for it: what a unit says on paper or by telephone is written down by the office (代录), and the
step says so. The system itself (`by` is None) proposes, reminds, stops and, for the rooms above, assigns and closes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from junheng_web.notices.services import notice_send
from junheng_web.organisation import audit, events
from junheng_web.organisation.models import Area, Post, School, Unit
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision.chain import ENDED, LONGEST, OPEN, Concern, Deed, Place, Status, Step, Support, Task
from junheng_web.supervision.nesting import place_checked
from junheng_web.supervision.selectors import is_office, office_posts, posts_for, works_on

# In which states a deed is possible, and the state that it leads to (None: it stays).
POSSIBLE: Mapping[str, tuple[tuple[str, ...], str | None]] = MappingProxyType(
    {
        Deed.ASSIGN: ((Status.PROPOSED,), Status.ASSIGNED),
        Deed.DECLINE: ((Status.ASSIGNED,), Status.PROPOSED),
        Deed.RECEIVE: ((Status.ASSIGNED,), Status.WORKING),
        Deed.REPORT: ((Status.WORKING,), None),
        Deed.REMIND: ((Status.ASSIGNED, Status.WORKING), None),
        Deed.ASK: ((Status.WORKING,), Status.ASKED),
        Deed.REVIEW: ((Status.ASKED,), None),
        Deed.RETURN: ((Status.ASKED,), Status.WORKING),
        Deed.CLOSE: ((Status.ASKED,), Status.CLOSED),
        Deed.URGE: ((Status.ASSIGNED, Status.WORKING), None),
        Deed.POSTPONE: ((Status.ASSIGNED, Status.WORKING), None),
        Deed.EXTEND: (OPEN, None),
        Deed.REFUSE: (OPEN, None),
        Deed.EDIT: ((Status.PROPOSED, *OPEN), None),
        Deed.STOP: ((Status.PROPOSED, *OPEN), Status.STOPPED),
        Deed.REOPEN: (ENDED, Status.WORKING),
    }
)
# The unit's own deeds; the others are the office's.
UNITS = frozenset({Deed.DECLINE, Deed.RECEIVE, Deed.REPORT, Deed.ASK, Deed.POSTPONE})
CONTENT = ("title", "demand", "deliverable", "start", "due")
# Where a task stands among others; who changes only its words does not name them.
PLACE = ("level", "parent")


class Refused(ValidationError):
    """A deed is not possible as the task stands; the message says why and what to do."""


class Stale(Exception):
    """Somebody else changed the task meanwhile; `task` is how it stands now."""

    def __init__(self, task: Task) -> None:
        super().__init__(f"task {task.number} is at version {task.version}")
        self.task = task


def possible(deed: str, task: Task) -> bool:
    """Whether a deed is possible as the task stands."""
    return task.status in POSSIBLE[deed][0]


def may(by: Scope | None, deed: str, task: Task) -> bool:
    """Whether somebody may do a deed: a unit's own is also done by the office from paper (代录)."""
    if by is None:
        return True
    return is_office(by, task.county) or (deed in UNITS and works_on(by, task))


@transaction.atomic
def task_propose(
    *,
    by: Scope | None,
    county: Area,
    title: str,
    unit: Unit,
    due: dt.date,
    desk: Post | None = None,
    start: dt.date | None = None,
    demand: str = "",
    deliverable: str = "",
    indicators: Iterable[str] = (),
    schools: Iterable[School] = (),
    supports: Iterable[Unit] = (),
    parent: Task | None = None,
    level: str = Task.Level.TASK,
    origin: str = Task.Origin.HAND,
    origin_key: str = "",
) -> Task:
    """Write down a task, which nobody but the office and the leader sees before it is assigned (P2).

    Raises ValidationError for what cannot be, ValueError where something is of another county.
    """
    start = start or min(timezone.localdate(), due)
    _plan(title, start, due, demand)
    _at_home(desk, county)
    number = _next_number(county)
    place_checked(county, level, parent)
    told = {"title": title.strip(), "demand": demand.strip(), "deliverable": deliverable.strip()[:400]}
    plan = {"unit": unit, "desk": desk, "start": start, "due": due, "parent": parent, "level": level}
    origins = {"origin": origin, "origin_key": origin_key}
    task = Task.objects.create(county=county, number=number, **told, **plan, **origins)
    _set_concerned(task, indicators, schools, supports)
    _step(by, task, Deed.PROPOSE, due=due)
    events.announce("task.proposed", county=county, of=("task", task.code))
    return task


def _next_number(county: Area) -> int:
    """Return the next number of the county, which is held until the transaction ends."""
    Area.objects.select_for_update().get(id=county.id)
    return (Task.objects.of(county).aggregate(last=Max("number"))["last"] or 0) + 1


def _plan(title: str, start: dt.date, due: dt.date, demand: str) -> None:
    if not title.strip():
        raise ValidationError("请写事项：要办的是什么事")
    if len(demand) > LONGEST:
        raise ValidationError(f"要求超过 {LONGEST} 个字，请写短一些，或放到附件里")
    if due < start:
        raise ValidationError(f"截止 {due:%Y-%m-%d} 早于开始 {start:%Y-%m-%d}；请改其中一个")


def _at_home(post: Post | None, county: Area) -> None:
    if post is not None and post.area_id != county.id:
        raise ValueError(f"the post {post.code} is not of {county}")


def _set_concerned(task: Task, indicators: Iterable[str], schools: Iterable[School], supports: Iterable[Unit]) -> None:
    """Let the task be about these, and no others."""
    for rows in (task.concerns, task.places, task.supports):
        rows.all().delete()
    for indicator in dict.fromkeys(indicators):
        Concern.objects.create(county=task.county, task=task, indicator=indicator)
    for school in dict.fromkeys(schools):
        Place.objects.create(county=task.county, task=task, school=school)
    for unit in dict.fromkeys(supports):
        if unit.id != task.unit_id:
            Support.objects.create(county=task.county, task=task, unit=unit)


def _step(by: Scope | None, task: Task, deed: str, *, note: str = "", **more: Any) -> Step:
    """Write a step and its audit row; what the office does for a unit is marked."""
    behalf = by is not None and deed in UNITS and not works_on(by, task)
    told = {"note": note, "behalf": behalf, **more, **audit.signed(by)}
    step = Step.objects.create(county=task.county, task=task, deed=deed, **told)
    audit.record(f"task.{deed}", by=by, county=task.county, of=("task", task.code), note=note[:200], behalf=behalf)
    return step


def _held(by: Scope | None, task: Task, deed: str) -> Task:
    """Return the task, held until the transaction ends. Raises PermissionDenied, Refused."""
    every = Task.objects.select_for_update(of=("self",)).select_related("county", "unit", "desk")
    held = every.get(id=task.id)
    if not may(by, deed, held):
        raise PermissionDenied
    if not possible(deed, held):
        label = Deed(deed).label
        raise Refused(f"“{held.title}”现在是“{held.get_status_display()}”，不能{label}：别人可能刚办过，请刷新页面看看")
    return held


def _take(by: Scope | None, held: Task, deed: str, note: str = "", **changes: Any) -> Step:
    """Take a step with a task that is held: its new state, its row, its event."""
    after = POSSIBLE[deed][1]
    if after is not None:
        changes["status"] = after
    for name, value in changes.items():
        setattr(held, name, value)
    if changes:
        held.save(update_fields=list(changes))
    step = _step(by, held, deed, note=note, due=held.due, progress=held.progress)
    if after is not None:
        events.announce(f"task.{deed}", county=held.county, of=("task", held.code))
    return step


def _said(note: str, what: str, *, needed: bool = True) -> str:
    if needed and not note.strip():
        raise ValidationError(f"请写{what}")
    if len(note) > LONGEST:
        raise ValidationError(f"{what}超过 {LONGEST} 个字，请写短一些，其余的作为附件上传")
    return note.strip()


def _tell(by: Scope | None, task: Task, posts: Iterable[Post], said: str, key: str, *, mailed: bool = False) -> None:
    told = {"key": f"task:{task.id}:{key}", "text": f"{said}：{task.title}", "url": task.url}
    notice_send(by=by, county=task.county, posts=posts, mailed=mailed, **told)


@transaction.atomic
def task_assign(*, by: Scope | None, task: Task, desk: Post | None = None, note: str = "") -> Task:
    """Send a task to its unit, to `desk` where one is named, and let them know. Raises as `_held` does."""
    held = _held(by, task, Deed.ASSIGN)
    _at_home(desk, held.county)
    step = _take(by, held, Deed.ASSIGN, _said(note, "说明", needed=False), desk=desk or held.desk)
    _tell(by, held, posts_for(held), f"交办（{held.due} 前办结）", f"assign:{step.id}")
    return held


@transaction.atomic
def task_decline(*, by: Scope | None, task: Task, note: str) -> Task:
    """Give a task back that is not the unit's to do; the office decides anew. Raises also ValidationError."""
    held = _held(by, task, Deed.DECLINE)
    step = _take(by, held, Deed.DECLINE, _said(note, "为什么不该由本单位办"))
    _tell(by, held, office_posts(held.county), f"{held.unit}退回交办", f"decline:{step.id}")
    return held


@transaction.atomic
def task_receive(*, by: Scope | None, task: Task, note: str = "") -> Task:
    """Say that the unit has received a task. Raises as `_held` does."""
    held = _held(by, task, Deed.RECEIVE)
    _take(by, held, Deed.RECEIVE, _said(note, "说明", needed=False))
    return held


@transaction.atomic
def task_report(*, by: Scope | None, task: Task, note: str, progress: int | None = None) -> Step:
    """Write down how far the work is; evidence is linked to the step that is returned. Raises also ValidationError."""
    held = _held(by, task, Deed.REPORT)
    if progress is not None and not 0 <= progress <= 100:
        raise ValidationError("进度是 0 到 100 之间的整数")
    changes = {} if progress is None else {"progress": progress}
    return _take(by, held, Deed.REPORT, _said(note, "办理情况"), **changes)


@transaction.atomic
def task_ask_to_close(*, by: Scope | None, task: Task, note: str) -> Step:
    """Ask the office to close a task: this day counts as the one on which it was done. Raises also ValidationError."""
    held = _held(by, task, Deed.ASK)
    done = {"finished_on": timezone.localdate(), "progress": 100, "asked_due": None}
    step = _take(by, held, Deed.ASK, _said(note, "办结情况"), **done)
    _tell(by, held, office_posts(held.county), f"{held.unit}申请办结", f"ask:{step.id}")
    return step


@transaction.atomic
def task_return(*, by: Scope | None, task: Task, note: str) -> Task:
    """Give a task back to the unit, with what is missing. Raises also ValidationError."""
    held = _held(by, task, Deed.RETURN)
    step = _take(by, held, Deed.RETURN, _said(note, "退回的原因：还缺什么"), finished_on=None)
    _tell(by, held, posts_for(held), "办结申请被退回", f"return:{step.id}")
    return held


@transaction.atomic
def task_close(*, by: Scope | None, task: Task, note: str = "") -> Task:
    """Say that what was asked to be closed has been looked at, and close it. Raises as `_held` does."""
    held = _held(by, task, Deed.CLOSE)
    note = _said(note, "审核意见", needed=False)
    _take(by, held, Deed.REVIEW, note)
    step = _take(by, held, Deed.CLOSE, closed_on=timezone.localdate())
    _tell(by, held, posts_for(held), "已办结", f"close:{step.id}")
    return held


@transaction.atomic
def task_postpone(*, by: Scope | None, task: Task, due: dt.date, note: str) -> Task:
    """Ask the office for a later last day; the old one counts until it agrees. Raises also ValidationError."""
    held = _held(by, task, Deed.POSTPONE)
    _later(held, due)
    step = _take(by, held, Deed.POSTPONE, _said(note, "为什么要延期"), asked_due=due)
    _tell(by, held, office_posts(held.county), f"{held.unit}申请延到 {due}", f"postpone:{step.id}")
    return held


def _later(task: Task, due: dt.date) -> None:
    if due <= task.due:
        raise ValidationError(f"延期的日子要晚于现在的截止 {task.due:%Y-%m-%d}")


@transaction.atomic
def task_extend(*, by: Scope | None, task: Task, due: dt.date, note: str) -> Task:
    """Give a task a later last day, asked for or not. Raises also ValidationError."""
    held = _held(by, task, Deed.EXTEND)
    _later(held, due)
    was, said = held.due, _said(note, "延期的理由")
    changes = {"due": due, "asked_due": None, "version": held.version + 1}
    step = _take(by, held, Deed.EXTEND, f"由 {was} 延到 {due}：{said}", **changes)
    _tell(by, held, posts_for(held), f"同意延到 {due}", f"extend:{step.id}")
    return held


@transaction.atomic
def task_refuse(*, by: Scope | None, task: Task, note: str) -> Task:
    """Keep the last day although a later one was asked for. Raises also ValidationError."""
    held = _held(by, task, Deed.REFUSE)
    if held.asked_due is None:
        raise Refused("没有等着答复的延期申请：别人可能刚答复过，请刷新页面看看")
    step = _take(by, held, Deed.REFUSE, _said(note, "不同意的理由"), asked_due=None)
    _tell(by, held, posts_for(held), f"不同意延期，仍是 {held.due}", f"refuse:{step.id}")
    return held


@transaction.atomic
def task_urge(*, by: Scope | None, task: Task, note: str, told: bool = True) -> Task:
    """Write down that the office urged the unit, by telephone or in words; `told`: the desk is told here as well."""
    held = _held(by, task, Deed.URGE)
    step = _take(by, held, Deed.URGE, _said(note, "催办时说了什么"))
    if told:
        _tell(by, held, posts_for(held), f"办公室催办（{held.due} 截止）", f"urge:{step.id}", mailed=True)
    return held


@transaction.atomic
def task_edit(
    *,
    by: Scope | None,
    task: Task,
    version: int,
    desk: Post | None,
    unit: Unit,
    indicators: Iterable[str],
    schools: Iterable[School],
    supports: Iterable[Unit],
    **content: Any,
) -> Task:
    """Change what a task says, and with `level` and `parent` where it stands.

    Raises Stale where it is not as at `version` any more, and as `task_propose` does.
    """
    held = _held(by, task, Deed.EDIT)
    if held.version != version:
        raise Stale(held)
    _move_checked(held, content)
    content = {name: content[name] for name in (*CONTENT, *PLACE) if name in content}
    after = {name: content.get(name, getattr(held, name)) for name in CONTENT}
    _plan(after["title"], after["start"], after["due"], after["demand"])
    _at_home(desk, held.county)
    changes = {**content, "desk": desk, "unit": unit, "version": version + 1}
    was = "；".join(_difference(held, name, value) for name, value in changes.items() if _differs(held, name, value))
    _set_concerned_of(held, unit, indicators, schools, supports)
    _take(by, held, Deed.EDIT, was[:LONGEST], **changes)
    return held


def _move_checked(held: Task, content: Mapping[str, Any]) -> None:
    """Refuse a move that cannot be; a task that stays where it stands is not asked."""
    level, parent = (content.get(name, getattr(held, name)) for name in PLACE)
    if (level, parent) != (held.level, held.parent):
        Area.objects.select_for_update().get(id=held.county_id)
        place_checked(held.county, level, parent, held)


def _set_concerned_of(
    held: Task, unit: Unit, indicators: Iterable[str], schools: Iterable[School], supports: Iterable[Unit]
) -> None:
    held.unit = unit
    _set_concerned(held, indicators, schools, supports)


def _differs(task: Task, name: str, value: Any) -> bool:
    return name != "version" and getattr(task, name) != value


def _difference(task: Task, name: str, value: Any) -> str:
    """Return what stood in a field and what stands there now, so that no word is lost."""
    field = task._meta.get_field(name)
    was, now = (dict(field.flatchoices).get(one, one) for one in (getattr(task, name), value))
    return f"{field.verbose_name}：“{was or '空'}”改为“{now or '空'}”"


@transaction.atomic
def task_stop(*, by: Scope | None, task: Task, note: str) -> Task:
    """End a task that is not to be done any more; it stays to be read. Raises also ValidationError."""
    held = _held(by, task, Deed.STOP)
    sent = held.open
    step = _take(by, held, Deed.STOP, _said(note, "为什么终止"), asked_due=None)
    if sent:
        _tell(by, held, posts_for(held), "任务终止，不用再办", f"stop:{step.id}")
    return held


@transaction.atomic
def task_reopen(*, by: Scope | None, task: Task, note: str, due: dt.date | None = None) -> Task:
    """Let the unit work on a task again that was at its end, until another day where one is given."""
    held = _held(by, task, Deed.REOPEN)
    changes = {"finished_on": None, "closed_on": None, "due": due or held.due, "version": held.version + 1}
    step = _take(by, held, Deed.REOPEN, _said(note, "为什么重新办理"), **changes)
    _tell(by, held, posts_for(held), f"重新办理（{held.due} 前办结）", f"reopen:{step.id}")
    return held


@transaction.atomic
def task_remind(*, task: Task, said: str) -> bool:
    """Write down that the system reminded of a task; False where the same was said already, or it is not running."""
    held = Task.objects.select_for_update(of=("self",)).select_related("county", "unit", "desk").get(id=task.id)
    told = held.steps.filter(deed=Deed.REMIND, due=held.due, note=said).exists()
    if told or not possible(Deed.REMIND, held):
        return False
    _take(None, held, Deed.REMIND, said)
    return True
