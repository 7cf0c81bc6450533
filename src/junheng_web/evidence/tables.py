"""The table of a county's files."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_tables2
from django.template.defaultfilters import filesizeformat

from junheng_web.common.tables import Number, Table
from junheng_web.evidence.kinds import SENDER
from junheng_web.evidence.models import Link
from junheng_web.evidence.readers import kinds
from junheng_web.evidence.searching import excerpts


def link_told(link: Link) -> str:
    """Return what a file belongs to, in words: its kind and code."""
    return object_told(link.object_kind, link.note if link.object_kind == SENDER else link.object_code)


def object_told(kind: str, code: str) -> str:
    """Return an object in words; a kind that nobody has named as it stands."""
    return f"{kinds()[kind].label if kind in kinds() else kind} {code}"


class FilesTable(Table):
    """The files, each with what it belongs to."""

    title = "文件"
    nothing, remedy = "没有符合条件的文件", "还没有交过文件，或请换一个条件。"

    name = django_tables2.Column(verbose_name="文件名", linkify=lambda record: record.url)
    said = django_tables2.Column(
        verbose_name="在哪里写着",
        orderable=False,
        empty_values=(),
        exclude_from_export=True,
        attrs={"td": {"class": "wrap"}},
    )
    size = Number(verbose_name="大小")
    links = django_tables2.Column(verbose_name="属于", orderable=False, empty_values=())
    by_name = django_tables2.Column(verbose_name="上传人")
    at = django_tables2.DateTimeColumn(verbose_name="上传时间", format="Y-m-d H:i")
    digest = django_tables2.Column(verbose_name="SHA-256", attrs={"td": {"class": "code"}})

    def __init__(self, *rows: Any, words: str = "", **options: Any) -> None:
        """`words` are those that were searched for; without any there is no column of where they stand."""
        super().__init__(*rows, **({} if words else {"exclude": ("said",)}), **options)
        self.words = words

    @cached_property
    def excerpts(self) -> dict[int, str]:
        """Where the words stand in each file of the page that is shown."""
        return excerpts([row.record for row in self.paginated_rows], self.words)

    def render_said(self, record: Any) -> str:
        return self.excerpts.get(record.pk, "文件名或编号里")

    def render_size(self, value: int) -> str:
        return filesizeformat(value)

    def value_size(self, value: int) -> int:
        return value

    def render_links(self, record: Any) -> str:
        return "、".join(link_told(one) for one in record.links.all()) or "—"

    def render_digest(self, value: str) -> str:
        return value[:12]

    def value_digest(self, value: str) -> str:
        return value
