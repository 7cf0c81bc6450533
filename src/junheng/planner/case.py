"""The county as the planner sees it: schools and their sections, what they have, the lines they must reach.

All of it is whole numbers and fractions taken from the engine's own answer, so that model and verdict cannot differ: a
section's value is (have + step * gained) / over, `gained` in buying units (a person, a room, 1 m2, 1 yuan).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil

from junheng.engine.result import Section as Judged
from junheng.engine.whatif import step
from junheng.facts.plan_schema import DEEDS, TEACHERS, Deed
from junheng.planner.terms import HUNDRED, Terms
from junheng.standard.model import Rules

Kind = tuple[bool, ...]
"""A kind of teacher: which of the county's `qualities` (columns of teachers that indicators count) one has."""


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of one section: value = (have + step * gained) / over, held against threshold and floor.

    Both lines are raised by the safety margin that the county asks for.
    """

    have: int
    over: int
    step: int
    threshold: Fraction
    floor: Fraction

    def gained(self, line: Fraction) -> int:
        """Return the least whole number of buying units that reach `line`; negative where there is more than enough."""
        return ceil((line * self.over - self.have) / self.step)

    def value(self, gained: int) -> Fraction:
        """Return the value with so many units more."""
        return Fraction(self.have + self.step * gained, self.over)


@dataclass(frozen=True, slots=True)
class Section:
    """One stage of one school in the sample. `staff` are its teachers by kind; `group` those it may exchange with."""

    school: str
    stage: str
    pupils: int
    staff: Mapping[Kind, int]
    lines: Mapping[str, Line]
    group: tuple[str, ...] | None

    @property
    def key(self) -> tuple[str, str]:
        """School code and stage."""
        return self.school, self.stage

    def having(self, quality: int) -> int:
        """Return how many of its teachers have a quality now."""
        return sum(number for kind, number in self.staff.items() if kind[quality])

    def lowered(self, by: Fraction) -> Section:
        """Return the same section with lines that are lower by a factor."""
        lines = {id: replace(one, threshold=one.threshold / by, floor=one.floor / by) for id, one in self.lines.items()}
        return replace(self, lines=lines)


@dataclass(frozen=True, slots=True)
class Short:
    """What a school lacks whatever else is done: units of a deed, for a requirement (new classes, rooms for them)."""

    item: str
    quantity: int
    serves: tuple[str, ...]
    stage: str = ""
    area: int = 0


@dataclass(frozen=True)
class Case:
    """A county's planning problem: the sets and the constants of the model.

    `eligible` is how many teachers can be exchanged at all: as reported, or all but those who are exempt.
    """

    rules: Rules
    terms: Terms
    names: Mapping[str, str]
    sections: tuple[Section, ...]
    shorts: Mapping[str, tuple[Short, ...]]
    new_classes: Mapping[tuple[str, str], int]
    eligible: int = 0

    @cached_property
    def qualities(self) -> tuple[str, ...]:
        """The columns of teachers that indicators count, in the rule book's order."""
        return tuple(one.terms[0].fact for one in self.rules.indicators.values() if not one.apportioned)

    @cached_property
    def bought(self) -> Mapping[str, Deed]:
        """The deed that adds to each indicator of things, where it has a price: by indicator."""
        return {
            id: deed
            for id, one in self.rules.indicators.items()
            for deed in self.deeds("buy", "build")
            if one.apportioned and one.terms[0].fact in deed.facts
        }

    def deeds(self, *kinds: str) -> tuple[Deed, ...]:
        """Return the deeds of some kinds that have a price."""
        return tuple(one for one in DEEDS.values() if one.kind in kinds and one.item in self.terms.prices)

    def serves(self, fact: str) -> tuple[str, ...]:
        """Return the indicators that count a fact first."""
        return tuple(id for id, one in self.rules.indicators.items() if one.terms[0].fact == fact)

    def quality(self, indicator: str) -> int:
        """Return the place of an indicator's quality among the county's."""
        return self.qualities.index(self.rules.indicators[indicator].terms[0].fact)

    def hired_kind(self, deed: Deed) -> Kind:
        """Return the kind of teacher that a deed hires."""
        return tuple(name in deed.facts for name in self.qualities)

    def raises(self, item: str) -> int:
        """Return the place of the quality that an upgrade gives."""
        return self.qualities.index(DEEDS[item].facts[0])

    def needed_anyway(self, item: str, school: str = "") -> int:
        """Return what a school, or all of them, needs of a deed whatever is decided: classes, music and art rooms."""
        wanted = [own for code, own in self.shorts.items() if school in ("", code)]
        return sum(one.quantity for own in wanted for one in own if one.item == item)

    @cached_property
    def schools(self) -> Mapping[str, tuple[Section, ...]]:
        """The sections of each school that has any in the sample, by code."""
        found: dict[str, list[Section]] = {}
        for one in self.sections:
            found.setdefault(one.school, []).append(one)
        return {code: tuple(own) for code, own in found.items()}

    @cached_property
    def stages(self) -> Mapping[str, tuple[Section, ...]]:
        """The sections of each stage's sample."""
        found: dict[str, list[Section]] = {}
        for one in self.sections:
            found.setdefault(one.stage, []).append(one)
        return {stage: tuple(own) for stage, own in found.items()}

    def may_miss(self, school: str) -> int:
        """Return how many indicators a section of the school may leave at the floor."""
        own = self.terms.at_most("missed", school)
        return self.rules.standard.may_miss if own is None else min(self.rules.standard.may_miss, int(own))

    def on(self, terms: Terms) -> Case:
        """Return the same county on other terms; a margin is in the lines, and must be the same."""
        return replace(self, terms=terms)

    def without_margin(self) -> Case:
        """Return the same county with no margin over the lines."""
        raised = 1 + (self.terms.at_least("margin") or Fraction(0)) / HUNDRED
        terms = replace(self.terms, least={**self.terms.least, ("margin", ""): Fraction(0)})
        return replace(self, terms=terms, sections=tuple(one.lowered(raised) for one in self.sections))


