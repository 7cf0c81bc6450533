"""How it stands by unit, and who is late."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from junheng_web.organisation.permissions import permitted
from junheng_web.supervision.boards import late_text, lines
from junheng_web.supervision.selectors import late_tasks


@permitted("supervision.compare")
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """How it stands by unit, in the document's order; it stays with the office and the leader (P3)."""
    found = lines(request.county, timezone.localdate())
    every = request.GET.get("every") == "1"
    shown = found if every else [one for one in found if one.sent]
    return render(
        request, "supervision/board.html", {"lines": shown, "every": every, "hidden": len(found) - len(shown)}
    )


@permitted("supervision.manage")
@require_GET
def late(request: HttpRequest) -> HttpResponse:
    """Who is late: a text to be copied, and the tasks one by one, each to be urged."""
    today = timezone.localdate()
    rows = [(one, (today - one.due).days) for one in late_tasks(request.county, today)]
    return render(request, "supervision/late.html", {"rows": rows, "text": late_text(request.county, today)})
