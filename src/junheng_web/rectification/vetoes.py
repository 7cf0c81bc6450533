"""The veto register: each item as the rule book lists it, who declares on it, what is overdue, what was reported.

Of an incident others than P6 names learn one thing: that it is looked into.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from junheng import api as jh
from junheng.facts.schema import COUNTY
from junheng_web.assessment.overview import VETO
from junheng_web.assessment.selectors import DEFAULT_STANDARD, rules_today
from junheng_web.collection.ledger.subjects import Subject, subjects
from junheng_web.collection.ledger.values import Key
from junheng_web.collection.models import Cell, Ledger, Period
from junheng_web.duties.dues import Slot, slots
from junheng_web.duties.selectors import own_units as own_whole_units
from junheng_web.evidence.selectors import files_by_object
from junheng_web.organisation.models import Area, Post, Seat, Unit
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification.models import Incident, VetoDeclaration, VetoDuty
from junheng_web.supervision.selectors import own_units

# Who reads every incident: the group's head and its office's director. A unit reads what it reported itself (P6).
# Where no post sits in such a seat, whoever has the role does.
READERS = {Seat.Kind.HEAD: Role.LEADER, Seat.Kind.OFFICE_HEAD: Role.OFFICE}
SEE_DECLARATIONS = frozenset({Role.LEADER, Role.OFFICE, Role.AUDITOR})
STATES = {"reported": ("green", "已申报"), "late": ("red", "过期没报"), "soon": ("yellow", "该报了"), "open": ("", "")}
KIND = "veto"
# The item of which 编制台账 and the risk notes show early signs (P21), by its id in the rule book.
SIGNS_OF = "posts"
# So many of the last periods of a duty are shown.
SHOWN = 6


def parts_of(county: Area) -> dict[str, str]:
    """Return the veto items by id, as the county's rule book names them, in its order."""
    period = Period.objects.of(county).first()
    book = rules_today(period.standard if period else DEFAULT_STANDARD)
    requirement = book.get("document", book)["requirements"].get(VETO)
    return {one["id"]: one["name"] for one in requirement["parts"]} if requirement else {}


@dataclass(frozen=True, slots=True)
class Declared:
    """One period of a duty to declare: what was declared on it, and whether it is overdue."""

    duty: VetoDuty
    slot: Slot
    last: VetoDeclaration | None
    state: str
    proofs: int

    @property
    def tone(self) -> str:
        """Its tone on the page."""
        return "red" if self.last and not self.last.nothing else STATES[self.state][0]

    @property
    def word(self) -> str:
        """What stands on the page."""
        if self.last is None:
            return STATES[self.state][1]
        return "没有发生" if self.last.nothing else "有情况"


def readers(county: Area) -> list[Post]:
    """Return the posts that read every incident."""
    seats = Seat.objects.of(county).on(timezone.localdate()).filter(group__dissolved=None).exclude(post=None)
    held = {kind: [one.post for one in seats.filter(kind=kind).select_related("post")] for kind in READERS}
    return [
        post
        for kind, role in READERS.items()
        for post in held[kind] or Post.objects.filter(area=county, role=role).order_by("code")
    ]


def reads_all(scope: Scope, county: Area) -> bool:
    """Whether one reads every incident."""
    return bool({post.id for post in readers(county)} & {post.id for post in scope.posts_in(county)})


def incidents_of(scope: Scope, county: Area) -> QuerySet[Incident]:
    """Return the incidents whose content one may read."""
    every = Incident.objects.visible_to(scope).of(county).select_related("county", "unit")
    if reads_all(scope, county):
        return every
    return every.filter(unit__in=own_units(scope, county))


def told_apart(county: Area) -> set[str]:
    """Return the codes of the declarations that say, or once said, that something happened.

    Their words and files may hold the incident itself, and have its few readers; what says that nothing happened is
    for whoever sees declarations.
    """
    happened = VetoDeclaration.objects.of(county).filter(nothing=False).select_related("unit")
    return {one.code for one in happened}


def reads_declaration(scope: Scope, county: Area, one: VetoDeclaration) -> bool:
    """Whether one reads a declaration's words and files: as an incident's, where it says that one happened (P6)."""
    if one.code not in told_apart(county):
        return True
    return reads_all(scope, county) or one.unit_id in own_units(scope, county)


def pending(county: Area) -> dict[str, set[str]]:
    """Return which veto items are looked into and which are confirmed: no more than that is for every eye."""
    found: dict[str, set[str]] = {state: set() for state in (Incident.State.PENDING, Incident.State.CONFIRMED)}
    for part, state in Incident.objects.of(county).values_list("part", "state"):
        if state in found:
            found[state].add(part)
    return found


