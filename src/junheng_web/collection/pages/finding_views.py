"""The page of what the checks find over a ledger, as a table and a workbook: which form and cell, and what to do."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from junheng_web.collection.pages.views import ledger_of
from junheng_web.collection.shown.found import Asked, findings_over
from junheng_web.collection.shown.telling import SEVERITY
from junheng_web.common.tables import Table, table_response
from junheng_web.organisation.permissions import permitted

WRAPPED = {"td": {"class": "wrap"}}


class FindingsTable(Table):
    """The findings, the gravest first."""

    title = "全县数据问题"
    nothing = "没有这样的问题"
    remedy = "都已改正或说明；只是提示的、说明过的，在“看哪些”里选“全部”。"

    form = django_tables2.Column(verbose_name="学校或单位", attrs=WRAPPED)
    severity = django_tables2.Column(verbose_name="轻重", order_by=("grade",))
    cell = django_tables2.Column(verbose_name="项目", attrs=WRAPPED)
    value = django_tables2.Column(verbose_name="填的数", attrs={"td": {"class": "text-end"}}, empty_values=())
    message = django_tables2.Column(verbose_name="问题", attrs=WRAPPED)
    remedy_told = django_tables2.Column(verbose_name="怎么办", accessor="remedy", attrs=WRAPPED)
    said = django_tables2.Column(verbose_name="说明", attrs=WRAPPED, empty_values=())

    def render_severity(self, value: str) -> str:
        word, sign, tone = SEVERITY[value]
        return render_to_string("components/status.html", {"word": word, "sign": sign, "tone": tone})

    def value_severity(self, value: str) -> str:
        return SEVERITY[value][0]

    def render_cell(self, record: dict[str, Any]) -> SafeString:
        """Lead to the cell in its form."""
        return format_html('<a href="{}">{}</a>', record["url"], record["cell"])

    def value_cell(self, record: dict[str, Any]) -> str:
        return str(record["cell"])

    def render_value(self, value: str) -> str:
        return value or "未报"

    def render_message(self, record: dict[str, Any]) -> str:
        return f"{record['message']}（应当：{record['expected']}）" if record["expected"] else str(record["message"])

    def render_said(self, record: dict[str, Any]) -> str:
        """Say what was said, or that nobody has; what no form asks for and what is only a hint needs no word."""
        if record["said"] or record["open"]:
            return str(record["said"]) or "没有说明"
        return "不用说明" if record["asked"] else "本表不填，由导入带来"


@permitted("collection.view")
@require_GET
def findings(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """What the checks find in the forms that one may see: what is open, or (`?show=`) `answered` or `all`."""
    ledger = ledger_of(request, period, basis)
    asked = Asked(**{name: request.GET.get(name, "").strip() for name in ("form", "severity", "show")})
    told = findings_over(request.scope, ledger, asked)
    return table_response(request, FindingsTable(told.pop("rows")), "collection/county_findings.html", told)
