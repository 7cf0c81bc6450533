"""The duties' workbook in: what a file would change is shown before anything is changed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng.api import Problem
from junheng.facts.grids import Grid
from junheng.facts.workbook import read_grids
from junheng_web.duties.assigning import duties_assign
from junheng_web.duties.book import book_of
from junheng_web.duties.clause_sheet import (
    ASKS,
    BETWEEN,
    HEADINGS,
    LOOKED_AT,
    NUMBER,
    SHEET,
    SOURCE,
    TEXT,
    UNITS,
    WHY,
    looked_at,
    told,
    units_told,
)
from junheng_web.duties.forms import LATEST_DAYS
from junheng_web.duties.models import LONGEST_REASON, Duty
from junheng_web.duties.reading import At, Names
from junheng_web.duties.services import Asked, asked_checked, content, duty_edit, held
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope

CADENCES = {str(label): str(value) for value, label in Duty.Cadence.choices}
DUE_DAYS = 5


@dataclass(frozen=True, slots=True)
class Change:
    """A line that would change a duty, or assign one: its cells before and after, and what the service is given."""

    units: tuple[str, ...]
    cells: tuple[tuple[str, str, str], ...]
    asked: Asked
    why: str = ""
    source: str = ""
    number: int = 0
    revision: int = 0

    @property
    def new(self) -> bool:
        """Whether it assigns a duty that is not there yet."""
        return not self.number


@dataclass(slots=True)
class Plan:
    """What a file comes to: what it would change or assign, how many lines change nothing, what cannot be taken in."""

    changes: list[Change] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """What tells this plan from another one."""
        return hashlib.sha256(repr(self.changes).encode()).hexdigest()[:24]


def plan(county: Area, file: Path) -> Plan:
    """Return what a file would change of a county's duties. Raises Unusable for a workbook that cannot be opened."""
    made = Plan()
    grid = next((one for one in read_grids(file) if one.name.strip() == SHEET), None)
    if grid is None:
        made.problems.append(Problem(file.name, f"没有“{SHEET}”这张工作表", "请用导出的工作簿，工作表名不要改"))
        return made
    reading = _Reading(county, made)
    for number, cells in _lines(grid, made.problems):
        reading.line(At(number, made.problems, SHEET), cells)
    return made


