"""A task as its page shows it, and the lists of tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date

from junheng_web.evidence.models import File
from junheng_web.evidence.selectors import links_to
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision.chain import OPEN, Deed, Status, Task
from junheng_web.supervision.doing import WAYS, form_for, offered
from junheng_web.supervision.lights import NEAR, light, planned
from junheng_web.supervision.naming import called, indicators
from junheng_web.supervision.nesting import path_of
from junheng_web.supervision.selectors import (
    AT_UNITS,
    instructions_of,
    is_office,
    own_units,
    reads_papers,
    tasks_of,
    works_on,
)
from junheng_web.supervision.services import UNITS

STATUS_TONES = {
    Status.PROPOSED: "secondary",
    Status.ASSIGNED: "yellow",
    Status.WORKING: "azure",
    Status.ASKED: "azure",
    Status.CLOSED: "green",
    Status.STOPPED: "secondary",
}
# The nodes that a task's page draws, each with the deeds that reach it.
NODES = (Deed.PROPOSE, Deed.ASSIGN, Deed.RECEIVE, Deed.REPORT, Deed.REMIND, Deed.ASK, Deed.REVIEW, Deed.CLOSE)
# A deed after which the nodes from the named one on are open again.
BACK = {Deed.DECLINE: Deed.ASSIGN, Deed.RETURN: Deed.ASK, Deed.REOPEN: Deed.ASK}
WHEN = {"late": "逾期", "near": f"{NEAR} 天内截止", "asked": "等审核", "waiting": "等交办", "postponed": "申请延期"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of tasks is filtered by."""

    q: str = ""
    unit: str = ""
    status: str = ""
    when: str = ""
    indicator: str = ""
    origin: str = ""
    mine: str = ""

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Asked:
        """Return what a request asks for; what is not known is not asked."""
        known = {
            "status": {*Status.values, "open"},
            "when": set(WHEN),
            "indicator": set(indicators()),
            "origin": set(Task.Origin.values),
            "mine": {"1"},
        }
        asked = {name: told.get(name, "").strip() for name in cls.__slots__}
        return cls(**{name: text for name, text in asked.items() if name not in known or text in known[name]})


def filtered(scope: Scope, county: Area, asked: Asked, today: dt.date) -> QuerySet[Task]:
    """Return the tasks that one may see and asks for."""
    found = tasks_of(scope, county).prefetch_related("concerns")
    if asked.q:
        words = Q(title__icontains=asked.q) | Q(places__school__name__icontains=asked.q)
        found = found.filter(words | Q(number=int(asked.q)) if _is_number(asked.q) else words).distinct()
    if asked.unit:
        found = found.filter(Q(unit__code=asked.unit) | Q(supports__unit__code=asked.unit)).distinct()
    if asked.status:
        found = found.filter(status__in=OPEN if asked.status == "open" else [asked.status])
    if asked.indicator:
        found = found.filter(concerns__indicator=asked.indicator)
    if asked.origin:
        found = found.filter(origin=asked.origin)
    if asked.mine:
        found = found.filter(_mine(scope, county))
    return found.filter(_when(asked.when, today)) if asked.when else found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _when(when: str, today: dt.date) -> Q:
    running = Q(status__in=(Status.ASSIGNED, Status.WORKING))
    near = today + dt.timedelta(NEAR)
    return {
        "late": running & Q(due__lt=today),
        "near": running & Q(due__gte=today, due__lte=near),
        "asked": Q(status=Status.ASKED),
        "waiting": Q(status=Status.PROPOSED),
        "postponed": Q(asked_due__isnull=False, status__in=OPEN),
    }[when]


def _mine(scope: Scope, county: Area) -> Q:
    """Return which tasks are one's own to act on: the office's to decide, a unit's to do."""
    if is_office(scope, county):
        return Q(status__in=(Status.PROPOSED, Status.ASKED)) | Q(asked_due__isnull=False, status__in=OPEN)
    posts = [post.id for post in scope.posts_in(county) if post.role in AT_UNITS]
    own = Q(desk__in=posts) | Q(desk=None, unit__in=own_units(scope, county))
    return Q(status__in=(Status.ASSIGNED, Status.WORKING)) & own


def choices(county: Area) -> dict[str, Any]:
    """Return what the filters of a list offer."""
    return {
        "units": Unit.objects.of(county).filter(parent=None).values_list("code", "name"),
        "statuses": [("open", "没有办结的"), *Status.choices],
        "whens": list(WHEN.items()),
        "origins": Task.Origin.choices,
        "indicators": list(indicators().items()),
    }


def page(scope: Scope, task: Task, today: dt.date) -> dict[str, Any]:
    """Return what the page of a task shows."""
    steps = list(task.steps.all())
    office = is_office(scope, task.county)
    return {
        "task": task,
        "light": light(task, today),
        "planned": planned(task, today),
        "tone": STATUS_TONES[Status(task.status)],
        "nodes": nodes(steps, task),
        "steps": _steps(task, steps) if reads_papers(scope, task.county) else [],
        "instructed": _instructed(scope, task),
        "concerns": called(task.concerns.values_list("indicator", flat=True)),
        "places": [one.school for one in task.places.select_related("school")],
        "supports": [one.unit for one in task.supports.select_related("unit")],
        "path": path_of(scope, task),
        "parts": tasks_of(scope, task.county).filter(parent=task),
        "edits": office and task.status in (Status.PROPOSED, *OPEN),
        "office": office,
        "ways": ways(scope, task),
    }


def ways(scope: Scope, task: Task) -> list[dict[str, Any]]:
    """Return the steps that one may take, one's own first; what the office does for a unit comes last and says so."""
    mine = works_on(scope, task)
    found = [
        {"deed": deed, "way": WAYS[deed], "form": form_for(deed, task), "behalf": deed in UNITS and not mine}
        for deed in offered(scope, task)
    ]
    return sorted(found, key=lambda one: one["behalf"])


def nodes(steps: Iterable[Any], task: Task) -> list[dict[str, Any]]:
    """Return the nodes of the chain, each with the step that reached it last, if it still counts."""
    reached: dict[str, Any] = {}
    for step in steps:
        if step.deed in BACK:
            for node in NODES[NODES.index(BACK[step.deed]) :]:
                if node != Deed.REMIND:
                    reached.pop(node, None)
        if step.deed in NODES:
            reached[step.deed] = step
    return [{"label": Deed(node).label, "step": reached.get(node)} for node in NODES]


def _steps(task: Task, steps: list[Any]) -> list[dict[str, Any]]:
    """Return the steps, the newest first, each with its files."""
    files: dict[str, list[File]] = {}
    for link in links_to(task.county, "task", [one.code for one in steps]):
        files.setdefault(link.object_code, []).append(link.file)
    return [{"step": one, "label": one.get_deed_display(), "files": files.get(one.code, [])} for one in steps[::-1]]


def _instructed(scope: Scope, task: Task) -> dict[str, Any] | None:
    """Return the instruction that a task came of, with the leader's sheet; None where there is none, or not for one."""
    if task.origin != Task.Origin.INSTRUCTION:
        return None
    one = instructions_of(scope, task.county).filter(task=task).first()
    if one is None:
        return None
    return {"row": one, "files": [link.file for link in links_to(task.county, "instruction", [one.code])]}


def day_of(text: str) -> dt.date | None:
    """Return the day that a text names, if it names one."""
    try:
        return parse_date(text)
    except ValueError:
        return None
