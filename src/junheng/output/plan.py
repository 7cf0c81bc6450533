"""A plan as the contract's JSON, with the JSON Schema that it keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from junheng.facts.schema import SCHOOLS, Kind
from junheng.output.answer import as_dict
from junheng.output.json_text import json_text
from junheng.planner.plan import Action, Alternative, InTime, Plan, Point, Second, priced_terms
from junheng.planner.steps import Decision
from junheng.planner.timing import late

SCHEMA = Path(__file__).with_name("plan.schema.json")
PRACTICE = "each school buys what it lacks"
FEN = 100


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `plan_to_json`."""
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


def plan_to_json(plan: Plan, *, indent: bool = True) -> str:
    """Return the plan as JSON text; money is in yuan. Without `indent` it is one line."""
    return json_text(plan_as_dict(plan), indent=indent)


def plan_as_dict(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain values, with the contract's keys."""
    because = plan.infeasible_because
    return {
        "status": plan.status,
        "county": {"code": plan.before.county_code, "name": plan.before.county_name},
        "standard": plan.before.rules.standard.id,
        "as_of": plan.before.as_of.isoformat(),
        "cost": _yuan(plan.cost),
        "lower_bound": _yuan(plan.lower_bound),
        "relative_gap": plan.relative_gap,
        "baseline": {"name": PRACTICE, "cost": _yuan(plan.baseline)},
        "actions": None if plan.cost is None else [_action(plan, one) for one in plan.actions],
        "failing_schools": plan.failing_schools,
        "after": None if plan.after is None else {"schools": _rows(plan.after.tables["schools"])},
        "assessment": None if plan.assessment is None else as_dict(plan.assessment),
        "impossible_exactly": plan.impossible_exactly,
        "infeasible_because": None if because is None else [_because(one) for one in because],
        "assumed": [{"school": school, "column": column} for school, column in plan.assumed],
        "worth": [
            {"limit": one.limit, "school": one.school, "message": one.message, "saves": _yuan(one.saves)}
            for one in plan.worth
        ],
        "in_time": None if plan.in_time is None else _in_time(plan.in_time),
        "frontier": [_point(one) for one in plan.frontier],
        "alternatives": [_alternative(plan, one) for one in plan.alternatives],
        "second_engine": None if plan.second is None else _second(plan.second),
        "remaining": list(plan.remaining),
        "unpriced": list(plan.unpriced),
        "prices": priced_terms(plan.case.terms),
    }


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / FEN


def _because(one: Any) -> dict[str, Any]:
    return {"limit": one.limit, "school": one.school, "message": one.message, "relax_by": one.relax_by}


def _action(plan: Plan, one: Action) -> dict[str, Any]:
    money = {name: _yuan(getattr(one, name)) for name in ("unit_cost", "fixed_cost", "cost", "one_off", "yearly")}
    return {
        "kind": one.kind,
        "from_school": one.from_school or None,
        "to_school": one.to_school or None,
        "school": one.school or None,
        "stage": one.stage or None,
        "item": one.item,
        "quantity": one.quantity,
        **money,
        "serves": list(one.serves),
        "qualities": list(one.qualities),
        "assumed_zero": one.assumed,
        "latest_start": None if one.latest_start is None else one.latest_start.isoformat(),
        "too_late": late(plan.case, one.latest_start),
    }


def _in_time(one: InTime) -> dict[str, Any]:
    return {"day": one.day.isoformat(), "cost": _yuan(one.cost), "failing_schools": one.failing_schools}


def _point(one: Point) -> dict[str, Any]:
    money = {"cost": _yuan(one.cost), "lower_bound": _yuan(one.lower_bound)}
    return {"failing_schools": one.failing, **money, "schools": list(one.schools)}


def _alternative(plan: Plan, one: Alternative) -> dict[str, Any]:
    changed = {"dropped": _decided(one.dropped), "added": _decided(one.added)}
    actions = [_action(plan, each) for each in one.actions]
    return {"dearer": float(one.dearer), "cost": _yuan(one.cost), **changed, "actions": actions}


def _second(one: Second) -> dict[str, Any]:
    money = {"cost": _yuan(one.cost), "lower_bound": _yuan(one.lower_bound)}
    return {"name": "SCIP", "status": one.status, **money, "impossible": one.impossible}


def _decided(decisions: tuple[Decision, ...]) -> list[dict[str, str]]:
    return [dict(zip(("what", "school", "stage", "of"), one, strict=True)) for one in decisions]


def _rows(schools: pa.Table) -> list[dict[str, Any]]:
    """Return the schools in the data dictionary's written units."""
    return [{name: _written(name, value) for name, value in row.items()} for row in schools.to_pylist()]


def _written(name: str, value: Any) -> Any:
    column = SCHOOLS.column(name)
    return value / column.measure.scale if value is not None and column.kind in (Kind.AREA, Kind.MONEY) else value
