"""The trace of a number, for a person with a pocket calculator and for programs: of whichever kind it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.engine.display import shown
from junheng.engine.requirement_trace import RequirementTrace
from junheng.engine.result import STATUS_LABELS, VERDICT_LABELS
from junheng.engine.spread_trace import SpreadTrace
from junheng.engine.trace import Trace
from junheng.facts.schema import STAGE_LABELS
from junheng.output.disputed import disputed_as_dicts
from junheng.output.json_text import json_text
from junheng.output.requirement_trace import requirement_as_dict, requirement_lines
from junheng.output.sensitivity import sensitivity_lines
from junheng.output.spread_trace import spread_as_dict, spread_lines

Explained = Trace | SpreadTrace | RequirementTrace
SCHEMA = Path(__file__).with_name("explain.schema.json")


def trace_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `trace_to_json`."""
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


def trace_to_json(one: Explained) -> str:
    """Return the trace as JSON text; its `kind` is value, spread or requirement, and `trace_schema` its schema."""
    return json_text(trace_as_dict(one))


def trace_as_dict(one: Explained) -> dict[str, Any]:
    """Return the trace as plain values."""
    if isinstance(one, SpreadTrace):
        return spread_as_dict(one)
    if isinstance(one, RequirementTrace):
        return requirement_as_dict(one)
    return _value_as_dict(one)


def _value_as_dict(one: Trace) -> dict[str, Any]:
    """Return inputs, steps, the exact value as a fraction, lines, gaps, spread, and what one more unit does."""
    measured = one.measured
    return {
        "kind": "value",
        "school_code": one.section.school_code,
        "school_name": one.section.school_name,
        "stage": one.section.stage,
        "indicator": {"id": one.indicator.id, "name": one.indicator.name, "definition": one.indicator.definition},
        "in_sample": one.section.in_sample,
        "excluded_because": one.section.excluded_because,
        "inputs": [asdict(cell) for cell in one.inputs],
        "steps": [asdict(step) for step in one.steps],
        "value": None if one.value is None else float(one.value),
        "exact_value": None if one.value is None else f"{one.value.numerator}/{one.value.denominator}",
        "threshold": float(one.threshold),
        "floor": float(one.floor),
        "reference": one.reference,
        "status": measured.status,
        "gap_to_threshold": measured.gap_to_threshold,
        "gap_to_floor": measured.gap_to_floor,
        "missing": list(measured.missing),
        "spread": dict(one.spread),
        "sensitivity": None if one.sensitivity is None else asdict(one.sensitivity),
        "time_basis": one.indicator.time_basis,
        "evidence": one.indicator.evidence,
        "disputed": disputed_as_dicts(one.indicator.disputed),
    }


def print_trace(one: Explained, console: Console) -> None:
    """Print the trace: what it is, what was reported, each step, the spread, the sources."""
    for line in _told(one):
        console.print(line)


def _told(one: Explained) -> Iterator[Text | Table]:
    if isinstance(one, SpreadTrace):
        return spread_lines(one)
    return requirement_lines(one) if isinstance(one, RequirementTrace) else _lines(one)


def _lines(one: Trace) -> Iterator[Text]:
    section = one.section
    name = section.school_name or section.school_code
    yield Text(f"{name}（{STAGE_LABELS[section.stage]}） {one.indicator.id} {one.indicator.name}", style="bold")
    yield Text(f"  {one.indicator.definition}")
    yield Text("\n报来的数", style="bold")
    for cell in one.inputs:
        yield Text(f"  {cell.label}：{'未报' if cell.value is None else f'{cell.value} {cell.unit}'}")
    yield Text("\n怎么算", style="bold")
    for number, step in enumerate(one.steps, 1):
        yield Text(f"  {number}. {step.label}：{step.formula} → {step.result or '缺数据，算不出'}")
    yield Text(f"\n判定：{STATUS_LABELS[one.measured.status]}", style="bold")
    yield from _spread_lines(one)
    if one.sensitivity is not None:
        yield from sensitivity_lines(one.sensitivity)
    yield Text(f"  依据：{one.reference}")
    yield Text(f"  时间口径：{one.indicator.time_basis}；佐证：{one.indicator.evidence}")
    for question in one.indicator.disputed:
        chosen = next(reading for reading in question.readings if reading.in_force)
        yield Text(f"  有争议：{question.question}。采用：{chosen.reading}（{chosen.source}）")


def _spread_lines(one: Trace) -> Iterator[Text]:
    spread, share = one.spread, one.spread["contribution"]
    if one.section.in_sample is False:
        yield Text("  这一学段不进样本，不影响差异系数")
        return
    if spread["cv"] is not None:
        cv = f"{shown(spread['cv'], 3)}，上限 {shown(spread['cv_limit'], 3)}，{VERDICT_LABELS[spread['status']]}"
        yield Text(f"  本学段差异系数 {cv}；这所学校占 {shown((share or 0.0) * 100, 1)}%")
    else:
        yield Text(f"  本学段差异系数还算不出，{VERDICT_LABELS[spread['status']]}")
