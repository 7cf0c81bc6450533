"""That there is no plan, proved in exact arithmetic: a sum of the limits that contradicts itself.

Multiplied by the factors of a ray (Farkas) and added up, the rows of a program say that some expression is at least so
much, while its variables' bounds leave it less. The engine gives the ray in doubles; here it is made fractions, and the
sum is done again with fractions, so that nothing rests on the engine. It is asked of the program without its spreads,
whose tangents are irrational: where only the spreads forbid a plan, this proves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from math import isfinite

from junheng.planner.case import Case
from junheng.planner.linear import Program
from junheng.planner.model import build
from junheng.planner.solver import ray
from junheng.planner.variables import Ask

# Everything in a program without spreads is a multiple of this: people, rooms, m2, yuan in thousands, fen in 1,000,000.
FINEST = 10**6
# How finely the factors of a ray are told; what is coarser is tried first and is shorter.
FINENESS = (10**3, 10**6, 10**9)


def impossible_exactly(case: Case) -> bool:
    """Whether it is proved with fractions that no plan keeps the limits and reaches the lines, spreads left aside."""
    program = build(case, Ask(round_money=False)).program
    found = ray(program)
    return bool(found) and any(contradicted(program, _fractions(found, fineness)) for fineness in FINENESS)


def contradicted(program: Program, factors: Sequence[Fraction]) -> bool:
    """Whether the rows, multiplied by the factors and added up, cannot hold within the variables' bounds."""
    least = Fraction(0)
    together: defaultdict[int, Fraction] = defaultdict(Fraction)
    for (terms, lower, upper), factor in zip(program.rows, factors, strict=True):
        bound = exact(lower if factor > 0 else upper)
        told = {at: exact(one) for at, one in terms.items()}
        if factor and (bound is None or None in told.values()):
            return False
        if factor and bound is not None:
            least += factor * bound
            for at, one in told.items():
                together[at] += factor * (one or 0)
    most = Fraction(0)
    for at, one in together.items():
        bound = exact(program.upper[at] if one > 0 else program.lower[at])
        if one and bound is None:
            return False
        most += one * (bound or 0)
    return least > most


def exact(number: float) -> Fraction | None:
    """Return the number that a double in a program stands for; None where it is none, or has no end."""
    if not isfinite(number):
        return None
    found = Fraction(round(number * FINEST), FINEST)
    return found if float(found) == number else None


def _fractions(found: Sequence[float], fineness: int) -> list[Fraction]:
    largest = max(map(abs, found))
    return [Fraction(one / largest).limit_denominator(fineness) for one in found]
