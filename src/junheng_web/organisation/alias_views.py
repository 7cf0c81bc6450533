"""The other names of schools: written before any file comes with them, and taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from junheng_web.organisation.asking import ask
from junheng_web.organisation.forms import AliasesForm
from junheng_web.organisation.group_views import manages, url
from junheng_web.organisation.models import SchoolAlias
from junheng_web.organisation.naming import alias_withdraw, aliases_write
from junheng_web.organisation.permissions import permitted


@permitted("organisation.view")
@require_http_methods(["GET", "HEAD", "POST"])
def aliases(request: HttpRequest) -> HttpResponse:
    """Every other name of the county's schools; whoever keeps the register writes more. `?school=` says whose."""
    if request.method == "POST":
        if not manages(request):
            raise PermissionDenied
        return _asked(request, AliasesForm(request.county, request.POST))
    return _asked(request, AliasesForm(request.county, initial={"school": request.GET.get("school", "")}))


def _asked(request: HttpRequest, form: AliasesForm) -> HttpResponse:
    def act(told: dict[str, Any]) -> tuple[str, str]:
        made = aliases_write(by=request.scope, **told)
        said = (
            f"“{told['school']}”记下 {len(made)} 个别名，以后各种导入都认得" if made else "这些别名早就有了，没有改动"
        )
        return url(request, "aliases"), said

    known = SchoolAlias.objects.visible_to(request.scope).of(request.county).select_related("school")
    rows = known.order_by("school__code", "name")
    told = {"rows": rows, "manages": manages(request)}
    return ask(request, form, act, told, "organisation/aliases.html")


@permitted("organisation.manage")
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take back that a name means a school."""
    known = SchoolAlias.objects.visible_to(request.scope).of(request.county).select_related("school", "county")
    alias = get_object_or_404(known, name=request.POST.get("name", ""))
    alias_withdraw(by=request.scope, alias=alias)
    messages.success(request, f"“{alias.name}”不再是“{alias.school}”；已经导入的数不受影响。")
    return redirect(url(request, "aliases"))
