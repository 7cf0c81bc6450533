"""The table as a workbook, out and in: what a file would change is shown before anything is changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.evidence import trial_plans
from junheng_web.evidence.trial_plans import Brought
from junheng_web.evidence.trials import Trial
from junheng_web.funding import bringing, sheets, tables
from junheng_web.funding.forms import BookForm
from junheng_web.funding.services import Moved
from junheng_web.organisation.permissions import permitted


@permitted("funding.view")
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """Send the table as a workbook, as far as it is the reader's to see."""
    named = content_disposition_header(True, f"{request.county}-创建资金明细表.xlsx")
    content = sheets.workbook(tables.table(request.scope, request.county), request.county)
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": named})


def _read(request: HttpRequest, trial: Trial) -> bringing.Plan:
    return bringing.plan(request.county, tables.table(request.scope, request.county), trial.file)


def _make(request: HttpRequest, trial: Trial, made: bringing.Plan) -> str:
    many = bringing.plan_apply(by=request.scope, county=request.county, made=made, file=trial.name)
    return f"已导入：改了 {many} 处。"


TABLE = Brought(
    purpose="funding",
    form=BookForm,
    templates=("funding/import.html", "funding/import_plan.html"),
    planned="funding:import_plan",
    done="funding:ledger",
    read=_read,
    make=_make,
    moved="在您看的时候，有人改了明细表；什么也没有导入，请再看一遍会改什么。",
    refused=(Moved,),
)
bring, plan, apply = trial_plans.pages(TABLE, "funding.manage")
