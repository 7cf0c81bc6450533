"""Reporting on a duty: the page of one period, and its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from junheng_web.duties import dues, selectors
from junheng_web.duties.forms import ReportForm
from junheng_web.duties.models import Duty
from junheng_web.duties.services import Stale, evidence_of, on_paper, report_file_add, report_make
from junheng_web.duties.views import CONFLICT, UNUSABLE, duty_at, rights, unit_at
from junheng_web.evidence.forms import FileForm
from junheng_web.evidence.selectors import links_to
from junheng_web.organisation.models import Unit
from junheng_web.organisation.permissions import permitted


def _slot(request: HttpRequest, duty: Duty, unit: Unit, period: str) -> dues.Slot:
    """Return the period that an address names. Raises Http404, PermissionDenied for another unit's."""
    if not duty.bearers.filter(unit=unit).exists():
        raise Http404
    if not selectors.sees_reports(request.scope, unit):
        raise PermissionDenied
    try:
        return dues.slot(duty, period, timezone.localdate())
    except LookupError:
        raise Http404 from None


@permitted("duties.report")
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, number: int, unit: str, period: str) -> HttpResponse:
    """Report on a duty for a period, or report anew; what was reported before stays."""
    duty, own = duty_at(request, number), unit_at(request, unit)
    _slot(request, duty, own, period)
    last = duty.reports.filter(unit=own, period=period).last()
    initial = {"seen": last.id if last else 0, "state": last.state if last else None, "text": last.text if last else ""}
    form = ReportForm(request.POST or None, initial=initial, behalf=on_paper(request.scope, own))
    status = 200
    if request.method == "POST" and form.is_valid():
        today = timezone.localdate()
        try:
            report_make(by=request.scope, duty=duty, unit=own, period=period, said=form.said, today=today)
        except ValidationError as error:
            form.add_error(None, error)
        except Stale as why:
            form.add_error(None, str(why))
            form.data, status = form.data.copy(), CONFLICT
            form.data["seen"] = str(initial["seen"])
        else:
            messages.success(request, "已报。")
            return redirect(_back(request, own))
    status = status if status != 200 or not form.errors else UNUSABLE
    return _page(request, duty, own, period, form, status=status)


def _back(request: HttpRequest, unit: Unit) -> str:
    """Return where one goes on: one's own duties, or, from paper, the unit's page."""
    at_home = unit.id in {one.id for one in selectors.own_units(request.scope, request.county)}
    county = request.county.code
    return _url("mine", county) if at_home else _url("unit", county, unit.code)


def _url(name: str, *args: str) -> str:
    return reverse(f"duties:{name}", args=args)


def _page(
    request: HttpRequest, duty: Duty, unit: Unit, period: str, form: ReportForm, *, files: Any = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    reports = list(duty.reports.filter(unit=unit, period=period).order_by("-id"))
    slot = dues.slot(duty, period, today)
    told = {
        "duty": duty,
        "unit": unit,
        "slot": slot,
        "state": slot.state(reports[0] if reports else None, today),
        "reports": reports,
        "form": form,
        "file_form": files or FileForm(auto_id="file_%s"),
        "files": [one.file for one in links_to(request.county, *_of(duty, unit, period))],
        "behalf": on_paper(request.scope, unit),
        "fills": selectors.may_report(request.scope, unit),
    }
    return render(request, "duties/report.html", told | rights(request), status=status)


def _of(duty: Duty, unit: Unit, period: str) -> tuple[str, list[str]]:
    kind, code = evidence_of(duty, unit, period)
    return kind, [code]


@permitted("duties.report")
@require_POST
def report_file(request: HttpRequest, number: int, unit: str, period: str) -> HttpResponse:
    """Take in a file to a report; nothing asks for it."""
    duty, own = duty_at(request, number), unit_at(request, unit)
    _slot(request, duty, own, period)
    form = FileForm(request.POST, request.FILES, auto_id="file_%s")
    if form.is_valid():
        sent, today = form.cleaned_data["file"], timezone.localdate()
        told = {"duty": duty, "unit": own, "period": period, "today": today}
        try:
            report_file_add(by=request.scope, name=sent.name, chunks=sent.chunks(), **told)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, "已收下。")
            return redirect(duty.address("report", own.code, period))
    blank = ReportForm(behalf=on_paper(request.scope, own))
    return _page(request, duty, own, period, blank, files=form, status=UNUSABLE)
