"""Reads of the room: the signs of a ledger with what the office said of them, and the schools in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from junheng_web.collection.models import Ledger
from junheng_web.organisation.scopes import Scope
from junheng_web.scrutiny.declared import LOOKS
from junheng_web.scrutiny.evidence import COUNTY, Sign
from junheng_web.scrutiny.looking import looked
from junheng_web.scrutiny.models import Verified


@dataclass(frozen=True, slots=True)
class Told:
    """A sign, and the word of whoever looked into it, if it still holds for what stands there."""

    sign: Sign
    verified: Verified | None = None

    @property
    def open(self) -> bool:
        """Whether it still deserves a look."""
        return self.verified is None


@dataclass(frozen=True, slots=True)
class Case:
    """A school (or the county) with its signs, those first that are to be looked at first."""

    school: str
    signs: tuple[Told, ...]

    @property
    def open(self) -> tuple[Told, ...]:
        """Those that nobody has looked into."""
        return tuple(one for one in self.signs if one.open)


def cases(scope: Scope, ledger: Ledger) -> list[Case]:
    """Return what there is to look at: the county, then the schools, what most deserves a look first.

    Schools stand by how many signs of the first kind they have open, then of the next, then by code; no score is made.
    """
    told = sorted((_told(scope, ledger)), key=lambda one: one.sign.school)
    found = [_case(school, list(own)) for school, own in groupby(told, key=lambda one: one.sign.school)]
    return sorted((one for one in found if one.signs), key=_place)


def _told(scope: Scope, ledger: Ledger) -> Iterable[Told]:
    last = _last(scope, ledger)
    for sign in looked(ledger).signs:
        said = last.get(sign.name)
        yield Told(sign, said if said and said.holds and said.value == sign.value else None)


def _last(scope: Scope, ledger: Ledger) -> Mapping[tuple[str, str, str], Verified]:
    """Return the last word on each sign."""
    rows = Verified.objects.visible_to(scope).filter(ledger=ledger).order_by("id")
    return {(one.sign, one.school, one.mark): one for one in rows}


def _case(school: str, told: list[Told]) -> Case:
    """Return a school's case; what counts beside others only is left out where nothing else is open (P6)."""
    other = any(one.open and not one.sign.of.with_another for one in told)
    counted = [one for one in told if other or not one.open or not one.sign.of.with_another]
    return Case(school, tuple(sorted(counted, key=lambda one: (not one.open, _rank(one.sign)))))


def _rank(sign: Sign) -> int:
    return list(LOOKS).index(sign.of.look)


def _place(one: Case) -> tuple[object, ...]:
    counted = Counter(told.sign.of.look for told in one.open)
    return one.school != COUNTY, *(-counted[look] for look in LOOKS), one.school


def case_of(scope: Scope, ledger: Ledger, school: str) -> Case:
    """Return a school's case, or the county's; without any sign it is empty."""
    return next((one for one in cases(scope, ledger) if one.school == school), Case(school, ()))


def told_named(scope: Scope, ledger: Ledger, name: tuple[str, str, str]) -> Told | None:
    """Return one sign by what tells it from every other; None where it is there no longer."""
    return next((one for one in case_of(scope, ledger, name[1]).signs if one.sign.name == name), None)
