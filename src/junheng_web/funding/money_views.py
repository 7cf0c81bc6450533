"""Pages of sources and of what was decided; and what accepted items add to the schools' forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.collection.ledger.addresses import form_address
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.ledger.subjects import NoSuchForm, Subject
from junheng_web.funding import forms, paying, rising, selectors, services, tables, telling
from junheng_web.funding.models import Decision, Keeper, Source
from junheng_web.funding.views import UNUSABLE, rights
from junheng_web.organisation.asking import ask
from junheng_web.organisation.models import School
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.organisation.roles import Role


@permitted("funding.money")
@require_http_methods(["GET", "POST"])
def sources(request: HttpRequest) -> HttpResponse:
    """Where the money comes from; and, sent, one more source."""
    form = forms.SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = paying.source_add(by=request.scope, county=request.county, **form.cleaned_data)
        except ValidationError as why:
            form.add_error(None, why)
        else:
            messages.success(request, f"已登记“{made}”。")
            return redirect("funding:sources", request.county.code)
    return _sources(request, source_form=form)


def _sources(request: HttpRequest, **bound: Any) -> HttpResponse:
    """Return the page; a form that was sent with something wrong stands there as it was sent."""
    told = rights(request)
    if told["sees_all"]:
        every = Source.objects.visible_to(request.scope).of(request.county)
        found = tables.table(request.scope, request.county)
        told |= {"sources": telling.sources_told(request.county, every), "table": found}
        told["decisions"] = Decision.objects.visible_to(request.scope).of(request.county).order_by("-id")
        known = Keeper.objects.visible_to(request.scope).of(request.county)
        told["keepers"] = [one.unit for one in known.select_related("unit")]
        told |= {"decision_form": forms.DecisionForm(initial=dict(found.totals)), "given": sum_of(told["sources"])}
    wrong = any(form.errors for form in bound.values())
    return render(request, "funding/sources.html", {**told, **bound}, status=UNUSABLE if wrong else 200)


def sum_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the sources come to, and what was given and paid of them."""
    whole = sum((row["source"].amount for row in rows), telling.NOTHING)
    return {
        "amount": whole,
        **{name: sum((row[name] for row in rows), telling.NOTHING) for name in ("given", "paid", "left")},
    }


@permitted("funding.record")
@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, code: str) -> HttpResponse:
    """Change a source, with a reason."""
    found = Source.objects.visible_to(request.scope).of(request.county).select_related("county")
    one = found.filter(code=code).first() if selectors.keeps(request.scope, request.county) else None
    if one is None:
        raise Http404
    form = forms.SourceForm(request.POST or None, source=one)

    def act(clean: dict[str, Any]) -> tuple[str, str]:
        try:
            paying.source_edit(by=request.scope, source=one, **clean)
        except services.Moved as why:
            raise ValidationError(str(why)) from None
        return telling.address(request.county, "sources"), f"“{clean['name']}”已改。"

    return ask(request, form, act, {"source": one}, "funding/source.html")


@permitted("funding.record")
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Record the totals that a meeting decided on."""
    form = forms.DecisionForm(request.POST)
    if not form.is_valid():
        return _sources(request, source_form=forms.SourceForm(), decision_form=form)
    paying.decision_record(by=request.scope, county=request.county, **form.cleaned_data)
    messages.success(request, "已记。明细表的合计会一直和它对照。")
    return redirect("funding:sources", request.county.code)


def _schools(request: HttpRequest) -> list[School]:
    """Return the schools into whose forms one may put something: one's own, and every school for the office."""
    every = School.objects.visible_to(request.scope).of(request.county).select_related("county")
    if Role.OFFICE in request.scope.roles_in(request.county):
        return list(every.filter(funding__isnull=False))
    return list(every.filter(id__in=selectors.own_schools(request.scope, request.county)))


def _form(school: School) -> Subject | None:
    try:
        return rising.newest_form(school.county, school)
    except NoSuchForm:
        return None


@permitted("funding.raise")
@require_GET
def rises(request: HttpRequest) -> HttpResponse:
    """The schools whose accepted items wait to be put into their forms."""
    schools = _schools(request)
    found = rising.waiting_of(request.county, schools)
    rows = [(one, found[one.id]) for one in schools if one.id in found]
    return render(request, "funding/rises.html", {"rows": rows})


def _school(request: HttpRequest, code: str) -> School:
    found = next((one for one in _schools(request) if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _told(request: HttpRequest, school: School) -> dict[str, Any]:
    """Return what a school's items would add to its form."""
    one, items = _form(school), rising.waiting(request.county, school)
    made = rising.proposals(one, items) if one else []
    told = {"school": school, "subject": one, "proposals": made, "seen": rising.seal_of(made)}
    if one:
        told |= {"url": form_address(one, "form"), "fills": rising.fillable(request.scope, one)}
    return told | {"ready": any(each.before is not None for each in made)}


@permitted("funding.raise")
@require_GET
def rise(request: HttpRequest, code: str) -> HttpResponse:
    """What one school's items would add to its form, cell by cell."""
    return render(request, "funding/rise.html", _told(request, _school(request, code)))


@permitted("funding.view")
@require_GET
def rises_part(request: HttpRequest, code: str) -> HttpResponse:
    """The same as a line on the form's own page; nothing for whoever does not fill it in."""
    told: dict[str, Any] = {"proposals": []}
    if allowed("funding.raise", request.scope, request.county):
        school = next((one for one in _schools(request) if one.code == code), None)
        told = _told(request, school) if school else told
    return render(request, "funding/rises_part.html", told)


@permitted("funding.raise")
@require_POST
def rise_fill(request: HttpRequest, code: str) -> HttpResponse:
    """Put what was shown into the school's form."""
    school = _school(request, code)
    one = _form(school)
    if one is None:
        raise Http404
    try:
        made = rising.rises_fill(by=request.scope, one=one, school=school, seen=request.POST.get("seen", ""))
    except Locked as why:
        messages.error(request, str(why))
        return redirect("funding:rise", request.county.code, code)
    messages.success(request, f"已把 {len(made)} 个项目的数加进填报表；提交、签字、审核、审定以后才算数。")
    return redirect(form_address(one, "form"))
