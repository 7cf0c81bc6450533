"""The certificates of schools as a workbook, a line for each: out, and in with what a file would change shown first."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.exceptions import ValidationError
from django.db import transaction

from junheng.api import Problem
from junheng.facts.grids import Grid
from junheng.facts.workbook import read_grids
from junheng_web.funding.certificates import Has, Kind, Standings, kinds, standings_of
from junheng_web.funding.certifying import FIELDS, certificate_set, checked
from junheng_web.funding.models import Certificate
from junheng_web.organisation.models import School
from junheng_web.organisation.scopes import Scope

SHEET = "学校证照"
# What a line says: its heading, which part of a certificate, how wide, how much it may hold.
SHAPE: tuple[tuple[str, str, int], ...] = (
    ("学校标识码", "code", 14),
    ("学校名称", "name", 30),
    ("证照", "kind", 16),
    ("现状", "has", 10),
    ("鉴定结果", "result", 10),
    ("证号或文号", "number", 30),
    ("发证或鉴定日期", "day", 16),
    ("有效期至", "until", 14),
    ("说明", "note", 40),
)
HEADINGS = tuple(heading for heading, _, _ in SHAPE)
LABEL = {name: heading for heading, name, _ in SHAPE}
DAYS, TEXTS = ("day", "until"), ("number", "note")
OF_WORD = {one.label: one.value for one in Has}
LONGEST = {name: Certificate._meta.get_field(name).max_length for name in TEXTS}
AT = {name: column for column, (_, name, _) in enumerate(SHAPE)}


def workbook(schools: Sequence[School], standings: Mapping[int, Standings]) -> bytes:
    """Return the certificates as a workbook; read back it changes nothing."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(SHEET)
        head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "border": 1, "text_wrap": True})
        text = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
        for column, (heading, _, width) in enumerate(SHAPE):
            sheet.write_string(0, column, heading, head)
            sheet.set_column(column, column, width)
        rows = [_cells(school, one) for school in schools for one in standings[school.id].values()]
        for at, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells):
                sheet.write_string(at, column, cell, text)
        _paper(sheet, len(rows))
    return out.getvalue()


def _cells(school: School, one: Any) -> list[str]:
    row = one.row
    said = (
        [row.get_has_display(), *(str(getattr(row, name) or "") for name in FIELDS[1:])] if row else [""] * len(FIELDS)
    )
    return [school.code, school.name, one.kind.label, *said]


