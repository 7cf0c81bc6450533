"""The tables that a report itself holds, as its files print them: seen beside a draft, kept by the signature, compared.

Plain values, as JSON keeps them. A table has a `name`, a `title`, `columns` (key and heading) and `rows`; a row has
its `key`, how it is `told`, and `cells`; a cell its `text` and, where there is one, its unrounded `value`, its `source`
and, where something is lacking, its `state`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from junheng import papers
from junheng.facts.schema import STAGE_LABELS
from junheng_web.duties.book import book_of
from junheng_web.duties.exchanging import in_words
from junheng_web.duties.matrix import Set, table_of
from junheng_web.funding import sheets
from junheng_web.funding.amounts import wan_told
from junheng_web.funding.footing import COLUMNS, TOTAL
from junheng_web.funding.selectors import sees_all
from junheng_web.funding.tables import Shown, table
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope
from junheng_web.reports import national
from junheng_web.reports.assessed import judged_for, where
from junheng_web.reports.models import Kind, Report, Version
from junheng_web.reports.selectors import takes_part
from junheng_web.reports.tables import plans_of

Printed = dict[str, Any]
Line = tuple[str, str, Sequence[str]]
# Columns of the form by which a row is told; `told` is one where there is no name, else it is a figure.
NAMES = ("stage", "group", "label", "name")
# The place in a list is no change of what stands in it.
PLACE = "at"
LACKING = frozenset({"open", "missing", "undetermined"})


def holds_tables(kind: str) -> bool:
    """Whether reports of a kind hold tables of their own beside the text."""
    return kind == Kind.APPLICATION or kind in TABLES


def sees_tables(scope: Scope, report: Report) -> bool:
    """Whether one sees how a report's tables stand today: who works on it, reviews it or signs it.

    Of the table of money that is who sees all of it: a part of it would be told as if it were the whole.
    """
    whole = report.kind != Kind.FUNDING or sees_all(scope, report.county)
    return holds_tables(report.kind) and whole and takes_part(scope, report)


def cells_in(tables: Iterable[Printed]) -> int:
    """Return how many cells tables have."""
    return sum(len(row["cells"]) for one in tables for row in one["rows"])


def tables_of(scope: Scope, report: Report, version: Version) -> list[Printed]:
    """Return the tables of a version as they stand today; none where nothing was assessed, or its kind has none."""
    if report.kind == Kind.APPLICATION:
        judged = judged_for(report.county)
        return [*_form(national.form_of(judged, version.basics))] if judged else []
    return [*TABLES[report.kind](scope, report.county)] if report.kind in TABLES else []


def address_of(county: Area) -> Callable[[Mapping[str, str]], str]:
    """Return what says of a cell's source where one sees today how it came about."""
    judged = judged_for(county)
    return lambda source: where(judged, papers.Source(**source)) if judged and source else ""


def sheets_of(kind: str, tables: Iterable[Printed]) -> list[Printed]:
    """Return tables as they are signed on paper: each by itself, the list of issues school by school."""
    if kind != Kind.SCHOOL_PLANS:
        return [*tables]
    return [one for table in tables for one in _by_school(table)]


def _by_school(table: Printed) -> Iterator[Printed]:
    own: dict[str, list[dict[str, Any]]] = {}
    for row in table["rows"]:
        own.setdefault(row["cells"][0]["text"], []).append(row)
    for school, rows in own.items():
        yield {**table, "title": f"{school}：{table['name']}", "rows": rows}


def _form(form: papers.Form) -> Iterator[Printed]:
    name = papers.Cell(form.county_name, form.county_name, key="county", label="县（市、区、旗）")
    cover = [*form.cover[:2], name, *form.cover[2:]]
    yield _made("封面", form.title, [("label", "项目"), ("value", "填写")], (_entry(one) for one in cover))
    for one in form.tables.values():
        columns = [(each.key, _heading(each)) for each in one.columns]
        yield _made(one.short, one.title, columns, (_row(one, each) for each in one.rows))
        if one.counts:
            counts = [(each.key, each.label, [each.label, f"{each.text} {each.unit}"]) for each in one.counts]
            yield _plain(f"{one.short}校数", f"{one.short}　下面注明的校数", ("校数", "数"), counts)
    left = [
        (f"{one.stage}:{one.school_code}", one.school_name, (one.school_name, STAGE_LABELS[one.stage], one.why))
        for one in form.outside
    ]
    yield _plain("表外学校", "附：没有列入表Ⅱ-2 的学校", ("学校", "学段", "理由"), left)


