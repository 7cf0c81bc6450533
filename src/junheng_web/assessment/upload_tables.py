"""The table of what the checks found in a file that is tried."""

from __future__ import annotations

from typing import ClassVar

import django_tables2
from django.utils.html import format_html

from junheng_web.common.tables import Table

# Severity: word, sign, tone of the theme.
SEVERITIES = {"error": ("错误", "✗", "red"), "warning": ("警告", "!", "yellow"), "hint": ("提示", "i", "azure")}


class Severity(django_tables2.Column):
    """How grave: sign and word on the screen, the word in the workbook."""

    def render(self, value: str) -> str:
        word, sign, tone = SEVERITIES[value]
        return format_html(
            '<span class="badge bg-{}-lt"><span aria-hidden="true">{}</span> {}</span>', tone, sign, word
        )

    def value(self, value: str) -> str:
        return SEVERITIES[value][0]


class Words(django_tables2.Column):
    """A column of sentences, which are broken into lines."""

    attrs: ClassVar = {"td": {"class": "text-wrap"}}


class FindingsTable(Table):
    """Every finding, the gravest first, with its place in the file."""

    title = "数据问题清单"
    nothing, remedy = "没有查出问题", ""

    school = django_tables2.Column(verbose_name="学校")
    severity = Severity(verbose_name="级别")
    place = django_tables2.Column(verbose_name="位置")
    column = django_tables2.Column(verbose_name="项目")
    value = django_tables2.Column(verbose_name="填的数")
    message = Words(verbose_name="问题")
    remedy_told = Words(accessor="remedy", verbose_name="怎么办")
    check = django_tables2.Column(verbose_name="编号")
