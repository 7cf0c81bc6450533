"""What the room makes of events: a value that was approved, withdrawn, declared or taken back moves its issues."""

from __future__ import annotations

from junheng_web.organisation.models import Event
from junheng_web.rectification.judging import issues_judge


def values_changed(event: Event) -> None:
    """Judge the county's issues by the values of today; whatever happened, the same question is asked anew."""
    issues_judge(county=event.county)
