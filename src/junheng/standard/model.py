"""Frozen types of the rule book: what a document says, and what of it is in force on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from junheng.facts.schema import SCHOOLS, STAGES, Column, per_stage

if TYPE_CHECKING:
    from junheng.standard.overlay import Overlay
    from junheng.standard.requirements import Part, Requirement

EFFECTS = {
    "round_floor": "按显示位数舍入后的 85% 线",
    "round_value": "按显示位数舍入后的指标值、差异系数和比例",
    "clauses_extended": "过渡条款继续有效",
}
"""What a reading of the whole document may change, by name; a reading of one requirement brings parts instead."""

Dated = Mapping[dt.date, Mapping[str, Fraction]]
"""Values by stage under their dates of effect."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a point that sources leave open.

    One that is not in force may say what it would change: `parts` in the place of those in `replaces`, or an `effect`
    on the whole document. An answer then tells whether that turns anything. One that says neither says in `uncomputed`
    what keeps it from being worked out.
    """

    reading: str
    source: str
    in_force: bool
    replaces: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    effect: str = ""
    uncomputed: str = ""

    @property
    def computed(self) -> bool:
        """Whether an answer tells what this reading would change."""
        return bool(self.replaces or self.parts or self.effect)


@dataclass(frozen=True, slots=True)
class Disputed:
    """A point that sources leave open, with every reading; exactly one is in force."""

    question: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a section must be for a clause to hold: a column equals a value, or lies in [at_least, below)."""

    column: str
    equals: str | bool | None = None
    at_least: int | None = None
    below: int | None = None


@dataclass(frozen=True, slots=True)
class TransitionClause:
    """A switch with dates: in force on days in [effective, until), for sections that meet every condition."""

    id: str
    title: str
    source: str
    effective: dt.date
    until: dt.date
    when: tuple[Condition, ...]

    def holds_on(self, day: dt.date) -> bool:
        """Whether the clause is in force on `day`."""
        return self.effective <= day < self.until


@dataclass(frozen=True, slots=True)
class Term:
    """One fact in an indicator's numerator, added or taken off; under a clause it counts only where that holds."""

    fact: str
    sign: int = 1
    clause: str | None = None

    @property
    def own(self) -> bool:
        """Whether schools report this fact once a stage (people), rather than once a school (things)."""
        return per_stage(self.fact)

    def column(self, stage: str) -> Column:
        """Return the schools column that holds this fact for `stage`."""
        return SCHOOLS.column(f"{stage}_{self.fact}" if self.own else self.fact)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator as the document states it; `per` is the number of pupils that a value is counted for."""

    id: str
    name: str
    kind: str
    per: int
    unit: str
    terms: tuple[Term, ...]
    thresholds: Dated
    references: Mapping[dt.date, str]
    definition: str
    level: str
    time_basis: str
    evidence: str
    disputed: tuple[Disputed, ...] = ()

    @property
    def measured(self) -> Column:
        """The first term's column: it tells the resource's unit and scale, the same for every term."""
        return self.terms[0].column(STAGES[0])

    @property
    def apportioned(self) -> bool:
        """Whether a school's resource is shared among its stages by weighted pupils."""
        return not self.terms[0].own


@dataclass(frozen=True, slots=True)
class SchoolType:
    """Which stages a type of school has, and whether its sections enter the sample of B1-B7.

    Without `least_pupils`, `excluded_because` shuts every section out; with it, only the smaller ones.
    """

    stages: tuple[str, ...]
    least_pupils: int | None = None
    excluded_because: str | None = None


@dataclass(frozen=True, slots=True)
class Display:
    """How numbers are rounded when shown, and how near to a line a value is called borderline.

    `form_decimals` are those of the requirements' figures on the application form, by unit.
    """

    value_decimals: int
    spread_decimals: int
    borderline: Fraction
    form_decimals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standard:
    """A whole document: every date's values. `on(day)` gives what is in force."""

    id: str
    title: str
    number: str
    issuer: str
    effective: dt.date
    source: str
    may_miss: int
    floor: Fraction
    spread_limits: Dated
    apportioning: Mapping[str, int]
    school_types: Mapping[str, SchoolType]
    exclusions: Mapping[str, str]
    transition_clauses: Mapping[str, TransitionClause]
    display: Display
    facts_valid_months: int
    disputed: tuple[Disputed, ...]
    indicators: Mapping[str, Indicator]
    requirements: Mapping[str, Requirement]
    overlay: Overlay | None = None

    @property
    def full_title(self) -> str:
        """The title as the document itself prints it, with its number where it has one."""
        return self.overlay.title if self.overlay else f"{self.title}（{self.number}）"

    def on(self, day: dt.date) -> Rules:
        """Return the rules in force on `day`. Raises ValueError where nothing was in force yet."""
        return Rules(
            standard=self,
            day=day,
            thresholds={id: in_force(one.thresholds, day) for id, one in self.indicators.items()},
            spread_limits=in_force(self.spread_limits, day),
            clauses={id: one for id, one in self.transition_clauses.items() if one.holds_on(day)},
        )

    def target(self, requirement: str, part: str) -> Fraction | None:
        """Return the target that the county's overlay sets for a part of a requirement, if it sets one."""
        return self.overlay.targets.get((requirement, part)) if self.overlay else None

    @property
    def readings(self) -> Iterator[tuple[Disputed, Reading]]:
        """The readings of the whole document that are not in force and whose effect is known."""
        yield from ((one, reading) for one in self.disputed for reading in one.readings if reading.computed)

    def __repr__(self) -> str:
        return f"<Standard {self.id}：{self.title}（{self.number}），{len(self.indicators)} 项指标>"


@dataclass(frozen=True, slots=True)
class Rules:
    """What of a standard is in force on one day: the only rule book that the engine sees."""

    standard: Standard
    day: dt.date
    thresholds: Mapping[str, Mapping[str, Fraction]]
    spread_limits: Mapping[str, Fraction]
    clauses: Mapping[str, TransitionClause]

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """The indicators, by id, in the document's order."""
        return self.standard.indicators

    @property
    def requirements(self) -> Mapping[str, Requirement]:
        """What is asked beside the indicators, by id, in the document's order."""
        return self.standard.requirements

    def floor(self, indicator: str, stage: str) -> Fraction:
        """Return the least value that the one indicator under its threshold may have."""
        return self.thresholds[indicator][stage] * self.standard.floor

    def with_clauses(self) -> Rules:
        """Return these rules as if every transition clause that has begun were still in force."""
        begun = {id: one for id, one in self.standard.transition_clauses.items() if one.effective <= self.day}
        return replace(self, clauses=begun)

    def terms(self, indicator: Indicator) -> tuple[Term, ...]:
        """Return the terms that count on this day: those without a clause, and those whose clause is in force."""
        return tuple(term for term in indicator.terms if term.clause is None or term.clause in self.clauses)


def in_force(values: Dated, day: dt.date) -> Mapping[str, Fraction]:
    """Return the values with the latest date of effect that is not after `day`; ValueError where there is none."""
    dates = [date for date in values if date <= day]
    if not dates:
        raise ValueError(f"标准自 {min(values)} 起施行，{day} 尚未施行")
    return values[max(dates)]
