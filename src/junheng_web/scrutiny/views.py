"""The risk page, one school's signs, and the list as a workbook: for the office and the leader alone (P6)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from junheng_web.collection.models import Ledger, Period
from junheng_web.collection.shown.selectors import ledger_named
from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.scrutiny import paper, telling
from junheng_web.scrutiny.evidence import COUNTY
from junheng_web.scrutiny.forms import NoteForm, asked_of, narrowed
from junheng_web.scrutiny.selectors import case_of, cases, told_named
from junheng_web.scrutiny.services import Changed, sign_verify

SCHOOLS_A_PAGE = 30


def _ledger(request: HttpRequest, period: str, basis: str) -> Ledger:
    try:
        return ledger_named(request.scope, request.county, period, basis)
    except Ledger.DoesNotExist:
        raise Http404 from None


@permitted("scrutiny.view")
@require_GET
def newest(request: HttpRequest) -> HttpResponse:
    """The newest period's present state; without a period, that nothing is collected yet."""
    period = Period.objects.visible_to(request.scope).of(request.county).first()
    if period is None:
        return render(request, "scrutiny/nothing.html")
    return _listed(request, _ledger(request, period.code, Ledger.Basis.CURRENT))


@permitted("scrutiny.view")
@require_GET
def ledger(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """Every school with a sign, what most deserves a look first."""
    return _listed(request, _ledger(request, period, basis))


def _listed(request: HttpRequest, one: Ledger) -> HttpResponse:
    asked, every = asked_of(request.GET), cases(request.scope, one)
    page = Paginator(narrowed(every, asked, telling.names_of(one)), SCHOOLS_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    told = telling.listed(one, every, page.object_list, asked)
    return render(request, "scrutiny/ledger.html", {**told, "page": page, "query": query.urlencode()})


def _school(one: Ledger, code: str) -> str:
    """Return the school that an address names. Raises Http404."""
    if code != telling.WHOLE and code not in telling.names_of(one):
        raise Http404
    return COUNTY if code == telling.WHOLE else code


@permitted("scrutiny.view")
@require_GET
def school(request: HttpRequest, period: str, basis: str, code: str) -> HttpResponse:
    """One school's signs, or the county's, each with its numbers and where to look."""
    one = _ledger(request, period, basis)
    told = telling.case_page(one, case_of(request.scope, one, _school(one, code)))
    verifies = allowed("scrutiny.verify", request.scope, request.county)
    return render(request, "scrutiny/school.html", {**told, "verifies": verifies, "at": code})


@permitted("scrutiny.verify")
@require_POST
def verify(request: HttpRequest, period: str, basis: str, code: str) -> HttpResponse:
    """Say that a sign was looked into, or is to be looked at again."""
    one, form = _ledger(request, period, basis), NoteForm(request.POST)
    name = request.POST.get("sign", ""), _school(one, code), request.POST.get("mark", "")
    told = told_named(request.scope, one, name)
    if told is None:
        messages.info(request, "这条迹象已经没有了：它依据的数改过，或者别处的数变了。")
    elif not form.is_valid():
        messages.error(
            request, f"没有记下：{form.errors['note'][0]}" if "note" in form.errors else "没有记下：请刷新页面再试"
        )
    else:
        _verified(request, one, told.sign, form, holds=request.POST.get("deed") != "reopen")
    return redirect("scrutiny:school", request.county.code, period, basis, code)


def _verified(request: HttpRequest, one: Ledger, sign: object, form: NoteForm, *, holds: bool) -> None:
    try:
        sign_verify(by=request.scope, ledger=one, sign=sign, holds=holds, **form.cleaned_data)
    except (Changed, ValidationError) as why:
        messages.error(request, why.messages[0] if isinstance(why, ValidationError) else str(why))
    else:
        messages.success(request, "已记为核实。数再变，这条会重新出现。" if holds else "已改回待核实。")


@permitted("scrutiny.view")
@require_GET
def workbook(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """The list as a workbook, with the filter that is shown; it says on every page that it is a working paper."""
    one, asked = _ledger(request, period, basis), asked_of(request.GET)
    names = telling.names_of(one)
    found = narrowed(cases(request.scope, one), asked, names)
    content = paper.workbook(one, found, names, timezone.localdate(), str(request.scope.account))
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    name = f"风险提示（工作底稿）{one.county.name}{period}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
