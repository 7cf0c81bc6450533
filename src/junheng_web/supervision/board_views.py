"""How it stands by unit, and who is late."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from junheng_web.notices.models import Robot
from junheng_web.notices.robot_services import robots_say
from junheng_web.organisation.permissions import permitted
from junheng_web.supervision.boards import LONGEST, late_list, late_text, lines


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
    """Who is late: a text to be copied, and the tasks one by one, each to be urged, with whom to call."""
    today = timezone.localdate()
    rows, more = late_list(request.county, today)
    robots = Robot.objects.of(request.county).filter(used=True)
    told = {"rows": rows, "more": more, "text": late_text(rows, more, today), "robots": robots}
    return render(request, "supervision/late.html", told)


@permitted("supervision.manage")
@require_POST
def late_send(request: HttpRequest) -> HttpResponse:
    """Send a text to the work groups, because the office asks; the same text goes there once a day."""
    text = request.POST.get("text", "").strip()[:LONGEST]
    if text:
        said = hashlib.sha256(text.encode()).hexdigest()[:16]
        key = f"late:{timezone.localdate()}:{said}"
        many = robots_say(by=request.scope, county=request.county, key=key, text=text)
        messages.success(
            request,
            f"已交给 {many} 个工作群的机器人，一两分钟内发出；夜里的早上发。" if many else "同样的话今天已经发过了。",
        )
    return redirect("supervision:late", request.county.code)
