"""Locks: from whom a ledger takes nothing in, or that a whole period is read only; who said so, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from junheng_web.collection.ledger.periods import Ledger, Period
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.organisation.models import OwnedOnce
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

Level, Kind = Ledger.Level, Submission.Kind
# Of whose forms a level takes nothing in; what the office enters, only the last level stops.
STOPS: Mapping[str, frozenset[str]] = {
    Level.SCHOOLS: frozenset({Kind.SCHOOL}),
    Level.UNITS: frozenset({Kind.UNIT}),
    Level.OTHERS: frozenset(Kind),
    Level.ALL: frozenset(Kind),
}


class Lock(OwnedOnce):
    """That a ledger was locked or opened again; without a ledger, that the whole period was frozen or thawed."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="locks")
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="locks", null=True)
    level = models.CharField("锁定", max_length=10, choices=Level.choices)
    note = models.CharField("原因", max_length=400, blank=True)

    class Meta:
        ordering = ("-id",)

    @property
    def about(self) -> str:
        """What it was done to."""
        return self.ledger.get_basis_display() if self.ledger else "整个学年"

    @property
    def deed(self) -> str:
        """What was done."""
        if self.ledger is None:
            return "解封" if self.level == Level.OPEN else "封存"
        return "解锁" if self.level == Level.OPEN else f"锁定：{self.get_level_display()}"


def refused(ledger: Ledger, by: Scope | None, kind: str = "") -> str:
    """Return why a ledger takes nothing in from somebody, of a form of this kind (none: of any); or nothing."""
    if ledger.period.frozen:
        return f"{ledger.period}已经封存，只能看；要改，请办公室先解封"
    if ledger.locked == Level.OPEN:
        return ""
    office = by is None or Role.OFFICE in by.roles_in(ledger.county)
    if ledger.locked == Level.ALL or (not office and kind in STOPS[ledger.locked]):
        return f"{ledger}已经锁定（{ledger.get_locked_display()}）；要改，请办公室先解锁"
    return ""


def lock_told(ledger: Ledger) -> dict[str, Any]:
    """Return what the top of a page says of a lock: what, who, when, why; nothing where there is none."""
    period = ledger.period
    if not period.frozen and ledger.locked == Level.OPEN:
        return {}
    own = {"ledger": None} if period.frozen else {"ledger": ledger}
    last = Lock.objects.filter(period=period, **own).first()
    what = f"{period}已经封存，谁都只能看" if period.frozen else f"{ledger}已经锁定：{ledger.get_locked_display()}"
    who = f"{last.by_name or '系统'}，{timezone.localtime(last.at):%Y-%m-%d %H:%M}" if last else ""
    return {"what": what, "who": who, "why": last.note if last else ""}
