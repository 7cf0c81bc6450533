"""Reads of the room: drafts for whoever works on them, signed reports for whoever they are made known to."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from junheng_web.organisation.models import Area
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.reports.models import Kind, Package, Report

# Who sees every draft (P6).
WORKING = frozenset({Role.LEADER, Role.OFFICE})
# What compares units or schools stays inside the county (P3), whoever looks in from outside.
INSIDE = frozenset({Kind.BRIEF, Kind.SCHOOL_PLANS})
FROM_OUTSIDE = frozenset({Role.ASSESSOR, Role.AREA_VIEWER})


def works(scope: Scope, county: Area) -> bool:
    """Whether one sees drafts and what blocks them: the office and the leader."""
    return bool(WORKING & scope.roles_in(county))


def reports_of(scope: Scope, county: Area) -> QuerySet[Report]:
    """Return the reports that one may read: drafts only where one works on them, reviews or signs them."""
    every = Report.objects.visible_to(scope).of(county).select_related("county", "signer", "signature")
    # A list of reports does without every cell that was ever signed.
    every = every.defer("signature__tables")
    if works(scope, county):
        return every
    posts = [post.id for post in scope.posts_in(county)]
    reviewed = Report.objects.of(county).filter(reviewers__post__in=posts).exclude(status=Report.Status.DROPPED)
    signed = Q(status=Report.Status.SIGNED)
    if scope.roles_in(county) <= FROM_OUTSIDE:
        signed &= ~Q(kind__in=INSIDE)
    return every.filter(signed | Q(signer__in=posts) | Q(id__in=reviewed.values("id")))


def report_numbered(scope: Scope, county: Area, number: int) -> Report:
    """Return a report that one may read. Raises Report.DoesNotExist."""
    return reports_of(scope, county).get(number=number)


def takes_part(scope: Scope, report: Report) -> bool:
    """Whether one reads a report's versions: its drafts are for those who work on it, review or sign it (P6)."""
    posts = {post.id for post in scope.posts_in(report.county)}
    reviewed = report.reviewers.filter(post__in=posts).exists()
    return works(scope, report.county) or report.signer_id in posts or reviewed


def before_it(scope: Scope, report: Report) -> QuerySet[Report]:
    """Return the signed reports of the same kind with which one may compare a report, the newest first."""
    signed = reports_of(scope, report.county).filter(kind=report.kind, status=Report.Status.SIGNED)
    return signed.exclude(id=report.id).distinct()


def packages_of(scope: Scope, county: Area) -> QuerySet[Package]:
    """Return the packages of a county."""
    return Package.objects.visible_to(scope).of(county).select_related("county")
