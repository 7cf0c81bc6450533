"""What every page's frame shows of the reader: the post acted for, the others, the county, and if it is invented."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def acting(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's words about who is reading."""
    scope = getattr(request, "scope", None)
    if scope is None:
        return {"scope": None, "county": None}
    county = getattr(request, "county", None) or scope.county
    return {"scope": scope, "county": county, "invented": bool(county and county.invented)}
