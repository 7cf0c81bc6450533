"""Briefs for a meeting: what is open, unit by unit in the document's order, and school by school (P16)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from junheng_web.organisation.models import Area
from junheng_web.supervision.chain import OPEN, Deed, Place, Step
from junheng_web.supervision.lights import light
from junheng_web.supervision.selectors import called, open_tasks

Row = dict[str, Any]


def by_unit(county: Area, today: dt.date) -> list[tuple[str, Row]]:
    """Return what is open, with the unit that it is open at, and what was reported last."""
    tasks = list(open_tasks(county))
    said = _last_reports([task.id for task in tasks])
    return [(called(task.unit), _row(task, today, said)) for task in tasks]


def by_school(county: Area, today: dt.date) -> list[tuple[str, Row]]:
    """Return what is open about schools, with the school."""
    found = Place.objects.of(county).filter(task__status__in=OPEN)
    named = ("school", "task__unit__parent", "task__desk", "task__county")
    places = list(found.select_related(*named).order_by("school__code", "task__due", "task__number"))
    said = _last_reports([one.task_id for one in places])
    return [(str(one.school), _row(one.task, today, said)) for one in places]


def _row(task: Any, today: dt.date, said: dict[int, str]) -> Row:
    return {"task": task, "light": light(task, today), "said": said.get(task.id, "")}


def _last_reports(ids: list[int]) -> dict[int, str]:
    """Return what was said last of each task."""
    steps = Step.objects.filter(task__in=ids, deed__in=(Deed.REPORT, Deed.ASK)).order_by("id")
    return dict(steps.values_list("task", "note"))
