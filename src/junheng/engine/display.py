"""The one place where a number is rounded: half up, as the national form does, and only to be shown."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

ROUNDS_AT_MOST = 12
PERCENT = 100
YES_OR_NO = "是否"


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Return `value` rounded half up to so many decimals, exactly: what a form prints."""
    scale = 10**decimals
    return Fraction(floor(value * scale + Fraction(1, 2)), scale)


def shown(value: float | int, decimals: int) -> str:
    """Return `value` with `decimals` decimals and thousands separators, rounded half up."""
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{exact:,f}"


def shown_beside(value: float, line: float, decimals: int) -> str:
    """Return `value` with as many decimals as it takes not to look equal to a line that it does not equal."""
    while decimals < ROUNDS_AT_MOST and value != line and shown(value, decimals) == shown(line, decimals):
        decimals += 1
    return shown(value, decimals)


def with_unit(value: float, unit: str) -> str:
    """Return a figure in the unit in which it is spoken of: % with one decimal for shares, else the unit itself."""
    if unit == "%":
        return f"{shown(value * PERCENT, 1)}%"
    if unit == YES_OR_NO:
        return "是" if value else "否"
    decimals = 0 if value == int(value) else 2
    return f"{shown(value, decimals)} {unit}".strip()
