"""The table of a county's files."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_tables2
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html

from junheng_web.common.tables import Number, Table
from junheng_web.evidence.clearing import unread_of
from junheng_web.evidence.kinds import SENDER
from junheng_web.evidence.models import Link
from junheng_web.evidence.personal import masked
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

    def __init__(self, *rows: Any, words: str = "", covered: bool = False, **options: Any) -> None:
        """`words` are those that were searched for; without any there is no column of where they stand.

        `covered`: numbers of persons in names are covered, as they are in words.
        """
        super().__init__(*rows, **({} if words else {"exclude": ("said",)}), **options)
        self.words, self.covered = words, covered

    def render_name(self, value: str) -> str:
        return masked(value) if self.covered else value

    value_name = render_name

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


class HiddenTable(FilesTable):
    """The files that outside does not see, each with why, and a box to tick once the office has looked at it."""

    title = "县外的人看不到的文件"
    remedy = "程序都读准了，或看过的都放行了。"

    name = django_tables2.Column(
        verbose_name="文件名", linkify=lambda record: reverse("evidence:look", args=[record.county.code, record.digest])
    )
    why = django_tables2.Column(
        verbose_name="为什么看不到", orderable=False, empty_values=(), attrs={"td": {"class": "wrap"}}
    )
    pages = Number(verbose_name="页数", accessor="reading__pages")
    pick = django_tables2.Column(
        verbose_name="看过了",
        orderable=False,
        empty_values=(),
        exclude_from_export=True,
        attrs={"td": {"class": "pick"}},
    )

    class Meta:
        sequence = ("name", "pick", "why", "said", "pages", "size", "links", "by_name", "at")
        exclude = ("digest",)

    @cached_property
    def reasons(self) -> dict[int, str]:
        """Why outside does not see each file of the page that is shown."""
        return unread_of([row.record.reading for row in self.paginated_rows])

    @cached_property
    def every_reason(self) -> dict[int, str]:
        """The same of all of them, for the workbook."""
        return unread_of([row.record.reading for row in self.rows])

    def render_why(self, record: Any) -> str:
        return self.reasons[record.pk]

    def value_why(self, record: Any) -> str:
        return self.every_reason[record.pk]

    def render_pick(self, record: Any) -> str:
        box = '<input class="form-check-input" type="checkbox" name="digest" value="{}" aria-label="看过了：{}">'
        return format_html(box, record.digest, record.name)