def _entry(one: papers.Cell) -> dict[str, Any]:
    return {"key": one.key, "told": one.label, "cells": [{"text": one.label}, _cell(one)]}


def _heading(column: Any) -> str:
    named = f"{column.group}·{column.heading}" if column.group else column.heading
    return f"{column.code} {named}".strip()


def _row(table: papers.FormTable, row: Any) -> dict[str, Any]:
    keys = [one.key for one in table.columns]
    names = NAMES if {*NAMES} & {*keys} - {"stage"} else (*NAMES, "told")
    told = [cell.text for key, cell in zip(keys, row.cells, strict=True) if key in names]
    stage = [STAGE_LABELS[row.stage]] if row.school_code else []
    return {"key": row.key, "told": " ".join([*stage, *told]), "cells": [_cell(one) for one in row.cells]}


def _cell(one: papers.Cell) -> dict[str, Any]:
    told: dict[str, Any] = {"text": one.text}
    if one.value is not None and not isinstance(one.value, str | bool):
        told["value"] = str(one.value)
    if one.source:
        told["source"] = {name: text for name, text in asdict(one.source).items() if text}
    if lacking := [each.state for each in one.every if each.state in LACKING]:
        told["state"] = lacking[0]
    return told


def _made(name: str, title: str, columns: Iterable[tuple[str, str]], rows: Iterable[dict[str, Any]]) -> Printed:
    return {"name": name, "title": title, "columns": [[*one] for one in columns], "rows": [*rows]}


def _plain(name: str, title: str, headings: Iterable[str], lines: Iterable[Line]) -> Printed:
    """Return a table of texts: each line with its key, how it is told, and its texts."""
    rows = ({"key": key, "told": told, "cells": [{"text": each} for each in texts]} for key, told, texts in lines)
    return _made(name, title, [(one, one) for one in headings], rows)


def _plans(scope: Scope, county: Area) -> Iterator[Printed]:
    headings, *rows = (["" if each is None else str(each) for each in one] for one in plans_of(county).as_values())
    lines = ((texts[1], f"{texts[0]} {texts[1]}", texts) for texts in rows)
    yield _plain("一校一案", "一校一案清单", headings, lines)


def _duties(scope: Scope, county: Area) -> Iterator[Printed]:
    own, names = table_of(county), dict(Unit.objects.of(county).values_list("code", "name"))
    lines = (
        (
            one.indicator,
            f"{one.called} {one.text}",
            (one.indicator, one.text, in_words(own.get(one.indicator, Set()), names)),
        )
        for one in book_of(county).rows
    )
    yield _plain("附件2", "附件2　任务分工表", ("编号", "二级指标", "责任部门"), lines)


def _funding(scope: Scope, county: Area) -> Iterator[Printed]:
    found = table(scope, county)
    shape = [(name, heading) for heading, name, _ in sheets.SHAPE if name]
    lines = [(str(one.line.id), str(one.line), [_sum_or_text(one, name) for name, _ in shape]) for one in found.rows]
    totals = dict(found.totals) | {"name": None}
    below = [wan_told(totals[name]) if totals.get(name) is not None else "" for name, _ in shape]
    below[0] = sheets.BELOW
    headings = [heading for _, heading in shape]
    yield _plain("附件3", "附件3　创建资金明细表（万元）", headings, [*lines, ("", sheets.BELOW, below)])
    items = ((one.code, f"{one.code} {one.line}", sheets.item_cells(one)) for row in found.rows for one in row.items)
    yield _plain(sheets.ITEMS, sheets.ITEMS, sheets.ITEM_HEADINGS, items)


def _sum_or_text(row: Shown, name: str) -> str:
    if name in COLUMNS or name == TOTAL:
        value = row.total if name == TOTAL else row.sums.get(name)
        return wan_told(value) if value else ""
    return str(row.line) if name == "name" else row.texts[name.removesuffix("_text")]


# What a kind prints beside its text; the application form is made of the assessment, and of what the county wrote.
TABLES: Mapping[str, Callable[[Scope, Area], Iterator[Printed]]] = MappingProxyType(
    {Kind.SCHOOL_PLANS: _plans, Kind.DUTIES: _duties, Kind.FUNDING: _funding}
)
