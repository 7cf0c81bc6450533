"""What tests of collection share: the example county's ledger, its forms, and those who fill them in."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from junheng_web.collection.handing.approving import step_take
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.saving import Saved
from junheng_web.collection.ledger.subjects import Subject, subject
from junheng_web.collection.ledger.values import Key
from junheng_web.collection.models import Cell, Explanation, Ledger, Submission
from junheng_web.organisation.models import Account, School
from junheng_web.organisation.scopes import Scope, scope_of
from places import COUNTY

# The school at which the demonstration's clerk and head work.
SCHOOL = "1506990006"
PUPILS: Key = ("schools", SCHOOL, "primary_pupils")
TEACHERS: Key = ("schools", SCHOOL, "primary_teachers")
CHAIN = (("clerk-03", "submit"), ("head-03", "sign"), ("edu-hr-desk", "review"), ("office", "approve"))
HERE = f"/c/{COUNTY}/collection/2025/current/"
FORM = f"{HERE}school/{SCHOOL}/"


def acting(username: str) -> Scope:
    """Return the scope of one of the demonstration's accounts."""
    return scope_of(Account.objects.get(username=username), timezone.localdate())


def ledger_of(basis: str = "current") -> Ledger:
    """Return one of the ledgers of the example county's own year."""
    found = Ledger.objects.select_related("county", "period")
    return found.get(county__code=COUNTY, period__code="2025", basis=basis)


def form_of(code: str = SCHOOL, basis: str = "current", kind: str = Submission.Kind.SCHOOL) -> Subject:
    """Return a form of the example county."""
    return subject(ledger_of(basis), kind, code)


def type_in(username: str, key: Key, text: str, revision: int | None = None, **of: Any) -> Saved:
    """Enter one text in the school's form, as somebody."""
    return form_save(by=acting(username), one=form_of(**of), texts=[(key, text, revision)])


def held(key: Key, basis: str = "current") -> Cell:
    """Return what a cell holds."""
    table, row, column = key
    return Cell.objects.get(ledger=ledger_of(basis), table=table, row=row, column=column)


def take(username: str, deed: str, **more: Any) -> Submission:
    """Take the school's form one step, as somebody."""
    return step_take(by=acting(username), one=form_of(), deed=DEEDS[deed], **more)


def approve() -> Submission:
    """Take the school's form all the way."""
    for username, deed in CHAIN:
        last = take(username, deed)
    return last


def explained() -> int:
    """Return how many findings have been explained."""
    return Explanation.objects.count()


def schools() -> list[str]:
    """Return the codes of the example county's schools."""
    return list(School.objects.filter(county__code=COUNTY).values_list("code", flat=True))
