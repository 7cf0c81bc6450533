"""The one table of who may do what. Every view, export, download and API call asks here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from junheng_web.organisation.areas import Area
from junheng_web.organisation.people import Post
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

View = Callable[..., HttpResponse]
PUBLIC, SIGNED_IN = "public", "signed_in"
EVERY_ROLE = frozenset(Role)
COUNTY = frozenset({Role.LEADER, Role.OFFICE, Role.UNIT_STAFF, Role.DESK, Role.TOWN_STAFF})
SCHOOL = frozenset({Role.SCHOOL_HEAD, Role.SCHOOL_CLERK})
# Whoever visits schools for the county.
VISITING = frozenset({Role.OFFICE, Role.DESK, Role.INSPECTOR})
OUTSIDE = frozenset({Role.ASSESSOR, Role.AUDITOR, Role.AREA_VIEWER})

PERMISSIONS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        # Of posts in an area above counties: a county's own post reaches no area above.
        "areas.view": frozenset({Role.LEADER, Role.OFFICE, Role.DESK, Role.AUDITOR, Role.AREA_VIEWER}),
        "assessment.view": COUNTY | SCHOOL | VISITING | OUTSIDE,
        "assessment.try": COUNTY | SCHOOL,
        "assessment.keep": frozenset({Role.OFFICE}),
        "assessment.declare": frozenset({Role.OFFICE}),
        "assessment.schedule": frozenset({Role.OFFICE}),
        "boards.wall": frozenset({Role.LEADER, Role.OFFICE}),
        "boards.unit": COUNTY,
        "boards.school": SCHOOL | frozenset({Role.LEADER, Role.OFFICE}),
        "boards.map": COUNTY | SCHOOL | VISITING | OUTSIDE,
        "boards.maps": frozenset({Role.OFFICE}),
        "collection.view": COUNTY | SCHOOL | frozenset({Role.AUDITOR}),
        "collection.enter": SCHOOL | frozenset({Role.OFFICE, Role.UNIT_STAFF, Role.DESK, Role.TOWN_STAFF}),
        "collection.preview": frozenset({Role.LEADER, Role.OFFICE, Role.DESK}),
        "collection.manage": frozenset({Role.OFFICE}),
        "collection.read_submitted": OUTSIDE | frozenset({Role.LEADER, Role.OFFICE}),
        "collection.lock": frozenset({Role.OFFICE}),
        "dossier.view": COUNTY | SCHOOL | OUTSIDE,
        "dossier.hand_in": SCHOOL | frozenset({Role.OFFICE, Role.UNIT_STAFF, Role.DESK, Role.TOWN_STAFF}),
        "dossier.review": frozenset({Role.OFFICE, Role.DESK}),
        "dossier.approve": frozenset({Role.OFFICE}),
        "dossier.bind": frozenset({Role.OFFICE}),
        "dossier.manage": frozenset({Role.OFFICE}),
        "dossier.gaps": frozenset({Role.LEADER, Role.OFFICE, Role.AUDITOR}),
        "duties.view": COUNTY | OUTSIDE | frozenset({Role.INSPECTOR}),
        "duties.report": frozenset({Role.OFFICE, Role.UNIT_STAFF, Role.DESK, Role.TOWN_STAFF}),
        "duties.reports": frozenset({Role.LEADER, Role.OFFICE, Role.AUDITOR}),
        "duties.manage": frozenset({Role.OFFICE}),
        "evidence.view": COUNTY | SCHOOL | VISITING | OUTSIDE,
        "evidence.clear": frozenset({Role.OFFICE}),
        "evidence.add": COUNTY | SCHOOL | VISITING,
        "funding.view": COUNTY | SCHOOL | frozenset({Role.AUDITOR}),
        "funding.manage": frozenset({Role.OFFICE}),
        "funding.money": frozenset({Role.LEADER, Role.OFFICE, Role.UNIT_STAFF, Role.DESK, Role.AUDITOR}),
        "funding.record": frozenset({Role.OFFICE, Role.UNIT_STAFF, Role.DESK, Role.TOWN_STAFF, Role.SCHOOL_HEAD}),
        "funding.raise": SCHOOL | frozenset({Role.OFFICE}),
        "notices.view": EVERY_ROLE,
        "notices.robots": frozenset({Role.OFFICE}),
        "notices.mails": frozenset({Role.OFFICE, Role.ADMINISTRATOR}),
        "organisation.jobs": EVERY_ROLE,
        "organisation.audit": frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
        "organisation.accounts": frozenset({Role.ADMINISTRATOR}),
        "organisation.view": EVERY_ROLE,
        "organisation.contacts": COUNTY | SCHOOL | VISITING | frozenset({Role.ADMINISTRATOR}),
        "organisation.manage": frozenset({Role.OFFICE, Role.ADMINISTRATOR}),
        "registers.teachers": SCHOOL | frozenset({Role.LEADER, Role.OFFICE, Role.DESK}),
        "registers.enter": SCHOOL | frozenset({Role.OFFICE, Role.DESK}),
        "registers.staffing": SCHOOL | frozenset({Role.LEADER, Role.OFFICE, Role.DESK, Role.UNIT_STAFF}),
        "registers.manage": frozenset({Role.OFFICE, Role.DESK}),
        "registers.readers": frozenset({Role.OFFICE}),
        "rectification.view": COUNTY | SCHOOL | frozenset({Role.INSPECTOR, Role.AUDITOR}),
        "rectification.answer": frozenset({Role.OFFICE, Role.UNIT_STAFF, Role.DESK, Role.TOWN_STAFF, Role.SCHOOL_HEAD}),
        "rectification.manage": frozenset({Role.OFFICE}),
        "rectification.vetoes": COUNTY | frozenset({Role.AUDITOR}),
        "rectification.declare": frozenset({Role.OFFICE, Role.UNIT_STAFF, Role.DESK, Role.TOWN_STAFF}),
        "rectification.incidents": COUNTY,
        "rectification.settle": frozenset({Role.OFFICE}),
        "rectification.figures": frozenset({Role.LEADER, Role.OFFICE}),
        "reports.view": COUNTY | OUTSIDE,
        "reports.write": frozenset({Role.OFFICE}),
        "reports.review": COUNTY,
        "reports.checklist": frozenset({Role.LEADER, Role.OFFICE}),
        "reports.pack": frozenset({Role.OFFICE}),
        "rules.view": EVERY_ROLE,
        "visits.view": VISITING | SCHOOL | frozenset({Role.LEADER, Role.ASSESSOR, Role.AUDITOR}),
        "visits.enter": VISITING,
        "visits.reply": frozenset({Role.OFFICE, Role.SCHOOL_HEAD}),
        "visits.results": frozenset({Role.LEADER, Role.OFFICE, Role.DESK, Role.ASSESSOR, Role.AUDITOR}),
        "visits.confirm": frozenset({Role.OFFICE, Role.DESK}),
        "visits.manage": frozenset({Role.OFFICE}),
        "planning.view": frozenset({Role.LEADER, Role.OFFICE, Role.DESK}),
        "planning.edit": frozenset({Role.OFFICE, Role.DESK}),
        "planning.adopt": frozenset({Role.OFFICE}),
        "scrutiny.view": frozenset({Role.LEADER, Role.OFFICE}),
        "scrutiny.verify": frozenset({Role.OFFICE}),
        "supervision.view": COUNTY | SCHOOL | frozenset({Role.AUDITOR}),
        "supervision.manage": frozenset({Role.OFFICE}),
        "supervision.compare": frozenset({Role.LEADER, Role.OFFICE}),
        "supervision.sign": frozenset({Role.LEADER, Role.OFFICE}),
        "supervision.instruct": frozenset({Role.LEADER, Role.OFFICE}),
        "statistics.view": frozenset({Role.LEADER, Role.OFFICE, Role.DESK, Role.AUDITOR}),
        "statistics.manage": frozenset({Role.OFFICE}),
    }
)


def allowed(permission: str, scope: Scope, area: Area) -> bool:
    """Return whether a post that the scope holds in the area, or above it, may do this. Raises KeyError for no such."""
    return not PERMISSIONS[permission].isdisjoint(scope.roles_in(area))


def may_sign(post: Post) -> bool:
    """Whether a post signs nothing, or belongs to a unit and may enter what is in the unit's forms."""
    return not post.signs or (post.unit is not None and Role(post.role) in PERMISSIONS["collection.enter"])


