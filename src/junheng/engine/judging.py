"""Requirements judged: the sums and states that SQL gives, held against their lines exactly, with a reason for each."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from junheng.engine.asked import Asked, asked
from junheng.engine.display import with_unit
from junheng.engine.result import OpenRow, PartAnswer, Period, RequirementAnswer, worst
from junheng.facts.items import ITEMS
from junheng.standard.model import Rules
from junheng.standard.requirements import Part, Requirement

Row = dict[str, Any]
NAMED = 3


Judged = Mapping[tuple[str, str], PartAnswer]
"""Every part that was judged, under requirement and part: also those that readings not in force would ask."""


def judge_parts(rules: Rules, parts: Sequence[Row], open_rows: Sequence[Row]) -> Judged:
    """Return the answer to every part of one county, in the document's order."""
    counted = {(row["requirement"], row["part"]): row for row in parts}
    named: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in open_rows:
        named[row["requirement"], row["part"]].append(row)
    return {
        key: _part(rules, one, counted.get(key), _in_order(one.part, named[key])) for key, one in _keyed(asked(rules))
    }


def _in_order(part: Part, rows: list[Row]) -> list[Row]:
    """Return the rows of a county's items in the document's order: a join gives them in any."""
    place = {item: at for at, item in enumerate(part.items)}
    return sorted(rows, key=lambda row: place.get(row["subject"], -1)) if place else rows


def statuses_by(rules: Rules) -> Callable[[Iterable[Row]], dict[str, str]]:
    """Return what gives the status of every requirement of one county from its rows of parts, without reasons."""
    own = {(id, part.id) for id, one in rules.requirements.items() for part in one.parts}
    parts = [(key, one) for key, one in _keyed(asked(rules)) if key in own]

    def statuses(rows: Iterable[Row]) -> dict[str, str]:
        counted = {(row["requirement"], row["part"]): row for row in rows}
        found: dict[str, list[str]] = {id: [] for id in rules.requirements}
        for key, one in parts:
            found[key[0]].append(_status(one.part, one.line, counted.get(key)))
        return {id: joined(each) for id, each in found.items()}

    return statuses


def _keyed(parts: Iterable[Asked]) -> Iterator[tuple[tuple[str, str], Asked]]:
    yield from (((one.requirement.id, one.part.id), one) for one in parts)


def judge_requirements(rules: Rules, judged: Judged, times: Mapping[str, Period]) -> dict[str, RequirementAnswer]:
    """Return the answer to every requirement, put together from its own parts; `times` tells whose figures they are."""
    return {
        id: _requirement(one, own_parts([part.id for part in one.parts], id, judged), times[id].figures_from)
        for id, one in rules.requirements.items()
    }


def own_parts(parts: Iterable[str], requirement: str, judged: Judged) -> list[PartAnswer]:
    """Return the answers to those of `parts` that are asked for on the day."""
    return [judged[requirement, part] for part in parts if (requirement, part) in judged]


def joined(statuses: Iterable[str]) -> str:
    """Return the status that parts make together: the worst of those that apply, not applicable where none does."""
    applicable = [status for status in statuses if status != "not_applicable"]
    return worst(applicable) if applicable else "not_applicable"


def _requirement(requirement: Requirement, parts: list[PartAnswer], figures_from: str | None) -> RequirementAnswer:
    status = joined(part.status for part in parts)
    told = [part for part in parts if part.status == status and part.reason]
    first = parts[0] if parts else None
    return RequirementAnswer(
        id=requirement.id,
        name=requirement.name,
        group=requirement.group,
        status=status,
        period=requirement.time_basis,
        value=first.value if first else None,
        threshold=first.threshold if first else None,
        target=first.target if first else None,
        target_status=_joined_targets(parts),
        reason="；".join(part.reason for part in told) + _whose(status, figures_from),
        parts=tuple(parts),
    )


def _whose(status: str, figures_from: str | None) -> str:
    """Return, behind why figures fail, whose figures they are, where that is known."""
    return f"（数出自{figures_from}）" if figures_from and status == "fail" else ""


def _joined_targets(parts: Sequence[PartAnswer]) -> str | None:
    """Return whether a county's targets are reached together; a part without a target counts by the document's line."""
    if not any(part.target_status for part in parts):
        return None
    return joined(part.target_status or part.status for part in parts)


def _part(rules: Rules, one: Asked, row: Row | None, rows: list[Row]) -> PartAnswer:
    part, line = one.part, one.line
    status = _status(part, line, row)
    decided = status in {"pass", "fail"} and part.kind != "all_judged"
    value = _value(part, row) if row and decided else None
    target = rules.standard.target(one.requirement.id, part.id)
    return PartAnswer(
        id=part.id,
        name=part.name,
        status=status,
        value=float(value) if value is not None else None,
        threshold=None if part.kind == "all_judged" else float(line),
        target=None if target is None else float(target),
        target_status=None if target is None else _target_status(part, status, value, line, target),
        unit=part.unit,
        counts=_counts(part),
        applicable=row["applicable"] if row else 0,
        failing=row["failing"] if row else 0,
        missing=row["missing"] if row else 0,
        reason=_reason(part, line, status, value, rows),
        open_rows=tuple(OpenRow(row["school_code"], row["subject"] or "", row["state"]) for row in rows),
    )


def _counts(part: Part) -> bool:
    """Whether a part's value is how many rows fail, rather than the figure that is held against the line."""
    return part.each and not (part.kind == "entered" and len(part.items) == 1)


def _target_status(part: Part, status: str, value: Fraction | None, line: Fraction, target: Fraction) -> str | None:
    """Return whether a county's target is reached, as a status; None where that is not judged.

    A count of failing rows tells nothing of another line than the document's.
    """
    if target == line:
        return status
    if _counts(part):
        return None
    if value is None:
        return status
    return "pass" if RELATION[part.relation](value, target) else "fail"


RELATION: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "below": operator.lt,
}


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
    return "pass" if part.each or _reaches(row, line) else "fail"


def _reaches(row: Row, line: Fraction) -> bool:
    """Whether a share reaches a line: `_ratio(row) >= line`.

    Cross-multiplied: a nation asks for tens of thousands of shares, and fractions look for common divisors. What a
    share is taken of may be below nothing (more have left a cohort than entered), which turns the comparison around.
    """
    top, bottom = int(row["top"]), int(row["bottom"])
    sign = 1 if bottom > 0 else -1
    return sign * top * line.denominator >= sign * line.numerator * bottom


def _ratio(row: Row) -> Fraction:
    return Fraction(int(row["top"])) / int(row["bottom"])


def _value(part: Part, row: Row) -> Fraction:
    """Return the share, the one figure that was entered, or else the number of rows that do not reach the line."""
    return Fraction(row["failing"]) if _counts(part) else _ratio(row)


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
