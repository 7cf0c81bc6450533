"""The mappings of a county, the forms that none of them knows, and the names that were confirmed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from junheng.facts.grids import address_of
from junheng.facts.mapped.load import mapping_to_yaml
from junheng.facts.mapped.model import SHAPES
from junheng_web.collection.models import Period
from junheng_web.organisation.models import SchoolAlias
from junheng_web.organisation.naming import alias_withdraw
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.statistics import selectors, services
from junheng_web.statistics.models import Mapping, SeenForm
from junheng_web.statistics.uploading import place_of


def manages(request: HttpRequest) -> bool:
    """Return whether the reader makes mappings and brings workbooks in."""
    return allowed("statistics.manage", request.scope, request.county)


@permitted("statistics.view")
@require_GET
def mappings(request: HttpRequest) -> HttpResponse:
    """The mappings as they are, the forms that were seen and have none, and where to bring a workbook in."""
    county, unmapped = request.county, selectors.unmapped_of(request.county)
    told = {
        "mappings": selectors.mappings_of(county),
        "unmapped": [one for one in unmapped if one.wanted],
        "dismissed": [one for one in unmapped if not one.wanted],
        "aliases": SchoolAlias.objects.visible_to(request.scope).of(county).select_related("school"),
        "period": Period.objects.visible_to(request.scope).of(county).first(),
        "manages": manages(request),
    }
    return render(request, "statistics/mappings.html", told)


def _versions(request: HttpRequest, code: str) -> list[Mapping]:
    found = selectors.versions_of(request.scope, request.county, code)
    if not found:
        raise Http404
    return found


@permitted("statistics.view")
@require_GET
def mapping(request: HttpRequest, code: str) -> HttpResponse:
    """One mapping: what it reads where, and each of its versions with who made it when."""
    versions = _versions(request, code)
    form = selectors.form_of(versions[0])
    rows = [(one.column.label, place_of(one), one.unit) for one in form.fields]
    told = {
        "mapping": versions[0],
        "versions": versions,
        "form": form,
        "shape": SHAPES[form.shape],
        "rows": rows,
        "anchors": [(address_of(one.at), one.text) for one in form.anchors],
        "manages": manages(request),
    }
    return render(request, "statistics/mapping.html", told)


@permitted("statistics.view")
@require_GET
def mapping_file(request: HttpRequest, code: str) -> HttpResponse:
    """Send a mapping as the YAML that another county, or the command line's Python interface, can read."""
    one = _versions(request, code)[0]
    headers = {"Content-Disposition": content_disposition_header(True, f"{one}.yaml")}
    text = mapping_to_yaml(selectors.form_of(one))
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@permitted("statistics.manage")
@require_POST
def state(request: HttpRequest, code: str) -> HttpResponse:
    """Put a mapping out of use, or into use again."""
    one, in_force = _versions(request, code)[0], request.POST.get("in_force") == "1"
    services.mapping_use(by=request.scope, mapping=one, in_force=in_force)
    messages.success(request, f"“{one}”已{'恢复使用' if in_force else '停用；已经导入的数不受影响'}。")
    return redirect("statistics:mapping", request.county.code, code)


@permitted("statistics.manage")
@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """Say that a form without a mapping is not needed, or is after all."""
    known = SeenForm.objects.visible_to(request.scope).of(request.county)
    seen = get_object_or_404(known, form=request.POST.get("form", ""))
    services.form_dismiss(by=request.scope, seen=seen, wanted=request.POST.get("wanted") == "1")
    return redirect("statistics:mappings", request.county.code)


@permitted("statistics.manage")
@require_POST
def alias_take_back(request: HttpRequest) -> HttpResponse:
    """Take back that a name means a school."""
    known = SchoolAlias.objects.visible_to(request.scope).of(request.county).select_related("school", "county")
    alias = get_object_or_404(known, name=request.POST.get("name", ""))
    alias_withdraw(by=request.scope, alias=alias)
    messages.success(request, f"“{alias.name}”不再是“{alias.school}”；已经导入的数不受影响。")
    return redirect("statistics:mappings", request.county.code)
