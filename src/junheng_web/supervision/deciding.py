"""Writes of meetings and instructions: what is decided becomes a task, which the office assigns."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from junheng_web.evidence.services import file_add
from junheng_web.notices.services import notice_send
from junheng_web.organisation import audit, events
from junheng_web.organisation.models import Appointment, Area, Post, Unit
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision.chain import LONGEST, TITLE, Task
from junheng_web.supervision.drafting import minutes_text
from junheng_web.supervision.gatherings import Decision, Instruction, Meeting
from junheng_web.supervision.issuing import dispatch_draft
from junheng_web.supervision.nesting import level_below
from junheng_web.supervision.papers import Body, Dispatch
from junheng_web.supervision.selectors import is_office, office_posts
from junheng_web.supervision.services import Refused, task_propose

CONTENT = ("title", "day", "where", "chair", "present", "agenda")


class Changed(Exception):
    """Somebody else changed the meeting meanwhile; `meeting` is how it stands now."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(f"meeting {meeting.number} is at version {meeting.version}")
        self.meeting = meeting


@transaction.atomic
def meeting_plan(*, by: Scope | None, county: Area, **content: Any) -> Meeting:
    """Write down that a meeting is held. Raises PermissionDenied, ValidationError without a title."""
    _office(by, county)
    _titled(content["title"])
    Area.objects.select_for_update().get(id=county.id)
    number = (Meeting.objects.of(county).aggregate(last=Max("number"))["last"] or 0) + 1
    meeting = Meeting.objects.create(county=county, number=number, **{name: content[name] for name in CONTENT})
    audit.record("meeting.plan", by=by, county=county, of=("meeting", meeting.code), day=meeting.day.isoformat())
    return meeting


def _office(by: Scope | None, county: Area) -> None:
    if by is not None and not is_office(by, county):
        raise PermissionDenied


def _titled(title: str) -> None:
    if not title.strip():
        raise ValidationError("请写会议的名称")


@transaction.atomic
def meeting_edit(*, by: Scope, meeting: Meeting, version: int, **content: Any) -> Meeting:
    """Change what is written of a meeting. Raises Changed where it is not as at `version` any more."""
    _office(by, meeting.county)
    held = Meeting.objects.select_for_update(of=("self",)).select_related("county").get(id=meeting.id)
    if held.version != version:
        raise Changed(held)
    _titled(content["title"])
    was = {name: str(getattr(held, name)) for name in CONTENT if getattr(held, name) != content[name]}
    for name in CONTENT:
        setattr(held, name, content[name])
    held.version = version + 1
    held.save()
    audit.record("meeting.edit", by=by, county=held.county, of=("meeting", held.code), was=was)
    return held


@transaction.atomic
def decision_add(
    *,
    by: Scope | None,
    meeting: Meeting,
    text: str,
    unit: Unit | None = None,
    due: dt.date | None = None,
    desk: Post | None = None,
) -> Decision:
    """Write down what a meeting decided; with a unit and a last day it is proposed as a task.

    Raises PermissionDenied, ValidationError without words, or with a unit and no day.
    """
    _office(by, meeting.county)
    text = _words(text, "决定了什么")
    if bool(unit) != bool(due):
        raise ValidationError("要成为任务的决定，责任单位和截止日期都要有；只记一句话的，两样都空着")
    key = f"{meeting.code}:{meeting.decisions.count() + 1}"
    task = None
    if unit and due:
        origin = {"origin": Task.Origin.MEETING, "origin_key": key}
        plan = {"title": text[:TITLE], "demand": text, "unit": unit, "due": due, "desk": desk}
        task = task_propose(by=by, county=meeting.county, **plan, **origin)
    told = {"text": text, "unit": unit, "due": due, "task": task}
    decision = Decision.objects.create(county=meeting.county, meeting=meeting, **told, **audit.signed(by))
    audit.record("decision.add", by=by, county=meeting.county, of=("meeting", meeting.code), key=key)
    return decision


