"""A plan as a page of the platform shows it: words and rows, from the functions that tell it everywhere else.

Money is in fen, days are ISO dates. What is kept of a plan is this and the contract's JSON; the plan itself is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from junheng.engine.result import Assessment
from junheng.facts.plan_schema import DEEDS, ROLES
from junheng.facts.schema import STAGE_LABELS
from junheng.output import plan_told as told
from junheng.output.told import school_told
from junheng.planner.plan import Action, InTime, Plan
from junheng.planner.timing import late

Told = dict[str, Any]


def plan_told(plan: Plan) -> Told:
    """Return all that a page says of a plan.

    >>> import junheng.api as jh
    >>> told = jh.plan_told(jh.plan(jh.load("examples/shili/facts"), explain=False))
    >>> told["status"], told["passing"], told["everybody"]
    ('optimal', [22, 27], 27)
    """
    return {
        "status": plan.status,
        "status_told": told.status_told(plan),
        "cost": plan.cost,
        "bound": plan.lower_bound,
        "gap": plan.relative_gap,
        "baseline": plan.baseline,
        "proven": told.proven(plan),
        "compared": told.compared(plan) if plan.cost is not None else "",
        "failing": told.failing(plan),
        "everybody": len(plan.case.schools),
        "passing": [_passing(plan.before), _passing(plan.assessment)],
        "after": _verdicts(plan.assessment),
        "because": [asdict(one) for one in plan.infeasible_because or ()],
        "items": [_item(one) for one in told.items(plan)],
        "tasks": [asdict(one) for one in told.tasks(plan)],
        "steps": [_step(plan, one) for one in _by_day(plan)],
        "moves": list(_moves(plan)),
        "in_time": None if plan.in_time is None else _in_time(plan, plan.in_time),
        "worth": [asdict(one) for one in plan.worth],
        "alternatives": [{"cost": one.cost, "told": told.alternative_told(plan, one)} for one in plan.alternatives],
        "frontier": [_point(plan, one) for one in plan.frontier],
        "remaining": [one for one in told.left(plan).split("；") if one],
        "unpriced": told.unpriced(plan),
        "sources": told.price_sources(plan),
        "invented": told.invented(plan),
        "by_roster": told.BY_ROSTER,
    }


def _passing(answer: Assessment | None) -> int:
    """Return how many schools of the sample pass in every stage of theirs."""
    sections = [one for one in answer.sections if one.in_sample] if answer else []
    failing = {one.school_code for one in sections if one.verdict != "pass"}
    return len({one.school_code for one in sections} - failing)


def _verdicts(answer: Assessment | None) -> Told | None:
    if answer is None:
        return None
    stages = {stage: one.verdict for stage, one in answer.stages.items()}
    return {"verdict": answer.verdict, "resources": answer.resources, "stages": stages}


def _item(one: told.Item) -> Told:
    return {**asdict(one), "label": one.label, "amount": one.amount, "column": one.column}


def _by_day(plan: Plan) -> list[Action]:
    return sorted(plan.actions, key=lambda one: (one.latest_start is None, one.latest_start))


def _step(plan: Plan, one: Action) -> Told:
    school = one.school or one.to_school
    return {
        "school": plan.case.names[school],
        "told": told.action_told(one, school, plan.case.names),
        "cost": one.cost,
        "latest": one.latest_start.isoformat() if one.latest_start else "",
        "late": late(plan.case, one.latest_start),
    }


def _moves(plan: Plan) -> Iterator[Told]:
    """Yield the transfers, by the school that gives."""
    order = {code: at for at, code in enumerate(plan.case.names)}
    own = [one for one in plan.actions if one.kind == "transfer"]
    for one in sorted(own, key=lambda one: (order[one.from_school], order[one.to_school])):
        yield {
            "from": plan.case.names[one.from_school],
            "to": plan.case.names[one.to_school],
            "stage": STAGE_LABELS[one.stage],
            "who": "、".join(ROLES[name] for name in one.qualities) or "其他",
            "people": one.quantity,
            "cost": one.cost,
        }


def _in_time(plan: Plan, one: InTime) -> Told:
    sections = [each for each in one.assessment.sections if each.in_sample and each.verdict != "pass"]
    late_items = {each.item for each in plan.actions if each not in one.actions}
    return {
        "day": one.day.isoformat(),
        "cost": one.cost,
        "failing": one.failing_schools,
        "schools": list(dict.fromkeys(school_told(each) for each in sections)),
        "told": told.in_time_told(plan),
        "late": [deed.label for item, deed in DEEDS.items() if item in late_items],
        **(_verdicts(one.assessment) or {}),
    }


def _point(plan: Plan, one: Any) -> Told:
    return {"failing": one.failing, "cost": one.cost, "bound": one.lower_bound, "told": told.point_told(plan, one)}
