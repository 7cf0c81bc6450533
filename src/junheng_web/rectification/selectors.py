"""Reads that a reader's rights bound: which issues one may see, and what one may do to them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from junheng_web.organisation.models import Area, Post
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification.deeds import DEEDS, SEND, Deed, fits
from junheng_web.rectification.models import Issue, IssueStep
from junheng_web.supervision.selectors import AT_UNITS, own_units
from junheng_web.visits.selectors import assigned_schools

SEE_ALL = frozenset({Role.LEADER, Role.OFFICE, Role.AUDITOR})
AT_SCHOOL = frozenset({Role.SCHOOL_HEAD, Role.SCHOOL_CLERK})
NONE = Q(pk__in=[])


def sees_all(scope: Scope, county: Area) -> bool:
    """Whether one sees every unit's issues: comparisons between units stay with the office (P3)."""
    return bool(SEE_ALL & scope.roles_in(county))


def issues_of(scope: Scope, county: Area) -> QuerySet[Issue]:
    """Return the issues that one may see: the office all, a unit and its desks their own once sent, a school its own.

    What is not sent yet is the office's working paper (P3).
    """
    every = Issue.objects.visible_to(scope).of(county).select_related("county", "school", "unit", "desk", "period")
    if sees_all(scope, county):
        return every
    sent = IssueStep.objects.filter(issue=OuterRef("pk"), deed=SEND)
    return every.filter(Exists(sent), _own(scope, county))


def _own(scope: Scope, county: Area) -> Q:
    units = own_units(scope, county)
    schools = [post.school_id for post in _posts(scope, county, AT_SCHOOL)]
    visited = Q(school__in=assigned_schools(scope, county))
    return Q(unit__in=units) | Q(desk__in=units) | Q(school__in=schools) | visited


def _posts(scope: Scope, county: Area, roles: Collection[Role]) -> list[Post]:
    return [post for post in scope.posts_in(county) if post.role in roles]


def issue_numbered(scope: Scope, county: Area, number: int) -> Issue:
    """Return an issue that one may see. Raises Issue.DoesNotExist."""
    return issues_of(scope, county).get(number=number)


def may_do(scope: Scope, issue: Issue, deed: Deed) -> bool:
    """Whether one may do a deed to an issue: the office any, the others to what is their own to answer for."""
    roles = scope.roles_in(issue.county)
    if Role.OFFICE in roles & deed.who:
        return True
    heads = {post.school_id for post in _posts(scope, issue.county, {Role.SCHOOL_HEAD} & deed.who)}
    at = set(own_units(scope, issue.county)) if roles & deed.who & AT_UNITS else set()
    answers = {issue.unit_id, issue.desk_id} & at
    return bool(answers - {None} or {issue.school_id} & heads - {None})


def offered(scope: Scope, issue: Issue) -> list[Deed]:
    """Return the deeds that one may do to an issue as it is."""
    return [one for one in DEEDS.values() if fits(one, issue) and may_do(scope, issue, one)]
