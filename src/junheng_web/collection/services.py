"""Writes of the room: a period is opened, an item given to its owner; `filling` and `approving` hold the others."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from junheng_web.collection.models import Ledger, Owner, Period
from junheng_web.collection.periods import year_of
from junheng_web.organisation import audit, events
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope


@transaction.atomic
def period_open(*, by: Scope | None, county: Area, counting_date: dt.date, standard: str) -> Period:
    """Open the period of a counting date, with a ledger for each basis; one that is open already is returned."""
    year = year_of(counting_date)
    known = {"school_year": f"{year}-{year + 1}", "counting_date": counting_date, "standard": standard}
    period, new = Period.objects.get_or_create(county=county, code=str(year), defaults=known)
    if new:
        for basis in Ledger.Basis:
            Ledger.objects.create(county=county, period=period, basis=basis)
        audit.record("period.open", by=by, county=county, of=("period", period.code), counting_date=str(counting_date))
        events.announce("period.opened", county=county, of=("period", period.code))
    return period


@transaction.atomic
def due_set(*, by: Scope, ledger: Ledger, day: dt.date | None) -> None:
    """Say until when forms are to be handed in; the day ends at 24:00."""
    Ledger.objects.filter(id=ledger.id).update(due=day)
    audit.record("ledger.due", by=by, county=ledger.county, of=("ledger", str(ledger.id)), day=day and day.isoformat())


@transaction.atomic
def owner_set(*, by: Scope | None, county: Area, item: str, unit: Unit | None) -> None:
    """Say which unit fills in one of the county's items; None gives it back to the office."""
    if unit is None:
        Owner.objects.of(county).filter(item=item).delete()
    else:
        Owner.objects.update_or_create(county=county, item=item, defaults={"unit": unit})
    audit.record("owner.set", by=by, county=county, of=("item", item), unit=unit.code if unit else "")
