"""The tasks of an adopted plan: one for each unit and kind of action, proposed by the matrix, sent by the office.

Where the matrix names no one who leads, there is no task: the measure says so until the office has set one (P2).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from junheng.facts.plan_schema import DEEDS
from junheng_web.collection.models import Period
from junheng_web.duties.selectors import Proposed, desk_of
from junheng_web.organisation import audit
from junheng_web.organisation.models import School
from junheng_web.organisation.scopes import Scope
from junheng_web.planning.models import Adoption, Measure
from junheng_web.rectification.proposing import day_before_census
from junheng_web.supervision.models import Status, Task
from junheng_web.supervision.services import task_edit, task_propose, task_stop

NOBODY = "这项指标还没有定牵头单位，没有立任务：请在任务分工里定下，再点“补立任务”"
ENDED = (Status.CLOSED, Status.STOPPED)


@dataclass
class Batch:
    """Measures of one kind that one unit sees to."""

    proposed: Proposed
    item: str
    measures: list[Measure] = field(default_factory=list)


def tasks_propose(*, by: Scope, adoption: Adoption, measures: list[Measure]) -> None:
    """Propose the tasks of a version, change those that go on, and stop those that no measure has any more.

    Part of the caller's transaction. It may be called again once leads are set.
    """
    batches, before = _batches(adoption, measures), _open_tasks(adoption)
    for key, batch in batches.items():
        task = _proposed(by, adoption, batch, key, before.pop(key, None))
        for measure in batch.measures:
            measure.task = task
            measure.save(update_fields=["task", "note"])
    for task in before.values():
        task_stop(by=by, task=task, note=f"采用达标方案{adoption}，不再办：{adoption.reason}")


@transaction.atomic
def tasks_again(*, by: Scope, adoption: Adoption) -> int:
    """Propose what could not be proposed before, and return how many measures still have nobody who leads.

    Raises ValidationError for a version that holds no more.
    """
    if Adoption.objects.of(adoption.county).first() != adoption:
        raise ValidationError("这一版已经不是现行的方案，不能再立任务")
    measures = list(adoption.measures.select_related("task", "item"))
    for measure in measures:
        measure.note = "" if measure.note == NOBODY else measure.note
    tasks_propose(by=by, adoption=adoption, measures=measures)
    audit.record("plan.assign", by=by, county=adoption.county, of=("adoption", str(adoption.number)))
    return sum(1 for measure in measures if measure.task is None)


def _batches(adoption: Adoption, measures: list[Measure]) -> dict[str, Batch]:
    found: dict[str, Batch] = {}
    leading = _leading(measures)
    answering = {indicator: desk_of(adoption.county, indicator) for indicator in set(leading.values())}
    for measure in measures:
        proposed = answering.get(leading.get(measure.action["item"], ""))
        if proposed is None or proposed.unit is None:
            _without(measure)
            continue
        key = f"{measure.action['item']}:{proposed.unit.code}"
        found.setdefault(key, Batch(proposed, measure.action["item"])).measures.append(measure)
    return found


def _leading(measures: list[Measure]) -> dict[str, str]:
    """Return by which indicator's matrix row each kind of action is given out: the one that most of them serve.

    An action may serve none by itself (a teacher who fills the place of one who goes); it goes with its kind.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for measure in measures:
        counts[measure.action["item"]].update(measure.action["serves"])
    return {item: min(served, key=lambda id: (-served[id], id)) for item, served in counts.items() if served}


def _without(measure: Measure) -> None:
    measure.task, measure.note = None, measure.note or NOBODY
    measure.save(update_fields=["task", "note"])


def _open_tasks(adoption: Adoption) -> dict[str, Task]:
    own = Task.objects.of(adoption.county).filter(origin=Task.Origin.PLAN).exclude(status__in=ENDED)
    return {task.origin_key: task for task in own.select_related("county", "unit", "desk").order_by("id")}


def _proposed(by: Scope, adoption: Adoption, batch: Batch, key: str, known: Task | None) -> Task:
    codes = [measure.action["school"] or measure.action["to_school"] for measure in batch.measures]
    schools = list(School.objects.of(adoption.county).filter(code__in=codes))
    start, due = _days(adoption, batch)
    told = {
        "title": f"{DEEDS[batch.item].label}（{len(set(codes))} 所学校）",
        "unit": batch.proposed.unit,
        "desk": batch.proposed.post,
        "start": start,
        "due": due,
        "demand": f"达标方案{adoption}（{adoption.meeting}）：各校办多少、最迟何时开始，见采用的方案。",
        "indicators": sorted({id for measure in batch.measures for id in measure.action["serves"]}),
        "schools": schools,
        "supports": (),
    }
    if known is None:
        return task_propose(by=by, county=adoption.county, origin=Task.Origin.PLAN, origin_key=key, **told)
    return task_edit(by=by, task=known, version=known.version, **told)


def _days(adoption: Adoption, batch: Batch) -> tuple[dt.date, dt.date]:
    """Return when the first of the measures must begin, and the last day that counts at the next counting date."""
    today = timezone.localdate()
    period = Period.objects.of(adoption.county).filter(counting_date=adoption.plan.base.as_of).first()
    due = day_before_census(period, today) if period else today + dt.timedelta(days=365)
    starts = [measure.action["latest_start"] for measure in batch.measures if measure.action["latest_start"]]
    first = min(map(dt.date.fromisoformat, starts), default=today)
    return min(max(first, today), due), due
