"""The pages of duties: all, one unit's, one's own, what is due and late; a duty and what is done to it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.duties import selectors, telling
from junheng_web.duties.assigning import duties_assign
from junheng_web.duties.forms import AddForm, EditForm, EndForm
from junheng_web.duties.models import Duty
from junheng_web.duties.services import Stale, content, duty_edit, duty_end
from junheng_web.duties.taking import document_take
from junheng_web.organisation.models import Publication, Unit
from junheng_web.organisation.permissions import allowed, permitted

UNUSABLE, CONFLICT = 422, 409


def duty_at(request: HttpRequest, number: int) -> Duty:
    """Return the duty that an address names. Raises Http404."""
    try:
        return selectors.duty_numbered(request.scope, request.county, number)
    except Duty.DoesNotExist:
        raise Http404 from None


def unit_at(request: HttpRequest, code: str) -> Unit:
    """Return the unit that an address names. Raises Http404."""
    try:
        return selectors.unit_named(request.scope, request.county, code)
    except Unit.DoesNotExist:
        raise Http404 from None


def rights(request: HttpRequest) -> dict[str, bool]:
    """Return what the reader may do here, for what the pages offer."""
    asked = {"manages": "duties.manage", "overlooks": "duties.reports", "enters": "duties.report"}
    return {name: allowed(right, request.scope, request.county) for name, right in asked.items()}


@permitted("duties.view")
@require_GET
def duties(request: HttpRequest) -> HttpResponse:
    """Every duty in the document's order; those of a unit or an indicator where asked for."""
    only = {name: request.GET.get(name, "") for name in ("unit", "indicator")}
    told = telling.duties(request.scope, request.county, only)
    return render(request, "duties/duties.html", told | rights(request))


@permitted("duties.view")
@require_GET
def unit(request: HttpRequest, unit: str) -> HttpResponse:
    """One unit: its duties, its rows of the table, what is due."""
    told = telling.unit_told(request.scope, unit_at(request, unit), timezone.localdate())
    return render(
        request, "duties/unit.html", {"told": told, "unit": told["unit"], "desks": told["desks"], **rights(request)}
    )


@permitted("duties.report")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The first page of a unit: what waits for the reader, then the duties of the units that one works in."""
    today = timezone.localdate()
    seen = {"forms": "collection.view", "tasks": "supervision.view"}
    first = {name: allowed(right, request.scope, request.county) for name, right in seen.items()}
    told = telling.mine(request.scope, request.county, today)
    return render(request, "duties/mine.html", told | first | rights(request))


@permitted("duties.reports")
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """What is due and late, unit by unit in the document's order."""
    told = telling.reports(request.scope, request.county, timezone.localdate())
    return render(request, "duties/reports.html", told | rights(request))


@permitted("duties.view")
@require_GET
def duty(request: HttpRequest, number: int) -> HttpResponse:
    """A duty: its words, where they come from, who bears it, how it was changed, what was reported."""
    return _page(request, duty_at(request, number))


def _page(request: HttpRequest, one: Duty, form: EndForm | None = None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    told = telling.duty_told(request.scope, one, today) | rights(request)
    blank = EndForm(today=today, auto_id="end_%s")
    return render(request, "duties/duty.html", {**told, "form": form or blank}, status=status)


@permitted("duties.manage")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Change a duty; where somebody else did meanwhile, both stand side by side."""
    one, now = duty_at(request, number), None
    initial = asdict(content(one))
    form = EditForm(one.county, request.POST or None, initial=initial | {"revision": one.revision})
    if request.method == "POST" and form.is_valid():
        told = {"why": form.cleaned_data["why_changed"], "revision": form.cleaned_data["revision"]}
        try:
            duty_edit(by=request.scope, duty=one, asked=form.asked, **told)
        except ValidationError as error:
            form.add_error(None, error)
        except Stale as why:
            form.add_error(None, str(why))
            # What is sent again is held against what stands now.
            form.data, now = form.data.copy(), one
            form.data["revision"] = str(one.revision)
        else:
            messages.success(request, "已保存；原来的写在“怎么改过”里。")
            return redirect(one.url)
    status = (CONFLICT if now else UNUSABLE) if form.errors else 200
    return render(request, "duties/edit.html", {"duty": one, "form": form, "now": now}, status=status)


@permitted("duties.manage")
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Say from which day on a duty holds no longer."""
    one = duty_at(request, number)
    form = EndForm(request.POST, today=timezone.localdate(), auto_id="end_%s")
    if form.is_valid():
        try:
            duty_end(by=request.scope, duty=one, **form.cleaned_data)
        except (ValidationError, Stale) as error:
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
        else:
            messages.success(request, "已停止：以后不再要报，已经报的都留着。")
            return redirect(one.url)
    return _page(request, one, form, UNUSABLE)


@permitted("duties.manage")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Assign duties to one unit or to several."""
    initial: dict[str, Any] = {"units": request.GET.getlist("unit"), "due_days": 5, "since": timezone.localdate()}
    form = AddForm(request.scope, request.county, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            many = duties_assign(by=request.scope, county=request.county, asked=form.each, **form.told)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已增派 {many} 条，标明是办公室增派的。")
            return redirect("duties:duties", request.county.code)
    return render(request, "duties/add.html", {"form": form}, status=UNUSABLE if form.errors else 200)


@permitted("duties.manage")
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take in the county's own published document as it is printed."""
    document = Publication.objects.filter(area=request.county).order_by("code").first()
    if document is None:
        raise Http404
    many = document_take(by=request.scope, county=request.county, publication=document)
    messages.success(request, f"照原件录入 {many} 处。" if many else "已经录过，没有再录。")
    return redirect("duties:duties", request.county.code)
