"""The board, a form and its parts, and what is done to it."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.collection.handing import approving, checking, confirming_carried, filling
from junheng_web.collection.ledger import owning, services
from junheng_web.collection.ledger.addresses import form_address
from junheng_web.collection.ledger.locks import refused
from junheng_web.collection.ledger.periods import Ledger, Period
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.ledger.subjects import NoSuchForm, Subject
from junheng_web.collection.ledger.values import Key, column_of
from junheng_web.collection.pages.forms import DueForm
from junheng_web.collection.reminding import sending as reminding
from junheng_web.collection.shown import boards, printing, telling
from junheng_web.collection.shown.selectors import form_named, ledger_named
from junheng_web.collection.shown.waiting import waiting
from junheng_web.organisation.permissions import allowed, permitted

UNUSABLE, CONFLICT = 422, 409


def ledger_of(request: HttpRequest, period: str, basis: str) -> Ledger:
    """Return the ledger that an address names. Raises Http404."""
    try:
        return ledger_named(request.scope, request.county, period, basis)
    except Ledger.DoesNotExist:
        raise Http404 from None


def subject_of(request: HttpRequest, *named: str) -> Subject:
    """Return the form that an address names, if it is for the reader's eyes. Raises Http404."""
    try:
        return form_named(request.scope, request.county, *named)
    except (Ledger.DoesNotExist, NoSuchForm):
        raise Http404 from None


@permitted("collection.view")
@require_GET
def newest(request: HttpRequest) -> HttpResponse:
    """The newest period's board; without a period, what the first step is."""
    period = Period.objects.visible_to(request.scope).of(request.county).first()
    if period is None:
        return render(request, "collection/no_period.html", {"opens": _manages(request)})
    return board(request, county_code=request.county.code, period=period.code, basis=Ledger.Basis.CURRENT)


