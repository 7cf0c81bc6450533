"""Who may read files that belong to a run, or to the facts that it rests on: whoever sees results."""

from __future__ import annotations

from django.db.models import QuerySet

from junheng_web.evidence.kinds import OBJECTS
from junheng_web.evidence.models import Link
from junheng_web.evidence.readers import read_by
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope


@read_by("run", OBJECTS["run"])
@read_by("snapshot", OBJECTS["snapshot"])
def of_results(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """A result is for whoever sees results."""
    return links if allowed("assessment.view", scope, county) else links.none()
