"""Which unit fills in which of the county's items: the office says so; what it gives nobody is its own."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.db import transaction

from junheng_web.collection.fields import county_form, item_of
from junheng_web.collection.periods import Owner, Period
from junheng_web.collection.services import owner_set
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope


def owning(period: Period) -> dict[str, Any]:
    """Return what the page of owners shows: the items by requirement, each with its owner, and the units."""
    county = period.county
    owned = dict(Owner.objects.of(county).values_list("item", "unit__code"))
    rows = [
        {"group": field.group, "item": item_of(field), "label": field.label, "owner": owned.get(item_of(field), "")}
        for field in county_form(period)
    ]
    groups = [(group, list(own)) for group, own in groupby(rows, key=lambda row: row["group"])]
    return {"period": period, "groups": groups, "units": list(Unit.objects.of(county).values_list("code", "name"))}


@transaction.atomic
def owners_set(*, by: Scope, county: Area, period: Period, asked: Mapping[str, str]) -> int:
    """Give items to units as asked (item: the unit's code, or nothing), and return how many changed hands.

    What is no item, and a unit that the county does not have, are passed over.
    """
    units = {unit.code: unit for unit in Unit.objects.of(county)}
    owned = dict(Owner.objects.of(county).values_list("item", "unit__code"))
    changed = 0
    for item in map(item_of, county_form(period)):
        code = asked.get(item, owned.get(item, ""))
        if code != owned.get(item, "") and (not code or code in units):
            owner_set(by=by, county=county, item=item, unit=units.get(code))
            changed += 1
    return changed