def _paper(sheet: Any, many: int) -> None:
    last = max(many, 1)
    results = [each for one in kinds().values() for each in one.results]
    sheet.data_validation(1, AT["has"], last, AT["has"], {"validate": "list", "source": list(OF_WORD)})
    sheet.data_validation(1, AT["result"], last, AT["result"], {"validate": "list", "source": results})
    sheet.autofilter(0, 0, last, len(SHAPE) - 1)
    sheet.freeze_panes(1, 3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


# --- in ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """A certificate that a file says otherwise: what it says, what stood there, and which row that was."""

    school: School
    kind: Kind
    said: Mapping[str, Any]
    before: str
    seen: int

    @property
    def after(self) -> str:
        """What it would say."""
        return told(self.said)


@dataclass(slots=True)
class Plan:
    """What a file comes to: what it changes, how many lines say what is there, what cannot be taken in."""

    changes: list[Change] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """What tells this plan from another one."""
        known = [(one.school.code, one.kind.id, one.seen, sorted(map(str, one.said.items()))) for one in self.changes]
        return hashlib.sha256(repr(known).encode()).hexdigest()[:24]


def told(said: Mapping[str, Any]) -> str:
    """Return what is said of a certificate in a line."""
    until = f"有效期至 {said['until']}" if said["until"] else ""
    day = str(said["day"] or "")
    return "，".join(filter(None, (Has(said["has"]).label, said["result"], said["number"], day, until, said["note"])))


def plan(schools: Iterable[School], file: Path, today: dt.date) -> Plan:
    """Return what a file would change. Raises Unusable for a workbook that cannot be opened."""
    made = Plan()
    grid = next((one for one in read_grids(file) if one.name == SHEET), None)
    if grid is None:
        made.problems.append(Problem(file.name, f"没有“{SHEET}”这张工作表", "请用导出的工作簿填，工作表名不要改"))
        return made
    known = {one.code: one for one in schools}
    standings, seen = standings_of(known.values(), today), set()
    for number, cells in _rows(grid, made.problems):
        at = _At(number, made.problems)
        spot = _spot(cells, known, seen, at)
        if spot is not None and cells["has"]:
            _taken(made, at, cells, *spot, standings, today)
        elif spot is not None and any(cells[name] for name in FIELDS):
            at.wrong("has", "", "写了别的，没有写现状", f"请填 {'、'.join(OF_WORD)}；这一行什么也不说的，都留空")
    return made


@dataclass(frozen=True, slots=True)
class _At:
    number: int
    problems: list[Problem]

    def wrong(self, name: str, value: str, reason: str, remedy: str) -> None:
        """Say what is wrong in a cell, and what to do."""
        self.problems.append(Problem(SHEET, reason, remedy, self.number, LABEL[name], value))


def _rows(grid: Grid, problems: list[Problem]) -> Iterator[tuple[int, dict[str, str]]]:
    columns = range(1, len(SHAPE) + 1)
    if [grid.text(1, column) for column in columns] != list(HEADINGS):
        problems.append(Problem(SHEET, "第一行的列名变了", f"应当是 {'、'.join(HEADINGS)}；请用导出的工作簿填", 1))
        return
    for number in range(2, grid.height + 1):
        cells = {name: grid.own(number, column) for column, (_, name, _) in enumerate(SHAPE, 1)}
        if any(cells.values()):
            yield number, cells


def _spot(
    cells: Mapping[str, str], known: Mapping[str, School], seen: set[tuple[str, str]], at: _At
) -> tuple[School, Kind] | None:
    """Return of which school and kind a line speaks; None where it does not say, or another line did."""
    school = known.get(cells["code"])
    kind = next((one for one in kinds().values() if one.label == cells["kind"]), None)
    if school is None:
        at.wrong("code", cells["code"], "本县现在没有这所学校", "请用导出的工作簿里的学校标识码")
    if kind is None:
        at.wrong("kind", cells["kind"], "没有这种证照", f"请填 {'、'.join(one.label for one in kinds().values())}")
    if school is None or kind is None:
        return None
    if (school.code, kind.id) in seen:
        at.wrong("kind", cells["kind"], f"{school}的{kind.label}出现两次", "一所学校每种证照一行")
        return None
    seen.add((school.code, kind.id))
    return school, kind


def _taken(
    made: Plan,
    at: _At,
    cells: Mapping[str, str],
    school: School,
    kind: Kind,
    standings: Mapping[int, Standings],
    today: dt.date,
) -> None:
    """Put a line among the changes, the same, or the problems."""
    many = len(made.problems)
    said = {"has": OF_WORD.get(cells["has"], cells["has"]), "result": cells["result"]}
    said |= {name: _text(at, name, cells[name]) for name in TEXTS} | {
        name: _day(at, name, cells[name]) for name in DAYS
    }
    if len(made.problems) > many:
        return
    try:
        said = checked(kind, said, today)
    except ValidationError as why:
        at.wrong("kind", f"{school} {kind.label}", "；".join(why.messages), "改好这一行再导入")
        return
    row = standings[school.id][kind.id].row
    before = {name: getattr(row, name) for name in FIELDS} if row else {}
    if before == said:
        made.same += 1
    else:
        made.changes.append(Change(school, kind, said, told(before) if row else "", row.id if row else 0))


def _text(at: _At, name: str, text: str) -> str:
    if len(text) > LONGEST[name]:
        at.wrong(name, text[:20], f"超过 {LONGEST[name]} 个字", "请写短一些")
    return text


def _day(at: _At, name: str, text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError:
        at.wrong(name, text, "看不懂这个日期", "请写成 2026-09-01 的样子，或留空")
        return None


@transaction.atomic
def plan_apply(*, by: Scope, made: Plan, today: dt.date) -> int:
    """Write every change of a plan, or none, and return how many. Raises as `certificate_set` does."""
    for one in made.changes:
        certificate_set(by=by, school=one.school, kind=one.kind.id, today=today, seen=one.seen, **one.said)
    return len(made.changes)
