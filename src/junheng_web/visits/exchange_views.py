"""A visit's workbook out and in: what a filled one would change is shown first; then all is written, or nothing."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from junheng import api as jh
from junheng_web.collection.ledger.saving import Locked
from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.organisation.permissions import permitted
from junheng_web.visits import selectors, services, sheets
from junheng_web.visits.forms import WorkbookForm
from junheng_web.visits.models import Visit
from junheng_web.visits.views import UNUSABLE, visit_of

Texts = list[tuple[tuple[str, str, str], str, int]]


def filled(request: HttpRequest, period: str, number: int) -> Visit:
    """Return the visit that an address names, if the reader writes it down. Raises Http404, PermissionDenied."""
    one = visit_of(request, period, number)
    if not selectors.may_fill(request.scope, one):
        raise PermissionDenied
    return one


@permitted("visits.enter")
@require_GET
def workbook(request: HttpRequest, period: str, visit: int) -> HttpResponse:
    """Send a visit's points as a workbook to be filled in."""
    one = filled(request, period, visit)
    headers = {"Content-Disposition": content_disposition_header(True, f"督导查看-{one.code}-{one.where}.xlsx")}
    return HttpResponse(sheets.workbook_of(one), content_type=MEDIA_TYPE, headers=headers)


@permitted("visits.enter")
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, period: str, visit: int) -> HttpResponse:
    """Take in a filled workbook and show what it would change; what was shown comes back, and is written down."""
    one = filled(request, period, visit)
    if request.method == "POST" and "texts" in request.POST:
        return _apply(request, one)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if not form.is_valid():
        return _page(request, one, {"form": form}, UNUSABLE if form.errors else 200)
    file = form.cleaned_data["file"]
    try:
        made = sheets.plan_of(one, file.read(), file.name)
    except jh.Unusable as error:
        return _page(request, one, {"problems": error.problems, "name": file.name}, UNUSABLE)
    told = {"name": file.name, "plan": made, "problems": made.problems, "texts": json.dumps(made.sent)}
    return _page(request, one, told, UNUSABLE if made.problems else 200)


def _page(request: HttpRequest, one: Visit, told: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "visits/import.html", {"visit": one, "form": WorkbookForm(), **told}, status=status)


def _apply(request: HttpRequest, one: Visit) -> HttpResponse:
    """Write down what was shown, or nothing where somebody wrote something else meanwhile."""
    try:
        told = {"texts": _texts(request.POST["texts"]), "file": request.POST.get("name", "")}
        rows = services.observations_bring(by=request.scope, visit=one, **told)
    except (RecursionError, ValueError, TypeError, LookupError):
        raise Http404 from None
    except Locked as why:
        messages.error(request, str(why))
        return redirect(one.address("import"))
    messages.success(request, f"已记下 {len(rows)} 处。看完了，请在下面点“完成查看”。")
    return redirect(one.url)


def _texts(told: str) -> Texts:
    """Return what was sent back. Raises ValueError or TypeError for what was never shown."""
    return [((str(a), str(b), str(c)), str(text), int(revision)) for (a, b, c), text, revision in json.loads(told)]
