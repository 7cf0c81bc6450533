"""Figures as the form prints them: rounded half up once, without separators; marks and states in words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from junheng.engine.display import PERCENT, rounded
from junheng.engine.result import VERDICT_LABELS
from junheng.output.form.model import Cell, Source, Value
from junheng.standard.model import Display

SHARE = "%"
UNREPORTED = "未报"
NOTHING = "——"
MARKS = VERDICT_LABELS | {"pass": "是", "fail": "否"}
STATES_OF_MARKS = {"pass": "known", "fail": "known", "undetermined": "undetermined", "not_applicable": "not_applicable"}


def exactly(value: float | Fraction) -> Fraction:
    """Return a number as a fraction: of a double, the decimal that it is written as."""
    return Fraction(Decimal(repr(value))) if isinstance(value, float) else Fraction(value)


def decimal_text(value: float | Fraction, decimals: int) -> str:
    """Return a number with so many decimals, rounded half up."""
    scaled = rounded(exactly(value), decimals) * 10**decimals
    return f"{Decimal(int(scaled)).scaleb(-decimals):f}"


def decimals_of(unit: str, display: Display) -> int:
    """Return how many decimals the form gives a figure in this unit."""
    return display.form_decimals.get(unit, 0)


def printed(value: Value, unit: str, decimals: int, scale: int = 1) -> str:
    """Return a value as it is printed, without its unit: a share in per cent, a yes or no as a word."""
    if isinstance(value, bool):
        return MARKS["pass" if value else "fail"]
    if isinstance(value, str) or value is None:
        return value or ""
    shown = exactly(value) * PERCENT if unit == SHARE else exactly(value) / scale
    return decimal_text(shown, decimals)


def figure(value: Value, unit: str, decimals: int, source: Source, *, key: str = "", label: str = "") -> Cell:
    """Return a known figure, or one that has not been reported where there is no value."""
    if value is None:
        return Cell(UNREPORTED, None, "missing", key, label, unit, decimals, source=source)
    return Cell(printed(value, unit, decimals), value, "known", key, label, unit, decimals, source=source)


def words(text: str, source: Source | None = None) -> Cell:
    """Return a cell of words that is no figure."""
    return Cell(text, text, source=source)


def blank(text: str = "") -> Cell:
    """Return a cell in which nothing is asked for."""
    return Cell(text, None, "empty")


def mark(status: str, source: Source) -> Cell:
    """Return whether something passes, as the form marks it; the value is the status."""
    return Cell(MARKS[status], status, STATES_OF_MARKS[status], source=source)
