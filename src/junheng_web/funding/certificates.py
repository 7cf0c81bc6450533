"""The certificates of schools as `certificates.yaml` declares them, how each stands, and which a gate asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from junheng_web.funding.gates import Way, gates
from junheng_web.funding.models import Certificate, Item
from junheng_web.organisation.models import School

CERTIFICATES = Path(__file__).with_name("certificates.yaml")
Has = Certificate.Has


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of certificate: its name, what proves it, at which gates it is asked for, what a finding may come to."""

    id: str
    label: str
    document: str
    asked_at: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()

    @property
    def gates_told(self) -> str:
        """The gates at which it is asked for, in words."""
        return "、".join(gates()[id].label for id in self.asked_at)


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds by id, in their order."""
    told: list[dict[str, Any]] = yaml.safe_load(CERTIFICATES.read_text(encoding="utf-8"))
    found = [
        Kind(**{name: tuple(each) if isinstance(each, list) else each for name, each in one.items()}) for one in told
    ]
    return {one.id: one for one in found}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one certificate of a school stands on a day: the last row that was written of it, if there is one."""

    kind: Kind
    row: Certificate | None
    today: dt.date

    @property
    def expired(self) -> bool:
        """Whether it was valid until a day that is over; the last day still counts."""
        return bool(self.row and self.row.until and self.row.until < self.today)

    @property
    def unfit(self) -> bool:
        """Whether what was found is not fit to stay."""
        return bool(self.row and self.row.result in self.kind.unfit)

    @property
    def word(self) -> str:
        """How it stands, in a word or two."""
        if self.row is None:
            return "没有登记"
        if self.row.has == Has.HAVE and self.expired:
            return "过期"
        return self.row.result or self.row.get_has_display()

    @property
    def tone(self) -> str:
        """The colour of its badge: green for what is in order, grey for what nobody said or needs."""
        if self.row is None or self.row.has == Has.SPARED:
            return "secondary"
        if self.row.has == Has.DOING:
            return "azure"
        return "red" if self.lacking else "green"

    @property
    def sign(self) -> str:
        """The sign that says the same as the colour."""
        return {"green": "✓", "red": "✗", "azure": "○"}.get(self.tone, "–")

    @property
    def lacking(self) -> bool:
        """Whether a gate that asks for it should be warned of it."""
        if self.row is None or self.row.has in (Has.NONE, Has.DOING):
            return True
        return self.row.has == Has.HAVE and (self.expired or self.unfit)


Standings = Mapping[str, Standing]


def standings_of(schools: Iterable[School], today: dt.date) -> dict[int, Standings]:
    """Return how the certificates of schools stand, by the schools' ids; one query, however many there are."""
    ids = [one.id for one in schools]
    last: dict[tuple[int, str], Certificate] = {}
    for row in Certificate.objects.filter(school__in=ids).order_by("id"):
        last[row.school_id, row.kind] = row
    return {id: {kind.id: Standing(kind, last.get((id, kind.id)), today) for kind in kinds().values()} for id in ids}


def asked_of(item: Item, standings: Mapping[int, Standings]) -> list[Standing]:
    """Return the certificates that some gate of an item asks for; none of what is no school's."""
    own = standings.get(item.line.school_id or 0, {})
    return [one for one in own.values() if item.column in one.kind.columns]


def warned(item: Item, gate: str, standings: Mapping[int, Standings]) -> list[str]:
    """Return what is not in order among the certificates that a gate asks for, in words."""
    return [told(one) for one in asked_of(item, standings) if gate in one.kind.asked_at and one.lacking]


def warned_next(item: Item, way: Way, standings: Mapping[int, Standings]) -> list[str]:
    """Return the same of the gate that an item waits at; nothing at the end of its way."""
    return warned(item, way.next.gate.id, standings) if way.next else []


def told(one: Standing) -> str:
    """Return how a certificate stands, in a sentence that names it."""
    if one.row is None:
        return f"{one.kind.label}没有登记"
    if one.expired and one.row.has == Has.HAVE:
        return f"{one.kind.label}已过期（有效期至 {one.row.until}）"
    return f"{one.kind.label}是{one.word}" if one.unfit else f"{one.kind.label}：{one.word}"
