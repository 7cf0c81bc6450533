"""What the system writes by itself: texts of slips, escalations and minutes. A draft is all that comes of it (P3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db import transaction

from junheng_web.notices.services import notice_send
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision.chain import Task
from junheng_web.supervision.gatherings import Meeting
from junheng_web.supervision.issuing import dispatch_draft
from junheng_web.supervision.papers import Body, Dispatch, Subject
from junheng_web.supervision.selectors import is_office, late_tasks, office_posts

# After how many days a slip is drafted, and how long it gives for an answer.
LATE_DAYS, REPLY_DAYS = 7, 5


def slip_title(tasks: Iterable[Task]) -> str:
    """Return the title of a slip."""
    found = list(tasks)
    return f"关于抓紧办理“{found[0].title}”的督办单" if len(found) == 1 else f"关于抓紧办理{len(found)}项任务的督办单"


def slip_text(tasks: Iterable[Task], today: dt.date) -> str:
    """Return the text of a slip about tasks that are late."""
    rows = [
        f"{place}. {task.title}，{_day(task.due)}截止{_late(task, today)}。"
        for place, task in enumerate(tasks, start=1)
    ]
    head = "经查，下列事项由你单位负责，截至今日尚未办结："
    foot = "请抓紧办理，在反馈期限前把办理情况、存在的困难和下一步措施报办公室。"
    return "\n".join([head, *rows, foot])


def _late(task: Task, today: dt.date) -> str:
    days = (today - task.due).days
    return f"，已逾期{days}天" if days > 0 else ""


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def draft_slips(today: dt.date) -> int:
    """Draft a slip for each unit that has tasks late by `LATE_DAYS`, an escalation where a slip was not heeded.

    Each task is in one of either at most. Return how many were drafted; a county without an issuing body gets none.
    """
    counties = Area.objects.filter(id__in=Body.objects.filter(used=True).values("county"))
    return sum(_draft(county, today) for county in counties)


def _draft(county: Area, today: dt.date) -> int:
    body = Body.objects.of(county).filter(used=True).first()
    late = [task for task in late_tasks(county, today) if (today - task.due).days >= LATE_DAYS]
    kinds = ((Dispatch.Kind.SLIP, _without_slip(late)), (Dispatch.Kind.ESCALATION, _unheeded(late, today)))
    drafted = 0
    for kind, tasks in kinds:
        for unit, own in groupby(tasks, key=lambda task: task.unit):
            found = list(own)
            text, until = slip_text(found, today), today + dt.timedelta(REPLY_DAYS)
            about = {"units": [unit], "tasks": found, "reply_by": until}
            title = slip_title(found).replace("督办单", Dispatch.Kind(kind).label)
            dispatch = dispatch_draft(by=None, county=county, kind=kind, body=body, title=title, text=text, **about)
            _tell_office(dispatch)
            drafted += 1
    return drafted


def _without_slip(tasks: list[Task]) -> list[Task]:
    written = Subject.objects.filter(task__in=tasks).values_list("task", flat=True)
    return [task for task in tasks if task.id not in set(written)]


def _unheeded(tasks: list[Task], today: dt.date) -> list[Task]:
    """Return the tasks whose slip was signed and is past its answer's day, and that were not escalated yet."""
    about = Subject.objects.filter(task__in=tasks)
    signed = about.filter(
        dispatch__kind=Dispatch.Kind.SLIP, dispatch__status=Dispatch.Status.SIGNED, dispatch__reply_by__lt=today
    )
    escalated = set(about.filter(dispatch__kind=Dispatch.Kind.ESCALATION).values_list("task", flat=True))
    heeded = set(signed.values_list("task", flat=True))
    return [task for task in tasks if task.id in heeded and task.id not in escalated]


def _tell_office(dispatch: Dispatch, by: Scope | None = None) -> None:
    who = by.acting if by else "系统"
    told = {"text": f"{who}拟了{dispatch.get_kind_display()}，等办公室审核：{dispatch.title}", "url": dispatch.url}
    posts, key = office_posts(dispatch.county), f"dispatch:{dispatch.id}:draft"
    notice_send(by=by, county=dispatch.county, posts=posts, key=key, **told)


@transaction.atomic
def circular_draft(*, by: Scope, county: Area, **told: Any) -> Dispatch:
    """Draft a circular, as the office or a leader; of a leader's the office hears, whose it is to review.

    Raises as `dispatch_draft` does.
    """
    dispatch = dispatch_draft(by=by, county=county, kind=Dispatch.Kind.CIRCULAR, **told)
    if not is_office(by, county):
        _tell_office(dispatch, by)
    return dispatch


def minutes_text(meeting: Meeting) -> str:
    """Return the text of a meeting's minutes from what was written down."""
    head = f"{_day(meeting.day)}，{meeting.chair or '办公室'}主持召开{meeting.title}。"
    present = [f"参加：{meeting.present}"] if meeting.present else []
    agenda = ["议程：", meeting.agenda] if meeting.agenda else []
    decided = list(meeting.decisions.select_related("unit"))
    rows = [f"{place}. {one.text}{_who(one)}" for place, one in enumerate(decided, start=1)]
    return "\n".join([head, *present, *agenda, *(["会议议定：", *rows] if rows else [])])


def _who(decision: object) -> str:
    unit, due = decision.unit, decision.due  # type: ignore[attr-defined]
    told = [*([f"{unit}负责"] if unit else []), *([f"{_day(due)}前办结"] if due else [])]
    return f"（{'，'.join(told)}）" if told else ""
