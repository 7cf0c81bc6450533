"""How documents write the county's units, and what does not agree there."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from junheng_web.duties import naming
from junheng_web.duties.forms import NameForm
from junheng_web.duties.models import UnitName
from junheng_web.duties.services import unit_name_set, unit_name_withdraw
from junheng_web.duties.views import UNUSABLE, rights
from junheng_web.organisation.permissions import permitted


@permitted("duties.view")
@require_GET
def names(request: HttpRequest) -> HttpResponse:
    """Each unit as each part of the document writes it, and what does not agree."""
    return _page(request, NameForm(request.scope, request.county), 200)


def _page(request: HttpRequest, form: NameForm, status: int) -> HttpResponse:
    told = naming.names(request.scope, request.county)
    return render(request, "duties/names.html", {**told, "form": form, **rights(request)}, status=status)


@permitted("duties.manage")
@require_POST
def name_set(request: HttpRequest) -> HttpResponse:
    """Say how a part writes a unit."""
    form = NameForm(request.scope, request.county, request.POST)
    if form.is_valid():
        told = form.cleaned_data | {"unit": form.known[form.cleaned_data["unit"]]}
        try:
            unit_name_set(by=request.scope, county=request.county, **told)
        except ValidationError as error:
            form.add_error("name", error)
        else:
            messages.success(request, "已记下。")
            return redirect("duties:names", request.county.code)
    return _page(request, form, UNUSABLE)


@permitted("duties.manage")
@require_POST
def name_withdraw(request: HttpRequest) -> HttpResponse:
    """Take back how a unit is written."""
    known = UnitName.objects.visible_to(request.scope).of(request.county).select_related("unit", "county")
    try:
        found = known.get(id=int(request.POST.get("name", "")))
    except (ValueError, UnitName.DoesNotExist):
        raise Http404 from None
    unit_name_withdraw(by=request.scope, name=found)
    messages.success(request, f"已去掉“{found.name}”。")
    return redirect("duties:names", request.county.code)
