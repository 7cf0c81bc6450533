"""The lines of a workbook of the table of tasks: which unit answers for what, whether it leads, at which desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from junheng.api import Problem
from junheng.facts.grids import Grid
from junheng_web.duties.book import Book
from junheng_web.duties.models import UnitName
from junheng_web.organisation.models import Area, Unit

SHEET = "任务分工"
HEADINGS = ("指标", "二级指标", "责任部门", "牵头", "经办股室")
YES = "是"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that can be used: the unit's code, whether it leads, and its desk's code or nothing."""

    unit: str
    leads: bool
    desk: str


@dataclass(frozen=True, slots=True)
class At:
    """A line of a sheet of the file, and where its problems go."""

    number: int
    problems: list[Problem]
    sheet: str = SHEET

    def wrong(self, column: str, value: str, reason: str, remedy: str) -> None:
        """Say what is wrong in one of its cells, and what to do."""
        self.problems.append(Problem(self.sheet, reason, remedy, self.number, column, value))


def lines_read(grid: Grid, names: Names, book: Book, problems: list[Problem]) -> dict[str, list[Line]]:
    """Return the lines of each indicator in their order; what cannot be read is a problem."""
    called, found = [row.indicator for row in book.rows], {}
    for number, (indicator, _, unit, lead, desk) in _rows(grid, problems):
        at = At(number, problems)
        if indicator not in called:
            at.wrong("指标", indicator, "没有这个指标", f"请写 {'、'.join(called)} 之一")
            continue
        own = found.setdefault(indicator, [])
        if not unit:
            _blank(at, lead, desk)
        elif line := _line(at, names, unit, lead, desk):
            _put(at, own, line, unit)
    return found


def _blank(at: At, lead: str, desk: str) -> None:
    if lead or desk:
        at.wrong("责任部门", "", "写了牵头或股室，没有写责任部门", "请写责任部门，或把这一行的牵头、股室也清空")


def _line(at: At, names: Names, unit: str, lead: str, desk: str) -> Line | None:
    """Return what a line says, or None where its unit is not known."""
    if lead not in ("", YES):
        at.wrong("牵头", lead, f"不是“{YES}”，也不是空的", f"牵头的写“{YES}”，别的留空")
    code = names.unit(unit, at)
    return Line(code, bool(lead), names.desk(code, desk, at) if desk else "") if code else None


def _put(at: At, own: list[Line], line: Line, unit: str) -> None:
    if line.unit in {one.unit for one in own}:
        at.wrong("责任部门", unit, "同一项里写了两次", "请删去一行")
    elif line.leads and any(one.leads for one in own):
        at.wrong("牵头", YES, "这一项已经有牵头单位", "一项只有一个牵头，请留一个")
    else:
        own.append(line)


def _rows(grid: Grid, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines below the headings, each with its number in the file; blank ones are left out."""
    columns = range(1, len(HEADINGS) + 1)
    if [grid.text(1, column) for column in columns] != list(HEADINGS):
        problems.append(Problem(SHEET, "第一行的列名变了", f"应当是 {'、'.join(HEADINGS)}；请用导出的工作簿", 1))
        return
    for number in range(2, grid.height + 1):
        cells = [grid.own(number, column) for column in columns]
        if any(cells):
            yield number, cells


class Names:
    """A county's units and desks by every way of writing them that means just one."""

    def __init__(self, county: Area) -> None:
        units = list(Unit.objects.of(county).select_related("parent"))
        self.desks = {(one.parent.code, name): one.code for one in units if one.parent for name in (one.name, one.code)}
        self.units: dict[str, set[str]] = {}
        written = [(one.name, one.unit.code) for one in UnitName.objects.of(county).select_related("unit")]
        own = [(name, one.code) for one in units if not one.parent for name in (one.code, one.name, one.full_name)]
        for name, code in (*written, *own):
            self.units.setdefault(name, set()).add(code)

    def unit(self, name: str, at: At, column: str = "责任部门") -> str:
        """Return the code of the unit that is meant, or "" where that is a problem."""
        found = self.units.get(name, set())
        if len(found) == 1:
            return next(iter(found))
        reason = f"“{name}”可以是几个单位" if found else f"本县没有叫“{name}”的单位"
        at.wrong(column, name, reason, "请写单位的名称；文件里另有写法的，先在“单位的写法”里记上")
        return ""

    def desk(self, unit: str, name: str, at: At) -> str:
        """Return the code of the unit's desk that is meant, or "" where there is none."""
        if code := self.desks.get((unit, name)):
            return code
        at.wrong("经办股室", name, "这个单位没有这个股室", "请写这个单位里股室的名称，或留空")
        return ""
