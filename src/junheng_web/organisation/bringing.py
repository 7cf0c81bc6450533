"""Bringing the organisation in from a workbook. A dry run does all of it and then takes all of it back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction

from junheng.facts.problems import Problem
from junheng.facts.schema import SCHOOL_TYPES
from junheng_web.organisation import audit, events
from junheng_web.organisation.areas import Area
from junheng_web.organisation.codes import CODE
from junheng_web.organisation.contacts import Contact
from junheng_web.organisation.groups import Group, Seat
from junheng_web.organisation.people import Appointment, Person, Post, Unit
from junheng_web.organisation.permissions import may_sign
from junheng_web.organisation.roles import Role
from junheng_web.organisation.schools import School
from junheng_web.organisation.scopes import Scope
from junheng_web.organisation.sheets import EXPLANATION, SHEETS, Sheet

Cells = Mapping[str, str]
PRIVATE = ("电话", "电子邮箱")
# A sheet's name, and its lines as text, the headings first.
Lines = Mapping[str, Sequence[Sequence[str]]]


class Wrong(Exception):
    """A cell that cannot be taken in: its heading, why, and what to do."""

    def __init__(self, heading: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.heading, self.reason, self.remedy = heading, reason, remedy


class _TakenBack(Exception):
    """Ends a dry run, so that nothing of it stays."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that would be new or another: in which sheet and line, what it is called, its cells before and after."""

    sheet: str
    line: int
    title: str
    new: bool
    cells: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class Brought:
    """What a workbook changes, how many of its rows change nothing, what is wrong, and which sheets are not known."""

    changes: list[Change] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """What was shown, so that nothing else is done."""
        told = [[one.sheet, one.line, one.new, one.cells] for one in self.changes]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def bring(*, by: Scope | None, county: Area, lines: Lines, file: str, agreed: str = "") -> Brought:
    """Bring the organisation in from a workbook's lines, and return what that changed.

    Without `agreed`, or where something is wrong or the changes are not those that were agreed to (their digest),
    everything is taken back. What a workbook does not list stays as it is.
    """
    brought = Brought(strange=[name for name in lines if name not in {EXPLANATION, *(one.label for one in SHEETS)}])
    try:
        with transaction.atomic():
            _Bringing(county, lines, brought).run(by)
            if brought.problems or brought.digest != agreed:
                raise _TakenBack
            _written_down(by, county, brought, file)
    except _TakenBack:
        pass
    return brought


def _written_down(by: Scope | None, county: Area, brought: Brought, file: str) -> None:
    told = [[one.sheet, one.title, *([] if one.new else [_audited(one)])] for one in brought.changes]
    of = ("workbook", file[:80])
    audit.record("organisation.import", by=by, county=county, of=of, changes=told, same=brought.same)


def _audited(change: Change) -> list[tuple[str, str, str]]:
    """Return a change's cells for the audit, which is told that a number or an address changed, and not to what."""
    return [(name, *(("（不记）",) * 2 if name in PRIVATE else (was, now))) for name, was, now in change.cells]


