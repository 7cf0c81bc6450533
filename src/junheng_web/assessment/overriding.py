"""What is known above the runs and overrides a verdict at once: veto items that are confirmed, whatever a run says.

The room that knows it says so in its `overriders.py`, which is found the first time that somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache

from django.utils.module_loading import autodiscover_modules

from junheng_web.organisation.models import Area

# The veto items, by their ids in the rule book, that are confirmed in a county.
Known = Callable[[Area], Collection[str]]
_KNOWN: list[Known] = []


def overrides(known: Known) -> Known:
    """Let a room's veto items override the verdict of a run."""
    _KNOWN.append(known)
    return known


def confirmed(county: Area) -> frozenset[str]:
    """Return the veto items that are confirmed in a county now."""
    _discover()
    return frozenset(id for known in _KNOWN for id in known(county))


@cache
def _discover() -> None:
    autodiscover_modules("overriders")
