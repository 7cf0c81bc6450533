"""Confirmed incidents override the verdict of a run at once, before the form that holds the item is approved."""

from __future__ import annotations

from collections.abc import Collection

from junheng_web.assessment.overriding import overrides
from junheng_web.organisation.models import Area
from junheng_web.rectification.models import Incident
from junheng_web.rectification.vetoes import pending


@overrides
def incidents(county: Area) -> Collection[str]:
    """Return the veto items of which an incident is confirmed: which they are is for every eye, what it was is not."""
    return pending(county)[Incident.State.CONFIRMED]
