"""Pages of searches for a plan: the list, a new one, how it goes, what was found, by when it must begin; and terms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng import api as jh
from junheng_web.assessment import snapshots
from junheng_web.assessment.models import Run
from junheng_web.common.page_workbook import whole
from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.planning import bundles, exempting, movers, rotation, selectors, services, solving, telling, terms
from junheng_web.planning.adopting import ADOPTABLE
from junheng_web.planning.forms import PlanForm, TermsFileForm
from junheng_web.planning.models import PlanRun
from junheng_web.planning.terms import Rows, terms_now
from junheng_web.planning.terms_form import TermsForm
from junheng_web.planning.trying import names_of

UNUSABLE = 422
SHOWN = 50
EMPTY: Rows = {"prices": [], "limits": [], "distances": []}
# What a search does stands beside the page that submits it.
KIND = solving.KIND


def _makes(request: HttpRequest) -> dict[str, bool]:
    return {"makes": allowed("planning.edit", request.scope, request.county)}


@permitted("planning.view")
@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """The county's searches, the newest first."""
    rows = telling.listed(list(selectors.plans_of(request.scope, request.county)[:SHOWN]))
    return render(request, "planning/plans.html", {"rows": rows, **_makes(request)})


@permitted("planning.edit")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Begin a search, from a run and on the terms that hold."""
    bases, now = selectors.bases_of(request.scope, request.county), terms_now(request.scope, request.county)
    form = PlanForm(bases, timezone.localdate(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and now is not None:
        told = form.cleaned_data
        try:
            one = services.plan_begin(
                by=request.scope,
                county=request.county,
                name=told["name"],
                base=told["base"],
                terms=now,
                begins=told["begins"],
                how=form.how,
            )
        except ValidationError as why:
            form.add_error(None, why)
        else:
            return redirect(one.url)
    context = {"form": form, "bases": bases, "terms": telling.terms_told(now)}
    return render(request, "planning/add.html", context, status=UNUSABLE if form.errors else 200)


def _plan(request: HttpRequest, number: int) -> PlanRun:
    try:
        return selectors.plan_numbered(request.scope, request.county, number)
    except PlanRun.DoesNotExist:
        raise Http404 from None


@permitted("planning.view")
@require_GET
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """How a search goes, or what was found; while it goes, the page asks again by itself."""
    one = _plan(request, number)
    if request.htmx and telling.standing(one)["going"]:
        told = {"plan": one, "standing": telling.standing(one), "progress": telling.progress(one)}
        return render(request, "planning/going.html", {**told, **_makes(request)})
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    adopts = one.outcome in ADOPTABLE and allowed("planning.adopt", request.scope, request.county)
    return render(request, "planning/plan.html", {**telling.page(one), **_makes(request), "adopts": adopts})


@permitted("planning.edit")
@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """Ask that a search stop; the best plan until then stays."""
    one = _plan(request, number)
    services.plan_stop(by=request.scope, plan=one)
    messages.success(request, "已要求停下；停下时最好的方案会留着。")
    return redirect(one.url)


def _found(request: HttpRequest, number: int) -> PlanRun:
    one = _plan(request, number)
    if not one.digest:
        raise Http404
    return one


@permitted("planning.view")
@require_GET
def calendar(request: HttpRequest, number: int) -> HttpResponse:
    """By when each thing must begin for the next counting date, and what the verdict would be then."""
    return render(request, "planning/calendar.html", telling.calendar(_found(request, number)))


@permitted("planning.view")
@require_GET
def workbook(request: HttpRequest, number: int) -> HttpResponse:
    """Send a plan as a workbook."""
    one = _found(request, number)
    return _file(bundles.part(one, bundles.WORKBOOK), f"达标方案{one.number}-{one.name}.xlsx", MEDIA_TYPE)


@permitted("planning.view")
@require_GET
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """Send all that a plan rests on, with which anybody can judge it again."""
    one = _found(request, number)
    return _file(bundles.whole(one), f"达标方案{one.number}-{one.name}-证明.zip", "application/zip")


@permitted("planning.view")
@require_GET
def rotations(request: HttpRequest, number: int) -> HttpResponse:
    """Who moves from which school to which, by the unit that has to act; with `format=xlsx` as a workbook.

    Whoever sees the register of teachers also sees who could go.
    """
    one = _found(request, number)
    parts, sees = rotation.parts(one), movers.sees(request.scope, request.county)
    found = movers.suggested(request.scope, one, parts) if parts and sees else None
    file = request.GET.get("format") == "xlsx"
    if found and (file or whole(request)):
        services.movers_export(by=request.scope, plan=one, people=found.people)
    if file:
        content = rotation.workbook(parts, request.county, *([movers.sheet(found)] if found else []))
        return _file(content, f"教师交流名单{one.number}-{one.name}.xlsx", MEDIA_TYPE)
    told = {"plan": one, "parts": parts, "people": sum(part.people for part in parts), "no_lead": rotation.NO_LEAD}
    told |= {"sees": sees, "movers": found, "by_roster": bundles.told_of(one.digest)["by_roster"]}
    return render(request, "planning/rotation.html", told)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    headers: dict[str, Any] = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=kind, headers=headers)


# --- terms ------------------------------------------------------------------------------------------------------------


def _schools(bases: list[Run]) -> dict[str, str]:
    """Return the schools on which one may set a limit: those of the run that one would start from."""
    return names_of(snapshots.open_facts(bases[0].snapshot.digest)) if bases else {}


@permitted("planning.edit")
@require_http_methods(["GET", "POST"])
def set_terms(request: HttpRequest) -> HttpResponse:
    """Set prices and limits anew; what was before is kept."""
    now = terms_now(request.scope, request.county)
    tables = now.tables if now else EMPTY
    schools = _schools(selectors.bases_of(request.scope, request.county))
    form = TermsForm(tables, schools, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.terms_set(by=request.scope, county=request.county, tables=form.tables, note=form.cleaned_data["note"])
        messages.success(request, "价格和限制已保存。以前求的方案仍按它们当时的价格。")
        return redirect("planning:terms", request.county.code)
    context = {"form": form, "told": telling.terms_told(now), "file_form": TermsFileForm()}
    return render(request, "planning/terms.html", context, status=UNUSABLE if form.errors else 200)


@permitted("planning.edit")
@require_POST
def terms_exempt(request: HttpRequest) -> HttpResponse:
    """Let the register of teachers say how many of each school take no part in an exchange."""
    now, day = terms_now(request.scope, request.county), timezone.localdate()
    stay = exempting.staying(request.county, day)
    if now is None or not stay:
        messages.error(request, "还没有教师台账，或还没有价格和限制；什么也没有改。请先导入台账、保存一版价格和限制。")
        return redirect("planning:terms", request.county.code)
    schools = _schools(selectors.bases_of(request.scope, request.county))
    tables = exempting.tightened(now.tables, stay, schools, day)
    note = f"不参加交流的教师{exempting.MARK}（{day}）"
    one = services.terms_set(by=request.scope, county=request.county, tables=tables, note=note)
    found = len(exempting.of_register(tables))
    same = "与现在的一样，没有改" if one.id == now.id else f"存为{one}"
    messages.success(request, f"台账里有教师不能调、比限制里写的还多的学校 {found} 所；{same}。")
    return redirect("planning:terms", request.county.code)


@permitted("planning.edit")
@require_GET
def terms_workbook(request: HttpRequest) -> HttpResponse:
    """Send the terms that hold as a workbook; without any, the blank one."""
    now = terms_now(request.scope, request.county)
    content = terms.workbook(now.tables) if now else terms.blank()
    return _file(content, f"{request.county.name}价格和限制.xlsx", MEDIA_TYPE)


@permitted("planning.edit")
@require_http_methods(["GET", "POST"])
def terms_import(request: HttpRequest) -> HttpResponse:
    """Take in a workbook of terms; what is wrong with it comes back with every reason."""
    form, problems = TermsFileForm(request.POST or None, request.FILES or None), ()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            tables = terms.terms_in(file.read(), f".{file.name.rpartition('.')[2].lower()}")
            terms.check(tables, _schools(selectors.bases_of(request.scope, request.county)))
        except jh.Unusable as error:
            problems = error.problems
        else:
            one = services.terms_set(by=request.scope, county=request.county, tables=tables, note=f"导入 {file.name}")
            counts = "、".join(f"{label} {len(tables[name])} 行" for name, label in terms.LABELS)
            messages.success(request, f"已导入，存为{one}：{counts}。以前的版本还在。")
            return redirect("planning:terms", request.county.code)
    status = UNUSABLE if form.errors or problems else 200
    return render(request, "planning/terms_import.html", {"form": form, "problems": problems}, status=status)
