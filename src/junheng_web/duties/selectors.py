"""Reads of the room: who answers for an indicator, at which desk, and which units, duties and reports are one's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from junheng_web.assessment.models import Responsibility
from junheng_web.duties.models import Bearer, Desk, Duty, Report
from junheng_web.organisation.models import Area, Contact, Post, Unit
from junheng_web.organisation.permissions import PERMISSIONS
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

# Who sees what every unit reported, and what is late (P3: comparisons stay with the office).
SEE_ALL = frozenset({Role.LEADER, Role.OFFICE, Role.AUDITOR})
# A county with the areas above it, whose posts count in it as well.
AREAS = "county__parent__parent"
# Who reports for a unit: whoever works there. The office writes down what came on paper (代录).
AT_HOME = frozenset({Role.UNIT_STAFF, Role.DESK, Role.TOWN_STAFF})
# The roles that have the right to report at all, as the table of permissions says.
REPORTING = PERMISSIONS["duties.report"]


@dataclass(frozen=True, slots=True)
class Proposed:
    """Whom to propose for an indicator. `unit` is the lead that the office set, or the only unit there is.

    It is None where several answer and nobody was set: no lead is inferred from an order (P2). `desk` is the one that
    the office set in that unit, `post` whoever works there; `units` are all that answer, in the document's order.
    """

    unit: Unit | None
    desk: Unit | None
    post: Post | None
    units: tuple[Unit, ...]


def desk_of(county: Area, indicator: str) -> Proposed:
    """Return the unit, desk and post to propose for an indicator of a county that is resolved through a scope."""
    rows = list(Responsibility.objects.of(county).filter(indicator=indicator).select_related("unit"))
    units = tuple(one.unit for one in rows)
    leads = [one.unit for one in rows if one.lead] or (list(units) if len(units) == 1 else [])
    unit = leads[0] if len(leads) == 1 else None
    if unit is None:
        return Proposed(None, None, None, units)
    set_desk = Desk.objects.of(county).filter(indicator=indicator, unit=unit).select_related("desk").first()
    desk = set_desk.desk if set_desk else None
    return Proposed(unit, desk, _post_of(county, desk or unit), units)


def _post_of(county: Area, unit: Unit) -> Post | None:
    """Return the post that speaks for a unit (联络员, P16), or the first that works in the unit or desk."""
    return liaison_of(unit) or posts_of_unit(county, unit).first()


def liaison_of(unit: Unit) -> Post | None:
    """Return the post that speaks for a unit, where the office has named one."""
    contact = Contact.objects.filter(unit=unit, kind=Contact.Kind.LIAISON).select_related("post").first()
    return contact.post if contact else None


def posts_of_unit(county: Area, unit: Unit) -> QuerySet[Post]:
    """Return the posts of a unit or desk that do its work."""
    return Post.objects.filter(area=county, unit=unit, role__in=AT_HOME).order_by("code")


def told_for(county: Area, unit: Unit) -> list[Post]:
    """Return who is told of what a unit has to do: the post that speaks for it, else all that work there."""
    liaison = liaison_of(unit)
    every = Post.objects.filter(Q(unit=unit) | Q(unit__parent=unit), area=county, role__in=AT_HOME)
    return [liaison] if liaison else list(every)


def answers_for(unit: Unit) -> list[Responsibility]:
    """Return what a unit answers for: a row for each indicator, with whether it leads."""
    return list(Responsibility.objects.filter(county=unit.county_id, unit=unit).order_by("place"))


def units_of(scope: Scope, county: Area) -> QuerySet[Unit]:
    """Return the county's units in the document's order, without the desks inside them."""
    found = Unit.objects.visible_to(scope).of(county).filter(parent=None)
    return found.select_related(AREAS)


def desks_of(scope: Scope, county: Area) -> QuerySet[Unit]:
    """Return the desks of all units."""
    return Unit.objects.visible_to(scope).of(county).exclude(parent=None).select_related("parent")


def own_units(scope: Scope, county: Area) -> list[Unit]:
    """Return the units for which one reports; for a desk, the unit that it is a part of.

    An inspector or an assessor whose post stands in a unit reads what everybody reads: its reports are not his.
    """
    held = [post.unit_id for post in scope.posts_in(county) if post.unit_id and post.role in REPORTING]
    found = Unit.objects.of(county).filter(Q(id__in=held) | Q(desks__in=held)).filter(parent=None)
    return list(found.select_related(AREAS).distinct())


def unit_named(scope: Scope, county: Area, code: str) -> Unit:
    """Return a unit of the county. Raises Unit.DoesNotExist."""
    return units_of(scope, county).get(code=code)


def duties_of(scope: Scope, county: Area) -> QuerySet[Duty]:
    """Return the county's duties in the document's order, with the units that bear each."""
    found = Duty.objects.visible_to(scope).of(county).select_related("county")
    return found.prefetch_related("bearers__unit")


def duty_numbered(scope: Scope, county: Area, number: int) -> Duty:
    """Return a duty of the county. Raises Duty.DoesNotExist."""
    return duties_of(scope, county).get(number=number)


def borne_by(scope: Scope, county: Area, units: Iterable[Unit]) -> list[Bearer]:
    """Return which of the units bears which duty, unit by unit, in the order of each document."""
    found = Bearer.objects.visible_to(scope).of(county).filter(unit__in=list(units))
    return list(found.select_related("duty__county", "unit").order_by("unit__place", "unit__code", "duty__place"))


def sees_all(scope: Scope, county: Area) -> bool:
    """Whether one sees what every unit reported."""
    return bool(SEE_ALL & scope.roles_in(county))


def may_report(scope: Scope, unit: Unit) -> bool:
    """Whether one reports for a unit: whoever works in it, and the office from paper (代录)."""
    county = unit.county
    if Role.OFFICE in scope.roles_in(county):
        return True
    working = {post.unit_id for post in scope.posts_in(county) if post.role in AT_HOME}
    return Unit.objects.of(county).filter(Q(id=unit.id) | Q(parent=unit), id__in=working).exists()


def sees_reports(scope: Scope, unit: Unit) -> bool:
    """Whether one sees what a unit reported: they are working papers of the unit and the office (P6)."""
    return sees_all(scope, unit.county) or unit.id in {one.id for one in own_units(scope, unit.county)}


def reports_on(county: Area, bearers: Iterable[Bearer]) -> dict[tuple[int, int, str], Report]:
    """Return what counts of the reports on some duties: the last one of each duty, unit and period."""
    duties = {one.duty_id for one in bearers}
    found = Report.objects.of(county).filter(duty__in=duties).order_by("id")
    return {(one.duty_id, one.unit_id, one.period): one for one in found}
