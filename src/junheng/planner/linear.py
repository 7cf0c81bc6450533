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


@dataclass(slots=True)
class Program:
    """Variables with bounds, rows of sums between bounds, and the cost that is to be least."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[Mapping[int, float], float, float]] = field(default_factory=list)
    cost: Sum = field(default_factory=Sum)

    def variable(self, upper: float = inf, *, lower: float = 0.0, whole: bool = False) -> Sum:
        """Return a new variable between its bounds."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return Sum({len(self.lower) - 1: 1.0})

    def keep(self, what: Sum, *, at_least: float = -inf, at_most: float = inf) -> None:
        """Add a row: the expression stays between the bounds."""
        self.rows.append((what.terms, at_least - what.constant, at_most - what.constant))
