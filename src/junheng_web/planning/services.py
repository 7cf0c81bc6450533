"""Writes of the room: terms are set, a search is begun and ends, a scenario is made, edited, shared, given up."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from junheng import api as jh
from junheng_web.assessment.models import Run
from junheng_web.organisation import audit
from junheng_web.organisation.jobs import job_cancel, job_submit
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.planning.models import Adoption, PlanRun, Scenario, ScenarioEdit, Terms
from junheng_web.planning.terms import Rows
from junheng_web.planning.trying import tried

KIND = "planning.solve"
MOST_EDITS = 200


def next_number(model: type[Terms | PlanRun | Scenario | Adoption], county: Area) -> int:
    """Return the next number; the county is the lock, so that two who ask get two."""
    Area.objects.select_for_update().only("id").get(id=county.id)
    return (model.objects.of(county).aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def terms_set(*, by: Scope | None, county: Area, tables: Rows, note: str = "") -> Terms:
    """Set a county's prices, limits and distances anew; what holds already stays as it is. What was before is kept."""
    last = Terms.objects.of(county).first()
    if last is not None and _in_order(last.tables) == _in_order(tables):
        return last
    known = {"number": next_number(Terms, county), "tables": tables, "note": note, **audit.signed(by)}
    terms = Terms.objects.create(county=county, **known)
    counts = {name: len(rows) for name, rows in tables.items()}
    audit.record("terms.set", by=by, county=county, of=("terms", str(terms.number)), **counts)
    return terms


def _in_order(tables: Rows) -> dict[str, list[str]]:
    """Return tables so that the same rows in another order are the same."""
    return {name: sorted(json.dumps(row, sort_keys=True) for row in rows) for name, rows in tables.items()}


@transaction.atomic
def plan_begin(
    *, by: Scope, county: Area, name: str, base: Run, terms: Terms, begins: dt.date, how: Mapping[str, Any]
) -> PlanRun:
    """Begin a search; a worker takes it up. `how` holds seconds, gap, alternatives and points.

    Raises ValidationError without a price.
    """
    if not terms.tables.get("prices"):
        raise ValidationError("还没有价格，求不出方案：请先在“价格和限制”里填上")
    number = next_number(PlanRun, county)
    job = job_submit(KIND, by=by, county=county, plan=number)
    known = {"number": number, "name": name, "base": base, "terms": terms, "begins": begins, "job": job, **how}
    run = PlanRun.objects.create(county=county, **known, **audit.signed(by))
    audit.record("plan.begin", by=by, county=county, of=("plan", str(number)), run=base.code, terms=terms.number)
    return run


def plan_stop(*, by: Scope, plan: PlanRun) -> None:
    """Ask that a search stop; the best plan until then is kept."""
    job_cancel(plan.job, by=by)


@transaction.atomic
def movers_export(*, by: Scope, plan: PlanRun, people: int) -> None:
    """Write down that somebody took the names of those who could be moved out of the house, and how many."""
    audit.record("plan.movers_export", by=by, county=plan.county, of=("plan", str(plan.number)), people=people)


@transaction.atomic
def plan_finish(*, plan: PlanRun, found: jh.Plan, digest: str, planner: str, stopped: bool) -> bool:
    """Write down what a search came to, and return whether nobody had done so: a search has one result."""
    held = PlanRun.objects.select_for_update().get(id=plan.id)
    if held.outcome:
        return False
    held.outcome, held.cost, held.bound = found.status, found.cost, found.lower_bound
    held.digest, held.engine, held.planner = digest, jh.ENGINE_VERSION, planner
    held.stopped, held.ended_at = stopped, timezone.now()
    held.save()
    told = {"outcome": held.outcome, "cost": held.cost, "digest": digest, "stopped": stopped}
    audit.record("plan.finish", by=None, county=held.county, of=("plan", str(held.number)), **told)
    return True


# --- scenarios --------------------------------------------------------------------------------------------------------


@transaction.atomic
def scenario_make(*, by: Scope, county: Area, name: str, base: Run, terms: Terms | None, shared: str) -> Scenario:
    """Make a scenario without any edit."""
    known = {"number": next_number(Scenario, county), "name": name, "base": base, "terms": terms, "shared": shared}
    one = Scenario.objects.create(county=county, **known, **audit.signed(by))
    audit.record("scenario.make", by=by, county=county, of=("scenario", str(one.number)), run=base.code)
    return one


@transaction.atomic
def scenario_change(*, by: Scope, scenario: Scenario, name: str, shared: str) -> Scenario:
    """Give a scenario another name, or share it otherwise."""
    held = _held(scenario)
    held.name, held.shared = name, shared
    held.save(update_fields=["name", "shared"])
    audit.record("scenario.change", by=by, county=held.county, of=("scenario", str(held.number)), shared=shared)
    return held


def _held(scenario: Scenario) -> Scenario:
    known = Scenario.objects.select_for_update(of=("self",)).select_related("county", "base__snapshot", "base__rules")
    return known.select_related("terms").get(id=scenario.id)


@transaction.atomic
def edit_add(*, by: Scope, scenario: Scenario, edit: jh.Edit, seen: int) -> ScenarioEdit:
    """Add an edit after those that hold; what could be redone is gone.

    `seen` is how many held when the reader looked. Raises ValidationError where the edit cannot be made, or where the
    scenario has moved on meanwhile.
    """
    held = _held(scenario)
    _unmoved(held, seen)
    if held.head >= MOST_EDITS:
        raise ValidationError(f"一个推演最多 {MOST_EDITS} 步：请另存一个推演再接着试")
    kept = [one.edit for one in held.edits.filter(place__lte=held.head)]
    try:
        tried(held, [*kept, asdict(edit)])
    except jh.Unusable as error:
        raise ValidationError([str(one) for one in error.problems]) from None
    held.edits.filter(place__gt=held.head).delete()
    row = ScenarioEdit(county=held.county, scenario=held, place=held.head + 1, edit=asdict(edit))
    row.by_name = str(by.account)
    row.save()
    _moved(held, held.head + 1)
    audit.record("edit.add", by=by, county=held.county, of=("scenario", str(held.number)), edit=asdict(edit))
    return row


def _unmoved(held: Scenario, seen: int) -> None:
    if held.head != seen:
        raise ValidationError("这个推演刚刚在别处改过：请看清现在的样子再改")


def _moved(held: Scenario, head: int) -> None:
    held.head, held.changed_at = head, timezone.now()
    held.save(update_fields=["head", "changed_at"])


@transaction.atomic
def edit_undo(*, by: Scope, scenario: Scenario, to: int) -> Scenario:
    """Let only the first `to` edits hold, or more of them again. Raises ValidationError where there are not so many."""
    held = _held(scenario)
    if not 0 <= to <= held.edits.count():
        raise ValidationError("没有这一步可以撤销或重做")
    action = "edit.undo" if to < held.head else "edit.redo"
    _moved(held, to)
    audit.record(action, by=by, county=held.county, of=("scenario", str(held.number)), head=to)
    return held


@transaction.atomic
def scenario_copy(*, by: Scope, scenario: Scenario, name: str) -> Scenario:
    """Make another scenario with the edits that hold in this one, to try something else from there."""
    held = _held(scenario)
    known = {"base": held.base, "terms": held.terms, "shared": Scenario.Shared.MINE}
    copy = scenario_make(by=by, county=held.county, name=name, **known)
    for one in held.edits.filter(place__lte=held.head):
        ScenarioEdit.objects.create(
            county=copy.county, scenario=copy, place=one.place, edit=one.edit, by_name=one.by_name
        )
    _moved(copy, held.head)
    return copy
