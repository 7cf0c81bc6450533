"""Writes of the room: a period is opened, an item given to its owner; `filling` and `approving` hold the others."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from junheng.facts.clocks import school_year_of
from junheng_web.collection.ledger.locks import refused
from junheng_web.collection.ledger.periods import Arrangement, Ledger, Owner, Period
from junheng_web.collection.ledger.saving import Locked
from junheng_web.organisation import audit, events
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope


def year_named(counting_date: dt.date, standard: str) -> dict[str, Any]:
    """Return what a period of a counting date is called, and by which document it goes."""
    year = school_year_of(counting_date)
    known = {"school_year": f"{year}-{year + 1}", "counting_date": counting_date, "standard": standard}
    return {"code": str(year), **known}


@transaction.atomic
def period_open(*, by: Scope | None, county: Area, counting_date: dt.date, standard: str) -> Period:
    """Open the period of a counting date, with a ledger for each basis; one that is open already is returned.

    Its items are whose they were in the year before; from then on each year's owners are its own.
    """
    known = year_named(counting_date, standard)
    period, new = Period.objects.get_or_create(county=county, code=known.pop("code"), defaults=known)
    if new:
        for basis in Ledger.Basis:
            Ledger.objects.create(county=county, period=period, basis=basis)
        told = {"counting_date": str(counting_date), "owners": _owners_carry(period)}
        audit.record("period.open", by=by, county=county, of=("period", period.code), **told)
        events.announce("period.opened", county=county, of=("period", period.code))
    return period


def _owners_carry(period: Period) -> dict[str, str]:
    """Give a new period's items to whom they belong in the nearest one; return the codes of the owners by item."""
    others = Period.objects.of(period.county).exclude(id=period.id)
    near = others.filter(code__lt=period.code).order_by("-code").first() or others.order_by("code").first()
    if near is None:
        return {}
    for model, names in ((Owner, ("unit_id",)), (Arrangement, ("reviewer_id", "second_id", "terms"))):
        rows = model.objects.filter(period=near).values("item", *names)
        model.objects.bulk_create([model(county=period.county, period=period, **row) for row in rows])
    return dict(Owner.objects.filter(period=period).values_list("item", "unit__code"))


@transaction.atomic
def due_set(*, by: Scope, ledger: Ledger, day: dt.date | None) -> None:
    """Say until when forms are to be handed in; the day ends at 24:00. Raises Locked in a frozen period."""
    if ledger.period.frozen:
        raise Locked(refused(ledger, by))
    Ledger.objects.filter(id=ledger.id).update(due=day)
    audit.record("ledger.due", by=by, county=ledger.county, of=("ledger", str(ledger.id)), day=day and day.isoformat())


@transaction.atomic
def owner_set(*, by: Scope | None, period: Period, item: str, unit: Unit | None) -> None:
    """Say which unit fills in one of the county's items in a period; None gives it back to the office."""
    if unit is None:
        Owner.objects.filter(period=period, item=item).delete()
    else:
        Owner.objects.update_or_create(county=period.county, period=period, item=item, defaults={"unit": unit})
    told = {"period": period.code, "unit": unit.code if unit else ""}
    audit.record("owner.set", by=by, county=period.county, of=("item", item), **told)


@transaction.atomic
def arrangement_set(
    *, by: Scope | None, period: Period, item: str, reviewer: Unit | None, second: Unit | None, terms: str = ""
) -> None:
    """Say which unit reviews one of the county's items in a period, and which one confirms it too, on which terms."""
    known = {"reviewer": reviewer, "second": second, "terms": terms.strip()[:200]}
    Arrangement.objects.update_or_create(county=period.county, period=period, item=item, defaults=known)
    told = {"reviewer": reviewer.code if reviewer else "", "second": second.code if second else ""}
    told |= {"period": period.code, "terms": known["terms"]}
    audit.record("arrangement.set", by=by, county=period.county, of=("item", item), **told)
