"""The page on which a second unit confirms what concerns it in another unit's form (P14)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from junheng_web.collection.handing import agreeing
from junheng_web.collection.handing.approving import digest_of, may_take, status_of
from junheng_web.collection.handing.confirming import form_confirm
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.ledger.fields import item_of
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.ledger.subjects import NoSuchForm, Subject, subject, visible
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.collection.ledger.values import kept_of, shown
from junheng_web.collection.pages.forms import ConfirmForm
from junheng_web.collection.pages.views import UNUSABLE, ledger_of
from junheng_web.collection.shown import telling
from junheng_web.organisation.models import Unit
from junheng_web.organisation.permissions import permitted


@permitted("collection.view")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """Show a unit the items that it confirms jointly, and those alone; take its confirmation."""
    one, units = _asked(request, ledger_of(request, period, basis), kind, code)
    may = status_of(one) in DEEDS["confirm"].before and may_take(request.scope, one, DEEDS["confirm"])
    form = ConfirmForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and not may:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            form_confirm(by=request.scope, one=one, seen=request.POST.get("seen", ""), **form.cleaned_data)
            messages.success(request, f"{one.name}：会签，已办。")
            return redirect(request.path)
        except (Locked, ValidationError) as why:
            form.add_error(None, str(why) if isinstance(why, Locked) else why)
    told = {"form": form if may else None, "seen": digest_of(one), **_told(one, units)}
    return render(request, "collection/confirm.html", told, status=UNUSABLE if form.errors else 200)


def _asked(request: HttpRequest, ledger: Any, kind: str, code: str) -> tuple[Subject, list[Unit]]:
    """Return a form, and the units as whose the reader sees it: its own, or all who see the form. Raises Http404."""
    try:
        one = subject(ledger, kind, code)
    except NoSuchForm:
        raise Http404 from None
    units = agreeing.named(one, agreeing.CONFIRM)
    own = [unit for unit in units if agreeing.mine(request.scope, one, agreeing.CONFIRM, [unit])]
    asked = units if visible(request.scope, one) else own
    if not asked:
        raise Http404
    return one, asked


def _told(one: Subject, units: list[Unit]) -> dict[str, Any]:
    seconds = {each.item: each for each in agreeing.arrangements(one) if each.second in units}
    cells, left = telling.cells_shown(one.ledger, one), agreeing.waiting(one, agreeing.CONFIRM)
    rows = [
        {
            "label": field.label,
            "group": field.group,
            "value": shown(kept_of(cells[field.key]) if field.key in cells else None, field.key),
            "unit": field.unit,
            "second": seconds[item_of(field)].second,
            "terms": seconds[item_of(field)].terms,
            "done": seconds[item_of(field)].second not in left,
        }
        for field in one.fields
        if item_of(field) in seconds
    ]
    return {"subject": one, "rows": rows, "status": Submission.Status(status_of(one)).label}
