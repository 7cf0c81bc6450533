"""The organisation as a workbook: its sheets, and each row as text; nothing of it is worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from django.db import models

from junheng.facts.schema import SCHOOL_TYPES
from junheng_web.organisation.areas import Area
from junheng_web.organisation.contacts import Contact
from junheng_web.organisation.groups import Group, Seat
from junheng_web.organisation.people import Appointment, Person, Post, Unit
from junheng_web.organisation.schools import School

EXPLANATION = "说明"
WIDTH = 18
HOW = (
    "怎么用这本工作簿",
    "1. 每张表一行一条，列名和工作表名请不要改；不要的表可以整张删去，没有的行不动，导入不会删除。",
    "2. 单位、岗位、工作组按代码认，学校按标识码认；新添的行代码可以自己编（字母、数字、汉字和 . - _）。",
    "3. 人员按人员编号认；没有编号的按姓名认，同名的要先编号。不要填身份证号。",
    "4. 日期写成 2026-09-01 的样子，不知道就留空。代码和编号请按文本填写。",
    "5. 换人：给前任那一行填“离任”，再添继任的一行；先预览，再导入。",
    "6. 学校更名、改变类型、撤并，单位和工作组的撤销，要在网页上办，这里改了不收。",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its headings, the rows of a county, and a row as text. `fixed` is what an import may not change.

    `optional` are columns that came later: a workbook without them changes nothing there.
    """

    label: str
    headings: tuple[str, ...]
    rows: Callable[[Area], Iterable[models.Model]]
    told: Callable[[Any], tuple[object, ...]]
    fixed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    def texts(self, row: models.Model) -> dict[str, str]:
        """Return a row's cells by their headings."""
        return {
            name: "" if value is None else str(value) for name, value in zip(self.headings, self.told(row), strict=True)
        }


def _code(row: Any) -> str:
    return row.code if row is not None else ""


def _appointments(county: Area) -> Iterable[Appointment]:
    return Appointment.objects.filter(post__area=county).select_related("post", "person").order_by("post__code", "id")


def _seats(county: Area) -> Iterable[Seat]:
    rows = Seat.objects.of(county).select_related("group", "post", "unit")
    return rows.order_by("group__code", "place", "id")


SHEETS = (
    Sheet(
        "单位",
        ("代码", "名称", "全称", "类别", "设在", "次序", "撤销"),
        lambda county: Unit.objects.of(county).select_related("parent").order_by("place", "code"),
        lambda one: (
            *(one.code, one.name, one.full_name, one.get_kind_display()),
            *(_code(one.parent), one.place, one.closed),
        ),
        ("撤销",),
    ),
    Sheet(
        "学校",
        ("学校标识码", "学校名称", "类型", "所在苏木镇", "是谁的校区", "成立", "撤并"),
        lambda county: School.objects.of(county).select_related("town", "campus_of").order_by("code"),
        lambda one: (
            *(one.code, one.name, SCHOOL_TYPES.get(one.school_type, "")),
            *(_code(one.town), _code(one.campus_of), one.opened, one.closed),
        ),
        ("学校名称", "类型", "成立", "撤并"),
    ),
    Sheet(
        "工作组",
        ("代码", "名称", "类别", "依据文件", "办公室设在", "成立", "撤销", "撤销的依据", "文件里的规定"),
        lambda county: Group.objects.of(county).select_related("office").order_by("code"),
        lambda one: (
            *(one.code, one.name, one.get_kind_display(), one.document, _code(one.office)),
            *(one.established, one.dissolved, one.dissolved_because, one.rules),
        ),
        ("撤销", "撤销的依据"),
    ),
    Sheet(
        "岗位",
        ("代码", "岗位", "类别", "单位", "学校", "工作组", "在本单位的表上签"),
        lambda county: Post.objects.filter(area=county).select_related("unit", "school", "group").order_by("code"),
        lambda one: (
            *(one.code, one.name, one.get_role_display()),
            *(_code(one.unit), _code(one.school), _code(one.group)),
            one.get_signs_display(),
        ),
        optional=("在本单位的表上签",),
    ),
    Sheet(
        "人员",
        ("人员编号", "姓名", "电话", "电子邮箱"),
        lambda county: Person.objects.of(county).order_by("name", "code", "id"),
        lambda one: (one.code, one.name, one.phone, one.email),
        optional=("电子邮箱",),
    ),
    Sheet(
        "任职",
        ("岗位", "人员编号", "姓名", "任职", "离任", "依据"),
        _appointments,
        lambda one: (one.post.code, one.person.code, one.person.name, one.start, one.end, one.document),
    ),
    Sheet(
        "席位",
        ("工作组", "次序", "组内职务", "职务", "岗位", "单位", "自", "至"),
        _seats,
        lambda one: (
            *(one.group.code, one.place, one.get_kind_display(), one.title),
            *(_code(one.post), _code(one.unit), one.start, one.end),
        ),
    ),
    Sheet(
        "联系人",
        ("身份", "单位", "学校", "岗位"),
        lambda county: Contact.objects.of(county).select_related("unit", "school", "post"),
        lambda one: (one.get_kind_display(), _code(one.unit), _code(one.school), one.post.code),
    ),
)


def workbook(county: Area, *, blank: bool = False) -> bytes:
    """Return the organisation of a county as a workbook, or the blank one; every cell is text."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1})
    text = book.add_format({"num_format": "@"})
    told = book.add_worksheet(EXPLANATION)
    told.set_column(0, 0, 110)
    for place, line in enumerate(HOW):
        told.write_string(place, 0, line)
    for sheet in SHEETS:
        page = book.add_worksheet(sheet.label)
        page.set_column(0, len(sheet.headings) - 1, WIDTH, text)
        page.freeze_panes(1, 1)
        _written(page, [sheet.headings, *([] if blank else _lines(sheet, county))], head, text)
    book.close()
    return out.getvalue()


def _lines(sheet: Sheet, county: Area) -> list[tuple[str, ...]]:
    return [tuple(sheet.texts(row).values()) for row in sheet.rows(county)]


def _written(page: Any, lines: list[tuple[str, ...]], head: Any, text: Any) -> None:
    for place, line in enumerate(lines):
        for column, value in enumerate(line):
            if value:
                page.write_string(place, column, value, text if place else head)
