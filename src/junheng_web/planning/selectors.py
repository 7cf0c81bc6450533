"""Reads of the room: which searches and scenarios somebody sees, and from which runs one may start."""

from __future__ import annotations

from django.db.models import QuerySet

from junheng_web.assessment.models import Run
from junheng_web.assessment.selectors import runs_of
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope
from junheng_web.planning.models import Adoption, PlanRun, Scenario

# From so many of the newest runs one may start.
BASES = 20


def plans_of(scope: Scope, county: Area) -> QuerySet[PlanRun]:
    """Return the county's searches, the newest first."""
    known = ("county", "base__snapshot", "base__rules", "terms", "job")
    return (
        PlanRun.objects.visible_to(scope)
        .of(county)
        .select_related(*known)
        .defer("base__answer", "base__rules__content")
    )


def plan_numbered(scope: Scope, county: Area, number: int) -> PlanRun:
    """Return a search. Raises PlanRun.DoesNotExist."""
    return plans_of(scope, county).get(number=number)


def scenarios_of(scope: Scope, county: Area) -> QuerySet[Scenario]:
    """Return the scenarios that somebody may read, the newest first."""
    readable = Scenario.readable(scope.account.id, maker=allowed("planning.edit", scope, county))
    known = ("county", "base__snapshot", "base__rules", "terms")
    own = Scenario.objects.visible_to(scope).of(county).filter(readable)
    return own.select_related(*known).defer("base__answer", "base__rules__content")


def scenario_numbered(scope: Scope, county: Area, number: int) -> Scenario:
    """Return a scenario that somebody may read. Raises Scenario.DoesNotExist."""
    return scenarios_of(scope, county).get(number=number)


def may_edit(scope: Scope, scenario: Scenario) -> bool:
    """Whether somebody changes a scenario: his own, or one that is shared with those who make plans."""
    if not allowed("planning.edit", scope, scenario.county):
        return False
    return scenario.by_account == scope.account.id or scenario.shared == Scenario.Shared.MAKERS


def bases_of(scope: Scope, county: Area) -> list[Run]:
    """Return the runs from which one may start, the official one first."""
    runs = list(runs_of(scope, county)[:BASES])
    return sorted(runs, key=lambda run: (not run.official, -run.id))


def adoptions_of(scope: Scope, county: Area) -> QuerySet[Adoption]:
    """Return the versions of a county's adopted plan, the newest first."""
    known = ("county", "plan__county", "plan__base__snapshot", "plan__base__rules", "plan__job")
    own = Adoption.objects.visible_to(scope).of(county).select_related(*known)
    return own.defer("plan__base__answer", "plan__base__rules__content")
