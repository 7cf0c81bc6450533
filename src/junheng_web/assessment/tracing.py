"""What the page of one number says: inputs, formula, line, clause, verdict."""

from __future__ import annotations

from typing import Any

import orjson

from junheng import api as jh
from junheng_web.assessment import naming
from junheng_web.assessment.periods import period_of
from junheng_web.assessment.recomputing import explained, otherwise
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import Judged, Unknown

ROWS_SHOWN = 200
LARGE = 100_000
# State of a row: what it is called, and its status.
STATES = {"met": "pass", "failing": "fail", "missing": "missing", "outside": "not_applicable"}


def trace(judged: Judged, id: str, school: str, stage: str) -> dict[str, Any]:
    """Return what the page shows of a number. Raises Unknown where the run has no such number."""
    rule = judged.indicator(id)
    if school and school not in judged.schools and stage:
        raise Unknown(school)
    try:
        told: Answer = orjson.loads(jh.trace_to_json(explained(judged, id, school, stage)))
    except jh.Unusable:
        raise Unknown(id) from None
    page = {
        "trace": told,
        "rule": rule,
        "id": id,
        "kind_template": f"assessment/trace_{told['kind']}.html",
        "otherwise": otherwise(judged),
        "rule_url": judged.url("rule", id),
        "page_url": judged.page(id, stage),
        "stage_name": judged.stage(stage) if stage else "",
        "school_url": judged.url("school", school) if school in judged.schools else "",
        "source": judged.run.snapshot,
        **period_of(judged, id),
    }
    names = naming.name_writers(judged, told, id)
    return (
        page
        | {"approved_by": names}
        | {"value": _value, "spread": _spread, "requirement": _requirement}[told["kind"]](judged, told)
    )


def _value(judged: Judged, told: Answer) -> dict[str, Any]:
    id, spread = told["indicator"]["id"], told["spread"]
    cell = _stored(judged, told)
    share = spread["contribution"]
    return {
        "heading": f"{told['school_name'] or told['school_code']}（{judged.stage(told['stage'])}）{id}",
        "cell": {**cell, "told": judged.value(cell), "gap": judged.gap(id, cell)},
        "line": jh.line_told(told["threshold"]),
        "floor": jh.line_told(told["floor"]),
        "spread_told": judged.spread(spread),
        "limit": judged.limit(spread),
        "share": "" if share is None else f"{jh.shown(share * 100, 1)}%",
        "spread_url": judged.url("trace", id, stage=told["stage"]),
        "more": _more(judged, told),
    }


def _stored(judged: Judged, told: Answer) -> Answer:
    """Return the cell as the run stored it: the page shows that, not what today's engine would say."""
    own = (told["school_code"], told["stage"])
    section = next(one for one in judged.answer["sections"] if (one["school_code"], one["stage"]) == own)
    cell: Answer = section["indicators"][told["indicator"]["id"]]
    return cell


def _more(judged: Judged, told: Answer) -> list[str]:
    """Say what this school alone can do for the spread."""
    one = told["sensitivity"]
    if one is None or told["spread"]["cv"] is None or told["spread"]["status"] != "fail":
        return []
    alone, unit = one["units_to_limit"], judged.unit(told["indicator"]["id"])
    if alone is None:
        return ["单靠这所学校，不能使本学段差异系数降到上限之内"]
    return [f"单是这所学校再有 {alone:,} {unit}，就能使本学段差异系数降到上限之内"]


def _spread(judged: Judged, told: Answer) -> dict[str, Any]:
    id, stage = told["indicator"]["id"], told["stage"]
    stored = judged.answer["stages"][stage]["indicators"][id]
    alone = {one["school_code"]: one["units_to_limit"] for one in told["sensitivity"]}
    over = stored["status"] == "fail" and stored["cv"] is not None
    return {
        "heading": f"{judged.stage(stage)}{id} 校际差异系数",
        "stored": {**stored, "told": judged.spread(stored), "limit": judged.limit(stored)},
        "unit": judged.unit(id),
        "over": over,
        "rows": [_spread_row(judged, row, id, stage, alone) for row in told["rows"]],
    }


def _spread_row(judged: Judged, row: Answer, id: str, stage: str, alone: dict[str, int | None]) -> dict[str, Any]:
    code, units = row["school_code"], alone.get(row["school_code"])
    share = row["contribution"]
    return {
        "name": row["school_name"] or code,
        "url": judged.url("trace", id, school=code, stage=stage),
        "pupils": row["pupils"],
        "figures": [_figure(row[name]) for name in ("resource", "value", "square")],
        "share": "" if share is None else f"{jh.shown(share * 100, 1)}%",
        "alone": "做不到" if units is None else f"{units:,}",
    }


def _figure(value: float | None) -> str:
    return "未报" if value is None else jh.shown(value, 2 if abs(value) < LARGE else 0)


def _requirement(judged: Judged, told: Answer) -> dict[str, Any]:
    whose = told["school_name"] or told["school_code"]
    parts = [
        {
            **part,
            "rows": [
                {**row, "status": STATES[row["state"]], "url": _school_url(judged, row)}
                for row in part["rows"][:ROWS_SHOWN]
            ],
            "counted": [(STATES[state], many) for state, many in part["counts"].items() if many],
            "rest": max(0, len(part["rows"]) - ROWS_SHOWN),
        }
        for part in told["parts"]
    ]
    stored = judged.answer["indicators"].get(told["indicator"]["id"])
    heading = f"{told['indicator']['id']} {told['indicator']['name']}" + (f"：{whose}" if whose else "")
    return {"heading": heading, "parts": parts, "stored": stored, "grades": told["grades"][:ROWS_SHOWN]}


def _school_url(judged: Judged, row: Answer) -> str:
    return judged.url("school", row["school_code"]) if row["school_code"] in judged.schools else ""