@dataclass
class _Bringing:
    """One workbook on its way in."""

    county: Area
    lines: Lines
    brought: Brought
    handed: set[str] = field(default_factory=set)
    founded: set[str] = field(default_factory=set)

    def run(self, by: Scope | None) -> None:
        """Take in every sheet that is there, in an order in which each finds what it refers to."""
        for sheet in SHEETS:
            if lines := self.lines.get(sheet.label):
                self._sheet(sheet, lines)
        # What refers to its own sheet is put when all of the sheet is there.
        self._overlapping()
        for code in sorted(self.handed):
            events.announce("post.handed_over", county=self.county, of=("post", code))

    def _sheet(self, sheet: Sheet, lines: Sequence[Sequence[str]]) -> None:
        headings = [text.strip() for text in lines[0]] if lines else []
        if lacking := [name for name in sheet.headings if name not in {*headings, *sheet.optional}]:
            why = f"缺少这几列：{'、'.join(lacking)}"
            self.brought.problems.append(Problem(sheet.label, why, "请照导出的工作簿补上，列名不要改"))
            return
        rows = [(at, _cells(headings, line)) for at, line in enumerate(lines[1:], start=2)]
        rows = [(at, cells) for at, cells in rows if any(cells.values())]
        # A desk may stand before its unit, a campus before its school: those without come first.
        within = WITHIN.get(sheet.label, "")
        for at, cells in sorted(rows, key=lambda row: bool(row[1].get(within))):
            self._row(sheet, at, cells)

    def _row(self, sheet: Sheet, at: int, cells: Cells) -> None:
        try:
            find, put = TAKES[sheet.label]
            row = find(self, cells)
            new, before = row.pk is None, {} if row.pk is None else sheet.texts(row)
            self._fixed(sheet, cells, before)
            put(self, row, cells)
            after = sheet.texts(row)
        except Wrong as why:
            told = {"row": at, "column": why.heading, "value": cells.get(why.heading, "")}
            self.brought.problems.append(Problem(sheet.label, why.reason, why.remedy, **told))
            return
        self._keep(sheet, at, row, new, before, after)

    def _fixed(self, sheet: Sheet, cells: Cells, before: Cells) -> None:
        for name in sheet.fixed if before else ():
            if cells[name] != before[name]:
                raise Wrong(name, f"现在是“{before[name]}”，导入不改这一列", "请在网页上办：要写从哪天起、依据什么")

    def _keep(self, sheet: Sheet, at: int, row: models.Model, new: bool, before: Cells, after: Cells) -> None:
        cells = tuple(
            (name, before.get(name, ""), text) for name, text in after.items() if text != before.get(name, "")
        )
        if not cells:
            self.brought.same += 1
            return
        row.save()
        title = " ".join([text for name, text in after.items() if text and name not in PRIVATE][:3])
        self.brought.changes.append(Change(sheet.label, at, title, new, cells))
        if isinstance(row, Appointment):
            self.handed.add(row.post.code)
        if isinstance(row, Group) and new:
            self.founded.add(row.code)

    def _overlapping(self) -> None:
        """Refuse two holders of one post at the same time among the posts that change hands."""
        for post in Post.objects.filter(area=self.county, code__in=self.handed):
            held = list(post.appointments.select_related("person"))
            for one, other in pairwise(held):
                if one.end is None or (other.start is not None and one.end >= other.start):
                    why = f"{post.code}“{post}”在同一天由{one.person}和{other.person}担任"
                    self.brought.problems.append(Problem("任职", why, "请给前任填“离任”，在继任的前一天"))


