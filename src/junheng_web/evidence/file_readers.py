"""Who may read files that belong to an indicator, to a school, or to whoever handed them in as well."""

from __future__ import annotations

from django.db.models import QuerySet

from junheng_web.evidence.kinds import OBJECTS, SENDER
from junheng_web.evidence.models import Link
from junheng_web.evidence.readers import read_by
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import PERMISSIONS, SCHOOL
from junheng_web.organisation.scopes import Scope

EVERY_SCHOOL = PERMISSIONS["evidence.view"] - SCHOOL


@read_by("indicator", OBJECTS["indicator"])
def of_indicators(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """An indicator is the whole county's."""
    return links


@read_by("school", OBJECTS["school"])
def of_schools(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """A school's files are for the school, and for whoever has to do with all schools."""
    if EVERY_SCHOOL & scope.roles_in(county):
        return links
    own = [post.school.code for post in scope.posts_in(county) if post.school]
    return links.filter(object_code__in=own)


@read_by(SENDER, "又交过的人")
def of_senders(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """Whoever handed in the same content has it anyway."""
    return links.filter(object_code=str(scope.account.id))
