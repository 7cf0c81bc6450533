"""The variables of a planning problem, and what the families of constraints say of them.

Sets: sections s (a stage of a school), schools i, kinds of teachers t, indicators k, deeds d.

Variables, all whole and >= 0 (money bought in thousands, continuous):
    out[s,t], inn[s,t]   teachers of kind t who leave and who come; arc[s,r,t] where the pair matters
    hired[s,d], raised[s,d]   teachers hired; teachers who gain the quality of deed d
    bought[i,d], begun[i,d]   units bought or built; 1 where a school begins with a deed that has a fixed price
    missed[s,k]   1 where the section leaves indicator k between floor and threshold
    failed[i]   1 where the school is given up (only where not all must pass)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from junheng.facts.plan_schema import Deed
from junheng.planner.case import Case, Kind, Section
from junheng.planner.linear import Program, Sum, total
from junheng.planner.useful import Useful, demanded

Key = tuple[str, str]
FEN_IN_WAN = 1e6


@dataclass(frozen=True, slots=True)
class Ask:
    """Which problem is meant: the county's own, or one that leaves something out.

    `failing` lets schools be given up; `least` raises what a section must gain of an indicator (the practice's levels);
    `round_money` leaves room in the budget for money that is rounded up afterwards.
    """

    transfers: bool = True
    limits: bool = True
    may_miss: bool = True
    failing: bool = False
    round_money: bool = True
    least: Mapping[tuple[Key, str], int] = field(default_factory=dict)


class Model:
    """The variables of one problem; `gained` and `done` are what the families of constraints speak of."""

    def __init__(self, case: Case, ask: Ask) -> None:
        self.case, self.ask, self.program = case, ask, Program()
        self.useful = Useful(case, demanded(case, ask.least), land=ask.limits)
        self.levels = dict(self.useful.thresholds)
        self.kinds: tuple[Kind, ...] = tuple(product((False, True), repeat=len(case.qualities)))
        self.out: dict[tuple[Key, Kind], Sum] = {}
        self.inn: dict[tuple[Key, Kind], Sum] = {}
        self.arcs: dict[tuple[Key, Key, Kind], Sum] = {}
        self.hired: dict[tuple[Key, str], Sum] = {}
        self.raised: dict[tuple[Key, str], Sum] = {}
        self.staff: dict[tuple[Key, Kind], Sum] = {}
        self.bought: dict[tuple[str, str], Sum] = {}
        self.begun: dict[tuple[str, str], Sum] = {}
        self.begins: dict[tuple[str, str], int] = {}
        self.missed: dict[tuple[Key, str], Sum] = {}
        self.failed: dict[str, Sum] = {}

    def teachers(self, key: Key) -> Sum:
        """Return how many teachers a section has afterwards."""
        return total(self.staff[key, kind] for kind in self.kinds)

    def having(self, key: Key, quality: int) -> Sum:
        """Return how many teachers of a section have a quality afterwards: so they are, or they gained it."""
        items = [deed.item for deed in self.case.deeds("upgrade") if self.case.raises(deed.item) == quality]
        so = [self.staff[key, kind] for kind in self.kinds if kind[quality]]
        return total([*so, *(self.raised[key, item] for item in items)])

    def coming(self, section: Section, quality: int) -> Sum:
        """Return how many with a quality a section gets, whoever leaves it."""
        left = (self.out[section.key, kind] for kind in self.kinds if kind[quality] and (section.key, kind) in self.out)
        return total([self.having(section.key, quality) - section.having(quality), *left])

    def gained(self, section: Section, indicator: str) -> Sum:
        """Return what a section gains of an indicator's resource, in buying units."""
        if self.case.rules.indicators[indicator].apportioned:
            deed = self.case.bought.get(indicator)
            return Sum() if deed is None else self.bought[section.school, deed.item]
        quality = self.case.quality(indicator)
        return self.having(section.key, quality) - section.having(quality)

    def begins_with(self, school: str, indicator: str) -> Sum | None:
        """Return 1 where a school begins with what adds to an indicator; None where beginning has no price."""
        deed = self.case.bought.get(indicator)
        return None if deed is None else self.begun.get((school, deed.item))

    def transferred(self, sections: Iterable[Section], moves: Mapping[tuple[Key, Kind], Sum]) -> Sum:
        """Return how many teachers of all kinds leave, or come to, some sections."""
        return total(moves[one.key, kind] for one in sections for kind in self.kinds if (one.key, kind) in moves)

    def hires(self, sections: Iterable[Section]) -> Sum:
        """Return how many teachers some sections hire."""
        return total(self.hired[one.key, deed.item] for one in sections for deed in self.case.deeds("hire"))

    def done(self, deed: Deed, school: str = "") -> Sum:
        """Return how many units of a deed a school, or the whole county, takes."""
        schools = (school,) if school else self.case.schools
        keys = [one.key for code in schools for one in self.case.schools.get(code, ())]
        taken = [self.bought[code, deed.item] for code in schools if (code, deed.item) in self.bought]
        for family in (self.hired, self.raised):
            taken += [family[key, deed.item] for key in keys if (key, deed.item) in family]
        return total(taken) + self.case.needed_anyway(deed.item, school)

    def decided(self) -> Iterator[int]:
        """Yield the numbers of the variables that decide who, where and whether; not those that say how much."""
        yield from self.people()
        yield from _numbers(self.begun, self.failed)

    def people(self) -> Iterator[int]:
        """Yield the numbers of the variables that decide who moves, is hired or raised, and what is missed."""
        yield from _numbers(self.out, self.inn, self.hired, self.raised, self.missed)


def _numbers(*families: Mapping[Any, Sum]) -> Iterator[int]:
    for family in families:
        for one in family.values():
            yield from one.terms
