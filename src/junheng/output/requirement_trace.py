"""The trace of B8-B31, the survey, the veto items and the qualification, for people and programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.text import Text

from junheng.engine.display import with_unit
from junheng.engine.requirement_trace import Grade, PartTrace, RequirementTrace
from junheng.engine.result import VERDICT_LABELS
from junheng.output.disputed import disputed_as_dicts
from junheng.standard.requirements import GROUPS

STATES = {"met": "达标", "failing": "不达标", "missing": "未报", "outside": "不适用"}
# Of rows that are judged together, not each by itself.
TOGETHER = STATES | {"met": "到线", "failing": "单独看不到线"}
ROWS_SHOWN = 30


def requirement_as_dict(one: RequirementTrace) -> dict[str, Any]:
    """Return the trace as plain values."""
    asked = one.requirement
    return {
        "kind": "requirement",
        "indicator": {"id": asked.id, "name": asked.name, "definition": asked.definition, "group": asked.group},
        "school_code": one.school_code,
        "school_name": one.school_name,
        "status": one.answer.status,
        "reason": one.answer.reason or None,
        "clause": asked.clause,
        "parts": [_part_as_dict(part) for part in one.parts],
        "grades": [asdict(grade) for grade in one.grades],
        "time_basis": asked.time_basis,
        "judged_by": asked.judged_by,
        "evidence": asked.evidence,
        "figures_from": one.period.figures_from,
        "rubric": list(asked.observed),
        "disputed": disputed_as_dicts(asked.disputed),
    }


def _part_as_dict(part: PartTrace) -> dict[str, Any]:
    return {
        "id": part.answer.id,
        "name": part.answer.name,
        "kind": part.kind,
        "formula": part.formula,
        "reference": part.reference,
        "status": part.answer.status,
        "value": part.answer.value,
        "threshold": part.answer.threshold,
        "inputs": [asdict(cell) for cell in part.inputs],
        "rows": [asdict(row) for row in part.rows],
        "counts": dict(part.counts),
    }


def requirement_lines(one: RequirementTrace) -> Iterator[Text]:
    """Yield what is asked, then each condition with its inputs and rows, then the sources."""
    asked = one.requirement
    yield Text(f"{asked.id} {asked.name}", style="bold")
    whose = f"；只看 {one.school_name or one.school_code}" if one.school_code else ""
    yield Text(f"  {GROUPS[asked.group]}；{asked.definition}{whose}")
    for part in one.parts:
        yield from _part(part, len(one.parts) > 1)
    yield from _grades(one)
    yield Text(f"\n全县判定：{VERDICT_LABELS[one.answer.status]}", style="bold")
    if one.answer.reason:
        yield Text(f"  {one.answer.reason}")
    yield Text(f"  依据：{asked.clause}")
    whose = f"；数出自：{one.period.figures_from}" if one.period.figures_from else ""
    yield Text(f"  时间口径：{asked.time_basis}{whose}；由谁评定：{asked.judged_by}；佐证：{asked.evidence}")
    yield from (Text(f"  观测点：{point}") for point in asked.observed)
    for question in asked.disputed:
        chosen = next(reading for reading in question.readings if reading.in_force)
        yield Text(f"  有争议：{question.question}。采用：{chosen.reading}（{chosen.source}）")


def _part(part: PartTrace, named: bool) -> Iterator[Text]:
    yield Text(f"\n{part.answer.name if named else '怎么判'}", style="bold")
    yield Text(f"  {part.formula}")
    yield Text(f"  出处：{part.reference}")
    for cell in part.inputs:
        yield Text(f"  {cell.label}：{'未报' if cell.value is None else f'{cell.value} {cell.unit}'.strip()}")
    if part.answer.value is not None and not part.answer.counts:
        yield Text(f"  结果：{with_unit(part.answer.value, part.answer.unit)}")
    states = STATES if part.each else TOGETHER
    counted = "，".join(f"{states[state]} {many}" for state, many in part.counts.items() if many)
    yield Text(f"  → {VERDICT_LABELS[part.answer.status]}（{counted or '没有可判的对象'}）")
    for row in part.rows[:ROWS_SHOWN]:
        yield Text(f"    {states[row.state]}  {row.subject}：{row.told}")
    if len(part.rows) > ROWS_SHOWN:
        yield Text(f"    …另有 {len(part.rows) - ROWS_SHOWN} 行，见 --format json", style="dim")


def _grades(one: RequirementTrace) -> Iterator[Text]:
    if not one.grades:
        return
    yield Text(f"\n评定（{len(one.grades)} 条）", style="bold")
    told = [grade for grade in one.grades if one.school_code or not grade.school_code or not grade.accepted]
    for grade in told[:ROWS_SHOWN]:
        yield Text(f"  {_grade(grade)}")
    if len(one.grades) > len(told[:ROWS_SHOWN]):
        yield Text(f"  其余 {len(one.grades) - len(told[:ROWS_SHOWN])} 条见 --format json", style="dim")


def _grade(grade: Grade) -> str:
    told = [
        grade.school_name or grade.school_code or "全县",
        grade.judgement,
        grade.judged_by,
        grade.date,
        grade.evidence,
    ]
    return "  ".join(one for one in told if one)