def _lines(grid: Grid, problems: list[Problem]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the lines below the headings by the headings' names, in whatever order the columns stand."""
    columns = {grid.text(1, column).strip(): column for column in range(1, grid.width + 1)}
    if lacking := [name for name in HEADINGS if name not in columns]:
        problems.append(Problem(SHEET, f"缺少这几列：{BETWEEN.join(lacking)}", "请照导出的工作簿补上，列名不要改", 1))
        return
    for number in range(2, grid.height + 1):
        cells = {name: grid.own(number, columns[name]).strip() for name in HEADINGS}
        if any(cells.values()):
            yield number, cells


class _Reading:
    """One file on its way in."""

    def __init__(self, county: Area, made: Plan) -> None:
        self.made, self.names = made, Names(county)
        self.indicators = [row.indicator for row in book_of(county).rows]
        self.duties = {str(one.number): one for one in Duty.objects.of(county).prefetch_related("bearers__unit")}
        self.called = dict(Unit.objects.of(county).values_list("code", "name"))
        self.seen: set[str] = set()

    def line(self, at: At, cells: Mapping[str, str]) -> None:
        """Take a line in: as a change, as a new duty, as nothing new, or as a problem."""
        before, number = len(self.made.problems), cells[NUMBER]
        asked = self._asked(at, cells)
        if not number:
            self._new(at, cells, asked)
        elif number not in self.duties:
            at.wrong(NUMBER, number, "没有这个编号的职责", "请核对；增派新的，把编号空着")
        elif number in self.seen:
            at.wrong(NUMBER, number, "同一个编号写了两行", "请删去一行")
        else:
            self.seen.add(number)
            self._known(at, cells, asked, self.duties[number])
        if len(self.made.problems) == before:
            self._checked(at, asked)

    def _asked(self, at: At, cells: Mapping[str, str]) -> Asked:
        indicators = tuple(dict.fromkeys(filter(None, map(str.strip, cells["有关的指标"].split(BETWEEN)))))
        if strange := [one for one in indicators if one not in self.indicators]:
            at.wrong("有关的指标", cells["有关的指标"], f"没有指标 {BETWEEN.join(strange)}", "请写编号，几个用、隔开")
        cadence = CADENCES.get(cells["多久报一次"] or str(Duty.Cadence.NONE.label))
        if cadence is None:
            at.wrong("多久报一次", cells["多久报一次"], "没有这一种", f"请写 {BETWEEN.join(CADENCES)} 之一")
        return Asked(
            text=cells[TEXT],
            indicators=indicators,
            cadence=cadence or "",
            since=_day(at, cells["从哪天起报"]),
            due_days=_days(at, cells["期满后几天内报"]),
            why=_short(at, "为什么要报", cells),
            elsewhere=_short(at, "别处已经报过的", cells),
        )

    def _new(self, at: At, cells: Mapping[str, str], asked: Asked) -> None:
        named = list(filter(None, map(str.strip, cells[UNITS].split(BETWEEN))))
        units = tuple(dict.fromkeys(filter(None, (self.names.unit(name, at, UNITS) for name in named))))
        if not named:
            at.wrong(UNITS, "", "是空的", "请写给哪些单位")
        rows = ((heading, "", cell) for heading, cell in told(asked).items() if cell)
        self.made.changes.append(Change(units, tuple(rows), asked, source=_short(at, SOURCE, cells)))

    def _known(self, at: At, cells: Mapping[str, str], asked: Asked, duty: Duty) -> None:
        """Compare a line with its duty; what is changed on the pages alone has to stay."""
        fixed = {UNITS: units_told(duty), SOURCE: duty.source, **dict(zip(LOOKED_AT, looked_at(duty), strict=True))}
        for name, now in fixed.items():
            if cells[name] != now:
                at.wrong(name, cells[name], f"现在是“{now}”，导入不改这一列", "请改回去；要改，在网页上办")
        was, now = told(content(duty)), told(asked)
        rows = tuple((name, was[name], now[name]) for name in ASKS if was[name] != now[name])
        if not rows:
            self.made.same += 1
            return
        if was[TEXT] != now[TEXT] and not cells[WHY]:
            at.wrong(WHY, "", "改了职责的文字，没有写为什么改", "请在这一行的“为什么改”里写一句")
        bearing = tuple(one.unit.code for one in duty.bearers.all())
        more = {"why": _short(at, WHY, cells), "number": duty.number, "revision": duty.revision}
        self.made.changes.append(Change(bearing, rows, asked, **more))

    def _checked(self, at: At, asked: Asked) -> None:
        try:
            asked_checked(asked)
        except ValidationError as why:
            at.wrong(TEXT, asked.text[:40], why.messages[0], "请改好这一行")


def _short(at: At, name: str, cells: Mapping[str, str]) -> str:
    if len(cells[name]) > LONGEST_REASON:
        at.wrong(name, cells[name][:40], f"超过 {LONGEST_REASON} 个字", "请写短一些")
    return cells[name]


def _day(at: At, text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        at.wrong("从哪天起报", text, "不是日期", "请按 2026-09-01 这样填，不用报就留空")
        return None


def _days(at: At, text: str) -> int:
    if not text:
        return DUE_DAYS
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LATEST_DAYS):
        at.wrong("期满后几天内报", text, "不是天数", f"请填 1 到 {LATEST_DAYS} 的整数")
        return DUE_DAYS
    return int(text)


def units_of(county: Area, change: Change) -> list[Unit]:
    """Return the units of a change, in the order in which the file names them."""
    known = {one.code: one for one in Unit.objects.of(county).filter(code__in=change.units)}
    return [known[code] for code in change.units]


@transaction.atomic
def plan_apply(*, by: Scope, county: Area, made: Plan) -> int:
    """Make every change of a plan, or none, and return how many. Raises Stale where a duty changed meanwhile."""
    held(county)
    for one in made.changes:
        if one.new:
            units = units_of(county, one)
            duties_assign(by=by, county=county, units=units, asked=[one.asked], source=one.source)
        else:
            duty = Duty.objects.of(county).select_related("county").get(number=one.number)
            duty_edit(by=by, duty=duty, asked=one.asked, why=one.why, revision=one.revision)
    return len(made.changes)
