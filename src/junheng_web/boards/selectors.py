"""Reads of the room: whose boards one looks at, and which map stands."""

from __future__ import annotations

from django.db.models import QuerySet

from junheng_web.boards.models import CountyMap
from junheng_web.duties.selectors import own_units
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.organisation.permissions import OUTSIDE, SCHOOL
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

# Who looks at any unit's and any school's board: comparisons between units stay with them (P3).
SEE_ALL = frozenset({Role.LEADER, Role.OFFICE})


def sees_all(scope: Scope, county: Area) -> bool:
    """Whether one looks at every unit's and every school's board."""
    return bool(SEE_ALL & scope.roles_in(county))


def units_seen(scope: Scope, county: Area) -> list[Unit]:
    """Return the units whose boards one looks at, in the document's order."""
    if sees_all(scope, county):
        return list(Unit.objects.visible_to(scope).of(county).filter(parent=None).select_related("county"))
    return own_units(scope, county)


def sees_unit(scope: Scope, county: Area, code: str) -> bool:
    """Whether one looks at the board of the unit with a code, if there is one."""
    return sees_all(scope, county) or code in {one.code for one in own_units(scope, county)}


def schools_seen(scope: Scope, county: Area) -> QuerySet[School]:
    """Return the schools whose boards one looks at: one's own, or all."""
    found = School.objects.visible_to(scope).of(county).select_related("county")
    if sees_all(scope, county):
        return found
    return found.filter(id__in=[post.school_id for post in scope.posts_in(county) if post.role in SCHOOL])


def map_of(scope: Scope, county: Area) -> CountyMap | None:
    """Return the map that stands: the newest version, unless that one took the map down."""
    newest = CountyMap.objects.visible_to(scope).of(county).select_related("county").order_by("-number").first()
    return newest if newest and newest.shapes else None


def from_outside(scope: Scope, county: Area) -> bool:
    """Whether one looks in from outside: for such a reader a map without its 审图号 is left out (P25)."""
    return scope.roles_in(county) <= OUTSIDE - {Role.AUDITOR}
