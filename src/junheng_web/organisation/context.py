"""What every page's frame shows of the reader: the post acted for, the others, the county, and if it is invented."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from junheng_web.organisation.areas import Area


def county_of(request: HttpRequest) -> Area | None:
    """Return the county that a page is about, or that its reader acts in."""
    scope = getattr(request, "scope", None)
    return getattr(request, "county", None) or (scope.county if scope else None)


def acting(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's words about who is reading."""
    scope = getattr(request, "scope", None)
    if scope is None:
        return {"scope": None, "county": None}
    area = getattr(request, "area", None)
    county = None if area else county_of(request)
    place = area or county
    return {"scope": scope, "county": county, "area": area, "invented": bool(place and place.invented)}
