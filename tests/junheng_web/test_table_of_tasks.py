"""The table of indicators and units: a lead that only the office sets, desks, on paper, as a workbook out and in."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from junheng_web.assessment.models import Responsibility
from junheng_web.duties.exchanging import plan, workbook
from junheng_web.duties.matrix import Set, indicator_set, paper, table_of
from junheng_web.duties.selectors import answers_for, desk_of
from junheng_web.duties.services import Stale, unit_name_set
from junheng_web.organisation.models import Account, Area, AuditRow, Unit
from junheng_web.organisation.scopes import Scope, scope_of
from moments import TODAY
from places import COUNTY, FOREIGN

pytestmark = pytest.mark.django_db
MATRIX = f"/c/{COUNTY}/duties/matrix/"


def county(code: str = COUNTY) -> Area:
    return Area.objects.get(code=code)


def scope() -> Scope:
    return scope_of(Account.objects.get(username="office"), TODAY)


def test_a_lead_and_a_desk_are_what_is_proposed() -> None:
    """The desk in the lead unit, and whoever works at it."""
    told = desk_of(county(), "B1")
    assert (told.unit.code, told.desk.code, told.post.code) == ("edu", "edu-hr", "edu-hr-desk")
    assert [one.code for one in told.units] == ["staffing", "hr", "edu"]


def test_without_a_desk_the_units_own_post_is_proposed() -> None:
    """财政局 leads B13 and has no desks."""
    told = desk_of(county(), "B13")
    assert (told.unit.code, told.desk, told.post.unit.code) == ("fin", None, "fin")


def test_without_a_lead_nobody_is_proposed_unless_one_answers_alone() -> None:
    """No order of names decides (P2); a desk in one of several units does not either."""
    assert desk_of(county(), "B15").unit is None
    assert [one.code for one in desk_of(county(), "B15").units] == ["hr", "fin", "edu"]
    assert desk_of(county(), "B28").unit.code == "edu"
    assert desk_of(county(), "B28").desk.code == "edu-super"
    assert desk_of(county(), "nothing") == desk_of(county(), "B99")
    assert desk_of(county(), "B99").units == ()


def test_a_unit_knows_what_it_answers_for() -> None:
    """With whether it leads."""
    rows = {one.indicator: one.lead for one in answers_for(Unit.objects.get(county=county(), code="fin"))}
    assert rows["B13"] is True
    assert rows["B4"] is False
    assert "B1" not in rows


def test_setting_an_indicator_changes_it_alone_with_one_audit_row() -> None:
    """Units in order, the lead, the desks; set again, nothing happens."""
    before, rows = table_of(county()), AuditRow.objects.count()
    asked = Set(("edu", "fin"), "fin", (("edu", "edu-fin"),))
    assert indicator_set(by=scope(), county=county(), indicator="B16", asked=asked)
    assert not indicator_set(by=scope(), county=county(), indicator="B16", asked=asked)
    after = table_of(county())
    assert after["B16"] == asked
    assert {id: one for id, one in after.items() if id != "B16"} == {
        id: one for id, one in before.items() if id != "B16"
    }
    row = AuditRow.objects.filter(action="responsibility.set", object_code="B16").last()
    assert (row.detail["lead"], row.detail["was"], row.detail["desks"]) == ("fin", ["edu"], {"edu": "edu-fin"})
    assert AuditRow.objects.count() == rows + 1
    assert Responsibility.objects.filter(county=county(), indicator="B16", lead=True).count() == 1


@pytest.mark.parametrize(
    ("asked", "error", "told"),
    [
        (Set(("edu",), "fin"), ValidationError, "牵头单位要在责任部门里"),
        (Set(("fin",), "", (("fin", "edu-hr"),)), ValidationError, "不是这一项责任部门里的股室"),
        (Set(("edu",), "", (("fin", "edu-hr"),)), ValidationError, "不是这一项责任部门里的股室"),
        (Set(("nobody",)), LookupError, "has no unit nobody"),
    ],
)
def test_what_cannot_be_set_is_refused(asked: Set, error: type[Exception], told: str) -> None:
    """And nothing changes."""
    before = table_of(county())
    with pytest.raises(error, match=told):
        indicator_set(by=scope(), county=county(), indicator="B16", asked=asked)
    assert table_of(county()) == before


def test_an_indicator_that_there_is_not_is_refused() -> None:
    """The rows are those of the rule book."""
    with pytest.raises(LookupError):
        indicator_set(by=scope(), county=county(), indicator="B99", asked=Set(("edu",)))


def test_two_who_set_one_indicator_are_told(as_) -> None:
    """409 with what stands now and what was chosen; saved again, it counts."""
    office, page = as_("office"), f"{MATRIX}set/B16/"
    seen = office.get(page).context["seen"]
    first = {"unit": ["edu", "hr"], "lead": "hr", "desk-edu": "", "seen": seen}
    second = {"unit": ["edu", "fin"], "lead": "fin", "desk-edu": "edu-fin", "seen": seen}
    assert office.post(page, first).status_code == 302
    answer = office.post(page, second)
    assert answer.status_code == 409
    assert "现在是：教体局、人社局（牵头）" in answer.content.decode()
    assert answer.context["lead"] == "fin"
    assert office.post(page, second | {"seen": answer.context["seen"]}).status_code == 302
    assert table_of(county())["B16"] == Set(("edu", "fin"), "fin", (("edu", "edu-fin"),))
    with pytest.raises(Stale):
        indicator_set(by=scope(), county=county(), indicator="B16", asked=Set(), seen=seen)


def test_a_lead_that_does_not_answer_is_told_on_the_form(as_) -> None:
    """422, what was chosen stays."""
    office, page = as_("office"), f"{MATRIX}set/B16/"
    answer = office.post(page, {"unit": ["edu"], "lead": "fin", "seen": office.get(page).context["seen"]})
    assert answer.status_code == 422
    assert "牵头单位要在责任部门里；请先把它勾上" in answer.content.decode()


def test_units_that_stay_keep_their_order_and_new_ones_come_after(as_) -> None:
    """The document's order is not that of the form."""
    office, page = as_("office"), f"{MATRIX}set/B1/"
    told = {"unit": ["dev", "edu", "staffing", "hr"], "lead": "edu", "desk-edu": "edu-hr"}
    office.post(page, told | {"seen": office.get(page).context["seen"]})
    assert table_of(county())["B1"].units == ("staffing", "hr", "edu", "dev")


