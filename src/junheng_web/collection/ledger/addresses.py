"""Where the pages of a ledger and of a form are."""

from __future__ import annotations

from django.urls import reverse

from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.organisation.models import Area


def address(ledger: Ledger, name: str, *more: str) -> str:
    """Return the address of one of a ledger's pages."""
    return reverse(f"collection:{name}", args=[ledger.county.code, ledger.period.code, ledger.basis, *more])


def form_address(one: Subject, name: str, *more: str) -> str:
    """Return the address of a form's page, or of one of its parts."""
    return address(one.ledger, name, one.kind, one.code, *more)


def effect_address(one: Subject) -> str:
    """Return where the room above shows what a form comes to."""
    ledger = one.ledger
    return reverse("assessment:effect", args=[ledger.county.code, one.period.code, ledger.basis, one.kind, one.code])


def answering_address(county: Area) -> str:
    """Return where the room above says who answers for each indicator (责任单位)."""
    return reverse("assessment:answering", args=[county.code])


def then_address(one: Subject, sequence: int) -> str:
    """Return where the room above shows what a form came to right after a write of its ledger."""
    ledger = one.ledger
    named = [ledger.county.code, one.period.code, ledger.basis, one.kind, one.code]
    return f"{reverse('assessment:then_form', args=named)}?at={sequence}"
