"""How it stands by unit, in the document's order (P3, P4), and who is late, as a text to be copied (P16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from junheng_web.organisation.models import Area, Unit
from junheng_web.supervision.chain import OPEN, Status, Task
from junheng_web.supervision.selectors import called, late_tasks

SENT = (*OPEN, Status.CLOSED)


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

    def count(self, task: Task, today: dt.date) -> None:
        """Add a task."""
        late = task.late_on(today)
        self.sent += 1
        self.open += task.open
        self.asked += task.status == Status.ASKED
        self.late += task.open and late
        self.closed += not task.open
        self.on_time += not task.open and not late


def lines(county: Area, today: dt.date, among: Iterable[Task] | None = None) -> list[Line]:
    """Return a line for each unit of the working group, in the document's order."""
    units = list(Unit.objects.of(county))
    above = {unit.id: unit.parent_id or unit.id for unit in units}
    found = {unit.id: Line(unit) for unit in units if unit.parent_id is None}
    told = ("id", "unit_id", "status", "due", "finished_on", "county_id")
    rows = Task.objects.of(county).filter(status__in=SENT).only(*told) if among is None else among
    for task in rows:
        found[above[task.unit_id]].count(task, today)
    return list(found.values())


def late_text(county: Area, today: dt.date) -> str:
    """Return the list of who is late as a text for the work group; nothing is nobody."""
    found: dict[str, list[str]] = {}
    for task in late_tasks(county, today):
        days, desk = (today - task.due).days, f"（{task.desk}）" if task.desk else ""
        found.setdefault(called(task.unit), []).append(f"  {task.title}{desk}，{task.due:%m月%d日}截止，逾期{days}天")
    if not found:
        return ""
    rows = [line for unit, tasks in found.items() for line in (f"{unit}：", *tasks)]
    head = f"【催办】截至{today:%m月%d日}，下列任务过了期限，还没有申请办结，请抓紧办理；办理有困难的，请告诉办公室："
    return "\n".join([head, *rows])
