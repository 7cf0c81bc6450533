"""While the server of the contents cannot be used, a page that needs one says so, and every other page works."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from junheng_web.common import errors
from junheng_web.evidence.buckets import Unavailable

AWAY = 503


class ContentsAway:
    """Answers where a view could not get at a content: one place for all rooms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return our page of status 503; what else is wrong is for others."""
        return errors.page(request, AWAY) if isinstance(exception, Unavailable) else None
