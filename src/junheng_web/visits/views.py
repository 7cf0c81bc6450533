"""The plan of visits, a visit on the phone and on paper, and what is done to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.models import Period
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.visits import assigning, selectors, services, telling
from junheng_web.visits.forms import CorrectForm, FinishForm, OpenForm, PhotoForm, ReplyForm
from junheng_web.visits.models import Visit
from junheng_web.visits.rubrics import Key, keys_of

UNUSABLE, CONFLICT = 422, 409


def period_of(request: HttpRequest, code: str) -> Period:
    """Return the period that an address names. Raises Http404."""
    try:
        return selectors.period_named(request.scope, request.county, code)
    except Period.DoesNotExist:
        raise Http404 from None


def visit_of(request: HttpRequest, period: str, number: int) -> Visit:
    """Return the visit that an address names, if it is for the reader's eyes. Raises Http404."""
    try:
        return selectors.visit_named(request.scope, request.county, period, number)
    except Visit.DoesNotExist:
        raise Http404 from None


@permitted("visits.view")
@require_GET
def newest(request: HttpRequest) -> HttpResponse:
    """The newest period's plan; without a period, what the first step is."""
    period = selectors.newest_period(request.scope, request.county)
    if period is None:
        opens = allowed("collection.manage", request.scope, request.county)
        return render(request, "visits/no_period.html", {"opens": opens})
    return render(request, "visits/plan.html", telling.plan(request.scope, period))


@permitted("visits.view")
@require_GET
def plan(request: HttpRequest, period: str) -> HttpResponse:
    """Which school is visited by whom, and what has been seen."""
    return render(request, "visits/plan.html", telling.plan(request.scope, period_of(request, period)))


@permitted("visits.manage")
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, period: str) -> HttpResponse:
    """Say which post visits which school."""
    found = period_of(request, period)
    if request.method == "POST":
        changed = assigning.assign(by=request.scope, period=found, asked=request.POST.dict())
        messages.success(request, f"已分派 {changed} 所学校。" if changed else "没有改动。")
        return redirect(request.path)
    return render(request, "visits/assign.html", assigning.assigned(found))


