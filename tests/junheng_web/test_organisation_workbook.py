"""The organisation out to a workbook and in again: a dry run first, and the same workbook afterwards."""

from __future__ import annotations

import datetime as dt
import io
import re
from html import unescape

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from junheng.facts.workbook import read_grids
from junheng_web.organisation import sheets
from junheng_web.organisation.bringing import Brought, Lines, bring
from junheng_web.organisation.grouping import group_dissolve
from junheng_web.organisation.models import (
    Appointment,
    Area,
    AuditRow,
    Event,
    Group,
    Person,
    Post,
    School,
    Seat,
    Unit,
)
from next_year import county
from places import COUNTY, FOREIGN

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/organisation/"
LAST = dt.date(2026, 6, 30)


def lines_of(area: Area, tmp_path) -> dict[str, list[list[str]]]:
    """Return the sheets of a county's workbook, written to a file and read back."""
    file = tmp_path / "book.xlsx"
    file.write_bytes(sheets.workbook(area))
    return {grid.name: [list(line) for line in grid.cells] for grid in read_grids(file)}


def dry(lines: Lines, area: Area | None = None) -> Brought:
    return bring(by=None, county=area or county(), lines=lines, file="book.xlsx")


def done(lines: Lines, area: Area | None = None) -> Brought:
    """Bring a workbook in after a dry run."""
    agreed = dry(lines, area)
    assert agreed.problems == []
    return bring(by=None, county=area or county(), lines=lines, file="book.xlsx", agreed=agreed.digest)


def changed(lines: Lines, sheet: str, key: str, **cells: str) -> None:
    """Change cells of the row whose first cell is the key."""
    head = lines[sheet][0]
    row = next(line for line in lines[sheet] if line[0] == key)
    for name, text in cells.items():
        row[head.index(name)] = text


@pytest.mark.parametrize("code", [COUNTY, FOREIGN])
def test_what_goes_out_comes_in_unchanged(code: str, tmp_path) -> None:
    """Into the same county: not one row differs."""
    area = Area.objects.get(code=code)
    found = dry(lines_of(area, tmp_path), area)
    assert (found.problems, found.changes, found.strange) == ([], [], [])
    assert found.same > 80


@pytest.mark.parametrize("code", [COUNTY, FOREIGN])
def test_an_empty_county_becomes_the_same(code: str, tmp_path) -> None:
    """And its own workbook is the one that came in, a dissolved group and its list among it."""
    area = Area.objects.get(code=code)
    group_dissolve(by=None, group=Group.objects.get(county=area), day=LAST, because="虚构")
    lines = lines_of(area, tmp_path)
    other = Area.objects.create(code="159903", name="另一旗（虚构）", kind=Area.Kind.COUNTY, parent=area.parent)
    done(lines, other)
    assert lines_of(other, tmp_path) == lines
    assert Seat.objects.of(other).count() == Seat.objects.of(area).count()


def test_a_dry_run_changes_nothing(tmp_path) -> None:
    """Not even an audit row or an event."""
    lines = lines_of(county(), tmp_path)
    changed(lines, "单位", "fin", 全称="虚构全称")
    before = (AuditRow.objects.count(), Event.objects.count(), list(Unit.objects.values()))
    found = dry(lines)
    assert [(one.sheet, one.new, one.cells) for one in found.changes] == [
        ("单位", False, (("全称", "示例旗财政局", "虚构全称"),))
    ]
    assert before == (AuditRow.objects.count(), Event.objects.count(), list(Unit.objects.values()))


def test_units_posts_and_holders_come_in_together(tmp_path) -> None:
    """A new unit with a desk listed before it, a post in it, somebody new, an appointment, a seat."""
    lines = lines_of(county(), tmp_path)
    lines["单位"] += [["new-desk", "虚构股", "", "部门", "new", "91", ""], ["new", "虚构局", "", "部门", "", "90", ""]]
    lines["人员"] += [["P-1", "虚构人", "0477-1"]]
    lines["岗位"] += [["new-head", "虚构局局长", "责任单位", "new", "", ""]]
    lines["任职"] += [["new-head", "P-1", "虚构人", "2026-03-01", "", "虚构文号"]]
    lines["席位"] += [["group", "20", "成员", "虚构局局长", "new-head", "", "2026-03-01", ""]]
    found = done(lines)
    assert len(found.changes) == 6
    assert Unit.objects.get(code="new-desk").parent.code == "new"
    assert str(Post.objects.get(code="new-head").appointments.get().person) == "虚构人"
    assert Seat.objects.get(place=20, county=county()).post.code == "new-head"
    assert AuditRow.objects.filter(action="organisation.import").count() == 1
    assert Event.objects.filter(kind="post.handed_over", object_code="new-head").count() == 1


