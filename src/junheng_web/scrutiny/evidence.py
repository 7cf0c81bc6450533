"""What signs are computed from, as plain values: one ledger at one moment, with what was done to some of its cells."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from junheng import api as jh
from junheng.facts.schema import SCHOOLS
from junheng_web.collection.ledger.values import Kept, Key
from junheng_web.scrutiny.declared import Declared

COUNTY = ""
"""The school of a sign that is about the county as a whole."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What a check of the core found at a cell, and what the school said of it."""

    key: Key
    finding: jh.Finding
    said: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A value that stood in a cell and was changed before the deadline; `left` is the time that was left then."""

    key: Key
    before: Kept
    after: Kept
    left: dt.timedelta


@dataclass(frozen=True, slots=True)
class Returned:
    """A number that a form was returned for, and the one that stands there since."""

    key: Key
    reason: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Placement:
    """That a teacher is counted among the teachers of a school: a row of a register of persons."""

    person: str
    school: str


@dataclass(frozen=True, eq=False)
class Evidence:
    """Everything that signs rest on. Without a register of persons nobody has a placement."""

    facts: jh.Facts
    answer: jh.Assessment
    found: tuple[Found, ...] = ()
    late: tuple[Edit, ...] = ()
    returned: tuple[Returned, ...] = ()
    placements: tuple[Placement, ...] = ()
    previous: jh.Facts | None = None
    _peers: dict[jh.Ratio, tuple[jh.Peer, ...]] = field(init=False, default_factory=dict, repr=False)

    @cached_property
    def schools(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows of the schools by their codes."""
        return {row["school_code"]: row for row in self.facts.tables[SCHOOLS.name].to_pylist()}

    def peers(self, of: Declared, ratio: jh.Ratio) -> tuple[jh.Peer, ...]:
        """Return every school's ratio beside those of the schools like it; asked again, it is remembered."""
        if ratio not in self._peers:
            standard, least = self.answer.rules.standard.id, of.terms.least_schools
            self._peers[ratio] = jh.peers(self.facts, ratio, standard, sizes=of.sizes, least=least)
        return self._peers[ratio]

    def name(self, code: str) -> str:
        """Return a school's name."""
        return self.schools[code]["school_name"]

    def has_stage(self, code: str, column: str) -> bool:
        """Whether a column of a stage is one that the school's type has; one of no stage every school has."""
        stage = column.split("_", 1)[0]
        kind = self.answer.rules.standard.school_types.get(self.schools[code]["school_type"])
        every = {one for each in self.answer.rules.standard.school_types.values() for one in each.stages}
        return stage not in every or (kind is not None and stage in kind.stages)


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing worth a look: of a school (or of the county), at a cell, told in a sentence with its numbers.

    `mark` names it within the school; `basis` says what it rests on.
    """

    of: Declared
    school: str
    mark: str
    basis: str
    told: str
    key: Key | None = None
    numbers: tuple[tuple[str, str], ...] = field(default=())

    @property
    def name(self) -> tuple[str, str, str]:
        """What tells it from every other sign."""
        return self.of.id, self.school, self.mark

    @property
    def value(self) -> str:
        """What it rests on, of a length that is kept: it is verified for this value and for no other."""
        long = len(self.basis) > LONGEST
        return hashlib.sha256(self.basis.encode()).hexdigest() if long else self.basis
