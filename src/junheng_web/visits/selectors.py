"""Reads that a reader's rights bound: which visits one may see, and what of them one may do or read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from django.db.models import Q, QuerySet

from junheng_web.collection.models import Period
from junheng_web.organisation.contacting import told_by
from junheng_web.organisation.following import Follows, follows
from junheng_web.organisation.models import Area, Post, School
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.visits.models import Assignment, Visit

# The roles that see every visit, drafts and all.
SEE_ALL = frozenset({Role.LEADER, Role.OFFICE, Role.DESK, Role.AUDITOR})
AT_SCHOOL = frozenset({Role.SCHOOL_HEAD, Role.SCHOOL_CLERK})
VISITORS = frozenset({Role.INSPECTOR, Role.DESK})
# No row; an empty condition would vanish where it is joined to another.
NONE = Q(pk__in=[])
DONE = (Visit.Status.FINISHED, Visit.Status.CORRECTED)


def period_named(scope: Scope, county: Area, code: str) -> Period:
    """Return a period of the county. Raises Period.DoesNotExist."""
    return Period.objects.visible_to(scope).of(county).select_related("county").get(code=code)


def newest_period(scope: Scope, county: Area) -> Period | None:
    """Return the county's newest period, if it has one."""
    return Period.objects.visible_to(scope).of(county).select_related("county").first()


def own_posts(scope: Scope, county: Area, roles: frozenset[Role]) -> list[Post]:
    """Return the posts with some of the roles that one holds in the county."""
    return [post for post in scope.posts_in(county) if post.role in roles]


def assigned_schools(scope: Scope, county: Area) -> QuerySet[School]:
    """Return the schools that one's posts visit."""
    own = own_posts(scope, county, frozenset({Role.INSPECTOR}))
    schools = Assignment.objects.of(county).filter(post__in=own).values("school")
    return School.objects.of(county).filter(id__in=schools)


def visits_of(scope: Scope, county: Area) -> QuerySet[Visit]:
    """Return the visits that one may see: besides one's own, for an assessor all that are finished (P6)."""
    every = Visit.objects.visible_to(scope).of(county).select_related("county", "period__county", "school", "post")
    assessed = Q(status__in=DONE) if Role.ASSESSOR in scope.roles_in(county) else NONE
    return every.filter(_own(scope, county) | assessed)


def _own(scope: Scope, county: Area) -> Q:
    """Return which visits are one's own: all for the county's offices, a visitor's, a school's that are finished."""
    if SEE_ALL & scope.roles_in(county):
        return ~NONE
    visiting = own_posts(scope, county, VISITORS)
    at_home = [post.school_id for post in own_posts(scope, county, AT_SCHOOL)]
    assigned = Q(school__in=assigned_schools(scope, county))
    return Q(post__in=visiting) | assigned | Q(status__in=DONE, school__in=at_home)


def visit_named(scope: Scope, county: Area, period: str, number: int) -> Visit:
    """Return a visit that one may see. Raises Visit.DoesNotExist."""
    return visits_of(scope, county).get(period__code=period, number=number)


def may_fill(scope: Scope, visit: Visit) -> bool:
    """Whether one may write down what was seen, or correct it: the visitor, and the office from paper (代录)."""
    own = {post.id for post in own_posts(scope, visit.county, VISITORS)}
    return visit.post_id in own or Role.OFFICE in scope.roles_in(visit.county)


def may_reply(scope: Scope, visit: Visit) -> bool:
    """Whether one may reply for the school: its head, and the office from paper (代录)."""
    heads = own_posts(scope, visit.county, frozenset({Role.SCHOOL_HEAD}))
    at_home = bool(visit.school_id) and visit.school_id in {post.school_id for post in heads}
    return not visit.draft and (at_home or (bool(visit.school_id) and Role.OFFICE in scope.roles_in(visit.county)))


def reads_papers(scope: Scope, visit: Visit) -> bool:
    """Whether one reads remarks and replies: they are working papers, and are not for assessors (P6)."""
    return Visit.objects.visible_to(scope).filter(_own(scope, visit.county), id=visit.id).exists()


@told_by(Role.INSPECTOR.label)
def inspectors(county: Area) -> Mapping[str, Post]:
    """Return which post visits each school, by the school's code."""
    return {one.school.code: one.post for one in Assignment.objects.of(county).select_related("school", "post")}


@follows("visits")
def hangs_on(post: Post, day: dt.date) -> Iterator[Follows]:
    """Yield the schools that a post visits, and the visits that it has begun."""
    if schools := list(Assignment.objects.filter(post=post).values_list("school__name", flat=True)):
        yield Follows("归他督导的学校", f"{len(schools)} 所：{'、'.join(schools)}")
    if begun := Visit.objects.filter(post=post, status=Visit.Status.DRAFT).count():
        yield Follows("没有完成的督导查看", f"{begun} 次")