def test_a_post_changes_hands_in_a_workbook(tmp_path) -> None:
    """The former holder's row gets an end; without it, two would hold the post, and nothing is taken in."""
    lines = lines_of(county(), tmp_path)
    lines["人员"] += [["P-1", "虚构人", ""]]
    lines["任职"] += [["fin-staff", "P-1", "虚构人", "2026-03-01", "", ""]]
    (problem,) = dry(lines).problems
    assert "同一天由郝建业和虚构人担任" in str(problem)
    changed(lines, "任职", "fin-staff", 离任="2026-02-28")
    done(lines)
    held = Appointment.objects.filter(post__code="fin-staff")
    assert [(str(one.person), str(one.end)) for one in held] == [("郝建业", "2026-02-28"), ("虚构人", "None")]


@pytest.mark.parametrize(
    ("sheet", "key", "cells", "why"),
    [
        ("单位", "fin", {"名称": ""}, "第 14 行「名称」 的值 ''：是空的"),
        ("单位", "fin", {"类别": "公司"}, "请填 部门、苏木镇、没有账号的单位 之一"),
        ("单位", "fin", {"设在": "没有"}, "没有这个代码"),
        ("单位", "fin", {"设在": "edu-hr"}, "它自己是股室"),
        ("单位", "fin", {"次序": "三"}, "不是整数"),
        ("单位", "fin", {"撤销": "2026-01-01"}, "请在网页上办"),
        ("单位", "fin", {"代码": "财政 局"}, "不能作代码"),
        ("学校", "1506990006", {"学校名称": "另一个"}, "请在网页上办"),
        ("学校", "1506990006", {"所在苏木镇": "x"}, "没有这个代码"),
        ("岗位", "fin-staff", {"类别": "处长"}, "没有这一种"),
        ("任职", "fin-staff", {"离任": "2025/9/1"}, "请按 2026-09-01 这样填"),
        ("任职", "fin-staff", {"离任": "2024-09-01"}, "在任职（2025-03-01）之前"),
        ("任职", "fin-staff", {"姓名": "没有的人"}, "人员里没有这个人"),
        ("工作组", "group", {"撤销": "2026-01-01"}, "请在网页上办"),
        ("联系人", "联络员", {"学校": "1506990006"}, "只填一个"),
    ],
)
def test_each_fault_is_told_with_its_place(sheet: str, key: str, cells: dict[str, str], why: str, tmp_path) -> None:
    """Sheet, line, column, value, why and what to do; and nothing at all is taken in."""
    lines = lines_of(county(), tmp_path)
    changed(lines, sheet, key, **cells)
    changed(lines, "单位", "dev", 全称="不该留下")
    found = dry(lines)
    assert why in "\n".join(map(str, found.problems))
    assert all(one.file == sheet and one.remedy for one in found.problems)
    bring(by=None, county=county(), lines=lines, file="book.xlsx", agreed=found.digest)
    assert not Unit.objects.filter(full_name="不该留下").exists()


def test_a_missing_column_and_a_strange_sheet_are_told(tmp_path) -> None:
    """A sheet that is not there at all changes nothing."""
    lines = lines_of(county(), tmp_path)
    del lines["席位"]
    lines["岗位"][0][1] = "岗位名"
    found = dry({**lines, "工资表": [["姓名"]]})
    assert [str(one) for one in found.problems] == ["岗位：缺少这几列：岗位。请照导出的工作簿补上，列名不要改。"]
    assert found.strange == ["工资表"]


def test_two_of_one_name_need_codes(tmp_path) -> None:
    """Which of them is meant is not guessed."""
    for _ in range(2):
        Person.objects.create(county=county(), name="同名人")
    lines = lines_of(county(), tmp_path)
    assert len(dry(lines).problems) == 2
    assert "有两个人叫“同名人”" in str(dry(lines).problems[0])


def test_somebody_without_a_code_gets_one(tmp_path) -> None:
    """Not a second person."""
    lines = lines_of(county(), tmp_path)
    row = next(line for line in lines["人员"] if line[1] == "郝建业")
    row[0] = "FIN-1"
    done(lines)
    assert Person.objects.get(name="郝建业").code == "FIN-1"


def test_a_telephone_number_is_not_told_to_the_audit(tmp_path) -> None:
    """Neither a new one nor one that changed."""
    lines = lines_of(county(), tmp_path)
    lines["人员"] += [["P-1", "虚构人", "0477-1"]]
    changed(lines, "人员", "person-1", 电话="0477-2")
    found = done(lines)
    assert {text for one in found.changes for name, _, text in one.cells if name == "电话"} == {"0477-1", "0477-2"}
    assert "0477" not in str(AuditRow.objects.get(action="organisation.import").detail)


