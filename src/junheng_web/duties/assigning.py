"""Duties that the office assigns, beside what a document prints: marked as such, several at a time."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from junheng_web.duties.models import Duty, UnitName
from junheng_web.duties.services import Asked, Origin, duty_add
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope


@transaction.atomic
def duties_assign(*, by: Scope | None, county: Area, units: Sequence[Unit], asked: Sequence[Asked], source: str) -> int:
    """Assign duties to units, all or none, and return how many. Raises ValidationError as `duty_add` does."""
    for one in asked:
        origin = Origin(Duty.Kind.ASSIGNED, heading_of(units), source)
        duty_add(by=by, county=county, origin=origin, asked=one, units=units)
    return len(asked)


def heading_of(units: Sequence[Unit]) -> str:
    """Return above what a duty of these units stands: what the document writes of just them, else their names.

    A duty of one town does not come under the paragraph that all of them share.
    """
    own = {unit.id for unit in units}
    written = UnitName.objects.filter(unit__in=own, part=UnitName.Part.DUTIES).values_list("name", flat=True)
    for name in dict.fromkeys(written):
        same = UnitName.objects.filter(county=units[0].county_id, part=UnitName.Part.DUTIES, name=name)
        if set(same.values_list("unit", flat=True)) == own:
            return name
    return "、".join(unit.name for unit in units)[:120]
