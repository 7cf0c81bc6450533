"""Lists of the room, on the screen and as workbooks."""

from __future__ import annotations

import django_tables2
from django.utils.html import format_html

from junheng_web.common.tables import Number, Table
from junheng_web.rectification.models import Issue
from junheng_web.rectification.tables import state_told
from junheng_web.reports.models import Report

TONES = {
    Report.Status.DRAFT: "azure",
    Report.Status.REVIEW: "yellow",
    Report.Status.SIGNED: "green",
    Report.Status.DROPPED: "secondary",
}


def badge(tone: str, words: str) -> str:
    """Return words in a tone."""
    return format_html('<span class="badge bg-{}-lt">{}</span>', tone, words)


class ReportsTable(Table):
    """The reports that one may read."""

    number = Number(verbose_name="编号")
    title_ = django_tables2.Column("标题", accessor="title", attrs={"td": {"class": "wrap"}})
    kind = django_tables2.Column("种类")
    status = django_tables2.Column("状态")
    version = Number(verbose_name="第几稿")
    signer = django_tables2.Column("由谁签发", attrs={"td": {"class": "wrap"}})
    signed = django_tables2.DateColumn(verbose_name="签发", accessor="signature__day", format="Y-m-d")

    title = "文稿"
    nothing, remedy = "没有符合条件的文稿", "换个条件"

    def render_title_(self, record: Report) -> str:
        return format_html('<a href="{}">{}</a>', record.url, record.title)

    def value_title_(self, record: Report) -> str:
        return record.title

    def render_status(self, record: Report) -> str:
        return badge(TONES[Report.Status(record.status)], record.get_status_display())

    def value_status(self, record: Report) -> str:
        return record.get_status_display()


class PlansTable(Table):
    """The issues of each school (一校一案), as they are frozen with the report."""

    school = django_tables2.Column("学校")
    number = django_tables2.Column("编号", accessor="code")
    what = django_tables2.Column("问题", accessor="title")
    unit = django_tables2.Column("责任单位")
    due = django_tables2.DateColumn(verbose_name="期限", format="Y-m-d")
    state = django_tables2.Column("状态")

    title = "一校一案"

    def value_state(self, record: Issue) -> str:
        return state_told(record)


def plans_of(county: object) -> PlansTable:
    """Return every school's issues, in the order of the roll."""
    found = Issue.objects.of(county).exclude(school=None).exclude(state=Issue.State.DROPPED)
    return PlansTable(list(found.select_related("school", "unit", "desk").order_by("school__code", "number")))
