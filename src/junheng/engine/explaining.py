"""Which trace is asked for: a section's value, a stage's spread, or a requirement; `Unusable` where none is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from junheng.engine.requirement_trace import RequirementTrace, trace_requirement
from junheng.engine.result import Assessment
from junheng.engine.sensitivity import sensitivities
from junheng.engine.spread_trace import SpreadTrace, trace_spread
from junheng.engine.trace import Trace, find_school, find_section, trace
from junheng.facts.model import Facts
from junheng.facts.problems import unusable
from junheng.facts.schema import STAGE_LABELS

Explained = Trace | SpreadTrace | RequirementTrace
STAGES_TOLD = "、".join(f"{stage}（{label}）" for stage, label in STAGE_LABELS.items())


def explained(facts: Facts, answer: Assessment, school: str | None, stage: str | None, indicator: str) -> Explained:
    """Return the trace of what the three name; `facts` are the county's own.

    One of B1-B7 of a school is a value, without a school it is a stage's spread; any other indicator is a requirement.
    """
    if indicator in answer.rules.requirements:
        if stage is not None:
            raise unusable("--stage", f"{indicator} 不分学段", "请去掉 --stage", value=stage)
        return trace_requirement(facts, answer, indicator, _row(facts, school))
    if indicator not in answer.rules.indicators:
        listed = "、".join([*answer.rules.indicators, *answer.rules.requirements])
        raise unusable("--indicator", "没有这项指标", f"可选：{listed}", value=indicator)
    if school is None:
        return _spread(facts, answer, stage, indicator)
    section = find_section(answer, school, stage)
    found = trace(facts, answer, section.school_code, section.stage, indicator)
    return replace(found, sensitivity=sensitivities(facts, answer, [section], [indicator])[0])


def _spread(facts: Facts, answer: Assessment, stage: str | None, indicator: str) -> SpreadTrace:
    if stage is None or stage not in answer.stages:
        remedy = f"请加 --stage 看这个学段的校际差异系数，可选：{STAGES_TOLD}；或加 --school 看一所学校的数"
        raise unusable("--stage", f"{indicator} 要指明学段", remedy, value=stage)
    found = trace_spread(answer, stage, indicator)
    sample = [one for one in answer.sections if one.stage == stage and one.in_sample is not False]
    return replace(found, sensitivity=sensitivities(facts, answer, sample, [indicator]))


def _row(facts: Facts, school: str | None) -> Mapping[str, Any] | None:
    """Return a school's row of `schools` by its code or name."""
    if school is None:
        return None
    rows: list[dict[str, Any]] = facts.tables["schools"].to_pylist()
    code = find_school({row["school_code"]: row["school_name"] or "" for row in rows}, school)
    return next(row for row in rows if row["school_code"] == code)
