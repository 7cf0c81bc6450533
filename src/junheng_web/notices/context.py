"""How much there is to read, for the frame of every page that shows it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from junheng_web.notices.selectors import unread_of
from junheng_web.organisation.context import county_of


def unread(request: HttpRequest) -> dict[str, Any]:
    """Return how many notices the reader has not read, counted where a page asks, and the county whose they are.

    It is the reader's even where a page shows another county's public document.
    """
    scope, county = getattr(request, "scope", None), county_of(request)
    if scope is None or county is None:
        return {"unread": 0, "told_in": None}
    return {"told_in": county, "unread": SimpleLazyObject(lambda: unread_of(scope, county).count())}
