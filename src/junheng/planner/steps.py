"""What is decided, in whole numbers: who moves where, who is hired or raised, what is bought. All of it exact."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import TypeVar

from junheng.facts.plan_schema import DEEDS
from junheng.planner.case import Case, Kind, Section
from junheng.planner.linear import Sum
from junheng.planner.pairing import NEAR, moves
from junheng.planner.variables import Key, Model

Decision = tuple[str, str, str, str]
"""Something decided, without its amount: what, school, stage, and of what (an indicator or a deed)."""
People = tuple[Counter[Kind], Counter[str], Counter[str]]
_NOBODY: People = (Counter(), Counter(), Counter())


@dataclass(frozen=True)
class Steps:
    """The decisions: teachers by giver, taker and kind; hires and raises by section; purchases by school.

    `rooms` tells whether what schools lack in any case (`Short`) is provided too.
    """

    moves: Mapping[tuple[Key, Key, Kind], int] = field(default_factory=dict)
    hired: Mapping[tuple[Key, str], int] = field(default_factory=dict)
    raised: Mapping[tuple[Key, str], int] = field(default_factory=dict)
    bought: Mapping[tuple[str, str], int] = field(default_factory=dict)
    rooms: bool = True

    def gained(self, case: Case, section: Section, indicator: str) -> int:
        """Return what a section gains of an indicator's resource, in buying units."""
        if case.rules.indicators[indicator].apportioned:
            deed = case.bought.get(indicator)
            return 0 if deed is None else self.bought.get((section.school, deed.item), 0)
        at, fact = case.quality(indicator), case.rules.indicators[indicator].terms[0].fact
        moved, hired, raised = self._people.get(section.key, _NOBODY)
        found = sum(number for kind, number in moved.items() if kind[at])
        found += sum(number for item, number in hired.items() if case.hired_kind(DEEDS[item])[at])
        return found + sum(number for item, number in raised.items() if fact in DEEDS[item].facts)

    @cached_property
    def _people(self) -> Mapping[Key, People]:
        """For each section: who came (or left) by kind, how many were hired and how many raised by deed."""
        found: defaultdict[Key, People] = defaultdict(lambda: (Counter(), Counter(), Counter()))
        for (giver, taker, kind), number in self.moves.items():
            found[giver][0][kind] -= number
            found[taker][0][kind] += number
        for (key, item), number in self.hired.items():
            found[key][1][item] += number
        for (key, item), number in self.raised.items():
            found[key][2][item] += number
        return dict(found)

    def cost(self, case: Case) -> int:
        """Return what everything costs (fen), what schools need in any case with it."""
        terms = case.terms
        moved = sum(n * terms.transfer_cost(giver[0], taker[0]) for (giver, taker, _), n in self.moves.items())
        hired = sum(number * terms.unit_cost(item) for (_, item), number in self.hired.items())
        raised = sum(number * terms.unit_cost(item) for (_, item), number in self.raised.items())
        bought = sum(n * terms.unit_cost(item) + terms.prices[item].fixed for (_, item), n in self.bought.items())
        return moved + hired + raised + bought + (unavoidable(case) if self.rooms else 0)


def unavoidable(case: Case) -> int:
    """Return what rooms and teachers for new classes cost (fen), as far as they have a price."""
    wanted = [one for own in case.shorts.values() for one in own if one.item in case.terms.prices]
    return sum(one.quantity * case.terms.unit_cost(one.item) for one in wanted)


def values(case: Case, steps: Steps, stage: str, indicator: str) -> list[tuple[int, Fraction]]:
    """Return the pupils and the value afterwards of each section of a stage."""
    return [(one.pupils, one.lines[indicator].value(steps.gained(case, one, indicator))) for one in case.stages[stage]]


def within(sample: Sequence[tuple[int, Fraction]], limit: Fraction) -> bool:
    """Whether a spread is within its limit, exactly: N sum(P X^2) <= (1 + limit^2) (sum P X)^2, and not all are 0."""
    pupils = sum(heads for heads, _ in sample)
    resource = sum((heads * value for heads, value in sample), Fraction(0))
    squares = sum((heads * value * value for heads, value in sample), Fraction(0))
    return resource > 0 and pupils * squares <= (1 + limit * limit) * resource * resource


def spreads_hold(case: Case, steps: Steps) -> bool:
    """Whether every spread is within its limit afterwards."""
    return all(
        within(values(case, steps, stage, indicator), case.rules.spread_limits[stage])
        for stage in case.stages
        for indicator in case.rules.indicators
    )


def read(model: Model, found: Sequence[float]) -> Steps:
    """Return what the variables' values decide: whole numbers as they are, money rounded up to whole yuan."""
    return Steps(
        moves=moves(model, found),
        hired=_counted(model.hired, found),
        raised=_counted(model.raised, found),
        bought=_counted(model.bought, found),
    )


Name = TypeVar("Name")


def _counted(variables: Mapping[Name, Sum], found: Sequence[float]) -> dict[Name, int]:
    numbers = {key: ceil(one.at(found) - NEAR) for key, one in variables.items()}
    return {key: number for key, number in numbers.items() if number > 0}
