"""What tests of the funding ledger share: items of the example county, taken through their gates, and who acts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from collected import acting
from junheng_web.funding.gates import gates
from junheng_web.funding.gating import gate_pass
from junheng_web.funding.models import Contract, Decision, Item, Payment, Source
from junheng_web.funding.paying import source_add
from junheng_web.funding.services import item_add, item_drop
from junheng_web.organisation.models import Area, School
from places import COUNTY

HERE = f"/c/{COUNTY}/funding/"
WAN = Decimal(10_000)
# The school of the demonstration's head and clerk.
SCHOOL = "1506990006"
FIRST = dt.date(2026, 1, 5)
WHY = "示例原因"


def county() -> Area:
    """Return the example county."""
    return Area.objects.get(code=COUNTY)


def school(code: str = SCHOOL) -> School:
    """Return one of its schools."""
    return School.objects.select_related("county").get(county__code=COUNTY, code=code)


def wan(text: str) -> Decimal:
    """Return a sum of 万元 in 元."""
    return Decimal(text) * WAN


def item(amount: str = "20", **more: Any) -> Item:
    """Add an item at the school of the demonstration's head."""
    told = {"column": "equipment", "name": "示例设备", "school": school(), **more}
    return item_add(by=acting("office"), county=county(), amount=wan(amount), **told)


def clear() -> None:
    """Let no item of the demonstration count, and no decision stand beside the table."""
    Payment.objects.filter(county__code=COUNTY).update(undone=WHY)
    Contract.objects.filter(county__code=COUNTY).update(undone=WHY)
    for one in Item.objects.filter(county__code=COUNTY, dropped=""):
        item_drop(by=acting("office"), item=one, why=WHY)
    # A decision is never taken back: only a test forgets one, past the model's own manager.
    QuerySet(Decision).filter(county__code=COUNTY).delete()


def source(amount: str = "100", name: str = "示例资金") -> Source:
    """Write down a source."""
    return source_add(by=acting("fin-staff"), county=county(), name=name, kind="county", amount=wan(amount))


def through(one: Item, last: str, by: str = "office") -> Item:
    """Take an item through its gates up to one, a day after the other."""
    for place, id in enumerate(gates()):
        day = FIRST + dt.timedelta(days=place)
        gate_pass(by=acting(by), item=one, gate=id, day=day, today=timezone.localdate())
        if id == last:
            break
    return fresh(one)


def fresh(one: Item) -> Item:
    """Return an item as it stands now."""
    return Item.objects.select_related("county", "line__school", "issue__county", "unit", "period").get(id=one.id)
