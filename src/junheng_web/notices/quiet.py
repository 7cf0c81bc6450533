"""Quiet hours: what the platform says by itself waits for the morning; what a person sends is sent."""

from __future__ import annotations

import datetime as dt

from django.conf import settings


def is_quiet(now: dt.datetime) -> bool:
    """Whether a local time is within the quiet hours, which may go over midnight; equal hours mean none."""
    begin, end = settings.QUIET_HOURS
    if begin <= end:
        return begin <= now.hour < end
    return now.hour >= begin or now.hour < end