def cells(page: object) -> dict[str, dict[str, str]]:
    return {
        one["row"].indicator: {cell["unit"].code: cell["word"] for cell in one["cells"] if cell["word"]}
        for one in page.context["rows"]
    }


def test_the_page_says_lead_support_or_answers(as_) -> None:
    """Supporting only where a lead was set."""
    found = cells(as_("leader").get(MATRIX))
    assert found["B1"] == {"staffing": "配合", "hr": "配合", "edu": "牵头"}
    assert found["B15"] == {"hr": "责任", "fin": "责任", "edu": "责任"}


def test_the_page_shows_the_rows_of_a_unit_or_an_indicator(as_) -> None:
    """A unit that no row lists is told where its duties are."""
    office = as_("office")
    own = cells(office.get(f"{MATRIX}?unit=disabled"))
    assert own == {"B24": {"disabled": "责任"}}
    assert list(cells(office.get(f"{MATRIX}?indicator=B7"))) == ["B7"]
    assert "任务分工表没有列这个单位" in office.get(f"{MATRIX}?unit=health").content.decode()


def test_what_the_office_changed_of_a_printed_row_is_marked() -> None:
    """Beside the document's own words."""
    area = county(FOREIGN)
    indicator_set(by=None, county=area, indicator="B5", asked=Set(("edu", "fin"), "edu"))
    row = {one["row"].indicator: one for one in paper(area)["rows"]}["B5"]
    assert (row["changed"], row["units"], row["lead"]) == (True, ["教体局", "财政局"], "教体局")
    assert row["row"].printed == ("教体局",)


