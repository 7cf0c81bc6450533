"""Whether a spread is within its limit, from the row that SQL gives: once for a county's answer and for a nation's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from junheng.engine import spread

Row = Mapping[str, Any]
Number = float | Fraction


@dataclass(frozen=True, slots=True)
class Decided:
    """A spread's status, why it has no CV (None where it has one), and CV squared between its bounds."""

    status: str
    reason: str | None = None
    lowest: float | Fraction | None = None
    highest: float | Fraction | None = None


def undecidable(row: Row, limit: Fraction) -> bool:
    """Whether doubles do not decide: what may be in the sample is open, or CV squared is too near the limit's."""
    if row["possible"]:
        return True
    incomplete = row["known"] < row["schools"]
    # The highest is never near a limit: with nothing, or with all there is, a missing school makes it 1 or more.
    return spread.doubtful(row["lowest" if incomplete else "cv_squared"], limit)


def decided(row: Row | None, limit: Fraction, exactly: Callable[[], spread.Bounds]) -> Decided:
    """Return how a row of `spreads` stands to its limit; `exactly` is asked where doubles do not decide."""
    if row is None or not (row["schools"] or row["possible"]):
        return Decided("undetermined", "no_schools")
    if row["possible"] or row["known"] < row["schools"]:
        if undecidable(row, limit):
            bounds = exactly()
            return _within(bounds.lowest, bounds.highest, limit * limit, "missing")
        return _within(row["lowest"], row["highest"], spread.line(limit), "missing")
    if not row["resource"]:
        return Decided("undetermined", "mean_zero")
    if undecidable(row, limit):
        squared = exactly().lowest
        return _within(squared, squared, limit * limit, None)
    return _within(row["cv_squared"], row["cv_squared"], spread.line(limit), None)


def _within(lowest: Number, highest: Number | None, squared: Number, reason: str | None) -> Decided:
    """Return how bounds stand to a limit squared: doubles are compared with a double, which a nation does often."""
    return Decided(spread.stands(lowest, highest, squared), reason, lowest, highest)


def exact(measures: Iterable[Row]) -> spread.Bounds:
    """Return the exact bounds of CV squared over the rows of `measures` of one stage and indicator."""
    return spread.exact_bounds(
        [
            spread.Member(
                one["pupils"],
                None if one["have"] is None or one["over"] is None else Fraction(one["have"], one["over"]),
                certain=bool(one["in_sample"]),
            )
            for one in measures
            if one["in_sample"] is not False
        ]
    )
