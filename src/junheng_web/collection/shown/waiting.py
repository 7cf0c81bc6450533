"""What of the newest period waits for the reader: forms to hand in, to sign, to review, to confirm, to approve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from junheng_web.collection.handing import agreeing
from junheng_web.collection.handing.deeds import FILLING, Status
from junheng_web.collection.handing.signing import NOBODY, Signers, signers_in, waits_for
from junheng_web.collection.ledger.addresses import address, form_address
from junheng_web.collection.ledger.locks import refused
from junheng_web.collection.ledger.periods import Ledger, Period
from junheng_web.collection.ledger.subjects import Subject, own_roles, subjects, visible
from junheng_web.collection.shown.boards import to_confirm
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

ASKED: Mapping[str, str] = MappingProxyType(
    {
        Status.DRAFT: "填报、提交",
        Status.SUBMITTED: "签字",
        Status.ENDORSED: "签字",
        Status.SIGNED: "审核",
        Status.REVIEWED: "审定",
    }
)
CONFIRMATION = "会签"
# Who fills in at home; the office, what its own unit owns.
AT_HOME = FILLING.own | {Role.OFFICE}
SIGNING = frozenset({Status.SUBMITTED, Status.ENDORSED})


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be done, for which form or how many of which ledger, until when, whether that is past, and where."""

    deed: str
    what: str
    due: dt.date | None
    over: bool
    url: str


def waiting(scope: Scope, county: Area, today: dt.date) -> list[Waiting]:
    """Return what waits for the reader's own posts, present data first; what the office may do for others is not it.

    Nothing waits for who does not see the collection.
    """
    if not allowed("collection.view", scope, county):
        return []
    period = Period.objects.visible_to(scope).of(county).first()
    ledgers = period.ledgers.select_related("county", "period").order_by("-basis") if period else []
    return [one for ledger in ledgers for one in _of(scope, ledger, today)]


def _of(scope: Scope, ledger: Ledger, today: dt.date) -> Iterator[Waiting]:
    states = {
        (kind, code): status for kind, code, status in ledger.submissions.values_list("kind", "subject", "status")
    }
    signers = signers_in(ledger.county) if SIGNING & set(states.values()) else {}
    found: dict[str, list[tuple[str, str]]] = {}
    for one in subjects(ledger):
        status = states.get((one.kind, one.code), Status.DRAFT)
        if visible(scope, one) and not refused(ledger, scope, one.kind) and _mine(scope, one, status, signers):
            found.setdefault(ASKED[status], []).append((one.name, form_address(one, "form")))
    for deed, forms in (*found.items(), (CONFIRMATION, to_confirm(scope, ledger))):
        if forms:
            yield _told(ledger, deed, forms, today)


def _mine(scope: Scope, one: Subject, status: str, signers: Mapping[str, Signers]) -> bool:
    """Whether a form in this state waits for a post of the reader's."""
    if status == Status.SIGNED:
        return _reviews(scope, one)
    if status == Status.REVIEWED:
        return Role.OFFICE in scope.roles_in(one.ledger.county)
    if status in SIGNING:
        return waits_for(scope, one, status, signers.get(one.code, NOBODY) if one.items else NOBODY)
    return status == Status.DRAFT and bool(AT_HOME & own_roles(scope, one))


def _reviews(scope: Scope, one: Subject) -> bool:
    if agreeing.named(one, agreeing.REVIEW):
        return bool(agreeing.mine(scope, one, agreeing.REVIEW, agreeing.waiting(one, agreeing.REVIEW)))
    return Role.DESK in scope.roles_in(one.ledger.county)


def _told(ledger: Ledger, deed: str, forms: list[tuple[str, str]], today: dt.date) -> Waiting:
    """One form leads to itself, several to the board."""
    name, url = forms[0] if len(forms) == 1 else (f"{len(forms)} 份表", address(ledger, "board"))
    return Waiting(deed, f"{name}（{ledger}）", ledger.due, bool(ledger.due and ledger.due < today), url)
