"""The spread (差异系数) where SQL's doubles do not decide: exact fractions for one stage and indicator.

CV is pupil-weighted and of the population: CV^2 = sum(P (X - mean)^2) / (sum(P) mean^2), mean = sum(P X) / sum(P).
Everything here works on CV squared, which is rational where CV is not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import lcm

# Nearer than this to the limit squared (relative), a double proves nothing.
DOUBT = 1e-9
# Up to this many sections of unknown membership every sample is tried; beyond, nothing is claimed.
POSSIBLE_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Member:
    """A section of the sample: pupils and value, None where not reported; `certain` if it is surely in the sample."""

    pupils: int | None
    value: Fraction | None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Bounds:
    """CV squared lies in [lowest, highest]; None is without limit. `defined` is false where every value is 0."""

    lowest: Fraction
    highest: Fraction | None
    defined: bool = True


def doubtful(squared: float | None, limit: Fraction) -> bool:
    """Whether a CV squared in double is too near the limit to be compared with it."""
    if squared is None:
        return False
    own = line(limit)
    return abs(squared - own) <= DOUBT * own


@cache
def line(limit: Fraction) -> float:
    """Return a limit squared in double; a rule book has a few limits, a nation ten thousands of spreads."""
    return float(limit * limit)


def exact_bounds(members: Sequence[Member]) -> Bounds:
    """Return the bounds of CV squared over every value >= 0 of the missing, and every sample of the uncertain."""
    uncertain = [member for member in members if not member.certain]
    if len(uncertain) > POSSIBLE_AT_MOST:
        return Bounds(Fraction(0), None)
    cases = [_one_sample(sample) for sample in _samples(members, uncertain) if sample]
    defined = [case for case in cases if case.defined]
    if not defined:
        return Bounds(Fraction(0), Fraction(0), defined=False)
    highest = [case.highest for case in defined]
    return Bounds(
        min(case.lowest for case in defined),
        None if None in highest else max(one for one in highest if one is not None),
    )


def _samples(members: Sequence[Member], uncertain: list[Member]) -> Iterator[list[Member]]:
    certain = [member for member in members if member.certain]
    for size in range(len(uncertain) + 1):
        for chosen in combinations(uncertain, size):
            yield [*certain, *chosen]


def _one_sample(sample: list[Member]) -> Bounds:
    """Return the bounds for one sample: the formulas of rule 3, derived in docs/decisions."""
    if any(member.pupils is None for member in sample):
        return Bounds(Fraction(0), None)
    known = [(member.pupils or 0, member.value) for member in sample if member.value is not None]
    missing = [member.pupils or 0 for member in sample if member.value is None]
    seen = sum(pupils for pupils, _ in known)
    resource, squares = totals(known)
    unseen = sum(missing)
    if not missing and resource == 0:
        return Bounds(Fraction(0), Fraction(0), defined=False)
    alone = Fraction(seen + unseen, min(missing)) - 1 if missing else Fraction(0)
    if resource == 0:
        return Bounds(Fraction(seen, unseen), alone)
    lowest = (seen * squares - resource**2) / (resource**2 + unseen * squares)
    return Bounds(lowest, max(alone, (seen + unseen) * squares / resource**2 - 1))


def totals(known: Iterable[tuple[int, Fraction]]) -> tuple[Fraction, Fraction]:
    """Return sum(P X) and sum(P X^2), exactly.

    All values are brought to one denominator first: added one by one, a thousand of them are reduced a thousand times.
    """
    pairs = list(known)
    whole = lcm(*(value.denominator for _, value in pairs))
    raised = [(pupils, value.numerator * (whole // value.denominator)) for pupils, value in pairs]
    resource = sum(pupils * value for pupils, value in raised)
    squares = sum(pupils * value * value for pupils, value in raised)
    return Fraction(resource, whole), Fraction(squares, whole * whole)


def status(lowest: float | Fraction, highest: float | Fraction | None, limit: Fraction) -> str:
    """Return "fail" above the limit whatever comes, "pass" within it whatever comes, else "undetermined"."""
    return stands(lowest, highest, limit * limit)


def stands(lowest: float | Fraction, highest: float | Fraction | None, squared: float | Fraction) -> str:
    """Return the same of a limit that is squared already: a double (`line`) for doubles that are not `doubtful`."""
    if lowest > squared:
        return "fail"
    if highest is not None and highest <= squared:
        return "pass"
    return "undetermined"


def units_to_limit(members: Sequence[Member], at: int, step: Fraction, limit: Fraction) -> int | None:
    """Return the fewest buying units at one member alone that bring CV within its limit; None where none do.

    `step` is what a unit adds to the member's value. Every value must be known. CV falls while the member rises to
    X* = sum(P X^2) / sum(P X) of the others, and rises after it, so the first whole number that does, if any does, is
    found by halving up to X*; only the next one above it need be tried too.
    """

    def within(units: int) -> bool:
        raised = [
            replace(one, value=one.value + units * step) if n == at and one.value is not None else one
            for n, one in enumerate(members)
        ]
        bounds = exact_bounds(raised)
        return bounds.defined and bounds.lowest <= limit * limit

    others = [(one.pupils or 0, one.value or Fraction(0)) for n, one in enumerate(members) if n != at]
    resource, squares = totals(others)
    own = members[at].value
    if own is None or not resource:
        return next((units for units in (0, 1) if own is not None and within(units)), None)
    best = int((squares / resource - own) / step)
    if best < 0 or not (within(best) or within(best + 1)):
        return 0 if within(0) else None
    return bisect_left(range(best + 1), True, key=within)
