"""Frozen types of what is asked beside B1-B7: B8-B31, the survey, the veto items, the qualification.

A requirement has parts; each part is of one kind, and each kind gives rows with a share top / bottom that is held
against a line. A part is decided row by row (`each`) or on the sums of its rows (`total`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from junheng.standard.model import Disputed, Reading
from junheng.standard.rubrics import Rubric

GROUPS = {
    "guarantee": "政府保障程度",
    "quality": "教育质量",
    "recognition": "社会认可度",
    "veto": "一票否决",
    "qualification": "资格审核",
}
KINDS = ("share_at_least", "none_over", "per_n_classes", "funded_as_if", "all_judged", "entered")
RELATIONS = ("at_least", "at_most", "below")


@dataclass(frozen=True, slots=True)
class Where:
    """Which schools a part is about: a column is among, or is not among, codes; equals a flag; lies in a range."""

    column: str
    among: tuple[str, ...] = ()
    excluding: tuple[str, ...] = ()
    equals: bool | None = None
    at_least: int | None = None
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What any of some transition clauses, while in force, puts in the place of a line or of the rooms' areas (m2)."""

    clauses: tuple[str, ...]
    line: Fraction | None = None
    rooms: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One condition of a requirement. What a kind does not use is empty.

    A share of nothing is not applicable (no such pupils); where `nothing_is_missing`, it has not been reported: nobody
    answered a survey that was not held.
    """

    id: str
    name: str
    kind: str
    unit: str
    lines: Mapping[dt.date, Fraction]
    references: Mapping[dt.date, str]
    relation: str
    of: str = ""
    top: tuple[str, ...] = ()
    bottom: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    only_if: str | None = None
    blanks_allowed: bool = False
    nothing_is_missing: bool = False
    where: tuple[Where, ...] = ()
    relaxed: Relaxed | None = None
    stage: str = ""
    classes: int = 0
    rooms: Mapping[str, int] = field(default_factory=dict)
    accept: tuple[str, ...] = ()

    @property
    def of_county(self) -> bool:
        """Whether the part is about the county's items, rather than about its schools or judges' grades."""
        return self.kind == "entered" or self.of == "county"

    @property
    def each(self) -> bool:
        """Whether every row must reach the line, rather than the sums."""
        return not (self.kind == "share_at_least" and self.of in {"county", "schools"})

    def line(self, day: dt.date) -> Fraction | None:
        """Return the line in force on `day`; None where the part was not yet asked for."""
        dates = [date for date in self.lines if date <= day]
        return self.lines[max(dates)] if dates else None


@dataclass(frozen=True, slots=True)
class FiguresFrom:
    """Which of two monitorings gave the figures that a county enters: the item that tells, and its yes and no in words.

    It changes no verdict.
    """

    item: str
    if_yes: str
    if_no: str

    def told(self, answer: int | bool | None) -> str | None:
        """Return in words where the figures come from, None while that has not been said."""
        return None if answer is None else self.if_yes if answer else self.if_no


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement as the document states it."""

    id: str
    name: str
    group: str
    clause: str
    parts: tuple[Part, ...]
    definition: str
    level: str
    time_basis: str
    judged_by: str
    evidence: str
    figures_from: FiguresFrom | None = None
    rubric: Rubric | None = None
    disputed: tuple[Disputed, ...] = ()

    @property
    def observed(self) -> tuple[str, ...]:
        """The points of observation, in words; none where nothing is judged."""
        return tuple(point.text for point in self.rubric.points) if self.rubric else ()

    @property
    def readings(self) -> Iterator[tuple[Disputed, Reading]]:
        """The readings that are not in force and whose effect is known."""
        yield from ((one, reading) for one in self.disputed for reading in one.readings if reading.computed)

    @property
    def every_part(self) -> tuple[Part, ...]:
        """The parts in force, then those that other readings would bring."""
        return (*self.parts, *(part for _, reading in self.readings for part in reading.parts))
