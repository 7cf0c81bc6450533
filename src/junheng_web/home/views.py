"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from junheng_web.organisation.permissions import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the county that one acts in, or say that one holds no post."""
    if request.scope.county is None:
        return render(request, "home/no_post.html")
    return redirect("assessment:overview", request.scope.county.code)
