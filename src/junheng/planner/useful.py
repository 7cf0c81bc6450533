"""How much of a deed is of any use to a school: beyond it a plan only costs more and gains nothing.

Bounds of this kind keep the program with its fixed prices tight. Each holds for some cheapest plan, not for every plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import floor, inf

from junheng.facts.plan_schema import Deed
from junheng.planner.case import Case, Section
from junheng.planner.terms import HUNDRED, whole_least

Levels = Mapping[tuple[str, str], Fraction]
"""Values by stage and indicator."""


@dataclass(frozen=True)
class Useful:
    """What is useful in a case; `demanded` is what must be taken of a deed for other reasons than the lines."""

    case: Case
    demanded: Mapping[tuple[str, str], int] = field(default_factory=dict)
    land: bool = True

    def most(self, school: str, deed: Deed, levels: Levels) -> float:
        """Return the units of a deed with which a school has reached its levels in every stage, as its land allows."""
        lifts = [
            line.gained(levels[section.stage, indicator])
            for section in self.case.schools[school]
            for indicator, line in section.lines.items()
            if self.case.bought.get(indicator) == deed
        ]
        return min(max([self.demanded.get((school, deed.item), 0), *lifts]), self._land_for(school, deed))

    def _land_for(self, school: str, deed: Deed) -> float:
        land = self.case.terms.at_most("land", school) if deed.land and self.land else None
        return inf if land is None else floor(land / ground(self.case, deed))

    @cached_property
    def thresholds(self) -> Levels:
        """What is useful where no spread counts: just what the lines ask for."""
        return {key: max(one.lines[key[1]].threshold for one in own) for key, own in self._samples.items()}

    @cached_property
    def highest(self) -> Levels:
        """What is useful for the spreads: the highest that sections have, need or must take.

        The highest value of a sample is never below sum(P X^2) / sum(P X), the point from which on a value widens the
        spread: what lifts a section alone above all others may be left. A school of two stages may stand highest in
        one because the other needs it; then others of that one may follow it.
        """
        own = {key: max(self._reached(one, key[1]) for one in sections) for key, sections in self._samples.items()}
        return {key: max([own[key], *self._drawn(key, own)]) for key in own}

    @cached_property
    def _samples(self) -> Mapping[tuple[str, str], tuple[Section, ...]]:
        stages = self.case.stages
        return {(stage, id): own for stage, own in stages.items() for id in self.case.rules.indicators}

    def _reached(self, section: Section, indicator: str) -> Fraction:
        deed, line = self.case.bought.get(indicator), section.lines[indicator]
        taken = self.demanded.get((section.school, deed.item), 0) if deed else 0
        return max(line.value(taken), line.threshold)

    def _drawn(self, key: tuple[str, str], own: Levels) -> list[Fraction]:
        stage, indicator = key
        return [
            section.lines[indicator].value(other.lines[indicator].gained(own[other.stage, indicator]))
            for section in self.case.stages[stage]
            for other in self.case.schools[section.school]
            if other is not section and indicator in self.case.bought
        ]


def ground(case: Case, deed: Deed) -> Fraction:
    """Return how much land one unit of a deed takes (m2)."""
    share = case.terms.at_most("footprint")
    return share / HUNDRED if deed.land == "footprint" and share is not None else Fraction(1)


def demanded(case: Case, least: Mapping[tuple[tuple[str, str], str], int]) -> dict[tuple[str, str], int]:
    """Return what must be taken of deeds for other reasons than the lines: lower limits, levels that are asked for."""
    deeds = set(case.bought.values())
    asked = [
        ((code, deed.item), whole_least(case.terms.least.get((deed.item, at))))
        for deed in deeds
        for code in case.schools
        for at in ("", code)
    ]
    for ((code, _), indicator), more in least.items():
        if indicator in case.bought:
            asked.append(((code, case.bought[indicator].item), more))
    found: dict[tuple[str, str], int] = {}
    for name, number in asked:
        found[name] = max(found.get(name, 0), number)
    return found
