"""Who may read photos and files of a visit: whoever sees the visit."""

from __future__ import annotations

from django.db.models import QuerySet

from junheng_web.evidence.models import Link
from junheng_web.evidence.readers import read_by
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope
from junheng_web.visits.selectors import visits_of


@read_by("visit", "督导查看")
def of_visits(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """A visit's files are for whoever sees the visit: a draft's for the visitor and the offices, say."""
    if not allowed("visits.view", scope, county):
        return links.none()
    seen = {visit.code for visit in visits_of(scope, county)}
    codes = links.values_list("id", "object_code")
    return links.filter(id__in=[id for id, code in codes if code.split(":")[0] in seen])