def declarations(county: Area, duties: list[VetoDuty], today: dt.date) -> Iterator[Declared]:
    """Yield the periods that have begun of each duty, with what was declared."""
    units = {one.unit_id for one in duties}
    rows = VetoDeclaration.objects.of(county).filter(unit__in=units).select_related("unit").order_by("id")
    last = {(one.part, one.unit_id, one.span): one for one in rows}
    proofs = files_by_object(county, KIND)
    for duty in duties:
        for slot in slots(duty, today):
            one = last.get((duty.part, duty.unit_id, slot.code))
            yield Declared(duty, slot, one, slot.state(one, today), proofs.get(one.code, 0) if one else 0)


def duties_of(scope: Scope, county: Area) -> list[VetoDuty]:
    """Return the duties to declare that one may see: the office and the leader all, a unit its own (P3)."""
    every = VetoDuty.objects.visible_to(scope).of(county).select_related("unit", "county")
    if SEE_DECLARATIONS & scope.roles_in(county):
        return list(every)
    return list(every.filter(unit__in=own_units(scope, county)))


def register(scope: Scope, county: Area, today: dt.date) -> dict[str, Any]:
    """Return what the register's page shows: item by item who declares, what stands, and what is looked into."""
    found: dict[str, dict[VetoDuty, list[Declared]]] = {}
    duties = duties_of(scope, county)
    for duty in duties:
        found.setdefault(duty.part, {})[duty] = []
    for one in declarations(county, duties, today):
        found[one.duty.part][one.duty].append(one)
    known, mine = pending(county), _reporting(scope, county)
    rows = [
        {
            "id": id,
            "name": name,
            "signs": id == SIGNS_OF,
            "pending": id in known[Incident.State.PENDING],
            "confirmed": id in known[Incident.State.CONFIRMED],
            "duties": [_duty_told(duty, of, mine) for duty, of in found.get(id, {}).items()],
        }
        for id, name in parts_of(county).items()
    ]
    late = sum(one.state == "late" for row in rows for told in row["duties"] for one in told["all"])
    return {"rows": rows, "late": late}


def _reporting(scope: Scope, county: Area) -> set[int]:
    """Return the units for which one declares: one's own, and for the office all."""
    if Role.OFFICE in scope.roles_in(county):
        return set(units_offered(county).values_list("id", flat=True))
    return {one.id for one in own_whole_units(scope, county)}


def _duty_told(duty: VetoDuty, every: list[Declared], mine: set[int]) -> dict[str, Any]:
    shown = [one for one in every if one.state != "open"]
    return {"duty": duty, "all": every, "shown": shown[-SHOWN:], "may": duty.unit_id in mine}


def item_of(county: Area, part: str) -> str:
    """Return the county's item in which a veto item is reported, as the rule book says. Raises LookupError."""
    period = Period.objects.of(county).first()
    standard = jh.load_standard(period.standard if period else DEFAULT_STANDARD)
    requirement = standard.requirements[VETO]
    return next(one for one in requirement.parts if one.id == part).items[0]


def cell_of(county: Area, part: str) -> tuple[Key, Subject | None]:
    """Return where a veto item stands in the present ledger of the newest year, and whose form holds it."""
    key = (COUNTY.name, item_of(county, part), "value")
    ledger = _ledger(county)
    forms = subjects(ledger) if ledger else []
    return key, next((one for one in forms if key in {field.key for field in one.fields}), None)


def _ledger(county: Area) -> Ledger | None:
    ledgers = Ledger.objects.of(county).filter(basis=Ledger.Basis.CURRENT).select_related("county", "period")
    return ledgers.order_by("-period__code").first()


def reported(one: Subject, key: Key) -> bool:
    """Whether the ledger says that it happened."""
    table, row, column = key
    cell = Cell.objects.filter(ledger=one.ledger, table=table, row=row, column=column, reported=True).first()
    return bool(cell and cell.integer)


def overdue_by_unit(county: Area, today: dt.date) -> Mapping[int, int]:
    """Return how many declarations are overdue, by unit."""
    found: dict[int, int] = {}
    duties = list(VetoDuty.objects.of(county).select_related("unit"))
    for one in declarations(county, duties, today):
        if one.state == "late":
            found[one.duty.unit_id] = found.get(one.duty.unit_id, 0) + 1
    return found


def units_offered(county: Area) -> QuerySet[Unit]:
    """Return the units that may be asked to declare."""
    return Unit.objects.of(county).filter(parent=None)
