"""The duties as a workbook out and in: shown first, then changed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng import api as jh
from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.duties import clause_reading as reading
from junheng_web.duties import clause_sheet
from junheng_web.duties.forms import ClausesForm
from junheng_web.duties.services import Stale
from junheng_web.duties.views import UNUSABLE
from junheng_web.evidence.trial_views import trial_begun, trial_of
from junheng_web.organisation.models import Unit
from junheng_web.organisation.permissions import permitted

PURPOSE = "duties"


@permitted("duties.view")
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """Send the duties as a workbook."""
    named = content_disposition_header(True, f"{request.county}-各单位职责.xlsx")
    content = clause_sheet.workbook(request.county)
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": named})


@permitted("duties.manage")
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Take in a workbook and lead to what it would change."""
    form = ClausesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        trial = trial_begun(request, file, PURPOSE)
        return redirect("duties:clauses_plan", request.county.code, trial.code)
    return render(request, "duties/clauses_import.html", {"form": form}, status=UNUSABLE if form.errors else 200)


@permitted("duties.manage")
@require_GET
def plan(request: HttpRequest, trial: str) -> HttpResponse:
    """Show what a file would change, duty by duty; where it cannot be used, every reason."""
    one = trial_of(request, trial, PURPOSE)
    try:
        made = reading.plan(request.county, one.file)
    except jh.Unusable as error:
        made = reading.Plan(problems=list(error.problems))
    names = dict(Unit.objects.of(request.county).values_list("code", "name"))
    rows = [(change, "、".join(names[code] for code in change.units)) for change in made.changes]
    told = {"trial": one, "plan": made, "rows": rows, "added": sum(change.new for change in made.changes)}
    return render(request, "duties/clauses_plan.html", told, status=UNUSABLE if made.problems else 200)


@permitted("duties.manage")
@require_POST
def apply(request: HttpRequest, trial: str) -> HttpResponse:
    """Make every change that was shown, or none."""
    one, again = trial_of(request, trial, PURPOSE), redirect("duties:clauses_plan", request.county.code, trial)
    try:
        made = reading.plan(request.county, one.file)
        if made.problems or request.POST.get("agreed") != made.digest:
            raise Stale("在您看的时候，有人改了职责；什么也没有导入，请再看一遍会改什么")
        many = reading.plan_apply(by=request.scope, county=request.county, made=made)
    except jh.Unusable:
        return again
    except (Stale, ValidationError) as why:
        messages.error(request, why.messages[0] if isinstance(why, ValidationError) else str(why))
        return again
    one.remove()
    messages.success(request, f"已导入：改了或增派了 {many} 条职责。")
    return redirect("duties:duties", request.county.code)
