"""Who may read the files of a report: whoever reads the report; a template is for the office."""

from __future__ import annotations

from django.db.models import QuerySet

from junheng_web.evidence.models import Link
from junheng_web.evidence.readers import read_by
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope
from junheng_web.reports.selectors import reports_of
from junheng_web.reports.services import KIND, TEMPLATE


@read_by(KIND, "文稿")
def of_reports(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """What signing froze, and the Word file that a draft follows."""
    if not allowed("reports.view", scope, county):
        return links.none()
    return links.filter(
        object_code__in=[str(one) for one in reports_of(scope, county).values_list("number", flat=True)]
    )


@read_by(TEMPLATE, "文稿模板")
def of_templates(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """A county's own templates."""
    return links if allowed("reports.write", scope, county) else links.none()
