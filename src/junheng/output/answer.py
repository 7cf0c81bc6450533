"""The answer as the contract's JSON, and the JSON Schema that it keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from junheng.engine.result import (
    Assessment,
    Measured,
    PartAnswer,
    Period,
    ReadingEffect,
    Reason,
    RequirementAnswer,
    Section,
    Spread,
    Stage,
)
from junheng.output.json_text import json_text

SCHEMA = Path(__file__).with_name("assess.schema.json")


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `to_json`."""
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


def to_json(answer: Assessment, *, indent: bool = True) -> str:
    """Return the answer as JSON text; numbers are unrounded. Without `indent` it is one line."""
    return json_text(as_dict(answer), indent=indent)


def as_dict(answer: Assessment) -> dict[str, Any]:
    """Return the answer as plain values, with the contract's keys."""
    return {
        "county": {"code": answer.county_code, "name": answer.county_name},
        "standard": answer.rules.standard.id,
        "as_of": answer.as_of.isoformat(),
        "engine": answer.engine,
        "judged": [*answer.rules.indicators, *answer.rules.requirements],
        "verdict": answer.verdict,
        "resources": answer.resources,
        "reasons": [_reason(reason) for reason in answer.reasons],
        "coverage": {stage: asdict(one) for stage, one in answer.coverage.items()},
        "sections": [_section(section) for section in answer.sections],
        "stages": {stage: _stage(one) for stage, one in answer.stages.items()},
        "indicators": {id: _requirement(one) for id, one in answer.requirements.items()},
        "readings": [_reading(one) for one in answer.readings],
        "periods": {id: _period(one) for id, one in answer.periods.items()},
        "warnings": [asdict(one) for one in answer.warnings],
    }


def _reading(one: ReadingEffect) -> dict[str, Any]:
    return asdict(one) | {"changes": [asdict(change) for change in one.changes]}


def _reason(one: Reason) -> dict[str, Any]:
    act = None if one.act is None else {**asdict(one.act), "columns": list(one.act.columns)}
    return {**asdict(one), "act": act, "helps": [asdict(each) for each in one.helps]}


def _period(one: Period) -> dict[str, Any]:
    days = {"counted": one.counted, "judged_from": one.judged_from, "judged_to": one.judged_to}
    dates = {name: day.isoformat() if day else None for name, day in days.items()}
    source = {"figures_from": one.figures_from} if one.figures_from else {}
    return {"time_basis": one.time_basis, "school_year": one.school_year, **dates, **source}


def _requirement(one: RequirementAnswer) -> dict[str, Any]:
    return {
        "status": one.status,
        "period": one.period,
        "value": one.value,
        "threshold": one.threshold,
        "target": one.target,
        "target_status": one.target_status,
        "reason": one.reason or None,
        "parts": [_part(part) for part in one.parts],
    }


# Rows that fail are counted here; which they are stands in the files for people, not in every county's JSON.
PART_KEYS = tuple(field.name for field in fields(PartAnswer) if field.name != "open_rows")


def _part(part: PartAnswer) -> dict[str, Any]:
    return {name: getattr(part, name) for name in PART_KEYS}


def _section(section: Section) -> dict[str, Any]:
    return {
        "school_code": section.school_code,
        "school_name": section.school_name,
        "stage": section.stage,
        "pupils": section.pupils,
        "in_sample": section.in_sample,
        "excluded_because": section.excluded_because,
        "indicators": {id: _measured(one) for id, one in section.indicators.items()},
        "met": section.met,
        "verdict": section.verdict,
    }


def _measured(one: Measured) -> Mapping[str, Any]:
    return {
        "value": one.value,
        "threshold": one.threshold,
        "floor": one.floor,
        "status": one.status,
        "gap_to_threshold": one.gap_to_threshold,
        "gap_to_floor": one.gap_to_floor,
        "borderline": one.borderline,
        "missing": list(one.missing),
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "schools": stage.schools,
        "pupils": stage.pupils,
        "indicators": {id: _spread(one) for id, one in stage.indicators.items()},
        "composite_cv": stage.composite_cv,
        "verdict": stage.verdict,
    }


def _spread(one: Spread) -> dict[str, Any]:
    return {
        "mean": one.mean,
        "sd": one.sd,
        "cv": one.cv,
        "cv_limit": one.cv_limit,
        "status": one.status,
        "cv_bounds": None if one.cv_bounds is None else list(one.cv_bounds),
        "contributions": dict(one.contributions),
        "reason": one.reason,
    }
