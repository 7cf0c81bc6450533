"""The components' page: every component in every state, for whoever builds pages and for whoever tests them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_tables2
from django import forms
from django.http import HttpRequest, HttpResponse

from junheng_web.common.tables import Number, Status, Table, table_response
from junheng_web.common.templatetags.components import STATUSES
from junheng_web.organisation.permissions import signed_in

ROWS = 120
LONG = "示例旗沙湾苏木民族九年一贯制寄宿学校（原沙湾苏木中心小学与沙湾苏木初级中学合并）东校区教学点"


class Schools(Table):
    """Invented rows, among them the longest name and empty cells."""

    name = django_tables2.Column("学校")
    status = Status(verbose_name="结论")
    pupils = Number(verbose_name="学生（人）")
    area = Number(verbose_name="校舍面积（平方米）")
    day = django_tables2.DateColumn(verbose_name="填报日期", format="Y-m-d")
    note = django_tables2.Column("说明", attrs={"td": {"class": "wrap"}})

    title = "示例学校"


class Example(forms.Form):
    """A field of each kind."""

    name = forms.CharField(label="学校名称", help_text="写公章上的全称", max_length=40)
    kind = forms.ChoiceField(label="类型", choices=[("", "请选择"), ("primary", "小学"), ("junior", "初中")])
    file = forms.FileField(label="工作簿", help_text="xlsx 或 xls，不超过 64 MB", required=False)
    note = forms.CharField(label="说明", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    stages = forms.MultipleChoiceField(
        label="学段", choices=[("primary", "小学"), ("junior", "初中")], widget=forms.CheckboxSelectMultiple
    )
    basis = forms.ChoiceField(
        label="口径",
        choices=[("census", "统计口径"), ("current", "现状口径")],
        widget=forms.RadioSelect,
        required=False,
        help_text="申报只认统计口径",
    )
    sure = forms.BooleanField(label="数据真实，由我负责", required=True)


@signed_in
def components(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    words = request.GET.get("q", "")
    table = Schools([row for row in rows() if words in row["name"]])
    context = {
        "statuses": list(STATUSES),
        "form": Example(auto_id="empty_%s"),
        "wrong": Example({"kind": "college", "basis": "current"}),
        "words": words,
        "long": LONG,
        "option": option(),
    }
    return table_response(request, table, "home/components.html", context)


def rows() -> list[dict[str, Any]]:
    """Return invented schools; the first has the longest name, every seventh reports nothing."""
    statuses = list(STATUSES)
    return [
        {
            "name": LONG if place == 0 else f"示例第{place}小学",
            "status": statuses[place % len(statuses)],
            "pupils": None if place % 7 == 6 else 100 + 37 * place % 900,
            "area": None if place % 7 == 6 else 2000 + 113 * place % 5000,
            "day": dt.date(2025, 9, 1) + dt.timedelta(days=place % 30),
            "note": "寄宿制，宿舍面积不计入教学及辅助用房，按校核对后填报" if place % 5 == 0 else "",
        }
        for place in range(ROWS)
    ]


def option() -> dict[str, Any]:
    """Return a bar chart with a line across it; a colour named as var(--…) follows the theme."""
    names = [f"第{place}小学" for place in range(1, 9)]
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {},
        "grid": {"left": 48, "right": 16, "bottom": 32, "top": 36},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "name": "平方米"},
        "series": [
            {"name": "生均", "type": "bar", "data": [51, 48, 44, 60, 39, 55, 47, 49]},
            {
                "name": "标准线",
                "type": "line",
                "data": [45] * 8,
                "symbol": "none",
                "lineStyle": {"type": "dashed", "color": "var(--jh-red)"},
                "itemStyle": {"color": "var(--jh-red)"},
            },
        ],
    }
