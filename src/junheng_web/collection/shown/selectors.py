"""Reads that a reader's rights bound: a ledger of the county, a form that is for one's eyes."""

from __future__ import annotations

from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.subjects import NoSuchForm, Subject, subject, visible
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope


def ledger_named(scope: Scope, county: Area, period: str, basis: str) -> Ledger:
    """Return a ledger of the county. Raises Ledger.DoesNotExist."""
    found = Ledger.objects.visible_to(scope).of(county).select_related("county", "period")
    return found.get(period__code=period, basis=basis)


def form_named(scope: Scope, county: Area, period: str, basis: str, kind: str, code: str) -> Subject:
    """Return a form of the county that one may see. Raises NoSuchForm, Ledger.DoesNotExist."""
    one = subject(ledger_named(scope, county, period, basis), kind, code)
    if not visible(scope, one):
        raise NoSuchForm(f"{kind} {code}")
    return one