def lines_of(rules: Rules, terms: Terms, section: Judged) -> dict[str, Line]:
    """Return a section's lines, raised by the margin (%). Every value must be known."""
    raised = 1 + (terms.at_least("margin") or Fraction(0)) / HUNDRED
    return {
        id: Line(
            one.have or 0,
            one.over or 1,
            step(rules, id, section.stage),
            rules.thresholds[id][section.stage] * raised,
            rules.floor(id, section.stage) * raised,
        )
        for id, one in section.indicators.items()
    }


def composition(teachers: int, having: Mapping[str, int]) -> dict[Kind, int]:
    """Return teachers by kind, from how many there are and how many have each quality.

    Schools report how many have one, not who has several; without a roster each quality is spread over the kinds in
    proportion, by largest remainders, so that the totals are those reported. More with a quality than teachers: then
    there are as many teachers.
    """
    groups: dict[Kind, int] = {(): max([teachers, *having.values()])}
    for count in having.values():
        shares = _shared(count, groups)
        groups = {
            (*kind, has): number
            for kind, all_of in groups.items()
            for has, number in ((True, shares[kind]), (False, all_of - shares[kind]))
            if number
        }
    return groups


def _shared(count: int, groups: Mapping[Kind, int]) -> dict[Kind, int]:
    everybody = sum(groups.values())
    exact = {kind: Fraction(count * number, everybody) if everybody else Fraction(0) for kind, number in groups.items()}
    shares = {kind: int(one) for kind, one in exact.items()}
    left = count - sum(shares.values())
    by_remainder = sorted(groups, key=lambda kind: (shares[kind] - exact[kind], [not has for has in kind]))
    return {kind: one + (kind in by_remainder[:left]) for kind, one in shares.items()}


def staff_columns(stage: str, qualities: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of `schools` that count a stage's teachers: all of them, then those with each quality."""
    return tuple(f"{stage}_{name}" for name in (TEACHERS, *qualities))
