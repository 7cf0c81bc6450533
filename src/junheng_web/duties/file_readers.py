"""Who may read what came with a report on a duty: whoever sees the unit's reports."""

from __future__ import annotations

from django.db.models import QuerySet

from junheng_web.duties.selectors import sees_reports, units_of
from junheng_web.evidence.models import Link
from junheng_web.evidence.readers import read_by
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope


@read_by("duty_report", "职责报送")
def of_reports(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """Reports are working papers of the unit and the office (P6)."""
    if not allowed("duties.view", scope, county):
        return links.none()
    seen = {unit.code for unit in units_of(scope, county) if sees_reports(scope, unit)}
    codes = links.values_list("id", "object_code")
    return links.filter(id__in=[id for id, code in codes if code.split(":")[1] in seen])
