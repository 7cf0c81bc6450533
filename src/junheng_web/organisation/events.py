"""Upwards only by events: a service writes one, and the reactions of the rooms above handle it later."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog
from django.db import transaction

from junheng_web.organisation.areas import Area
from junheng_web.organisation.journal import Event, Handled

log = structlog.get_logger(__name__)
Reaction = Callable[[Event], None]


def announce(kind: str, *, county: Area, of: tuple[str, str]) -> Event:
    """Write that official state changed, in the caller's transaction."""
    return Event.objects.create(kind=kind, county=county, object_kind=of[0], object_code=of[1])


def react(reactions: Mapping[str, tuple[str, Reaction]]) -> int:
    """Let each reaction (name: kind of event, what it does) handle what it has not yet; return how many it handled.

    At least once: each is idempotent. One that fails is tried again with its event the next time, and holds up neither
    the other reactions nor its own later events.
    """
    handled = 0
    for name, (kind, reaction) in reactions.items():
        for event in Event.objects.filter(kind=kind).exclude(handled__reaction=name).order_by("id"):
            handled += _handle(event, name, reaction)
    return handled


def _handle(event: Event, name: str, reaction: Reaction) -> bool:
    try:
        with transaction.atomic():
            reaction(event)
            Handled.objects.create(event=event, reaction=name)
    except Exception:
        log.exception("reaction failed", reaction=name, event_id=event.id, kind=event.kind)
        return False
    return True
