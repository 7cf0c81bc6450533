"""Who is asking, and for which post."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from junheng_web.organisation.permissions import PUBLIC
from junheng_web.organisation.scopes import Scope, scope_of

POST = "acting_post"
# When a session last went on. It is written at most once in so many seconds: a form that is typed in asks every moment.
GONE_ON, SELDOM_S = "gone_on", 60


def _scope(request: HttpRequest) -> Scope | None:
    if not request.user.is_authenticated:
        return None
    return scope_of(request.user, timezone.localdate(), request.session.get(POST, ""))


def _go_on(request: HttpRequest) -> None:
    """Let a session last from now on, as long as somebody clicks."""
    now = int(time.time())
    if request.session.session_key and now - request.session.get(GONE_ON, 0) >= SELDOM_S:
        request.session[GONE_ON] = now


class InitialPassword:
    """Lets whoever has an initial password do nothing but change it: somebody else knows it too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *arguments: Any) -> HttpResponse | None:
        """Lead to the page on which it is changed, from every page that is not for everybody."""
        if request.scope is None or not request.scope.account.initial:
            return None
        free = getattr(view, "permission", None) == PUBLIC or request.resolver_match.view_name == "password"
        return None if free else redirect("password")


class Acting:
    """Sets `request.scope` (None without an account); and `county` and `area`, of which a guarded view fills one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.county = request.area = None
        _go_on(request)
        request.scope = _scope(request) if request.session.session_key else None
        return self.get_response(request)
