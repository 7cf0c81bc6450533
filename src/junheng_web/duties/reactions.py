"""What the room makes of events of the rooms below; however often one is handled, it comes to the same."""

from __future__ import annotations

import datetime as dt

from junheng_web.duties.models import Duty
from junheng_web.duties.services import duty_end
from junheng_web.organisation.models import Event, Group


def group_dissolved(event: Event) -> None:
    """End the county's duties once no working group stands: reports stop, and all of it stays readable (P18)."""
    groups = Group.objects.of(event.county)
    group = groups.get(code=event.object_code)
    if group.dissolved is None or groups.filter(dissolved=None).exists():
        return
    after, why = group.dissolved + dt.timedelta(days=1), f"“{group}”已撤销"
    for duty in Duty.objects.of(event.county).filter(ended=None):
        duty_end(by=None, duty=duty, day=after, why=why, revision=duty.revision)
