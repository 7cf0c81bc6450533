"""Who may read what was handed in for an item of the checklist: whoever sees the item, from outside once approved."""

from __future__ import annotations

from django.db.models import QuerySet

from junheng_web.dossier.handing import KIND
from junheng_web.dossier.selectors import from_outside, items_seen, papers_read, sees_all
from junheng_web.evidence.models import Link
from junheng_web.evidence.readers import read_by
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope


@read_by(KIND, "佐证清单")
def of_items(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """A paper that was replaced or taken back is read by whom its item concerns, as the others are."""
    if not allowed("dossier.view", scope, county):
        return links.none()
    if from_outside(scope, county):
        return links.filter(file__in=papers_read(scope, county).values("file"))
    if sees_all(scope, county):
        return links
    codes = items_seen(scope, county).values_list("indicator", "number")
    return links.filter(object_code__in=[f"{indicator}-{number}" for indicator, number in codes])
