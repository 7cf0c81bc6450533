"""The checklist and its gaps as tables, on the screen and as workbooks."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.utils import timezone
from django.utils.html import format_html

from junheng_web.common.tables import Number, Table
from junheng_web.dossier.gaps import KINDS, Gap, named
from junheng_web.dossier.owning import Held
from junheng_web.dossier.states import MISSING, TONES, WORDS


def badge(tone: str, words: str) -> str:
    """Return words in a tone."""
    return format_html('<span class="badge bg-{}-lt">{}</span>', tone, words)


def late(one: Held) -> bool:
    """Whether nothing was handed in for an item though its day is over."""
    item = one.item
    return bool(one.state == MISSING and item.due and item.due < timezone.localdate() and not item.ended)


def state_told(one: Held) -> str:
    """Return an item's state in words, with what is late."""
    return WORDS[one.state] + ("，过期" if late(one) else "") + ("，不再要" if one.item.ended else "")


def tone_of(one: Held) -> str:
    """Return an item's tone: red where it is late."""
    return "red" if late(one) else TONES[one.state]


class Linked(django_tables2.Column):
    """The code of an item: it leads to the item's page."""

    def __init__(self, **options: Any) -> None:
        super().__init__(accessor="item__id", **options)

    def render(self, record: Any) -> str:
        return format_html('<a href="{}">{}</a>', record.item.url, record.item.code)

    def value(self, record: Any) -> str:
        return str(record.item.code)


class ItemsTable(Table):
    """The checklist of evidence (佐证清单)."""

    code = Linked(verbose_name="编号")
    state = django_tables2.Column("状态")
    text = django_tables2.Column("要交什么", accessor="item__text", attrs={"td": {"class": "wrap"}})
    whose = django_tables2.Column("由谁交", attrs={"td": {"class": "wrap"}})
    due = django_tables2.DateColumn(verbose_name="期限", accessor="item__due", format="Y-m-d")
    standing = Number(verbose_name="文件")

    title = "佐证清单"
    nothing, remedy = "没有符合条件的项", "换个条件；清单由办公室从规则书列出"

    def render_state(self, record: Held) -> str:
        return badge(tone_of(record), state_told(record))

    def value_state(self, record: Held) -> str:
        return state_told(record)


class CatalogueTable(Table):
    """The catalogue of the evidence (佐证目录): every approved paper."""

    indicator = django_tables2.Column("指标")
    code = django_tables2.Column("编号")
    text = django_tables2.Column("要交什么")
    name = django_tables2.Column("文件")
    number = django_tables2.Column("文号")
    formed_on = django_tables2.DateColumn(verbose_name="形成日期", format="Y-m-d")
    original = django_tables2.Column("原件在哪里")
    compiled = django_tables2.Column("整理件")
    digest = django_tables2.Column("SHA-256")

    title = "佐证目录"


class GapsTable(Table):
    """What the checklist still lacks (佐证缺口)."""

    code = Linked(verbose_name="编号")
    kind = django_tables2.Column("缺什么")
    text = django_tables2.Column("要交什么", accessor="item__text", attrs={"td": {"class": "wrap"}})
    paper = django_tables2.Column(
        "文件", accessor="paper__file", order_by="paper__name", attrs={"td": {"class": "wrap"}}
    )
    whose = django_tables2.Column("由谁交", accessor="held__whose", attrs={"td": {"class": "wrap"}})
    due = django_tables2.DateColumn(verbose_name="期限", accessor="item__due", format="Y-m-d")
    remedy_told = django_tables2.Column("怎么办", accessor="kind", orderable=False, attrs={"td": {"class": "wrap"}})

    title = "佐证缺口"
    nothing, remedy = "没有这样的缺口", "换个条件；全部交齐、审定以后，这里就空了"

    def render_paper(self, record: Gap) -> str:
        if record.paper and not record.paper.name:
            named(row.record for row in self.paginated_rows)
        return self.value_paper(record)

    def value_paper(self, record: Gap) -> str:
        if record.paper and not record.paper.name:
            named(row.record for row in self.rows)
        return record.paper.name if record.paper else ""

    def render_kind(self, record: Gap) -> str:
        return badge(KINDS[record.kind][1], record.told)

    def value_kind(self, record: Gap) -> str:
        return record.told

    def render_remedy_told(self, record: Gap) -> str:
        return KINDS[record.kind][2]
