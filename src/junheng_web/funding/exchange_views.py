"""The table as a workbook, out and in: what a file would change is shown before anything is changed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng import api as jh
from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.evidence import trials
from junheng_web.evidence.trial_views import trial_begun, trial_of
from junheng_web.funding import bringing, sheets, tables
from junheng_web.funding.forms import BookForm
from junheng_web.funding.services import Moved
from junheng_web.funding.views import UNUSABLE
from junheng_web.organisation.permissions import permitted

PURPOSE = "funding"


@permitted("funding.view")
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """Send the table as a workbook, as far as it is the reader's to see."""
    named = content_disposition_header(True, f"{request.county}-创建资金明细表.xlsx")
    content = sheets.workbook(tables.table(request.scope, request.county), str(request.county))
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": named})


@permitted("funding.manage")
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Take in a workbook and lead to what it would change."""
    form = BookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        trial = trial_begun(request, file, PURPOSE)
        return redirect("funding:import_plan", request.county.code, trial.code)
    return render(request, "funding/import.html", {"form": form}, status=UNUSABLE if form.errors else 200)


def _plan(request: HttpRequest, one: trials.Trial) -> bringing.Plan:
    try:
        return bringing.plan(request.county, tables.table(request.scope, request.county), one.file)
    except jh.Unusable as error:
        return bringing.Plan(problems=list(error.problems))


@permitted("funding.manage")
@require_GET
def plan(request: HttpRequest, trial: str) -> HttpResponse:
    """Show what a file would change; where it cannot be used, or does not add up, every reason."""
    one = trial_of(request, trial, PURPOSE)
    made = _plan(request, one)
    status = UNUSABLE if made.problems else 200
    return render(request, "funding/import_plan.html", {"trial": one, "plan": made}, status=status)


@permitted("funding.manage")
@require_POST
def apply(request: HttpRequest, trial: str) -> HttpResponse:
    """Make every change that was shown, or none."""
    one, again = trial_of(request, trial, PURPOSE), redirect("funding:import_plan", request.county.code, trial)
    made = _plan(request, one)
    if made.problems or request.POST.get("agreed") != made.digest:
        messages.error(request, "在您看的时候，有人改了明细表；什么也没有导入，请再看一遍会改什么。")
        return again
    try:
        many = bringing.plan_apply(by=request.scope, county=request.county, made=made, file=one.name)
    except (ValidationError, Moved) as why:
        told = "".join(why.messages) if isinstance(why, ValidationError) else str(why)
        messages.error(request, f"什么也没有导入。{told}")
        return again
    one.remove()
    messages.success(request, f"已导入：改了 {many} 处。")
    return redirect("funding:ledger", request.county.code)
