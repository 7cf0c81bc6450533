"""Who may read what proves an item's gates, contracts and payments."""

from __future__ import annotations

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, StrIndex, Substr

from junheng_web.evidence.models import Link
from junheng_web.evidence.readers import read_by
from junheng_web.funding.selectors import items_of
from junheng_web.funding.telling import BESIDE, KIND
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope


@read_by(KIND, "创建资金")
def of_items(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """Proof is for whoever sees the item; what stands after its code names the gate."""
    if not allowed("funding.view", scope, county):
        return links.none()
    end = StrIndex(Concat("object_code", Value(BESIDE)), Value(BESIDE)) - 1
    codes = [one.code for one in items_of(scope, county)]
    return links.annotate(of_item=Substr("object_code", 1, end)).filter(of_item__in=codes)
