"""What the visits come to, and the office's word on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.models import Period
from junheng_web.organisation.permissions import permitted
from junheng_web.visits import confirming, showing
from junheng_web.visits.forms import ConfirmForm
from junheng_web.visits.results import Item, items_of, ledger_of
from junheng_web.visits.views import UNUSABLE, period_of


@permitted("visits.results")
@require_GET
def results(request: HttpRequest, period: str) -> HttpResponse:
    """Schools and items with their grades, and what the rule proposes for the county."""
    only = request.GET.get("only", "")
    told = showing.results(request.scope, period_of(request, period), only if only in showing.ONLY else "")
    return render(request, "visits/results.html", told)


@permitted("visits.results")
@require_GET
def item(request: HttpRequest, period: str, id: str) -> HttpResponse:
    """One item: the grade by the rule, the schools below, what stands in the ledger, who confirmed what."""
    found = period_of(request, period)
    one = _item(found, id)
    return _page(request, found, one, ConfirmForm(one, initial=_initial(found, one)))


def _item(period: Period, id: str) -> Item:
    items = items_of(period, {id})
    if id not in items:
        raise Http404
    return items[id]


def _initial(period: Period, one: Item) -> dict[str, Any]:
    return {"grade": one.proposal.grade or "", "seen": confirming.seen_of(ledger_of(period), one)}


def _page(request: HttpRequest, period: Period, one: Item, form: ConfirmForm) -> HttpResponse:
    told = showing.item(request.scope, period, one)
    return render(request, "visits/item.html", {**told, "form": form}, status=UNUSABLE if form.errors else 200)


@permitted("visits.confirm")
@require_POST
def confirm(request: HttpRequest, period: str, id: str) -> HttpResponse:
    """Put the grades of an item into the ledger."""
    found = period_of(request, period)
    one = _item(found, id)
    form = ConfirmForm(one, request.POST)
    if not form.is_valid():
        return _page(request, found, one, form)
    told = {**form.cleaned_data, "period": found, "requirement": id, "today": timezone.localdate()}
    try:
        made = confirming.grade_confirm(by=request.scope, **told)
    except ValidationError as error:
        form.add_error("reason", error)
        return _page(request, found, one, form)
    except Locked as why:
        messages.error(request, str(why))
    else:
        messages.success(request, f"{id} 已确认，写进{found}的现状口径，依据 {len(made.visits)} 份查看记录。")
    return redirect(showing.address(found, id))