@permitted("collection.view")
@require_GET
def waits(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, as a part of the page that one begins with."""
    found = waiting(request.scope, request.county, timezone.localdate())
    return render(request, "collection/waits.html", {"waits": found})


def _manages(request: HttpRequest) -> bool:
    return allowed("collection.manage", request.scope, request.county)


@permitted("collection.view")
@require_GET
def board(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """How far each form is, and who is late."""
    ledger = ledger_of(request, period, basis)
    return _board(request, ledger, DueForm(initial={"day": ledger.due}) if _manages(request) else None)


def _board(request: HttpRequest, ledger: Ledger, form: DueForm | None) -> HttpResponse:
    told = boards.board(request.scope, ledger, timezone.localdate())
    rights = {"enters": "collection.enter", "previews": "collection.preview"}
    told |= {name: allowed(right, request.scope, request.county) for name, right in rights.items()}
    status = UNUSABLE if form and form.errors else 200
    return render(request, "collection/board.html", {**told, "due_form": form}, status=status)


def period_of(request: HttpRequest, code: str) -> Period:
    """Return the period that an address names. Raises Http404."""
    found = (
        Period.objects.visible_to(request.scope).of(request.county).select_related("county").filter(code=code).first()
    )
    if found is None:
        raise Http404
    return found


@permitted("collection.manage")
@require_http_methods(["GET", "POST"])
def owners(request: HttpRequest, period: str) -> HttpResponse:
    """Say which unit fills in which of the county's items."""
    one = period_of(request, period)
    if request.method == "POST":
        try:
            changed = owning.owners_set(by=request.scope, period=one, asked=request.POST.dict())
        except Locked as why:
            messages.error(request, str(why))
            return redirect(request.path)
        messages.success(request, f"已改派 {changed} 项。" if changed else "没有改动。")
        return redirect(request.path)
    return render(request, "collection/owners.html", owning.owning(one))


@permitted("collection.manage")
@require_POST
def due(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """Say until when forms are to be handed in."""
    ledger, form = ledger_of(request, period, basis), DueForm(request.POST)
    if not form.is_valid():
        return _board(request, ledger, form)
    try:
        services.due_set(by=request.scope, ledger=ledger, day=form.cleaned_data["day"])
    except Locked as why:
        form.add_error("day", str(why))
        return _board(request, ledger, form)
    messages.success(request, "截止日期已定。" if form.cleaned_data["day"] else "已取消截止日期。")
    return redirect("collection:board", request.county.code, period, basis)


@permitted("collection.manage")
@require_POST
def remind(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """Remind everybody who has not handed in."""
    ledger = ledger_of(request, period, basis)
    told = reminding.forms_remind(by=request.scope, ledger=ledger, today=timezone.localdate())
    messages.success(request, f"已提醒 {told} 个岗位。" if told else "今天都提醒过了，没有再发。")
    return redirect("collection:board", request.county.code, period, basis)


@permitted("collection.view")
@require_GET
def form(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """One form: to be filled in by whose it is, to be read by whoever signs, reviews or approves it."""
    one = subject_of(request, period, basis, kind, code)
    return render(request, "collection/form.html", telling.form(request.scope, one))


@permitted("collection.enter")
@require_POST
def save(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """Enter cells, as the page's script sends them: {"since": n, "cells": [{"key", "text", "revision"}]}."""
    one = subject_of(request, period, basis, kind, code)
    try:
        asked = json.loads(request.body)
        texts = [(key_of(cell["key"]), str(cell["text"]), cell.get("revision")) for cell in asked["cells"]]
        saved = filling.form_save(by=request.scope, one=one, texts=texts)
        since = int(asked["since"])
    except (RecursionError, ValueError, KeyError, TypeError, NoSuchForm):
        return JsonResponse({"error": "这次请求里有这份表没有的格子，请刷新页面再填"}, status=UNUSABLE)
    except Locked as why:
        return JsonResponse({"error": str(why)}, status=CONFLICT)
    changed = filling.changed_since(one, since)
    one.ledger.refresh_from_db(fields=["sequence"])
    return JsonResponse(telling.saved_told(one, saved, changed, one.ledger.sequence))


def key_of(told: Any) -> Key:
    """Return a cell's key. Raises ValueError for what is none."""
    table, row, column = (str(part) for part in told)
    column_of((table, row, column))
    return table, row, column


@permitted("collection.view")
@require_GET
def findings(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """What the checks find in a form as it is now."""
    one = subject_of(request, period, basis, kind, code)
    return render(request, "collection/findings.html", _findings(request, one))


def _findings(request: HttpRequest, one: Subject) -> dict[str, Any]:
    draft = approving.status_of(one) == approving.Status.DRAFT
    fills = draft and approving.may_fill(request.scope, one) and not refused(one.ledger, request.scope, one.kind)
    return telling.findings(one, checking.found_in(one), fills=fills)


@permitted("collection.enter")
@require_POST
def carried(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """Say that what was carried on from last year is still right: one cell, a section, a list, or all of it."""
    one = subject_of(request, period, basis, kind, code)
    try:
        many = confirming_carried.carried_confirm(by=request.scope, one=one, asked=_to_confirm(request))
        messages.success(request, f"已确认 {many} 格。")
    except (RecursionError, ValueError, KeyError, TypeError):
        raise Http404 from None
    except Locked as why:
        messages.error(request, str(why))
    return redirect(form_address(one, "form"))


def _to_confirm(request: HttpRequest) -> confirming_carried.Which:
    """Return which cells are meant. Raises ValueError, KeyError or TypeError for a cell that is none."""
    key = request.POST.get("key")
    return confirming_carried.Which(
        key=key_of(json.loads(key)) if key else None,
        group=request.POST.get("group", ""),
        listed=request.POST.get("list", ""),
        every="all" in request.POST,
    )


@permitted("collection.enter")
@require_POST
def explain(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """Say why something that was found is all right."""
    one = subject_of(request, period, basis, kind, code)
    if not approving.may_fill(request.scope, one):
        raise PermissionDenied
    try:
        key = key_of(json.loads(request.POST.get("key", "")))
        told = {name: request.POST.get(name, "") for name in ("check", "value", "text")}
        approving.finding_explain(by=request.scope, one=one, key=key, **told)
    except (RecursionError, ValueError, LookupError, TypeError):
        raise Http404 from None
    except (Locked, ValidationError) as why:
        messages.error(request, why.messages[0] if isinstance(why, ValidationError) else str(why))
    return redirect(form_address(one, "form") + "#found")


@permitted("collection.view")
@require_GET
def printed(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """The form on paper, with places for signatures and the seal."""
    one = subject_of(request, period, basis, kind, code)
    return render(request, "collection/printed.html", printing.printed(request.scope, one, timezone.localdate()))


@permitted("collection.view")
@require_POST
def step(request: HttpRequest, period: str, basis: str, kind: str, code: str, deed: str) -> HttpResponse:
    """Take a form one step on, or back."""
    one = subject_of(request, period, basis, kind, code)
    if deed not in approving.DEEDS:
        raise Http404
    here, seen = form_address(one, "form"), approving.digest_of(one)
    if said := _unanswered(one, deed):
        messages.error(request, said)
        return redirect(here + "#found")
    try:
        note, reasons = request.POST.get("note", ""), _reasons(request, one)
        told = {"note": note, "reasons": reasons, "seen": seen}
        approving.step_take(by=request.scope, one=one, deed=approving.DEEDS[deed], **told)
        messages.success(request, f"{one.name}：{approving.DEEDS[deed].label}，已办。")
    except (Locked, ValidationError) as why:
        messages.error(request, why.messages[0] if isinstance(why, ValidationError) else str(why))
    return redirect(here)


def _unanswered(one: Subject, deed: str) -> str:
    """Return why a form may not go on yet: what was found in it has neither been corrected nor explained."""
    if deed not in {"submit", "approve"}:
        return ""
    left = checking.grave_in(one) if deed == "submit" else [each for each in checking.found_in(one) if each.open]
    return f"还有 {len(left)} 处问题没有改正，也没有说明，不能{approving.DEEDS[deed].label}" if left else ""


def _reasons(request: HttpRequest, one: Subject) -> list[dict[str, str]]:
    """Return what was written beside single fields when a form is returned."""
    found = []
    for field in one.fields:
        text = request.POST.get(f"reason-{json.dumps(field.key)}", "").strip()
        if text:
            table, row, column = field.key
            found.append({"table": table, "row": row, "column": column, "text": text[:400]})
    return found
