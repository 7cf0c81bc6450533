"""The page of differences between the two bases, as a table and a workbook, and the page that says why."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import django_tables2
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods

from junheng_web.collection.handing.approving import may_fill
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.pages.forms import ReasonForm
from junheng_web.collection.pages.views import UNUSABLE, key_of, period_of
from junheng_web.collection.shown import differences as bases
from junheng_web.common.tables import Number, Table, table_response
from junheng_web.organisation.permissions import permitted


class DifferencesTable(Table):
    """The cells that differ, each with its reason."""

    title = "两种口径的差异"
    nothing, remedy = "没有这样的格", "两种口径完全一样，或都已说明原因。"

    name = django_tables2.Column(verbose_name="学校或单位")
    label = django_tables2.Column(verbose_name="项目", attrs={"td": {"class": "wrap"}})
    census = Number(verbose_name="统计口径")
    current = Number(verbose_name="现状口径")
    whose = django_tables2.Column(verbose_name="谁改的", attrs={"td": {"class": "wrap"}})
    reason = django_tables2.Column(verbose_name="原因", empty_values=(), attrs={"td": {"class": "wrap"}})
    by = django_tables2.Column(verbose_name="谁说明的", attrs={"td": {"class": "wrap"}})
    files = django_tables2.Column(verbose_name="佐证", orderable=False, attrs={"td": {"class": "wrap"}})

    def render_reason(self, record: dict[str, object]) -> SafeString:
        """Lead to the page that says why."""
        return format_html('<a href="{}">{}</a>', record["url"], record["reason"] or "没有说明")

    def value_reason(self, record: dict[str, object]) -> str:
        return str(record["reason"])

    def render_files(self, value: list[dict[str, object]]) -> SafeString:
        return format_html_join("、", '<a href="{}">{}</a>', ((one["url"], one["name"]) for one in value))

    def value_files(self, value: list[dict[str, object]]) -> str:
        return "、".join(str(one["name"]) for one in value)


@permitted("collection.view")
@require_GET
def differences(request: HttpRequest, period: str) -> HttpResponse:
    """Where the period's two bases differ: all, or (`?show=open`) those of which nobody has said why."""
    one = period_of(request, period)
    asked = {name: request.GET.get(name, "").strip() for name in ("show", "q")}
    every = bases.differences(request.scope, one)
    left = sum(each.reason is None for each in every)
    found = [each for each in every if asked["show"] != "open" or each.reason is None]
    found = [each for each in found if asked["q"] in each.subject.name or asked["q"] in each.label]
    here = reverse("collection:difference", args=[request.county.code, one.code])
    rows = [
        {**row, "url": f"{here}?{urlencode({'key': json.dumps(row['difference'].key)})}"}
        for row in bases.told(one, found)
    ]
    told = {"period": one, "count": len(every), "left": left, "asked": asked}
    return table_response(request, DifferencesTable(rows), "collection/differences.html", told)


@permitted("collection.view")
@require_http_methods(["GET", "POST"])
def difference(request: HttpRequest, period: str) -> HttpResponse:
    """One difference: both values, what has been said of it, and a form to say why."""
    one = period_of(request, period)
    found = _difference(request, one)
    fills = may_fill(request.scope, found.subject)
    form = ReasonForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and not fills:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            bases.difference_explain(by=request.scope, one=found, **form.cleaned_data)
            return redirect("collection:differences", request.county.code, one.code)
        except (Locked, ValidationError) as why:
            form.add_error(None, str(why) if isinstance(why, Locked) else why)
    (row,) = bases.told(one, [found])
    told = {"period": one, "one": row, "form": form if fills and not one.frozen else None}
    return render(request, "collection/difference.html", told, status=UNUSABLE if form.errors else 200)


def _difference(request: HttpRequest, period: bases.Period) -> bases.Difference:
    """Return the difference that an address names, where there is one that the reader may see. Raises Http404."""
    try:
        found = bases.difference_at(request.scope, period, key_of(json.loads(request.GET.get("key", ""))))
    except (RecursionError, ValueError, KeyError, TypeError):
        raise Http404 from None
    if found is None:
        raise Http404
    return found
