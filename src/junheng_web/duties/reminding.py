"""Reminders of what is to be reported: once for a unit and a day, to whoever works there (P3, P4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse

from junheng_web.duties.dues import REMIND_DAYS, Slot, slots
from junheng_web.duties.models import Bearer, Duty
from junheng_web.duties.selectors import reports_on, told_for
from junheng_web.notices.services import notice_send
from junheng_web.organisation.models import Area, Unit


def remind(today: dt.date) -> int:
    """Remind units of what they have not reported and is due within days; return how many posts were told.

    One notice tells of all that is due on the same day, and is not repeated: what is late, the office takes up.
    """
    counties = Duty.objects.exclude(cadence="").values("county")
    return sum(_remind_county(county, today) for county in Area.objects.filter(id__in=counties))


def _remind_county(county: Area, today: dt.date) -> int:
    bearers = list(Bearer.objects.of(county).exclude(duty__cadence="").select_related("duty", "unit"))
    reports, due = reports_on(county, bearers), {}
    for one in (one for one in bearers if one.duty.asked_on(today)):
        for slot in slots(one.duty, today):
            near = slot.last < today <= slot.due <= today + dt.timedelta(days=REMIND_DAYS)
            if near and (one.duty_id, one.unit_id, slot.code) not in reports:
                due.setdefault((one.unit, slot.due), []).append(slot)
    return sum(_tell(county, unit, day, own) for (unit, day), own in due.items())


def _tell(county: Area, unit: Unit, day: dt.date, own: Iterable[Slot]) -> int:
    slots_due = list(own)
    labels = "、".join(dict.fromkeys(slot.label for slot in slots_due))
    text = f"{unit.name}：{labels}还有 {len(slots_due)} 条职责没有报，{day:%Y-%m-%d} 前报；选一个就行，不用传材料"
    told = {"key": f"duties:{unit.code}:{day}", "text": text, "url": reverse("duties:mine", args=[county.code])}
    return notice_send(by=None, county=county, posts=told_for(county, unit), mailed=True, **told)
