"""The duties as a workbook out and in: shown first, then changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.duties import clause_reading as reading
from junheng_web.duties import clause_sheet
from junheng_web.duties.forms import ClausesForm
from junheng_web.duties.services import Stale
from junheng_web.evidence import trial_plans
from junheng_web.evidence.trial_plans import Brought
from junheng_web.evidence.trials import Trial
from junheng_web.organisation.models import Unit
from junheng_web.organisation.permissions import permitted


@permitted("duties.view")
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """Send the duties as a workbook."""
    named = content_disposition_header(True, f"{request.county}-各单位职责.xlsx")
    content = clause_sheet.workbook(request.county)
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": named})


def _read(request: HttpRequest, trial: Trial) -> reading.Plan:
    return reading.plan(request.county, trial.file)


def _told(request: HttpRequest, trial: Trial, made: reading.Plan) -> dict[str, Any]:
    names = dict(Unit.objects.of(request.county).values_list("code", "name"))
    rows = [(change, "、".join(names[code] for code in change.units)) for change in made.changes]
    return {"rows": rows, "added": sum(change.new for change in made.changes)}


def _make(request: HttpRequest, trial: Trial, made: reading.Plan) -> str:
    return f"已导入：改了或增派了 {reading.plan_apply(by=request.scope, county=request.county, made=made)} 条职责。"


CLAUSES = Brought(
    purpose="duties",
    form=ClausesForm,
    templates=("duties/clauses_import.html", "duties/clauses_plan.html"),
    planned="duties:clauses_plan",
    done="duties:duties",
    read=_read,
    make=_make,
    told=_told,
    moved="在您看的时候，有人改了职责；什么也没有导入，请再看一遍会改什么",
    refused=(Stale,),
)
bring, plan, apply = trial_plans.pages(CLAUSES, "duties.manage")
