"""Linear expressions, and a program of them: minimise a cost over variables, some of them whole, within rows.

Written so that a constraint in Python looks as it does on paper: `program.keep(3 * x + y, at_least=2)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf


@dataclass(frozen=True, slots=True)
class Sum:
    """A linear expression: coefficients by the number of the variable, and a constant."""

    terms: Mapping[int, float] = field(default_factory=dict)
    constant: float = 0.0

    def __add__(self, other: Sum | float) -> Sum:
        """Return the sum; a number counts as a constant."""
        if not isinstance(other, Sum):
            return Sum(self.terms, self.constant + other)
        return total((self, other))

    __radd__ = __add__

    def __mul__(self, factor: float) -> Sum:
        """Return the expression times a number."""
        return Sum({at: factor * one for at, one in self.terms.items()}, factor * self.constant)

    __rmul__ = __mul__

    def __neg__(self) -> Sum:
        """Return the expression with every sign turned."""
        return self * -1

    def __sub__(self, other: Sum | float) -> Sum:
        """Return the difference."""
        return self + -other

    def at(self, values: Sequence[float]) -> float:
        """Return the expression's value where the variables have `values`."""
        return self.constant + sum(one * values[at] for at, one in self.terms.items())


def total(sums: Iterable[Sum]) -> Sum:
    """Return the sum of many expressions."""
    terms: dict[int, float] = {}
    constant = 0.0
    for one in sums:
        constant += one.constant
        for at, factor in one.terms.items():
            terms[at] = terms.get(at, 0.0) + factor
    return Sum(terms, constant)


Row = tuple[Mapping[int, float], float, float]
"""Factors by the number of the variable, and the bounds between which their sum stays."""


@dataclass(slots=True)
class Program:
    """Variables with bounds, rows of sums between bounds, and the cost that is to be least.

    `cuts` are rows that follow from what the program means without being written in it, and may be left out again.
    `restated` counts how often something that stood was changed; adding does not change it.
    """

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    cuts: list[Row] = field(default_factory=list)
    cost: Sum = field(default_factory=Sum)
    restated: int = 0

    def variable(self, upper: float = inf, *, lower: float = 0.0, whole: bool = False) -> Sum:
        """Return a new variable between its bounds."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return Sum({len(self.lower) - 1: 1.0})

    def keep(self, what: Sum, *, at_least: float = -inf, at_most: float = inf) -> None:
        """Add a row: the expression stays between the bounds."""
        self.rows.append((what.terms, at_least - what.constant, at_most - what.constant))

    def cut(self, what: Sum) -> None:
        """Add a row that says nothing new, but for the relaxation: the expression is not negative."""
        self.cuts.append((what.terms, -what.constant, inf))

    def forget_cuts(self, found: Sequence[float], slack: float) -> None:
        """Leave out the cuts that are farther than so much from holding a solution back."""
        self.cuts = [cut for cut in self.cuts if Sum(cut[0]).at(found) - cut[1] <= slack]
        self.restated += 1

    def restate(self, row: int, what: Sum, *, at_least: float = -inf, at_most: float = inf) -> None:
        """Put another row in the place of one that stands."""
        self.rows[row] = (what.terms, at_least - what.constant, at_most - what.constant)
        self.restated += 1

    def bound(self, variable: Sum, *, lower: float | None = None, upper: float | None = None) -> None:
        """Give a variable other bounds; a bound that is not told stays."""
        (at,) = variable.terms
        self.lower[at] = self.lower[at] if lower is None else lower
        self.upper[at] = self.upper[at] if upper is None else upper
        self.restated += 1

    def copy(self) -> Program:
        """Return a program that can be changed without changing this one; its rows themselves never change."""
        columns = list(self.lower), list(self.upper), list(self.whole)
        return Program(*columns, list(self.rows), list(self.cuts), self.cost, self.restated)