def who_may(permission: str) -> str:
    """Return the roles that may do this, in words."""
    roles = PERMISSIONS[permission]
    return "全部岗位" if roles == EVERY_ROLE else "、".join(role.label for role in Role if role in roles)


def permitted(permission: str) -> Callable[[View], View]:
    """Guard a view of a county: it gets `request.county`; another county is 404, another post's work 403."""
    return _guard(permission, "county", lambda scope: scope.counties())


def permitted_above(permission: str) -> Callable[[View], View]:
    """Guard a view of an area above counties: it gets `request.area`.

    An area that no post of the reader's stands in or above is 404, another post's work 403.
    """
    return _guard(permission, "area", lambda scope: scope.areas())


def _guard(permission: str, name: str, reached: Callable[[Scope], QuerySet[Area]]) -> Callable[[View], View]:
    """Return the guard of a view whose address names, by its code, one of the areas that a scope reaches."""
    if permission not in PERMISSIONS:
        raise KeyError(f"no such permission: {permission}")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
            if request.scope is None:
                return redirect_to_login(request.get_full_path())
            code = more.pop(f"{name}_code")
            area = reached(request.scope).filter(code=code).select_related("parent__parent").first()
            if area is None:
                raise Http404
            if not allowed(permission, request.scope, area):
                raise PermissionDenied
            setattr(request, name, area)
            return view(request, *args, **more)

        guarded.permission = permission
        return guarded

    return guard


def signed_in(view: View) -> View:
    """Guard a view that belongs to no county, but to somebody."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        if request.scope is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **more)

    guarded.permission = SIGNED_IN
    return guarded


def public(view: View) -> View:
    """Say that anybody may see a view."""
    view.permission = PUBLIC
    return view
