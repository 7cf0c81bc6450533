"""Issues as a table, on the screen and as a workbook."""

from __future__ import annotations

import django_tables2
from django.utils import timezone
from django.utils.html import format_html

from junheng_web.common.tables import Table
from junheng_web.rectification.models import Issue
from junheng_web.rectification.telling import badge, tone_of


def state_told(issue: Issue) -> str:
    """Return an issue's state in words, with what is late, and what waits for the census."""
    late = "，过期" if issue.late_on(timezone.localdate()) else ""
    waits = "（现状到位）" if issue.of_gap and issue.state == Issue.State.REVIEW else ""
    return f"{issue.get_state_display()}{waits}{late}"


class IssuesTable(Table):
    """The ledger of issues (整改台账)."""

    number = django_tables2.Column("编号")
    state = django_tables2.Column("状态")
    what = django_tables2.Column("问题", accessor="title", attrs={"td": {"class": "wrap"}})
    unit = django_tables2.Column("责任单位", order_by=("unit__place", "unit__code"))
    due = django_tables2.DateColumn(verbose_name="期限", format="Y-m-d")
    raised_at = django_tables2.DateColumn(verbose_name="发现", format="Y-m-d")

    title = "整改台账"
    nothing, remedy = "没有符合条件的问题", "换个条件；从没有立过问题的，由办公室从“缺口”里立"

    def render_number(self, record: Issue) -> str:
        return format_html('<a href="{}">{}</a>', record.url, record.code)

    def value_number(self, record: Issue) -> str:
        return record.code

    def render_state(self, record: Issue) -> str:
        return badge(tone_of(record, timezone.localdate()), state_told(record))

    def value_state(self, record: Issue) -> str:
        return state_told(record)

    def render_unit(self, record: Issue) -> str:
        return f"{record.unit} {record.desk or ''}".strip()
