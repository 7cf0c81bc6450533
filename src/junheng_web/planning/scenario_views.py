"""Pages of the sandbox: the list of scenarios, a new one, one that is tried, several side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.organisation.asking import UNUSABLE, ask
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.planning import beside_file, selectors, services, trying_telling
from junheng_web.planning.edit_forms import FORMS, EditForm
from junheng_web.planning.forms import ScenarioForm, SharingForm
from junheng_web.planning.models import Scenario
from junheng_web.planning.terms import terms_now
from junheng_web.planning.trying import edits_of, names_of, tried

SHOWN, MOST_BESIDE = 100, 4


@permitted("planning.view")
@require_GET
def scenarios(request: HttpRequest) -> HttpResponse:
    """The scenarios that one may read; some of them can be put side by side."""
    rows = selectors.scenarios_of(request.scope, request.county)[:SHOWN]
    makes = allowed("planning.edit", request.scope, request.county)
    return render(request, "planning/scenarios.html", {"rows": rows, "makes": makes, "most": MOST_BESIDE})


@permitted("planning.edit")
@require_http_methods(["GET", "POST"])
def scenario_add(request: HttpRequest) -> HttpResponse:
    """Make a scenario."""
    bases = selectors.bases_of(request.scope, request.county)
    form = ScenarioForm(bases, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = terms_now(request.scope, request.county)
        one = services.scenario_make(by=request.scope, county=request.county, terms=now, **form.cleaned_data)
        return redirect(one.url)
    context = {"form": form, "bases": bases}
    return render(request, "planning/scenario_add.html", context, status=UNUSABLE if form.errors else 200)


def _scenario(request: HttpRequest, number: int) -> Scenario:
    try:
        return selectors.scenario_numbered(request.scope, request.county, number)
    except Scenario.DoesNotExist:
        raise Http404 from None


def _own(request: HttpRequest, number: int) -> Scenario:
    """Return a scenario that the reader may change. Raises Http404, PermissionDenied."""
    one = _scenario(request, number)
    if not selectors.may_edit(request.scope, one):
        raise PermissionDenied
    return one


@permitted("planning.view")
@require_GET
def scenario(request: HttpRequest, number: int) -> HttpResponse:
    """What is tried, and what it comes to."""
    return _page(request, _scenario(request, number))


def _page(request: HttpRequest, one: Scenario, bound: EditForm | None = None) -> HttpResponse:
    told = {**trying_telling.page(one), "may_edit": selectors.may_edit(request.scope, one)}
    told["makes"] = allowed("planning.edit", request.scope, request.county)
    if told["may_edit"]:
        told["forms"], told["bound"] = _forms(one, bound), bound
    return render(request, "planning/scenario.html", told, status=UNUSABLE if bound else 200)


def _forms(one: Scenario, bound: EditForm | None = None) -> list[EditForm]:
    schools = names_of(tried(one, edits_of(one)).assessment.facts)
    return [bound if bound and bound.kind == kind else form(schools) for kind, form in FORMS.items()]


@permitted("planning.edit")
@require_POST
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Try one thing more; what cannot be tried comes back with the reason."""
    one = _own(request, number)
    kind = FORMS.get(request.POST.get("kind", ""))
    if kind is None:
        raise Http404
    form = kind(names_of(tried(one, edits_of(one)).assessment.facts), request.POST)
    if not form.is_valid():
        return _page(request, one, form)
    try:
        services.edit_add(by=request.scope, scenario=one, edit=form.edit, seen=_seen(request))
    except ValidationError as why:
        form.add_error(None, why)
        one.refresh_from_db(fields=["head"])
        return _page(request, one, form)
    return redirect(one.url)


def _seen(request: HttpRequest) -> int:
    told = request.POST.get("seen", "")
    return int(told) if told.isdecimal() and len(told) < 6 else -1


@permitted("planning.edit")
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Let fewer edits hold, or more of them again."""
    one = _own(request, number)
    try:
        services.edit_undo(by=request.scope, scenario=one, to=_seen(request))
    except ValidationError as why:
        messages.error(request, why.messages[0])
    return redirect(one.url)


@permitted("planning.edit")
@require_http_methods(["GET", "POST"])
def sharing(request: HttpRequest, number: int) -> HttpResponse:
    """Give a scenario another name, or share it otherwise: for whoever made it."""
    one = _scenario(request, number)
    if one.by_account != request.scope.account.id:
        raise Http404
    form = SharingForm(request.POST if request.method == "POST" else {"name": one.name, "shared": one.shared})

    def act(told: dict[str, Any]) -> tuple[str, str]:
        services.scenario_change(by=request.scope, scenario=one, **told)
        return one.url, "已改。"

    page = {"title": f"{one.name}：名称和共享", "back": one.url, "back_label": one.name, "button": "保存"}
    return ask(request, form, act, page, "planning/form.html")


@permitted("planning.edit")
@require_POST
def copy(request: HttpRequest, number: int) -> HttpResponse:
    """Make another scenario with what holds in this one."""
    one = _scenario(request, number)
    made = services.scenario_copy(by=request.scope, scenario=one, name=f"{one.name}（另存）"[:80])
    messages.success(request, "已另存一个推演，从这里接着试，原来的不变。")
    return redirect(made.url)


def _chosen(request: HttpRequest) -> list[Scenario]:
    """Return the scenarios that are asked for, two at least. Raises Http404."""
    asked = [told for told in request.GET.getlist("n") if told.isdecimal() and len(told) < 10]
    return [_scenario(request, int(told)) for told in dict.fromkeys(asked)][:MOST_BESIDE]


@permitted("planning.view")
@require_GET
def beside(request: HttpRequest) -> HttpResponse:
    """Scenarios side by side; with `format=xlsx` as a workbook."""
    chosen = _chosen(request)
    if not chosen:
        messages.error(request, "请先勾选要比的推演，最多四个。")
        return redirect("planning:scenarios", request.county.code)
    told = trying_telling.beside(chosen)
    if request.GET.get("format") == "xlsx":
        name = content_disposition_header(True, f"推演比较-{'-'.join(str(one.number) for one in chosen)}.xlsx")
        return HttpResponse(beside_file.workbook(told), content_type=MEDIA_TYPE, headers={"Content-Disposition": name})
    query = "&".join(f"n={one.number}" for one in chosen)
    return render(request, "planning/beside.html", {**told, "export": f"?{query}&format=xlsx"})
