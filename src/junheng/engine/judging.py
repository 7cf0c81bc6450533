"""Requirements judged: the sums and states that SQL gives, held against their lines exactly, with a reason for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from junheng.engine.display import with_unit
from junheng.engine.requirements import asked
from junheng.engine.result import PartAnswer, RequirementAnswer, worst
from junheng.facts.items import ITEMS
from junheng.standard.model import Rules
from junheng.standard.requirements import Part, Requirement

Row = dict[str, Any]
NAMED = 3


def judge_requirements(rules: Rules, parts: Sequence[Row], open_rows: Sequence[Row]) -> dict[str, RequirementAnswer]:
    """Return the answer to every requirement of one county, in the document's order."""
    counted = {(row["requirement"], row["part"]): row for row in parts}
    answers: dict[str, list[PartAnswer]] = {id: [] for id in rules.requirements}
    for one in asked(rules):
        key = one.requirement.id, one.part.id
        rows = [row for row in open_rows if (row["requirement"], row["part"]) == key]
        answers[one.requirement.id].append(_part(one.part, one.line, counted.get(key), rows))
    return {id: _requirement(rules.requirements[id], found) for id, found in answers.items()}


def _requirement(requirement: Requirement, parts: list[PartAnswer]) -> RequirementAnswer:
    applicable = [part for part in parts if part.status != "not_applicable"]
    status = worst([part.status for part in applicable]) if applicable else "not_applicable"
    told = [part for part in parts if part.status == status and part.reason]
    return RequirementAnswer(
        id=requirement.id,
        name=requirement.name,
        group=requirement.group,
        status=status,
        period=requirement.time_basis,
        value=parts[0].value if parts else None,
        threshold=parts[0].threshold if parts else None,
        target=None,
        target_status=None,
        reason="；".join(part.reason for part in told),
        parts=tuple(parts),
    )


def _part(part: Part, line: Fraction, row: Row | None, rows: list[Row]) -> PartAnswer:
    status = _status(part, line, row)
    decided = status in {"pass", "fail"} and part.kind != "all_judged"
    value = _value(part, row) if row and decided else None
    return PartAnswer(
        id=part.id,
        name=part.name,
        status=status,
        value=float(value) if value is not None else None,
        threshold=None if part.kind == "all_judged" else float(line),
        unit=part.unit,
        counts=part.each and not (part.kind == "entered" and len(part.items) == 1),
        applicable=row["applicable"] if row else 0,
        failing=row["failing"] if row else 0,
        missing=row["missing"] if row else 0,
        reason=_reason(part, line, status, value, rows),
    )


def _status(part: Part, line: Fraction, row: Row | None) -> str:
    """Return pass, fail, undetermined or not_applicable; a failure that no missing number could undo is given."""
    if row is None:
        return "undetermined"
    if part.each and row["failing"]:
        return "fail"
    if row["missing"]:
        return "undetermined"
    if not row["applicable"] or (not part.each and not row["bottom"]):
        return "undetermined" if part.nothing_is_missing else "not_applicable"
    return "pass" if part.each or _ratio(row) >= line else "fail"


def _ratio(row: Row) -> Fraction:
    return Fraction(int(row["top"])) / int(row["bottom"])


def _value(part: Part, row: Row) -> Fraction:
    """Return the share, the one figure that was entered, or else the number of rows that do not reach the line."""
    if not part.each or (part.kind == "entered" and len(part.items) == 1):
        return _ratio(row)
    return Fraction(row["failing"])


def _reason(part: Part, line: Fraction, status: str, value: Fraction | None, rows: list[Row]) -> str:
    if status == "not_applicable":
        return f"{part.name}：没有适用的对象"
    if status == "undetermined":
        return f"{part.name}：{_missing(part, rows)}"
    if status == "fail" and part.each:
        return f"{part.name}：{_named([row for row in rows if row['state'] == 'failing'], part)}"
    if status == "fail" and value is not None:
        return f"{part.name}为 {with_unit(float(value), part.unit)}，不到 {with_unit(float(line), part.unit)}"
    return ""


def _missing(part: Part, rows: list[Row]) -> str:
    if part.kind == "all_judged":
        return "还没有评定" if not _subjects(rows) else f"还没有评定：{_listed(_subjects(rows))}"
    items = [item for item in (*part.top, *part.bottom, *part.items, part.only_if or "") if item in ITEMS]
    if items and part.of in {"", "county"}:
        subjects = [row["subject"] for row in rows if row["subject"] in ITEMS]
        return f"缺少{_listed([ITEMS[item].label for item in dict.fromkeys(subjects or items)])}"
    subjects = _subjects(rows)
    return f"数据不齐：{_listed(subjects)}" if subjects else "没有数据"


def _named(rows: list[Row], part: Part) -> str:
    if part.kind == "entered":
        labels = [ITEMS[row["subject"]].label for row in rows if row["subject"] in ITEMS]
        return f"{_listed(labels)}不符合"
    subjects = _subjects(rows)
    if not subjects:
        return "评定不达标" if part.kind == "all_judged" else "不达标"
    return f"{len(rows)} {part.unit or '校'}不达标：{_listed(subjects)}"


def _subjects(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [row["subject"] or row["school_code"] for row in rows if row["subject"] or row["school_code"]]


def _listed(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + (f"等 {len(names)} 处" if len(names) > NAMED else "")
