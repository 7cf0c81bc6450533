"""The table of tasks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_tables2
from django.template.loader import render_to_string
from django.utils.html import format_html

from junheng_web.common.tables import Number, Table
from junheng_web.supervision.chain import Status, Task
from junheng_web.supervision.lights import light
from junheng_web.supervision.telling import STATUS_TONES

WRAPPED = {"td": {"class": "unit"}}


class TasksTable(Table):
    """Tasks with their lights, sorted by their last day."""

    title = "任务"
    nothing, remedy = "没有符合条件的任务", "办公室立项、交办以后，任务列在这里；换一个条件再查也可以。"

    title_ = django_tables2.Column("事项", accessor="title", attrs={"td": {"class": "task-title"}})
    number = Number(verbose_name="编号")
    unit = django_tables2.Column("责任单位", order_by=("unit__place", "unit__code"), attrs=WRAPPED)
    desk = django_tables2.Column("经办岗位", orderable=False, attrs=WRAPPED)
    due = django_tables2.DateColumn(verbose_name="截止", format="Y-m-d")
    light = django_tables2.Column("进展", empty_values=(), orderable=False)
    status = django_tables2.Column("状态", orderable=False)
    concerns = django_tables2.Column("有关指标", orderable=False)

    def __init__(self, rows: Any, today: dt.date, **options: Any) -> None:
        self.today = today
        super().__init__(rows, **options)

    def render_title_(self, record: Task) -> str:
        return format_html('<a href="{}">{}</a>', record.url, record.title)

    def value_title_(self, record: Task) -> str:
        return record.title

    def render_light(self, record: Task) -> str:
        one = light(record, self.today)
        return render_to_string("components/status.html", {"word": one.word, "sign": one.sign, "tone": one.tone})

    def value_light(self, record: Task) -> str:
        return light(record, self.today).word

    def render_status(self, record: Task) -> str:
        tone = STATUS_TONES[Status(record.status)]
        return format_html('<span class="badge bg-{}-lt">{}</span>', tone, record.get_status_display())

    def value_status(self, record: Task) -> str:
        return record.get_status_display()

    def render_concerns(self, record: Task) -> str:
        return "、".join(one.indicator for one in record.concerns.all()) or "—"
