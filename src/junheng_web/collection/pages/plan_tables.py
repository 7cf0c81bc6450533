"""What a workbook would change, cell by cell, and what the checks would newly find: every row can be reached."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import django_tables2
from django.http import HttpRequest

from junheng_web.collection.exchange import importing
from junheng_web.collection.exchange.foreseeing import Foreseen, foreseen
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.subjects import subjects
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.collection.shown.telling import SEVERITY
from junheng_web.common.page_workbook import whole
from junheng_web.common.tables import Number, Table

FOUND_SHOWN, CONFLICTS_SHOWN = 30, 500
COUNTY = "全县"
WRAPPED = {"td": {"class": "wrap"}}


class PlanTable(Table):
    """The cells that would change: pages on the screen, all of them in the workbook."""

    title = "会改的格"
    nothing, remedy = "没有可导的", "这份文件里的数和现在的完全一样。"

    school = django_tables2.Column(verbose_name="学校", attrs=WRAPPED)
    label = django_tables2.Column(verbose_name="项目", attrs=WRAPPED)
    before = Number(verbose_name="原来")
    after = Number(verbose_name="改为")
    place = django_tables2.Column(verbose_name="在文件里", attrs=WRAPPED, orderable=False)


def plan_table(ledger: Ledger, made: importing.Plan) -> PlanTable:
    """Return the cells of a plan as a table, with the names of their schools."""
    names = _names(ledger)
    table = PlanTable([_row(names.get(each.subject, COUNTY), each) for each in made.differences])
    if made.conflicts:
        table.nothing, table.remedy = "除了上面要您选的格，没有可导的", ""
    return table


def _names(ledger: Ledger) -> dict[str, str]:
    return {each.code: each.name for each in subjects(ledger) if each.kind == Submission.Kind.SCHOOL}


def _row(school: str, each: importing.Difference) -> dict[str, Any]:
    place = each.change.place
    row, column = f"第 {place.row} 行" if place.row else "", f"，{place.column}" if place.column else ""
    return {
        "school": school,
        "label": each.column.label,
        "before": each.before or "未报",
        "after": each.after or "未报",
        "place": f"{place.sheet}{row}{column}",
    }


def plan_told(
    request: HttpRequest, ledger: Ledger, made: importing.Plan, taken: Collection[str] = ()
) -> dict[str, Any]:
    """Return what the page of a plan shows beside its cells: what the checks would newly find, the gravest first.

    A job has looked for that already; of a small file it is done for the page. `taken` are the conflicts in which the
    reader has chosen the file's value before.
    """
    found = made.found
    if found is None:
        found = foreseen(request.scope, ledger, [one.change for one in made.differences])
    shown = found if whole(request) else found[:FOUND_SHOWN]
    rows = [{"one": one, "word": SEVERITY[one.severity]} for one in shown]
    return {
        "plan": made,
        "found": rows,
        "found_count": len(found),
        "found_more": len(found) - len(rows),
        **_grades(found),
        **_conflicts(ledger, made, taken),
    }


def _conflicts(ledger: Ledger, made: importing.Plan, taken: Collection[str]) -> dict[str, Any]:
    names, shown = _names(ledger), made.conflicts[:CONFLICTS_SHOWN]
    rows = [(names.get(each.difference.subject, COUNTY), each, each.token in taken) for each in shown]
    return {"conflicts": rows, "more_conflicts": len(made.conflicts) - len(rows)}


def _grades(found: list[Foreseen]) -> dict[str, list[tuple[str, int]]]:
    counted = [(word, sum(one.severity == id for one in found)) for id, (word, *_) in SEVERITY.items()]
    return {"found_grades": [(word, count) for word, count in counted if count]}
