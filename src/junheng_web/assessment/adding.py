"""What one more unit does in a school: to its own verdict, and to the spread; and in which school it does most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from junheng import api as jh
from junheng_web.assessment.recomputing import assessed_of, inputs_of, otherwise
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import NONE, Judged, school_name, word

KEPT = 16
# One more teacher moves a spread in the fourth decimal.
DECIMALS = 6
# Where two values look the same, they are shown with so many decimals.
FINER = (4, DECIMALS)
# Of so many schools with the lowest values it is worked out; a unit helps the spread most where there is least.
CANDIDATES, NEAREST = 10, 5
Names = tuple[str, ...]
Inputs = tuple[str, str, dt.date, str]


def of_school(judged: Judged, code: str) -> list[dict[str, Any]]:
    """Return, for each stage of a school, what one more unit of each resource does; nothing of a run of other rules."""
    if otherwise(judged):
        return []
    stages = [one["stage"] for one in judged.answer["sections"] if one["school_code"] == code]
    found = _found(judged, (code,), tuple(stages), tuple(judged.measured)) if stages else ()
    return [
        {"stage": judged.stage(stage), "rows": [_row(judged, one) for one in found if one.stage == stage]}
        for stage in stages
    ]


def of_indicator(judged: Judged, id: str, stage: str) -> dict[str, Any]:
    """Return in which schools one more unit lowers a stage's spread most, and which are nearest to the threshold."""
    if otherwise(judged):
        return {}
    sample = [one for one in judged.sections(stage) if one["in_sample"] and one["indicators"][id]["value"] is not None]
    lowest = sorted(sample, key=lambda one: one["indicators"][id]["value"])[:CANDIDATES]
    codes = tuple(one["school_code"] for one in lowest)
    found = _found(judged, codes, (stage,), (id,)) if codes else ()
    rows = [_row(judged, one) for one in found if one.resource]
    return {
        "helping": sorted((row for row in rows if row["lowers"]), key=lambda row: row["cv_after"]),
        "nearest": list(_nearest(judged, sample, id)),
    }


def _nearest(judged: Judged, sample: list[Answer], id: str) -> Iterator[dict[str, Any]]:
    """Yield the schools that lack least to the threshold."""
    lacking = [one for one in sample if one["indicators"][id]["gap_to_threshold"]]
    for one in sorted(lacking, key=lambda one: one["indicators"][id]["gap_to_threshold"])[:NEAREST]:
        gap = one["indicators"][id]["gap_to_threshold"]
        url = judged.url("school", one["school_code"])
        yield {"name": school_name(one), "url": url, "gap": f"{gap:,} {judged.unit(id)}"}


def _row(judged: Judged, one: jh.Sensitivity) -> dict[str, Any]:
    """Return what one more unit does at one section; of money, ten thousand yuan, for a yuan moves nothing."""
    row = {
        "id": one.indicator,
        "name": judged.name(one.indicator),
        "school": judged.schools[one.school_code],
        "url": judged.url("school", one.school_code),
        "gap": f"{one.gap_to_threshold:,} {judged.unit(one.indicator)}" if one.gap_to_threshold else "",
        "alone": _alone(judged, one),
    }
    if not one.resource:
        return {**row, "act": "", "lowers": False, "cv_after": None}
    more = one.resource[-1]
    effect = one.own(more)
    return {**row, "act": f"{more.label}加 {more.amount:,} {more.unit}", **_effect(judged, effect.before, effect.after)}


def _effect(judged: Judged, before: Any, after: Any) -> dict[str, Any]:
    return {
        "value": _values(judged, before.value, after.value),
        "status": after.status,
        "reached": before.status != after.status,
        "turned": f"学校由{word(before.verdict)}变为{word(after.verdict)}" if before.verdict != after.verdict else "",
        "spread": f"{_cv(before.cv)} → {_cv(after.cv)}",
        "within": f"{word(before.cv_status)} → {word(after.cv_status)}" if before.cv_status != after.cv_status else "",
        "lowers": before.cv is not None and after.cv is not None and after.cv < before.cv,
        "raises": before.cv is not None and after.cv is not None and after.cv > before.cv,
        "cv_after": after.cv,
    }


def _values(judged: Judged, before: float, after: float) -> str:
    """Return two values as shown, or with more decimals where they would look the same."""
    pairs = [
        [jh.shown(value, decimals) for value in (before, after)]
        for decimals in (judged.rules["display"]["value_decimals"], *FINER)
    ]
    return " → ".join(next((pair for pair in pairs if pair[0] != pair[1]), pairs[0]))


def _cv(value: float | None) -> str:
    return NONE if value is None else jh.shown(value, DECIMALS)


def _alone(judged: Judged, one: jh.Sensitivity) -> str:
    """Say how much this school alone needs to bring the spread within its limit, where it is over."""
    spread = judged.answer["stages"][one.stage]["indicators"][one.indicator]
    if spread["status"] != "fail" or spread["cv"] is None:
        return ""
    alone = one.units_to_limit
    return "单靠这所学校做不到" if alone is None else f"{alone:,} {judged.unit(one.indicator)}"


def _found(judged: Judged, codes: Names, stages: Names, ids: Names) -> tuple[jh.Sensitivity, ...]:
    return _worked_out(inputs_of(judged), codes, stages, ids)


@lru_cache(maxsize=KEPT)
def _worked_out(run: Inputs, codes: Names, stages: Names, ids: Names) -> tuple[jh.Sensitivity, ...]:
    """Return what one more unit does at the sections of some schools in some stages."""
    answer = assessed_of(*run)
    own = [one for one in answer.sections if one.school_code in codes and one.stage in stages]
    return jh.sensitivities(answer.facts, answer, own, ids, with_pupils=False)
