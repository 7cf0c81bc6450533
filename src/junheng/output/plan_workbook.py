"""A plan as a workbook: one page for a leader, each school's part, every action with its money, further answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from math import ceil
from pathlib import Path

from junheng.facts.plan_schema import DEEDS, MONEY_COLUMNS
from junheng.facts.schema import STAGE_LABELS
from junheng.output import plan_told as told
from junheng.output.told import county_told
from junheng.output.workbook.pen import Pen, Styles
from junheng.planner.plan import Action, Plan

SHEETS = ("一页纸", "各校", "明细", "其他答案")
FEN = 100
LINE_POINTS, ROOM = 15, 4
SUMMARY_WIDTHS = (22, 16, 8, 14, 14, 14, 10, 20)
SCHOOL_WIDTHS = (14, 24, 28, 60, 13, 16)
ACTION_WIDTHS = (24, 24, 24, 8, 14, 8, 14, 14, 14, 14, 14, 10, 12, 14)


def write_plan_xlsx(plan: Plan, file: Path) -> None:
    """Write a plan as a workbook."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(file)) as book:
        day = plan.before.as_of
        created = dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a day, not an instant)
        book.set_properties({"title": f"{county_told(plan.before)} 达标方案", "created": created})
        display = plan.before.rules.standard.display
        styles = Styles(book, display.value_decimals, display.spread_decimals)
        summary, schools, actions, more = (Pen(book, name, styles) for name in SHEETS)
        _summary(plan, summary)
        _schools(plan, schools)
        _actions(plan, actions)
        _more(plan, more)


def _summary(plan: Plan, pen: Pen) -> None:
    pen.text(0, 0, f"{county_told(plan.before)} 达标方案", "title")
    row = _lines(pen, 1, _head(plan))
    row = _items(plan, pen, row + 1)
    _lines(pen, row, _foot(plan))
    pen.widths(*SUMMARY_WIDTHS)
    pen.finish(0, told.invented(plan))
    pen.sheet.fit_to_pages(1, 1)


def _lines(pen: Pen, row: int, lines: Iterable[tuple[str, str]]) -> int:
    """Write sentences across the sheet, each as high as it needs; return the row after them."""
    for line, style in lines:
        pen.sheet.merge_range(row, 0, row, len(SUMMARY_WIDTHS) - 1, "", pen.styles[style])
        pen.sheet.write_string(row, 0, line, pen.styles[style])
        broad = sum(1 if one.isascii() else 2 for one in line)
        pen.sheet.set_row(row, LINE_POINTS * ceil(broad / sum(SUMMARY_WIDTHS)) + ROOM)
        row += 1
    return row


def _head(plan: Plan) -> Iterator[tuple[str, str]]:
    yield f"{plan.before.rules.standard.full_title}，{plan.before.as_of} 的规则", "note"
    if notice := told.invented(plan):
        yield notice, "warning"
    proof = (told.proven(plan), told.second_told(plan))
    for line in filter(None, (told.status_told(plan), told.cost_told(plan), *proof, told.in_time_told(plan))):
        yield line, "words"
    if plan.failing_schools:
        yield told.failing(plan), "warning"
    yield from ((one.message, "warning") for one in plan.infeasible_because or ())


def _items(plan: Plan, pen: Pen, row: int) -> int:
    pen.texts(
        row, 0, ["事项", "数量", "校数", "一次性（万元）", "每年（万元）", "计入（万元）", "出自", "最迟开始"], "head"
    )
    for at, one in enumerate(told.items(plan), row + 1):
        pen.texts(at, 0, [one.label, one.amount])
        pen.number(at, 2, one.schools, "count")
        for column, fen in enumerate((one.one_off, one.yearly, one.cost), 3):
            pen.number(at, column, round(fen / told.WAN, 4), "value")
        pen.texts(at, 6, [one.column, _latest(one.latest, one.late)])
        row = at
    return row + 2


def _latest(month: str, late: bool) -> str:
    return f"{month}，已赶不上" if late else month


def _foot(plan: Plan) -> Iterator[tuple[str, str]]:
    yield from ((one.message, "words") for one in plan.worth)
    if plan.unpriced:
        yield f"价格表没有、因此没有列入的：{told.unpriced(plan)}", "words"
    if left := told.left(plan):
        yield f"花钱解决不了、要另外办的：{left}", "words"
    yield f"价格来源：{told.price_sources(plan)}", "note"
    yield told.BY_ROSTER, "note"


def _more(plan: Plan, pen: Pen) -> None:
    """What was asked for besides; the sheet says how where nothing was."""
    pen.text(0, 0, "其他答案", "title")
    others = [(told.alternative_told(plan, one), "words") for one in plan.alternatives]
    points = [(told.point_told(plan, one), "words") for one in plan.frontier]
    row = _lines(
        pen, 1, [("差不多一样省的另一种办法", "head"), *(others or [("没有要（--alternatives），或没有找到", "note")])]
    )
    _lines(
        pen,
        row + 1,
        [("花多少钱，几所学校达标（不管差异系数）", "head"), *(points or [("没有要（--frontier 20）", "note")])],
    )
    pen.widths(*SUMMARY_WIDTHS)
    pen.finish(0, told.invented(plan))


def _schools(plan: Plan, pen: Pen) -> None:
    pen.texts(0, 0, ["学校标识码", "学校", "现在", "要办的事", "计入（万元）", "最先要开始"], "head")
    for row, one in enumerate(told.tasks(plan), 1):
        pen.text(row, 0, one.code, "code")
        pen.texts(row, 1, [one.name, one.now, one.deeds])
        pen.number(row, 4, round(one.cost / told.WAN, 4), "value")
        pen.text(row, 5, _latest(one.latest, one.late))
    pen.widths(*SCHOOL_WIDTHS)
    pen.finish(0, told.invented(plan), 2)


def _actions(plan: Plan, pen: Pen) -> None:
    headings = ["事项", "学校", "调入学校", "学段", "数量", "单位", "单价（元）", "开工固定费用（元）", "计入（元）"]
    pen.texts(0, 0, [*headings, "一次性（元）", "每年（元）", "出自", "最迟开始", "用于"], "head")
    for row, one in enumerate(plan.actions, 1):
        _action(plan, pen, row, one)
    pen.widths(*ACTION_WIDTHS)
    pen.finish(0, told.invented(plan), 2)


def _action(plan: Plan, pen: Pen, row: int, one: Action) -> None:
    deed, names = DEEDS[one.item], plan.case.names
    where = names.get(one.school or one.from_school, "")
    pen.texts(row, 0, [deed.label, where, names.get(one.to_school, ""), STAGE_LABELS.get(one.stage, "")])
    pen.number(row, 4, one.quantity, "count")
    pen.text(row, 5, deed.unit)
    money = (one.unit_cost, one.fixed_cost, one.cost, one.one_off, one.yearly)
    for column, fen in enumerate(money, 6):
        pen.number(row, column, fen / FEN, "value")
    start = one.latest_start.isoformat() if one.latest_start else ""
    pen.texts(row, 11, [MONEY_COLUMNS[deed.money], start, "、".join(one.serves)])
