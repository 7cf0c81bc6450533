"""What the page of one indicator says: of a stage's spread, or of the county's conditions."""

from __future__ import annotations

from typing import Any

from junheng import api as jh
from junheng_web.assessment import adding, charts
from junheng_web.assessment.grid import cell
from junheng_web.assessment.overview import reason
from junheng_web.assessment.periods import period_of
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import Judged, Unknown, address, figures, in_force, known, school_name

MOST_SHARES, DRIVERS = 20, 5


def of_stage(judged: Judged, id: str, stage: str) -> dict[str, Any]:
    """Return what the page of B1-B7 shows of a stage. Raises Unknown."""
    rule = known(judged.rules["indicators"], id)
    sections = judged.sections(stage)
    spread = judged.answer["stages"][stage]["indicators"][id]
    return {
        "id": id,
        "rule": rule,
        "stage": stage,
        "stage_name": judged.stage(stage),
        "tabs": [(name, judged.page(id, key), key == stage) for key, name in judged.rules["stages"].items()],
        "spread": {**spread, "told": judged.spread(spread), "limit": judged.limit(spread)},
        "mean": judged.mean(spread["mean"]),
        "sd": judged.mean(spread["sd"]),
        "line": jh.line_told(judged.lines(id, stage)["threshold"]),
        "floor": jh.line_told(judged.lines(id, stage)["floor"]),
        "clause": in_force(rule["lines"], judged.answer["as_of"])["reference"],
        "counts": _counts(sections, id),
        "rows": _ranking(judged, id, stage, sections, spread),
        "drivers": _drivers(judged, id, spread, sections),
        **_charts(judged, id, stage, sections, spread),
        "reasons": [reason(judged, one) for one in _reasons(judged, id, stage)],
        **period_of(judged, id),
        "trace_url": judged.url("trace", id, stage=stage),
        "rule_url": judged.url("rule", id),
        "trend_url": address(judged.county, "trend_stage", id, stage),
        **adding.of_indicator(judged, id, stage),
        **_beside(judged, id, stage),
    }


def _reasons(judged: Judged, id: str, stage: str) -> list[Answer]:
    return [
        one for one in judged.answer["reasons"] if one["indicator"] == id and one["scope"].partition(":")[0] == stage
    ]


def _counts(sections: list[Answer], id: str) -> list[tuple[str, int]]:
    sample = [one["indicators"][id]["status"] for one in sections if one["in_sample"] is not False]
    return [(status, sample.count(status)) for status in ("met", "floor", "below", "missing")]


def _lowest_first(sections: list[Answer], id: str) -> list[Answer]:
    """Return the sections with a value, the lowest first, then those without one."""
    return sorted(
        sections, key=lambda one: (one["indicators"][id]["value"] is None, one["indicators"][id]["value"] or 0)
    )


def _ranking(judged: Judged, id: str, stage: str, sections: list[Answer], spread: Answer) -> list[dict[str, Any]]:
    rows = []
    for section in _lowest_first(sections, id):
        one, code = section["indicators"][id], section["school_code"]
        share = spread["contributions"].get(code)
        rows.append(
            {
                **cell(judged, id, one, code, stage),
                "status": one["status"],
                "name": school_name(section),
                "school_url": judged.url("school", code),
                "pupils": section["pupils"],
                "share": "" if share is None else f"{jh.shown(share * 100, 1)}%",
                "outside": judged.outside(section),
            }
        )
    return rows


def _drivers(judged: Judged, id: str, spread: Answer, sections: list[Answer]) -> list[dict[str, Any]]:
    """Return the schools that make most of the spread, and on which side of the mean each stands."""
    by_code = {one["school_code"]: one["indicators"][id]["value"] for one in sections}
    first = sorted(spread["contributions"].items(), key=lambda pair: -pair[1])[:DRIVERS]
    return [
        {
            "name": judged.schools[code],
            "url": judged.url("school", code),
            "share": f"{jh.shown(share * 100, 1)}%",
            "side": "高于均值" if by_code[code] > spread["mean"] else "低于均值",
        }
        for code, share in first
        if share
    ]


def _charts(judged: Judged, id: str, stage: str, sections: list[Answer], spread: Answer) -> dict[str, Any]:
    sample = [one for one in _lowest_first(sections, id) if one["in_sample"] is not False]
    there = [one for one in sample if one["indicators"][id]["value"] is not None]
    lines = judged.lines(id, stage)
    told = {"标准值": lines["threshold"], judged.floor_line: lines["floor"]}
    if spread["mean"] is not None:
        told["均值"] = round(spread["mean"], judged.rules["display"]["value_decimals"])
    values = [one["indicators"][id] for one in there]
    first = sorted(spread["contributions"].items(), key=lambda pair: -pair[1])[:MOST_SHARES]
    bars = charts.ranked(
        [school_name(one) for one in there], [one["value"] for one in values], [one["status"] for one in values], told
    )
    made = charts.shares([judged.schools[code] for code, _ in first], [share for _, share in first])
    return {"distribution": bars if there else None, "made": made if first else None}


def _beside(judged: Judged, id: str, stage: str) -> dict[str, Any]:
    ids = judged.measured
    at = ids.index(id)
    found = {"before": ids[at - 1] if at else None, "after": ids[at + 1] if at + 1 < len(ids) else None}
    return {
        key: None if other is None else {"name": f"{other} {judged.name(other)}", "url": judged.page(other, stage)}
        for key, other in found.items()
    }


def of_county(judged: Judged, id: str, who: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return what the page of one of the other requirements shows. Raises Unknown."""
    rule = known(judged.rules["requirements"], id)
    answer = judged.answer["indicators"].get(id)
    if answer is None:
        raise Unknown(id)
    return {
        "id": id,
        "rule": rule,
        "group": judged.rules["groups"].get(rule["group"], ""),
        "answer": answer,
        "parts": [part_row(judged, part, rule) for part in answer["parts"]],
        "units": who.get(id, []),
        "reasons": [reason(judged, one) for one in judged.answer["reasons"] if one["indicator"] == id],
        **period_of(judged, id),
        "trace_url": judged.url("trace", id),
        "rule_url": judged.url("rule", id),
    }


def part_row(judged: Judged, part: Answer, rule: Answer) -> dict[str, Any]:
    """Return one condition with its figures as they are spoken of, and its clause on the run's day."""
    value, line = figures(part)
    stated = next((one for one in rule["parts"] if one["id"] == part["id"]), None)
    target = "" if part["target"] is None else jh.with_unit(part["target"], part["unit"])
    return {
        **part,
        "told": value,
        "line": line,
        "clause": stated and in_force(stated["references"], judged.answer["as_of"]),
        "target_told": target,
    }