def test_a_dissolved_groups_list_stays(tmp_path) -> None:
    """A workbook does not seat anybody in it."""
    group_dissolve(by=None, group=Group.objects.get(county=county()), day=LAST, because="虚构")
    lines = lines_of(county(), tmp_path)
    assert dry(lines).problems == []
    lines["席位"] += [["group", "20", "成员", "", "fin-head", "", "", ""]]
    assert "名单不能再改" in str(dry(lines).problems[0])


def book(**rows: list[list[str]]) -> SimpleUploadedFile:
    """Return a workbook as an office sends it."""
    out = io.BytesIO()
    made = openpyxl.Workbook()
    for name, lines in rows.items():
        page = made.create_sheet(name)
        for line in lines:
            page.append(line)
    made.save(out)
    return SimpleUploadedFile("组织.xlsx", out.getvalue())


def hidden(page: str) -> dict[str, str]:
    return {name: unescape(re.search(f'name="{name}" value="([^"]*)"', page)[1]) for name in ("signed", "agreed")}


def preview(browser: Client) -> str:
    head = list(sheets.SHEETS[4].headings)
    return browser.post(f"{HERE}import/", {"file": book(人员=[head, ["P-1", "虚构人", "1"]])}).content.decode()


def test_the_page_shows_what_would_change_and_then_does_it(as_) -> None:
    """Nothing before the consent; afterwards all of it."""
    office = as_("office")
    page = preview(office)
    assert "会添或改 1 行" in page
    assert not Person.objects.filter(name="虚构人").exists()
    assert "已导入" in office.post(f"{HERE}import/apply", hidden(page), follow=True).content.decode()
    assert Person.objects.get(name="虚构人").code == "P-1"


def test_what_changed_meanwhile_is_shown_again(as_) -> None:
    """The consent was to something else."""
    office = as_("office")
    told = hidden(preview(office))
    Person.objects.create(county=county(), code="P-1", name="先来的")
    page = office.post(f"{HERE}import/apply", told, follow=True).content.decode()
    assert "什么也没有导入" in page
    assert "先来的 → 虚构人" in page
    assert Person.objects.get(code="P-1").name == "先来的"


def test_a_consent_is_the_readers_own(as_) -> None:
    """Neither another's, nor one that was tampered with."""
    told = hidden(preview(as_("office")))
    page = as_("administrator").post(f"{HERE}import/apply", told, follow=True).content.decode()
    assert "预览已经过期" in page
    bad = {**told, "signed": told["signed"][:-2] + "xx"}
    assert "预览已经过期" in as_("office").post(f"{HERE}import/apply", bad, follow=True).content.decode()
    assert not Person.objects.filter(name="虚构人").exists()


@pytest.mark.parametrize(("name", "content"), [("名单.et", b"x"), ("名单.xlsx", b"PK broken")])
def test_what_is_no_workbook_is_refused_under_its_own_name(as_, name: str, content: bytes) -> None:
    """With what to do."""
    answer = as_("office").post(f"{HERE}import/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert name in answer.content.decode()


def test_the_workbook_is_text_throughout(as_) -> None:
    """So that a spreadsheet does not turn a code into a number; the blank one has headings only."""
    content = as_("office").get(f"{HERE}workbook").content
    made = openpyxl.load_workbook(io.BytesIO(content))
    assert made["学校"]["A2"].value == School.objects.of(county()).first().code
    blank = openpyxl.load_workbook(io.BytesIO(as_("office").get(f"{HERE}workbook?blank=1").content))
    assert {page.title: page.max_row for page in blank if page.title != "说明"} == {
        one.label: 1 for one in sheets.SHEETS
    }


def test_what_a_post_signs_goes_out_and_in(tmp_path) -> None:
    """A workbook of before that column changes nothing there; a post that may not sign is told at its row."""
    post = Post.objects.get(area=county(), code="fin-staff")
    Post.objects.filter(id=post.id).update(signs="head")
    lines = lines_of(county(), tmp_path)
    assert dry(lines).changes == []
    older = {**lines, "岗位": [line[:-1] for line in lines["岗位"]]}
    assert (dry(older).changes, dry(older).problems) == ([], [])
    changed(lines, "岗位", "fin-staff", 在本单位的表上签="分管领导")
    done(lines)
    assert Post.objects.get(id=post.id).signs == "deputy"
    changed(lines, "岗位", "fin-staff", 单位="")
    (problem,) = dry(lines).problems
    assert (problem.column, "不能在单位的表上签" in problem.reason) == ("在本单位的表上签", True)
