"""Locking and freezing: the office says from whom a ledger takes nothing in, and why it is opened again."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.collection.ledger.locks import Level, Lock
from junheng_web.collection.ledger.periods import Ledger, Period
from junheng_web.collection.ledger.saving import Locked, held_ledger
from junheng_web.organisation import audit, events
from junheng_web.organisation.scopes import Scope

WHY = "解锁、解封要写明原因：为什么要改已经锁定的数"


@transaction.atomic
def ledger_lock(*, by: Scope, ledger: Ledger, level: str, note: str = "") -> Lock:
    """Lock a ledger for a level, or open it. Raises ValidationError without a reason for opening, Locked if frozen."""
    held = held_ledger(ledger)
    if held.period.frozen:
        raise Locked(f"{held.period}已经封存：请先解封，再定哪种口径锁到哪一级")
    if level == held.locked:
        raise ValidationError(f"{held}本来就是“{held.get_locked_display()}”，没有改动")
    if level == Level.OPEN and not note.strip():
        raise ValidationError(WHY)
    held.locked = level
    held.save(update_fields=["locked"])
    kind = "ledger.unlocked" if level == Level.OPEN else "ledger.locked"
    return _written_down(kind, by, held.period, held, level, note)


@transaction.atomic
def period_freeze(*, by: Scope, period: Period, frozen: bool, note: str = "") -> Lock:
    """Freeze a whole period, or open it again. Raises ValidationError where nothing changes, or it does not say why."""
    for one in period.ledgers.order_by("id"):
        held_ledger(one)
    now = Period.objects.select_related("county").get(id=period.id)
    if frozen == now.frozen:
        raise ValidationError(f"{now}本来就{'已' if frozen else '没有'}封存，没有改动")
    if not frozen and not note.strip():
        raise ValidationError(WHY)
    now.frozen = frozen
    now.save(update_fields=["frozen"])
    kind, level = ("period.frozen", Level.ALL) if frozen else ("period.thawed", Level.OPEN)
    return _written_down(kind, by, now, None, level, note)


def _written_down(kind: str, by: Scope, period: Period, ledger: Ledger | None, level: str, note: str) -> Lock:
    of = ("ledger", f"{period.code}:{ledger.basis}") if ledger else ("period", period.code)
    audit.record(kind, by=by, county=period.county, of=of, level=level, note=note[:400])
    events.announce(kind, county=period.county, of=of)
    told = {"period": period, "ledger": ledger, "level": level, "note": note[:400]}
    return Lock.objects.create(county=period.county, **told, **audit.signed(by))


def locks(period: Period) -> dict[str, Any]:
    """Return what the page of locks shows: how things stand, and every lock there has been, the last first."""
    return {
        "period": period,
        "ledgers": list(period.ledgers.select_related("county", "period").order_by("basis")),
        "history": list(period.locks.select_related("ledger")),
    }
