"""The table of notices."""

from __future__ import annotations

import django_tables2
from django.template.loader import render_to_string
from django.utils.html import format_html

from junheng_web.common.tables import Table
from junheng_web.notices.models import Notice

UNREAD = {"word": "未读", "sign": "●", "tone": "azure"}


class NoticesTable(Table):
    """What one has been told; a notice is opened by a button, since to open it is to have read it."""

    title = "通知"
    nothing, remedy = (
        "没有通知",
        "有您该知道的事，这里会有一条：本县的正式评估变了，您上传的文件评完了，您的任务没有办成。",
    )

    at = django_tables2.DateTimeColumn(verbose_name="时间", format="Y-m-d H:i", orderable=False)
    text = django_tables2.Column("通知", orderable=False, attrs={"td": {"class": "wrap"}})

    def render_text(self, record: Notice) -> str:
        mark = "" if record.read_at else render_to_string("components/status.html", UNREAD)
        button = '{} <button class="btn btn-link text-start p-0" name="number" value="{}">{}</button>'
        return format_html(button, mark, record.id, record.text)

    def value_text(self, record: Notice) -> str:
        return record.text if record.read_at else f"{UNREAD['word']}：{record.text}"
