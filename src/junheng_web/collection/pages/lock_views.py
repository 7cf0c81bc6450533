"""The page of a period's locks: how things stand, who locked or opened what, and why."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from junheng_web.collection.ledger import locking
from junheng_web.collection.ledger.locks import Level
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.pages.forms import LockForm
from junheng_web.collection.pages.views import UNUSABLE, period_of
from junheng_web.organisation.permissions import permitted


@permitted("collection.lock")
@require_http_methods(["GET", "POST"])
def locks(request: HttpRequest, period: str) -> HttpResponse:
    """Show a period's locks, and lock, open, freeze or thaw."""
    one, form = period_of(request, period), LockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _done(request, one, **form.cleaned_data))
            return redirect(request.path)
        except (Locked, ValidationError) as why:
            form.add_error(None, str(why) if isinstance(why, Locked) else why)
    status = UNUSABLE if form.errors else 200
    return render(request, "collection/locks.html", {"form": form, **locking.locks(one)}, status=status)


def _done(request: HttpRequest, period: locking.Period, what: str, level: str, note: str) -> str:
    if what == "period":
        frozen = level == Level.ALL
        lock = locking.period_freeze(by=request.scope, period=period, frozen=frozen, note=note)
    else:
        ledger = period.ledgers.get(basis=what)
        lock = locking.ledger_lock(by=request.scope, ledger=ledger, level=level, note=note)
    return f"{lock.about}：{lock.deed}。"
