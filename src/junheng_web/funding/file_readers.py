"""Who may read what proves an item's gates, contracts and payments."""

from __future__ import annotations

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, StrIndex, Substr
from django.utils import timezone

from junheng_web.evidence.models import Link
from junheng_web.evidence.readers import read_by
from junheng_web.funding.selectors import items_of, schools_of
from junheng_web.funding.telling import BESIDE, CERTIFICATE, KIND
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope


@read_by(KIND, "创建资金")
def of_items(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """Proof is for whoever sees the item; what stands after its code names the gate."""
    if not allowed("funding.view", scope, county):
        return links.none()
    return _before(links, [one.code for one in items_of(scope, county)])


@read_by(CERTIFICATE, "学校证照")
def of_certificates(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """A school's certificates are for whoever sees how they stand; what stands after its code names the kind."""
    if not allowed("funding.view", scope, county):
        return links.none()
    return _before(links, list(schools_of(scope, county, timezone.localdate()).values_list("code", flat=True)))


def _before(links: QuerySet[Link], codes: list[str]) -> QuerySet[Link]:
    """Return the links to objects whose code, up to the sign that divides it, is one of these."""
    end = StrIndex(Concat("object_code", Value(BESIDE)), Value(BESIDE)) - 1
    return links.annotate(of_item=Substr("object_code", 1, end)).filter(of_item__in=codes)
