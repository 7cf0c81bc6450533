"""How it stands by unit, in the document's order (P3, P4), and who is late, as a text to be copied (P16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, F, Q

from junheng_web.organisation.models import Area, Contact, School, Unit
from junheng_web.organisation.selectors import Reached, contacts_on
from junheng_web.supervision.chain import OPEN, Status, Task
from junheng_web.supervision.selectors import called, late_tasks

SENT = (*OPEN, Status.CLOSED)
# So long a text is sent to a work group, and so many late tasks stand on the page; the list of tasks has them all.
LONGEST, SHOWN = 8000, 200


@dataclass(slots=True)
class Line:
    """A unit, its desks with it: how many tasks were sent, are open, of these late, are closed, of these in time."""

    unit: Unit
    sent: int = 0
    open: int = 0
    late: int = 0
    asked: int = 0
    closed: int = 0
    on_time: int = 0

    def add(self, counts: Mapping[str, int]) -> None:
        """Add what one unit or desk has."""
        for name, many in counts.items():
            setattr(self, name, getattr(self, name) + many)


def counts_by_unit(county: Area, today: dt.date) -> dict[int, dict[str, int]]:
    """Return how the tasks that were sent out stand, by the unit's or desk's id and the names of `Line`. One query."""
    late = Q(finished_on__gt=F("due")) | Q(finished_on=None, due__lt=today)
    ended = Q(status=Status.CLOSED)
    asked = {
        "sent": Count("id"),
        "open": Count("id", filter=~ended),
        "late": Count("id", filter=~ended & late),
        "asked": Count("id", filter=Q(status=Status.ASKED)),
        "closed": Count("id", filter=ended),
        "on_time": Count("id", filter=ended & ~late),
    }
    rows = Task.objects.of(county).filter(status__in=SENT).order_by().values("unit").annotate(**asked)
    return {row.pop("unit"): row for row in rows}


def lines(county: Area, today: dt.date) -> list[Line]:
    """Return a line for each unit of the working group, its desks with it, in the document's order."""
    units = list(Unit.objects.of(county))
    above = {unit.id: unit.parent_id or unit.id for unit in units}
    found = {unit.id: Line(unit) for unit in units if unit.parent_id is None}
    for unit, counts in counts_by_unit(county, today).items():
        found[above[unit]].add(counts)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Late:
    """A task that is late: by how many days, who speaks for its unit, and which leaders take care of its schools."""

    task: Task
    days: int
    liaison: Reached | None
    patrons: list[tuple[School, Reached]] = field(default_factory=list)


def late_list(county: Area, today: dt.date) -> tuple[list[Late], int]:
    """Return what is late, in the document's order of units, with whom to call (P16), and how much more there is.

    No more is read than `SHOWN`: the text for a work group holds no more either.
    """
    liaisons = contacts_on(county, Contact.Kind.LIAISON, today)
    patrons = contacts_on(county, Contact.Kind.PATRON, today)
    found = []
    late = late_tasks(county, today)
    for task in late.prefetch_related("places__school")[:SHOWN]:
        liaison = liaisons.get(task.unit_id) or liaisons.get(task.unit.parent_id or 0)
        schools = [one.school for one in task.places.all() if one.school_id in patrons]
        cared_for = [(school, patrons[school.id]) for school in schools]
        found.append(Late(task, (today - task.due).days, liaison, cared_for))
    return found, late.order_by().count() - len(found)


def late_text(rows: list[Late], more: int, today: dt.date) -> str:
    """Return who is late as a text for the work group; nothing is nobody. What it has no room for, it says."""
    if not rows:
        return ""
    head = f"【催办】截至{today:%m月%d日}，下列任务过了期限，还没有申请办结，请抓紧办理；办理有困难的，请告诉办公室："
    text, unit = head, ""
    for place, one in enumerate(rows):
        name = called(one.task.unit)
        added = ([] if name == unit else [_unit_told(name, one.liaison)]) + [_task_told(one)]
        longer = "\n".join([text, *added])
        if len(longer) + len(_rest(len(rows) + more)) > LONGEST:
            return text + _rest(len(rows) - place + more)
        text, unit = longer, name
    return text + _rest(more)


def _rest(many: int) -> str:
    return f"\n另有 {many} 项，见平台“任务”里逾期的。" if many else ""


def _unit_told(name: str, liaison: Reached | None) -> str:
    person = liaison.person if liaison else None
    return f"{name}（联络员{person}）：" if person else f"{name}："


def _task_told(one: Late) -> str:
    task, desk = one.task, f"（{one.task.desk}）" if one.task.desk else ""
    cared_for = "、".join(dict.fromkeys(str(patron) for _, patron in one.patrons))
    patron = f"；包联：{cared_for}" if cared_for else ""
    return f"  {task.title}{desk}，{task.due:%m月%d日}截止，逾期{one.days}天{patron}"
