"""Who answers for each of the county's items: which unit fills it in, which reviews it, which confirms it too (P14).

The office says so, for a period; what it gives nobody is its own, and what it names nobody for any desk reviews.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.db import transaction

from junheng_web.collection.ledger.addresses import answering_address
from junheng_web.collection.ledger.fields import county_form, item_of
from junheng_web.collection.ledger.periods import Arrangement, Owner, Period
from junheng_web.collection.ledger.saving import Locked, thawed_ledger
from junheng_web.collection.ledger.services import arrangement_set, owner_set
from junheng_web.collection.ledger.subjects import OFFICE
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.organisation.models import Unit
from junheng_web.organisation.scopes import Scope

# What may be said of an item beside its owner, and what comes before its name in the page's fields.
SAID = ("reviewer", "second", "terms")


def owning(period: Period) -> dict[str, Any]:
    """Return what the page of owners shows: the items by requirement, who answers for each, and the units."""
    owned, arranged = _owned(period), _arranged(period)
    rows = [
        {
            "group": field.group,
            "item": item_of(field),
            "label": field.label,
            "indicators": " ".join(field.indicators),
            "owner": owned.get(item_of(field), ""),
            **arranged.get(item_of(field), dict.fromkeys(SAID, "")),
        }
        for field in county_form(period)
    ]
    groups = [(group, list(own)) for group, own in groupby(rows, key=lambda row: row["group"])]
    return {
        "period": period,
        "groups": groups,
        "units": list(Unit.objects.of(period.county).values_list("code", "name")),
        "answering_url": answering_address(period.county),
    }


def _owned(period: Period) -> dict[str, str]:
    return dict(Owner.objects.filter(period=period).values_list("item", "unit__code"))


def _arranged(period: Period) -> dict[str, dict[str, str]]:
    rows = Arrangement.objects.filter(period=period).values_list("item", "reviewer__code", "second__code", "terms")
    return {item: dict(zip(SAID, (one or "" for one in said), strict=True)) for item, *said in rows}


@transaction.atomic
def owners_set(*, by: Scope, period: Period, asked: Mapping[str, str]) -> int:
    """Give a period's items to units as asked, and return of how many something changed. Other years stay as they are.

    `asked`: the item's name with its owner's code or nothing; `reviewer-`, `second-` and `terms-` before the name.
    What is no item, and a unit that the county does not have, are passed over. Raises Locked in a frozen period, and
    where an item would leave or enter a form that has been handed in: what was approved would become something else.
    """
    # Whoever hands in a form meanwhile waits here, or has handed it in before it is looked at.
    for ledger in period.ledgers.order_by("id"):
        thawed_ledger(ledger)
    units = {unit.code: unit for unit in Unit.objects.of(period.county)}
    owned, arranged = _owned(period), _arranged(period)
    changed = 0
    for item in map(item_of, county_form(period)):
        code = asked.get(item, owned.get(item, ""))
        moved = code != owned.get(item, "") and (not code or code in units)
        if moved:
            _open(period, {owned.get(item, "") or OFFICE, code or OFFICE})
            owner_set(by=by, period=period, item=item, unit=units.get(code))
        was = arranged.get(item, dict.fromkeys(SAID, ""))
        now = {name: asked.get(f"{name}-{item}", was[name]).strip() for name in SAID}
        known = all(not now[name] or now[name] in units for name in ("reviewer", "second"))
        if now != was and known:
            said = {name: units.get(now[name]) for name in ("reviewer", "second")}
            arrangement_set(by=by, period=period, item=item, terms=now["terms"], **said)
        changed += moved or (now != was and known)
    return changed


def _open(period: Period, codes: set[str]) -> None:
    """Raise Locked where one of these units has handed in its form of the period."""
    away = Submission.objects.filter(ledger__period=period, kind=Submission.Kind.UNIT, subject__in=codes)
    if away.exclude(status=Submission.Status.DRAFT).exists():
        raise Locked("这一项原来或以后的填报单位已经交了表：请先退回它的表，再改由谁填")