def sheet_of(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def file_of(book: openpyxl.Workbook, path: Path) -> Path:
    book.save(path)
    return path


def test_a_workbook_comes_back_without_a_change(tmp_path: Path) -> None:
    """Out and in is the same, in both counties."""
    for code in (COUNTY, FOREIGN):
        file = tmp_path / f"{code}.xlsx"
        file.write_bytes(workbook(county(code)))
        made = plan(county(code), file)
        assert (made.differences, made.problems) == ([], [])
        assert made.same == len(table_of(county(code)))


def test_the_workbook_counts_for_itself() -> None:
    """The sheet to look at carries live formulas (P7), with the value beside them."""
    content = workbook(county())
    looked = sheet_of(content)["对照表（只看）"]
    heads = {cell.value: cell.column for cell in looked[1]}
    last = looked.max_row
    formula = looked.cell(last, heads["财政局"]).value
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["对照表（只看）"]
    many = sum("fin" in one.units for one in table_of(county()).values())
    assert formula.startswith("=COUNTIF(")
    assert values.cell(last, heads["财政局"]).value == many


def changed(path: Path, **at: object) -> Path:
    """Return the county's workbook with something else in some cells."""
    book = sheet_of(workbook(county()))
    for place, value in at.items():
        book["任务分工"][place] = value
    return file_of(book, path / "改过.xlsx")


def row_of(indicator: str, unit: str) -> int:
    sheet = sheet_of(workbook(county()))["任务分工"]
    return next(row[0].row for row in sheet.iter_rows() if (row[0].value, row[2].value) == (indicator, unit))


def test_a_file_is_shown_before_it_is_taken_in(as_, tmp_path: Path) -> None:
    """What would change, in words; then all of it. The same file again changes nothing."""
    at = row_of("B16", "教体局")
    file = changed(tmp_path, **{f"D{at}": "是", f"E{at}": "师训股"})
    office, before = as_("office"), table_of(county())
    answer = office.post(f"{MATRIX}import/", {"file": SimpleUploadedFile("改过.xlsx", file.read_bytes())})
    page = office.get(answer["Location"])
    (one,) = page.context["plan"].differences
    assert (one.called, one.before, one.after) == ("B16", "教体局", "教体局（牵头，师训股）")
    assert table_of(county()) == before
    agreed = {"agreed": page.context["plan"].digest}
    assert office.post(f"{answer['Location']}apply", {"agreed": "x"})["Location"] == answer["Location"]
    assert table_of(county()) == before
    assert office.post(f"{answer['Location']}apply", agreed)["Location"] == MATRIX
    assert table_of(county())["B16"] == Set(("edu",), "edu", (("edu", "edu-train"),))
    assert plan(county(), file).differences == []


def test_what_changed_meanwhile_is_not_overwritten(as_, tmp_path: Path) -> None:
    """What was agreed to is no longer what would happen."""
    at = row_of("B16", "教体局")
    office, file = as_("office"), changed(tmp_path, **{f"D{at}": "是"})
    url = office.post(f"{MATRIX}import/", {"file": SimpleUploadedFile("改过.xlsx", file.read_bytes())})["Location"]
    agreed = office.get(url).context["plan"].digest
    indicator_set(by=scope(), county=county(), indicator="B16", asked=Set(("hr",)))
    answer = office.post(f"{url}apply", {"agreed": agreed}, follow=True)
    assert "什么也没有导入" in answer.content.decode()
    assert table_of(county())["B16"] == Set(("hr",))


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("A", "B99", "没有这个指标"),
        ("C", "财证局", "本县没有叫“财证局”的单位"),
        ("C", "苏木镇们", "“苏木镇们”可以是几个单位"),
        ("D", "对", "不是“是”，也不是空的"),
        ("E", "项木股", "这个单位没有这个股室"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_line(tmp_path: Path, column: str, value: str, reason: str) -> None:
    """Which line, what, why and what to do; nothing is guessed and nothing is taken in."""
    for code in ("town-shawan", "town-baiquan"):
        unit = Unit.objects.get(county=county(), code=code)
        unit_name_set(by=None, county=county(), unit=unit, part="tasks", name="苏木镇们")
    at = row_of("B16", "教体局")
    made = plan(county(), changed(tmp_path, **{f"{column}{at}": value}))
    (problem,) = made.problems
    assert (problem.row, problem.value, problem.reason) == (at, value, reason)
    assert problem.remedy
    assert made.differences == []


def test_two_leads_and_a_unit_twice_are_told(tmp_path: Path) -> None:
    """An indicator has one lead; a line more is a line too many."""
    first, second = row_of("B15", "人社局"), row_of("B15", "财政局")
    made = plan(county(), changed(tmp_path, **{f"D{first}": "是", f"D{second}": "是"}))
    assert [(one.row, one.reason) for one in made.problems] == [(second, "这一项已经有牵头单位")]
    made = plan(county(), changed(tmp_path, **{f"C{second}": "人社局"}))
    assert [(one.row, one.reason) for one in made.problems] == [(second, "同一项里写了两次")]
    made = plan(county(), changed(tmp_path, **{f"C{first}": None, f"D{first}": "是"}))
    assert [(one.row, one.reason) for one in made.problems] == [(first, "写了牵头或股室，没有写责任部门")]


def test_a_name_of_the_document_means_its_unit(tmp_path: Path) -> None:
    """What the table of names knows is understood."""
    unit = Unit.objects.get(county=county(), code="fin")
    unit_name_set(by=None, county=county(), unit=unit, part="tasks", name="旗财政")
    at = row_of("B15", "财政局")
    made = plan(county(), changed(tmp_path, **{f"C{at}": "旗财政"}))
    assert (made.problems, made.differences) == ([], [])


def test_another_workbook_is_told_what_is_wrong(as_, tmp_path: Path) -> None:
    """Other headings, another sheet, no workbook at all: 422 with the reason, and the way to another file."""
    book = openpyxl.Workbook()
    book.active.title = "任务分工"
    book.active.append(["别的", "列名"])
    made = plan(county(), file_of(book, tmp_path / "other.xlsx"))
    assert [one.reason for one in made.problems] == ["第一行的列名变了"]
    book.active.title = "别的表"
    made = plan(county(), file_of(book, tmp_path / "sheet.xlsx"))
    assert [one.reason for one in made.problems] == ["没有“任务分工”这张工作表"]
    office = as_("office")
    answer = office.post(f"{MATRIX}import/", {"file": SimpleUploadedFile("坏的.xlsx", b"nothing")}, follow=True)
    assert answer.status_code == 422
    assert "还不能导入" in answer.content.decode()
    assert office.post(f"{MATRIX}import/", {"file": SimpleUploadedFile("a.et", b"x")}).status_code == 422


def test_somebody_elses_file_is_not_there(as_) -> None:
    """A trial belongs to the account that made it."""
    assert as_("office").get(f"{MATRIX}import/{'0' * 24}/").status_code == 404
    assert as_("fin-staff").get(f"{MATRIX}import/{'0' * 24}/").status_code == 403