@permitted("visits.enter")
@require_http_methods(["GET", "POST"])
def open_visit(request: HttpRequest, period: str) -> HttpResponse:
    """Open a visit."""
    found = period_of(request, period)
    where = request.GET.get("where", "")
    initial = {"where": where, "post": assigning.visitor_of(found.county, where), "date": timezone.localdate()}
    form = OpenForm(request.scope, found, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(services.visit_open(by=request.scope, period=found, **form.told).url)
        except Locked as why:
            messages.error(request, str(why))
    return render(request, "visits/open.html", {"period": found, "form": form}, status=UNUSABLE if form.errors else 200)


@permitted("visits.view")
@require_GET
def visit(request: HttpRequest, period: str, visit: int) -> HttpResponse:
    """A visit: to be filled in by whoever is there, to be read by whom it concerns."""
    return _page(request, visit_of(request, period, visit))


def _page(request: HttpRequest, one: Visit, **forms: django_forms.Form) -> HttpResponse:
    """Return a visit's page; a form that was sent with something wrong stands there as it was sent."""
    blank = {
        "finish": FinishForm(initial={"date": one.date}),
        "correct": CorrectForm(one),
        "photo": PhotoForm(one),
        "reply": ReplyForm(),
    }
    told = {**telling.visit(request.scope, one), "forms": {**blank, **forms}}
    return render(request, "visits/visit.html", told, status=UNUSABLE if forms else 200)


@permitted("visits.enter")
@require_POST
def save(request: HttpRequest, period: str, visit: int) -> HttpResponse:
    """Write down what was seen, as the page's script sends it: {"since": n, "cells": [{"key", "text", "revision"}]}."""
    one = visit_of(request, period, visit)
    try:
        asked = json.loads(request.body)
        since = int(asked["since"])
        texts = [(_key(cell["key"]), str(cell["text"]), cell.get("revision")) for cell in asked["cells"]]
        noted = services.observations_note(by=request.scope, visit=one, texts=texts)
    except (RecursionError, ValueError, KeyError, TypeError, LookupError):
        return JsonResponse({"error": "这次请求里有这份表没有的格子，请刷新页面再填"}, status=UNUSABLE)
    except Locked as why:
        return JsonResponse({"error": str(why)}, status=CONFLICT)
    return JsonResponse(telling.noted_told(one, noted, since, {key for key, _, _ in texts}))


def _key(told: Any) -> Key:
    requirement, point, column = (str(part) for part in told)
    return requirement, point, column


@permitted("visits.enter")
@require_POST
def note(request: HttpRequest, period: str, visit: int) -> HttpResponse:
    """Write down what was seen, as a browser without scripts sends it: the whole form."""
    one = visit_of(request, period, visit)
    sent = {".".join(key): key for key in sorted(keys_of(one))}
    texts = [(key, request.POST[name], None) for name, key in sent.items() if name in request.POST]
    try:
        noted = services.observations_note(by=request.scope, visit=one, texts=texts)
    except Locked as why:
        messages.error(request, str(why))
    else:
        for why in noted.problems.values():
            messages.error(request, why)
        messages.success(request, "已保存。")
    return redirect(one.url)


def _done(
    request: HttpRequest, one: Visit, name: str, form: django_forms.Form, said: str, do: Callable[[], Any]
) -> HttpResponse:
    """Do something to a visit that a form asks for; what is wrong is told on the form."""
    if form.is_valid():
        try:
            do()
        except ValidationError as error:
            form.add_error(None, error)
        except LookupError:
            raise Http404 from None
        except Locked as why:
            messages.error(request, str(why))
            return redirect(one.url)
        else:
            messages.success(request, said)
            return redirect(one.url)
    return _page(request, one, **{name: form})


@permitted("visits.enter")
@require_POST
def finish(request: HttpRequest, period: str, visit: int) -> HttpResponse:
    """Say that a visit is finished."""
    one, form = visit_of(request, period, visit), FinishForm(request.POST)
    today = timezone.localdate()

    def do() -> None:
        services.visit_finish(by=request.scope, visit=one, date=form.cleaned_data["date"], today=today)

    return _done(request, one, "finish", form, "这次查看已完成，学校能看到了。", do)


@permitted("visits.enter")
@require_POST
def correct(request: HttpRequest, period: str, visit: int) -> HttpResponse:
    """Correct what was found at a point of a finished visit."""
    one = visit_of(request, period, visit)
    form = CorrectForm(one, request.POST)

    def do() -> None:
        told = {name: form.cleaned_data[name] for name in ("finding", "reason", "why")}
        services.finding_correct(by=request.scope, visit=one, at=form.at, **told)

    return _done(request, one, "correct", form, "已更正；原来记的还在，写在“更正”里。", do)


@permitted("visits.enter")
@require_POST
def photo(request: HttpRequest, period: str, visit: int) -> HttpResponse:
    """Take in a photo or file to a point."""
    one = visit_of(request, period, visit)
    form = PhotoForm(one, request.POST, request.FILES)

    def do() -> None:
        sent = form.cleaned_data["file"]
        services.photo_add(by=request.scope, visit=one, at=form.at, name=sent.name, chunks=sent.chunks())

    return _done(request, one, "photo", form, "已收下。", do)


@permitted("visits.reply")
@require_POST
def reply(request: HttpRequest, period: str, visit: int) -> HttpResponse:
    """Keep what the school says to a finished visit."""
    one, form = visit_of(request, period, visit), ReplyForm(request.POST)
    if not selectors.may_reply(request.scope, one):
        raise PermissionDenied

    def do() -> None:
        services.reply_add(by=request.scope, visit=one, text=form.cleaned_data["text"])

    return _done(request, one, "reply", form, "已回复。", do)


@permitted("visits.view")
@require_GET
def printed(request: HttpRequest, period: str, visit: int) -> HttpResponse:
    """The form on paper: as it is filled in, or blank (`?blank=1`), to be filled in by hand."""
    one = visit_of(request, period, visit)
    told = telling.visit(request.scope, one)
    return render(request, "visits/printed.html", {**told, "blank": "blank" in request.GET})
