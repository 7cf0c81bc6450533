"""Feedback of an upper level as a workbook, item by item with number and wording: shown first, then taken in (P18)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import xlsxwriter
from django.db import transaction

from junheng.api import Problem
from junheng.facts.grids import Grid
from junheng.facts.workbook import read_grids
from junheng_web.duties.reading import Names
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.organisation.naming import names_of
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification.forms import indicators_offered
from junheng_web.rectification.models import LONGEST, Issue
from junheng_web.rectification.services import issue_raise

SHEET = "反馈问题"
HEADINGS = ("编号", "问题原文", "指标", "学校", "责任单位", "期限")
WIDTHS = (10, 70, 10, 30, 20, 14)
TITLE = 300


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the feedback, as it would be taken in."""

    number: str
    wording: str
    indicator: str = ""
    school: School | None = None
    unit: Unit | None = None
    due: dt.date | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """What tells it from another one."""
        named = (self.school.code if self.school else "", self.unit.code if self.unit else "", str(self.due or ""))
        return self.number, self.wording, self.indicator, *named


@dataclass(slots=True)
class Plan:
    """What a file comes to: the items that are new, the numbers that are there already, what cannot be taken in."""

    source: str
    items: list[Item] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """What tells this plan from another one."""
        return hashlib.sha256(repr([one.told for one in self.items]).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class _At:
    """A line of the file, and where its problems go."""

    number: int
    problems: list[Problem]

    def wrong(self, column: str, value: str, reason: str, remedy: str) -> None:
        """Say what is wrong in one of its cells, and what to do."""
        self.problems.append(Problem(SHEET, reason, remedy, self.number, column, value))


class _Reader:
    """Reads lines with the county's own names of schools and units."""

    def __init__(self, county: Area) -> None:
        self.names, self.indicators = Names(county), dict(indicators_offered())
        self.units = {one.code: one for one in Unit.objects.of(county)}
        schools = School.objects.of(county).select_related("county")
        by_code = {one.code: one for one in schools}
        self.schools = {name: by_code[code] for name, code in names_of(schools).items()} | by_code

    def item(self, at: _At, cells: list[str]) -> Item:
        number, wording, indicator, school, unit, due = cells
        for column, value, longest in (("编号", number, 40), ("问题原文", wording, LONGEST)):
            if not value:
                at.wrong(column, "", "没有填", "每一行都要有编号和问题原文")
            elif len(value) > longest:
                at.wrong(column, value[:20], f"超过 {longest} 个字", "请分成几条，或写短一些")
        if indicator and indicator not in self.indicators:
            at.wrong("指标", indicator, "没有这个指标", "请写指标编号，如 B3；不对应指标的留空")
        if school and school not in self.schools:
            at.wrong("学校", school, "本县没有这所学校", "请写学校全称或学校标识码；不对应学校的留空")
        found = self.units.get(self.names.unit(unit, at)) if unit else None
        return Item(number, wording, indicator, self.schools.get(school), found, _day(at, due))


def _day(at: _At, text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError:
        at.wrong("期限", text, "看不懂这个日期", "请写成 2026-12-31 的样子，或留空")
        return None


def plan(county: Area, file: Path, source: str) -> Plan:
    """Return what a file would add. Raises Unusable for a workbook that cannot be opened."""
    made = Plan(source)
    grid = next((one for one in read_grids(file) if one.name == SHEET), None)
    if grid is None:
        made.problems.append(Problem(file.name, f"没有“{SHEET}”这张工作表", "请用模板填，工作表名不要改"))
        return made
    standing = Issue.objects.of(county).filter(origin=Issue.Origin.FEEDBACK, source=source)
    known, seen = set(standing.values_list("source_number", flat=True)), set()
    reader = _Reader(county)
    for number, cells in _rows(grid, made.problems):
        at = _At(number, made.problems)
        if cells[0] in seen:
            at.wrong("编号", cells[0], "编号出现两次", "一份反馈里每条一个编号")
        seen.add(cells[0])
        item = reader.item(at, cells)
        if item.number in known:
            made.known.append(item.number)
        else:
            made.items.append(item)
    return made


def _rows(grid: Grid, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines below the headings, each with its number in the file; blank ones are left out."""
    columns = range(1, len(HEADINGS) + 1)
    if [grid.text(1, column) for column in columns] != list(HEADINGS):
        problems.append(Problem(SHEET, "第一行的列名变了", f"应当是 {'、'.join(HEADINGS)}；请用模板", 1))
        return
    for number in range(2, grid.height + 1):
        cells = [grid.own(number, column) for column in columns]
        if any(cells):
            yield number, cells


@transaction.atomic
def plan_apply(*, by: Scope, county: Area, made: Plan) -> int:
    """Raise an issue of every item of a plan, or of none, and return how many; the office sends them afterwards."""
    for one in made.items:
        told = {"indicator": one.indicator, "school": one.school, "unit": one.unit, "due": one.due}
        origin = {"origin": Issue.Origin.FEEDBACK, "source": made.source, "source_number": one.number}
        title = one.wording if len(one.wording) <= TITLE else f"{one.wording[: TITLE - 1]}…"
        issue_raise(by=by, county=county, title=title, wording=one.wording, **told, **origin)
    return len(made.items)


def template() -> bytes:
    """Return the blank workbook that feedback is written into."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
            sheet.write_string(0, column, heading, head)
            sheet.set_column(column, column, width, text)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
