"""How numbers and schools are spoken of in a sign."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from junheng import api as jh
from junheng.facts.schema import LOCATIONS, SCHOOL_TYPES, SCHOOLS, STAGE_LABELS
from junheng_web.collection.ledger.values import Key, column_of, keep, shown, unit_of
from junheng_web.scrutiny.evidence import Evidence

NAMED = 6
DIGITS, FEW = 2, 8


def cell(key: Key, value: Any) -> str:
    """Return what a cell holds with its unit, as the form shows it."""
    text = shown(keep(value, column_of(key)), key)
    return f"{text} {unit_of(key)}".strip() if text else "未报"


def of_school(code: str, column: str, evidence: Evidence) -> tuple[str, str]:
    """Return a column of a school: its label, and what stands there."""
    key = (SCHOOLS.name, code, column)
    return column_of(key).label, cell(key, evidence.schools[code][column])


def figure(value: Fraction, unit: str = "") -> str:
    """Return a figure with two decimals, or with as many as it takes not to look like nothing."""
    digits = next((one for one in range(DIGITS, FEW) if not value or round(value, one)), FEW)
    return f"{jh.shown(float(value), digits)} {unit}".strip()


def like(one: jh.Like, evidence: Evidence) -> str:
    """Return what schools have in common, in words."""
    several = len(evidence.answer.rules.standard.school_types[one.school_type].stages) > 1
    stage = f"的{STAGE_LABELS[one.stage]}部分" if one.stage and several else ""
    size = _size(one.least, one.below)
    place = f"，{LOCATIONS.get(one.location, '城乡类型未填')}" if one.location is not None else ""
    return f"{SCHOOL_TYPES[one.school_type]}{stage}{size}{place}"


def _size(least: int | None, below: int | None) -> str:
    if least is None and below is None:
        return "，不分规模"
    if least is None:
        return f"，不到 {below} 人"
    return f"，{least} 人以上" if below is None else f"，{least} 人到不足 {below} 人"


def names(codes: Sequence[str], evidence: Evidence, most: int = NAMED) -> str:
    """Return the names of some schools, of many the first ones and how many there are."""
    told = "、".join(evidence.name(code) for code in codes[:most])
    return f"{told}等 {len(codes)} 校" if len(codes) > most else told