def _cells(headings: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    return {name: text.strip() for name, text in zip_longest(headings, line, fillvalue="") if name}


# ---- what a cell says ----


def _needed(cells: Cells, name: str, most: int) -> str:
    if not cells[name]:
        raise Wrong(name, "是空的", "请填写")
    return _short(cells, name, most)


def _short(cells: Cells, name: str, most: int) -> str:
    if len(cells[name]) > most:
        raise Wrong(name, f"超过 {most} 个字", "请写短一些")
    return cells[name]


def _code(cells: Cells, name: str) -> str:
    if not CODE.fullmatch(cells[name]):
        raise Wrong(name, "不能作代码", "请用字母、数字、汉字和 . - _，不超过 40 个字")
    return cells[name]


def _day(cells: Cells, name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(cells[name]) if cells[name] else None
    except ValueError:
        raise Wrong(name, "不是日期", "请按 2026-09-01 这样填，不知道就留空") from None


def _email(cells: Cells, name: str) -> str:
    try:
        if cells[name]:
            validate_email(_short(cells, name, 120))
    except ValidationError:
        raise Wrong(name, "不像电子邮箱", "请按 name@example.cn 这样填，或留空") from None
    return cells[name]


def _number(cells: Cells, name: str) -> int:
    if not cells[name].isdigit() or len(cells[name]) > 6:
        raise Wrong(name, "不是整数", "请填 0 到 999999 的整数")
    return int(cells[name])


def _one_of(cells: Cells, name: str, choices: Sequence[tuple[Any, Any]]) -> str:
    by_label = {str(label): value for value, label in choices}
    if cells[name] not in by_label:
        raise Wrong(name, "没有这一种", f"请填 {'、'.join(by_label)} 之一")
    return by_label[cells[name]]


def _row_of(rows: models.QuerySet, cells: Cells, name: str) -> Any:
    if not cells[name]:
        return None
    found = rows.filter(code=cells[name]).first()
    if found is None:
        raise Wrong(name, "没有这个代码", "请核对代码，或先在它自己的表里添上")
    return found


def _unit(self: _Bringing, cells: Cells, name: str) -> Unit | None:
    return _row_of(Unit.objects.of(self.county), cells, name)


def _school(self: _Bringing, cells: Cells, name: str) -> School | None:
    return _row_of(School.objects.of(self.county), cells, name)


def _group(self: _Bringing, cells: Cells, name: str) -> Group | None:
    return _row_of(Group.objects.of(self.county), cells, name)


def _post(self: _Bringing, cells: Cells, name: str) -> Post | None:
    return _row_of(Post.objects.filter(area=self.county), cells, name)


def _person(self: _Bringing, cells: Cells) -> Person:
    own = Person.objects.of(self.county)
    if cells["人员编号"]:
        return _row_of(own, cells, "人员编号")
    found = list(own.filter(name=cells["姓名"])[:2])
    if len(found) != 1:
        why = "有两个人同名" if found else "人员里没有这个人"
        raise Wrong("姓名", why, "请在“人员”表里写人员编号，这里也写上" if found else "请先在“人员”表里添上")
    return found[0]


# ---- where a row belongs, and what it says ----


def _find_unit(self: _Bringing, cells: Cells) -> Unit:
    code = _code(cells, "代码")
    return Unit.objects.of(self.county).filter(code=code).first() or Unit(county=self.county, code=code)


def _put_unit(self: _Bringing, one: Unit, cells: Cells) -> None:
    one.name, one.full_name = _needed(cells, "名称", 80), _short(cells, "全称", 160)
    one.kind = _one_of(cells, "类别", Unit.Kind.choices)
    one.parent, one.place, one.closed = _unit(self, cells, "设在"), _number(cells, "次序"), _day(cells, "撤销")
    if one.parent is not None and one.parent.parent_id:
        raise Wrong("设在", "它自己是股室", "股室只能直接设在单位里")


def _find_school(self: _Bringing, cells: Cells) -> School:
    code = _code(cells, "学校标识码")
    return School.objects.of(self.county).filter(code=code).first() or School(county=self.county, code=code)


def _put_school(self: _Bringing, one: School, cells: Cells) -> None:
    one.name = _needed(cells, "学校名称", 120)
    types = list(SCHOOL_TYPES.items())
    one.school_type = _one_of(cells, "类型", types) if cells["类型"] else ""
    one.town, one.campus_of = _unit(self, cells, "所在苏木镇"), _school(self, cells, "是谁的校区")
    one.opened, one.closed = _day(cells, "成立"), _day(cells, "撤并")


def _find_group(self: _Bringing, cells: Cells) -> Group:
    code = _code(cells, "代码")
    return Group.objects.of(self.county).filter(code=code).first() or Group(county=self.county, code=code)


def _put_group(self: _Bringing, one: Group, cells: Cells) -> None:
    one.name, one.kind = _needed(cells, "名称", 120), _one_of(cells, "类别", Group.Kind.choices)
    one.document, one.rules = _short(cells, "依据文件", 200), cells["文件里的规定"]
    one.office, one.established = _unit(self, cells, "办公室设在"), _day(cells, "成立")
    one.dissolved, one.dissolved_because = _day(cells, "撤销"), _short(cells, "撤销的依据", 200)


def _find_post(self: _Bringing, cells: Cells) -> Post:
    code = _code(cells, "代码")
    return Post.objects.filter(area=self.county, code=code).first() or Post(area=self.county, code=code)


def _put_post(self: _Bringing, one: Post, cells: Cells) -> None:
    one.name, one.role = _needed(cells, "岗位", 120), _one_of(cells, "类别", Role.choices)
    one.unit, one.school = _unit(self, cells, "单位"), _school(self, cells, "学校")
    one.group = _group(self, cells, "工作组")
    if "在本单位的表上签" in cells:
        one.signs = cells["在本单位的表上签"] and _one_of(cells, "在本单位的表上签", Post.Signs.choices)
    if not may_sign(one):
        raise Wrong("在本单位的表上签", f"“{one}”不能在单位的表上签", "请写它的单位，类别用能填报的；或把这一格留空")


def _find_person(self: _Bringing, cells: Cells) -> Person:
    own = Person.objects.of(self.county)
    if code := cells["人员编号"]:
        # Somebody without a code is given one by a row with his name.
        nameless = own.filter(code="", name=cells["姓名"])
        known = own.filter(code=_code(cells, "人员编号")).first() or (nameless.get() if nameless.count() == 1 else None)
        return known or Person(county=self.county, code=code)
    if own.filter(name=cells["姓名"]).count() > 1:
        raise Wrong("人员编号", f"有两个人叫“{cells['姓名']}”", "请写人员编号")
    return own.filter(name=cells["姓名"]).first() or Person(county=self.county)


def _put_person(self: _Bringing, one: Person, cells: Cells) -> None:
    one.code = cells["人员编号"] or one.code
    one.name, one.phone = _needed(cells, "姓名", 60), _short(cells, "电话", 40)
    if "电子邮箱" in cells:
        one.email = _email(cells, "电子邮箱")


def _find_appointment(self: _Bringing, cells: Cells) -> Appointment:
    _needed(cells, "岗位", 60)
    at = {"post": _post(self, cells, "岗位"), "person": _person(self, cells), "start": _day(cells, "任职")}
    return Appointment.objects.select_related("post", "person").filter(**at).first() or Appointment(**at)


def _put_appointment(self: _Bringing, one: Appointment, cells: Cells) -> None:
    one.end, one.document = _day(cells, "离任"), _short(cells, "依据", 120)
    if one.start and one.end and one.end < one.start:
        raise Wrong("离任", f"在任职（{one.start}）之前", "请核对两个日期")


def _find_seat(self: _Bringing, cells: Cells) -> Seat:
    _needed(cells, "工作组", 40)
    at = {"group": _group(self, cells, "工作组"), "place": _number(cells, "次序")}
    known = Seat.objects.select_related("group", "post", "unit").filter(**at)
    ended = _day(cells, "至")
    row = known.filter(end=ended).first() or (known.filter(end=None).first() if ended else None)
    return row or Seat(county=self.county, **at)


def _put_seat(self: _Bringing, one: Seat, cells: Cells) -> None:
    before = (one.kind, one.title, one.post_id, one.unit_id, one.start, one.end)
    one.kind, one.title = _one_of(cells, "组内职务", Seat.Kind.choices), _short(cells, "职务", 120)
    one.post, one.unit = _post(self, cells, "岗位"), _unit(self, cells, "单位")
    one.start, one.end = _day(cells, "自"), _day(cells, "至")
    if one.post is None and one.unit is None:
        raise Wrong("岗位", "没有写是哪个岗位或单位的席位", "请填岗位或单位的代码")
    after = (one.kind, one.title, one.post_id, one.unit_id, one.start, one.end)
    if one.group.dissolved and before != after and one.group.code not in self.founded:
        raise Wrong("工作组", f"已于 {one.group.dissolved} 撤销，名单不能再改", "请删去这一行，或另行成立工作组")


def _find_contact(self: _Bringing, cells: Cells) -> Contact:
    kind = _one_of(cells, "身份", Contact.Kind.choices)
    unit, school = _unit(self, cells, "单位"), _school(self, cells, "学校")
    if (unit is None) == (school is None):
        raise Wrong("单位", "单位和学校要填一个，只填一个", "请核对")
    at = {"kind": kind, "unit": unit, "school": school}
    return Contact.objects.of(self.county).filter(**at).first() or Contact(county=self.county, **at)


def _put_contact(self: _Bringing, one: Contact, cells: Cells) -> None:
    _needed(cells, "岗位", 60)
    one.post = _post(self, cells, "岗位")


TAKES: Mapping[str, tuple[Callable[[_Bringing, Cells], Any], Callable[[_Bringing, Any, Cells], None]]] = {
    "单位": (_find_unit, _put_unit),
    "学校": (_find_school, _put_school),
    "工作组": (_find_group, _put_group),
    "岗位": (_find_post, _put_post),
    "人员": (_find_person, _put_person),
    "任职": (_find_appointment, _put_appointment),
    "席位": (_find_seat, _put_seat),
    "联系人": (_find_contact, _put_contact),
}
# The column of a sheet that leads to another row of the same sheet.
WITHIN = {"单位": "设在", "学校": "是谁的校区"}
