"""Packages: a receiver's list, what fills it, and the zip."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from junheng_web.organisation.permissions import permitted
from junheng_web.reports import packing, selectors
from junheng_web.reports.forms import PackageForm
from junheng_web.reports.models import Kind, Package, Want, Wanted
from junheng_web.reports.services import Refused
from junheng_web.reports.views import CONFLICT, UNUSABLE
from junheng_web.supervision.calendars import next_milestone


def package_at(request: HttpRequest, number: int) -> Package:
    """Return the package that an address names. Raises Http404."""
    try:
        return selectors.packages_of(request.scope, request.county).get(number=number)
    except Package.DoesNotExist:
        raise Http404 from None


@permitted("reports.pack")
@require_GET
def packages(request: HttpRequest) -> HttpResponse:
    """Every receiver's list, with how much of it is there."""
    rows = []
    for one in selectors.packages_of(request.scope, request.county):
        lines = packing.filled_of(request.scope, one)
        rows.append((one, len(lines), sum(not line.wrong for line in lines)))
    told = {"rows": rows, "next": next_milestone(request.county, timezone.localdate())}
    return render(request, "reports/packages.html", told)


@permitted("reports.pack")
@require_GET
def package(request: HttpRequest, number: int) -> HttpResponse:
    """One list: what fills each line, and what is wrong with it."""
    one = package_at(request, number)
    lines = packing.filled_of(request.scope, one)
    told = {"package": one, "lines": lines, "ready": not any(line.wrong for line in lines)}
    return render(request, "reports/package.html", told)


@permitted("reports.pack")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write down a receiver's list."""
    return _edit(request, None)


@permitted("reports.pack")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Change a receiver's list."""
    return _edit(request, package_at(request, number))


def _edit(request: HttpRequest, one: Package | None) -> HttpResponse:
    status, initial = 200, _initial(one) if one else {}
    form = PackageForm(request.scope, request.county, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        told = {"receiver": clean["receiver"], "asked": clean["lines"], "seen": clean["seen"] or 0}
        try:
            made = packing.package_save(by=request.scope, county=request.county, package=one, **told)
            messages.success(request, "已保存。")
            return redirect(made.address())
        except Refused as why:
            status = CONFLICT
            form.add_error(None, why)
            form.data = form.data.copy()
            form.data["seen"] = str(package_at(request, one.number).revision if one else 0)
        except ValidationError as error:
            form.add_error(None, error)
    status = UNUSABLE if form.errors and status == 200 else status
    kinds = [label for _, label in (*Kind.choices, *Wanted.choices)]
    return render(request, "reports/package_edit.html", {"package": one, "form": form, "kinds": kinds}, status=status)


def _initial(one: Package) -> dict[str, object]:
    lines = "\n".join(_line(want) for want in one.wants.select_related("file"))
    return {"receiver": one.receiver, "lines": lines, "seen": one.revision}


def _line(want: Want) -> str:
    digest = want.file.digest[:12] if want.file else ""
    cells = [want.name, want.filename, str(want.most_mb or ""), want.get_kind_display() if want.kind else "", digest]
    return " | ".join(cells).rstrip(" |")


@permitted("reports.pack")
@require_GET
def package_zip(request: HttpRequest, number: int) -> HttpResponseBase:
    """Send the package; one that is not complete is not made."""
    one = package_at(request, number)
    lines, today = packing.filled_of(request.scope, one), timezone.localdate()
    out = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    try:
        lines = packing.write_zip(out, one, lines, today)
    except ValidationError as why:
        out.close()
        messages.error(request, "还不能打包：" + "；".join(why.messages))
        return redirect(one.address())
    packing.package_sent(by=request.scope, package=one, lines=lines)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{request.county}-{one.receiver}-{today}.zip")