def _words(text: str, what: str) -> str:
    if not text.strip():
        raise ValidationError(f"请写{what}")
    if len(text) > LONGEST:
        raise ValidationError(f"超过 {LONGEST} 个字，请写短一些")
    return text.strip()


@transaction.atomic
def minutes_draft(*, by: Scope | None, meeting: Meeting, body: Body) -> Dispatch:
    """Draft the minutes of a meeting from what was written down; they go out when they are signed.

    Raises PermissionDenied, Refused where they are drafted already.
    """
    _office(by, meeting.county)
    held = Meeting.objects.select_for_update(of=("self",)).select_related("county", "minutes").get(id=meeting.id)
    if held.minutes is not None and held.minutes.status != Dispatch.Status.DROPPED:
        raise Refused("这次会的纪要已经拟过了，请直接修改")
    decided = [one.unit for one in held.decisions.select_related("unit") if one.unit]
    about = {"units": decided, "origin_key": f"meeting:{held.code}"}
    told = {"title": f"{held.title}纪要"[:TITLE], "text": minutes_text(held)}
    kind = Dispatch.Kind.MINUTES
    held.minutes = dispatch_draft(by=by, county=held.county, kind=kind, body=body, **told, **about)
    held.save(update_fields=["minutes"])
    return held.minutes


@transaction.atomic
def instruction_give(
    *,
    by: Scope,
    county: Area,
    leader: Post,
    text: str,
    unit: Unit,
    due: dt.date,
    day: dt.date | None = None,
    desk: Post | None = None,
    about: Task | None = None,
    scan: UploadedFile | None = None,
) -> Instruction:
    """Write down what a leader instructed: the task that comes of it is proposed, and the office is told.

    The leader writes it himself; the office enters it for him with the scan (代录). Raises PermissionDenied,
    ValidationError without words or scan.
    """
    own = leader.id in {post.id for post in by.posts_in(county)}
    if not own:
        _office(by, county)
        if scan is None:
            raise ValidationError("代录领导的批示，请上传批示件的扫描件或照片")
    day, text = day or timezone.localdate(), _words(text, "批示")
    instruction = _written(by, county, leader, day, text, unit, due, desk, about, not own)
    of = ("instruction", instruction.code)
    if scan is not None:
        file_add(by=by, county=county, name=scan.name or "", chunks=scan.chunks(), of=of)
    audit.record("instruction.give", by=by, county=county, of=of, leader=leader.code, behalf=not own)
    events.announce("instruction.given", county=county, of=of)
    told = {"key": f"instruction:{instruction.id}", "text": f"领导批示，请交办：{text}", "url": instruction.task.url}
    notice_send(by=by, county=county, posts=office_posts(county), **told)
    return instruction


def _written(
    by: Scope,
    county: Area,
    leader: Post,
    day: dt.date,
    text: str,
    unit: Unit,
    due: dt.date,
    desk: Post | None,
    about: Task | None,
    behalf: bool,
) -> Instruction:
    """Propose the task of an instruction, and write the instruction down."""
    Area.objects.select_for_update().get(id=county.id)
    number = (Instruction.objects.of(county).aggregate(last=Max("number"))["last"] or 0) + 1
    plan = {"title": text[:TITLE], "demand": text, "unit": unit, "due": due, "desk": desk}
    place = {"parent": about, "level": level_below(about)}
    origin = {"origin": Task.Origin.INSTRUCTION, "origin_key": str(number)}
    task = task_propose(by=by, county=county, **plan, **place, **origin)
    told = {"leader": leader, "leader_name": holder_on(leader, day), "day": day, "text": text, "about": about}
    row = {"number": number, "task": task, "behalf": behalf}
    return Instruction.objects.create(county=county, **told, **row, **audit.signed(by))


def holder_on(post: Post, day: dt.date) -> str:
    """Return who held a post on a day."""
    held = Appointment.objects.on(day).filter(post=post).select_related("person").first()
    return held.person.name if held else ""
