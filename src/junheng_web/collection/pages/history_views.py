"""A cell's history: every value that it has had, whose word each is, and the evidence attached to it."""

from __future__ import annotations

import json

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from junheng_web.collection.handing.approving import may_fill
from junheng_web.collection.handing.proofs import entry_prove
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.ledger.values import Key
from junheng_web.collection.pages.forms import ProofForm
from junheng_web.collection.pages.views import UNUSABLE, key_of, subject_of
from junheng_web.collection.shown import telling
from junheng_web.organisation.permissions import permitted


@permitted("collection.view")
@require_GET
def history(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """Every value that a cell has had, with the evidence of each."""
    one = subject_of(request, period, basis, kind, code)
    return _page(request, one, _cell(request, one), ProofForm())


def _cell(request: HttpRequest, one: Subject) -> Key:
    """Return the cell of the form that an address names. Raises Http404."""
    try:
        key = key_of(json.loads(request.GET.get("key", "")))
    except (RecursionError, ValueError, KeyError, TypeError):
        raise Http404 from None
    if not one.has(key):
        raise Http404
    return key


def _page(request: HttpRequest, one: Subject, key: Key, form: ProofForm) -> HttpResponse:
    told = telling.history(one, key)
    fills = may_fill(request.scope, one) and not one.period.frozen and bool(told["entries"])
    status = UNUSABLE if form.errors else 200
    return render(
        request, "collection/history.html", {"subject": one, **told, "form": form if fills else None}, status=status
    )


@permitted("collection.enter")
@require_POST
def prove(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """Attach a file to what a cell holds."""
    one = subject_of(request, period, basis, kind, code)
    key, form = _cell(request, one), ProofForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, one, key, form)
    try:
        entry_prove(by=request.scope, one=one, key=key, **form.cleaned_data)
    except (Locked, ValidationError) as why:
        form.add_error("file", str(why) if isinstance(why, Locked) else why)
        return _page(request, one, key, form)
    return redirect(f"{request.path.removesuffix('prove')}history?{request.GET.urlencode()}")
