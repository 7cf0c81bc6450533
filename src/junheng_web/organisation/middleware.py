"""Who is asking, and for which post."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from junheng_web.organisation.scopes import Scope, scope_of

POST = "acting_post"


def _scope(request: HttpRequest) -> Scope | None:
    if not request.user.is_authenticated:
        return None
    return scope_of(request.user, timezone.localdate(), request.session.get(POST, ""))


class Acting:
    """Sets `request.scope` (None without an account) and `request.county`, which a guarded view fills."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.county = None
        request.scope = _scope(request) if request.session.session_key else None
        return self.get_response(request)
