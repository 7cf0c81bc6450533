"""The table of indicators and units: on the screen, on paper, as a workbook out and in, an indicator set."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.duties import exchanging, matrix, selectors
from junheng_web.duties.book import book_of
from junheng_web.duties.forms import WorkbookForm
from junheng_web.duties.matrix import Set
from junheng_web.duties.services import Stale
from junheng_web.duties.views import CONFLICT, UNUSABLE, rights
from junheng_web.evidence import trial_plans
from junheng_web.evidence.trial_plans import Brought
from junheng_web.evidence.trials import Trial
from junheng_web.organisation.models import Unit
from junheng_web.organisation.permissions import permitted


@permitted("duties.view")
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """The whole table, or the rows of a unit or an indicator."""
    only = {name: request.GET.get(name, "") for name in ("unit", "indicator")}
    every = list(Unit.objects.visible_to(request.scope).of(request.county))
    told = matrix.grid(request.county, every, only) | {"links": True}
    units = list(selectors.units_of(request.scope, request.county).values_list("code", "name"))
    rows = [(row.indicator, row.called) for row in told["book"].rows]
    return render(
        request, "duties/matrix.html", {**told, "only": only, "units": units, "all_rows": rows, **rights(request)}
    )


@permitted("duties.view")
@require_GET
def printed(request: HttpRequest) -> HttpResponse:
    """The table as the document lays it out, for paper."""
    return render(request, "duties/printed.html", matrix.paper(request.county))


@permitted("duties.manage")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, indicator: str) -> HttpResponse:
    """Set who answers for an indicator, who leads, and which desk handles it in each unit."""
    county, status, error = request.county, 200, ""
    try:
        row = book_of(county).row(indicator)
    except LookupError:
        raise Http404 from None
    current = matrix.table_of(county).get(indicator, Set())
    asked = _asked(request, current) if request.method == "POST" else current
    if request.method == "POST":
        told = {"indicator": indicator, "asked": asked, "seen": request.POST.get("seen", "")}
        try:
            changed = matrix.indicator_set(by=request.scope, county=county, **told)
        except LookupError:
            raise Http404 from None
        except ValidationError as why:
            status, error = UNUSABLE, "".join(why.messages)
        except Stale as why:
            status, error = CONFLICT, str(why)
        else:
            messages.success(request, f"{row.called}的分工已保存。" if changed else "没有改动。")
            return redirect("duties:matrix", county.code)
    context = _editing(request, asked) | {"row": row, "seen": current.digest, "error": error}
    if status == CONFLICT:
        names = {unit.code: unit.name for unit in context["every"]}
        context["now"] = exchanging.in_words(current, names)
    return render(request, "duties/matrix_edit.html", context, status=status)


def _asked(request: HttpRequest, current: Set) -> Set:
    """Return what the form sends: units that were there keep their order, others come after them."""
    ticked = request.POST.getlist("unit")
    units = (*(one for one in current.units if one in ticked), *(one for one in ticked if one not in current.units))
    desks = [(unit, request.POST.get(f"desk-{unit}", "")) for unit in units]
    return Set(units, request.POST.get("lead", ""), tuple(sorted(one for one in desks if one[1])))


def _editing(request: HttpRequest, asked: Set) -> dict[str, Any]:
    """Return the units, each with whether it answers and which desks it has."""
    known = selectors.units_of(request.scope, request.county).filter(Q(closed=None) | Q(code__in=asked.units))
    every = list(known.prefetch_related("desks"))
    desks = dict(asked.desks)
    units = [
        {
            "unit": unit,
            "on": unit.code in asked.units,
            "desks": [
                (one.code, one.name) for one in unit.desks.all() if one.closed is None or one.code in desks.values()
            ],
            "desk": desks.get(unit.code, ""),
        }
        for unit in every
    ]
    return {"units": units, "lead": asked.lead, "every": [*every, *selectors.desks_of(request.scope, request.county)]}


@permitted("duties.view")
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """Send the table as a workbook."""
    named = content_disposition_header(True, f"{request.county}-任务分工.xlsx")
    content = exchanging.workbook(request.county)
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": named})


def _read(request: HttpRequest, trial: Trial) -> exchanging.Plan:
    return exchanging.plan(request.county, trial.file)


def _make(request: HttpRequest, trial: Trial, made: exchanging.Plan) -> str:
    return f"已导入：改了 {exchanging.plan_apply(by=request.scope, county=request.county, made=made)} 项的分工。"


TABLE = Brought(
    purpose="responsibilities",
    form=WorkbookForm,
    templates=("duties/import.html", "duties/plan.html"),
    planned="duties:import_plan",
    done="duties:matrix",
    read=_read,
    make=_make,
    moved="在您看的时候，有人改了分工；什么也没有导入，请再看一遍会改什么",
    refused=(Stale,),
)
bring, plan, apply = trial_plans.pages(TABLE, "duties.manage")
