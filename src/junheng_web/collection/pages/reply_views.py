"""The page on which the office enters what a letter says."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from junheng_web.collection.handing.approving import status_of
from junheng_web.collection.handing.replying import form_reply
from junheng_web.collection.ledger.addresses import form_address
from junheng_web.collection.ledger.locks import lock_told
from junheng_web.collection.ledger.saving import Locked, Saved
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.collection.ledger.values import choices_of, kept_of, shown
from junheng_web.collection.pages.forms import ReplyForm
from junheng_web.collection.pages.views import UNUSABLE, subject_of
from junheng_web.collection.shown import telling
from junheng_web.organisation.permissions import permitted


@permitted("collection.manage")
@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """Enter a letter: who wrote it, the scan, and what it says; what is wrong stays as it was typed."""
    one = subject_of(request, period, basis, kind, code)
    form, saved = ReplyForm(request.POST or None, request.FILES or None), Saved()
    if request.method == "POST" and form.is_valid():
        try:
            texts = [(field.key, request.POST.get(_name(field.key), ""), None) for field in one.fields]
            saved = form_reply(by=request.scope, one=one, texts=texts, **form.cleaned_data)
            if not saved.problems:
                messages.success(request, f"已代录 {len(saved.cells)} 格，来函附在每个数上。")
                return redirect(form_address(one, "form"))
            form.add_error(None, "有的数不能用，什么也没有录入：请看下面红字")
        except (Locked, ValidationError) as why:
            form.add_error(None, str(why) if isinstance(why, Locked) else why)
    return render(request, "collection/reply.html", _told(request, one, form, saved), status=_status(form))


def _status(form: ReplyForm) -> int:
    return UNUSABLE if form.errors else 200


def _name(key: tuple[str, str, str]) -> str:
    return f"cell-{json.dumps(key)}"


def _told(request: HttpRequest, one: Subject, form: ReplyForm, saved: Saved) -> dict[str, Any]:
    cells = telling.cells_shown(one.ledger, one)
    rows = [
        {
            "field": field,
            "name": _name(field.key),
            "typed": request.POST.get(_name(field.key), ""),
            "choices": list(choices_of(field.column).items()),
            "shown": shown(kept_of(cells[field.key]) if field.key in cells else None, field.key),
            "problem": saved.problems.get(field.key),
        }
        for field in one.fields
    ]
    status = Submission.Status(status_of(one))
    told = {"subject": one, "form": form, "rows": rows, "draft": status == Submission.Status.DRAFT}
    return {**told, "status": status.label, "lock": lock_told(one.ledger)}
