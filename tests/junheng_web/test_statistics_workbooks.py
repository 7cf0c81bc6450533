"""A workbook of statistics into the census: what is known is read, what is not is listed, and nothing is half read."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

import statistics_forms as forms
from collected import acting, held, ledger_of
from handed_in import zipped
from junheng_web.collection.models import Entry, Write
from junheng_web.organisation.models import AuditRow, School, SchoolAlias
from junheng_web.organisation.naming import alias_confirm, alias_withdraw
from junheng_web.statistics.models import SeenForm
from marked import FIRST, HERE, IMPORT, SECOND, THIRD, agreed, brought, content, opened, saved
from places import COUNTY, FOREIGN
from statistics_forms import COLUMNS, OWN, Written, sheet

pytestmark = pytest.mark.django_db
SCHOOLS = (("示例一小", FIRST), ("示例二小", SECOND))
UNKNOWN = Written({"A1": "编造的别的表", "A2": "表号：示例基9", "A4": 3})
TURNED = Written({**forms.TURNED, "C3": "示例旗第一小学", "D3": "示例旗第二小学"}, forms.TURNED_MERGED)


def pupils(code: str, basis: str = "census") -> int | None:
    """Return how many primary pupils a school has."""
    return held(("schools", code, "primary_pupils"), basis).integer


@pytest.mark.parametrize("name", ["示例.xlsx", "示例.xls"])
def test_a_known_form_goes_into_the_census_and_says_where_it_stood(as_, name: str) -> None:
    """Shown first; then one write, with file, sheet, row and cell; the present state is not touched."""
    saved()
    browser, before, present = as_("office"), ledger_of("census").sequence, pupils(FIRST, "current")
    page = brought(browser, name, 情况=OWN)
    text = page.content.decode()
    assert page.status_code == 200, [str(one) for one in page.context["plan"].problems]
    assert "情况第 6 行，C6 在校生/小学" in text
    assert ledger_of("census").sequence == before
    assert "已导入：改了" in agreed(browser, page).content.decode()
    assert (pupils(FIRST), pupils(SECOND), pupils(FIRST, "current")) == (600, 400, present)
    entry = held(("schools", FIRST, "equipment_value"), "census").entry
    assert (entry.integer, entry.sheet, entry.file_row, entry.file_column) == (1250000, "情况", 6, "E6 仪器设备值")
    write = Write.objects.filter(ledger=ledger_of("census")).latest("id")
    assert (write.kind, write.file_name, write.by_name) == ("imported", name, "陈乐平")


def test_the_same_workbook_again_changes_nothing(as_) -> None:
    """And a blank takes nothing away."""
    saved()
    browser, third = as_("office"), pupils(THIRD)
    agreed(browser, brought(browser, 情况=OWN))
    assert pupils(THIRD) == third
    before = ledger_of("census").sequence
    page = brought(browser, 情况=OWN)
    assert "没有可导的" in page.content.decode()
    assert page.context["plan"].differences == []
    agreed(browser, page)
    assert ledger_of("census").sequence == before


def test_a_form_without_a_mapping_is_listed_and_not_read(as_) -> None:
    """On the page of the import with a way to mark it, and on the room's page until somebody says it is not needed."""
    saved()
    browser = as_("office")
    page = brought(browser, 情况=OWN, 别的=UNKNOWN)
    text = page.content.decode()
    assert "尚未建立对照" in text
    assert "标这张表：别的" in text
    agreed(browser, page)
    assert pupils(FIRST) == 600
    listed = browser.get(HERE)
    assert [one.form for one in listed.context["unmapped"]] == ["示例基9"]
    browser.post(f"{HERE}dismiss", {"form": "示例基9"})
    listed = browser.get(HERE)
    assert (listed.context["unmapped"], [one.form for one in listed.context["dismissed"]]) == ([], ["示例基9"])
    assert AuditRow.objects.filter(action="form.dismiss", object_code="示例基9").exists()
    brought(browser, 别的=UNKNOWN)
    assert SeenForm.objects.filter(county__code=COUNTY).count() == 1


def test_a_workbook_of_which_nothing_is_known_changes_nothing(as_) -> None:
    """There is nothing to agree to."""
    browser, before = as_("office"), Entry.objects.count()
    page = brought(browser, 情况=OWN)
    assert "没有一张认得的表" in page.content.decode()
    agreed(browser, page)
    assert Entry.objects.count() == before


def test_a_changed_layout_is_refused_and_the_other_forms_are_read(as_) -> None:
    """What was expected where, and what stands there; the sheet beside it is none the worse."""
    saved()
    saved(COLUMNS)
    browser, before = as_("office"), pupils(FIRST)
    page = brought(browser, 情况=sheet(OWN, C4="初中", D4="小学"), 校舍=TURNED)
    text = page.content.decode()
    assert "C 应当是“在校生/小学”，现在是“在校生/初中”" in text
    assert [one.key[2] for one in (each.change for each in page.context["plan"].differences)]
    agreed(browser, page)
    assert pupils(FIRST) == before
    assert held(("schools", FIRST, "teaching_area"), "census").integer == 210050


def test_another_school_year_is_refused(as_) -> None:
    """A mapping is for the years that it names."""
    saved(years=[2024])
    page = brought(as_("office"), 情况=OWN)
    assert "用于 2024 学年，不是 2025 学年" in page.content.decode()
    assert page.context["nothing"]


def test_a_wrong_cell_keeps_all_of_the_form_back(as_) -> None:
    """Every problem at its cell; what a total does not add up to is only asked about."""
    saved()
    browser = as_("office")
    page = brought(browser, 情况=sheet(OWN, A6=1.5e17, C7="约400", C9=9999))
    text = page.content.decode()
    for told in ("已被表格软件改成数字", "A6 学校标识码", "约400", "C7 小学在校生数"):
        assert told in text, told
    assert page.context["plan"].differences == []
    assert "导入这" not in text
    before = Entry.objects.count()
    agreed(browser, page)
    assert Entry.objects.count() == before
    asked = brought(browser, 情况=sheet(OWN, C9=9999))
    assert "合计写的是 9999 人，各校相加是 1000 人" in asked.content.decode()
    assert "导入这" in asked.content.decode()


def test_two_forms_that_say_two_things_of_one_cell_are_refused(as_) -> None:
    """Both places are named; what both say alike is said once."""
    saved()
    values = {**COLUMNS, "fields": [*COLUMNS["fields"][:1], {"column": "primary_pupils", "terms": [{"at": "4"}]}]}
    saved(values)
    turned = Written({**TURNED.cells, "C4": 600, "D4": 401, "E4": 1001}, forms.TURNED_MERGED)
    page = brought(as_("office"), 情况=OWN, 校舍=turned)
    (problem,) = page.context["plan"].problems
    assert problem.value == "401"
    assert "与情况第 7 行“C7 在校生/小学”是同一项，数不一样" in problem.reason


def test_a_name_that_nobody_knows_is_asked_once_and_kept_with_who_and_when(as_) -> None:
    """Confirmed by a person; the next workbook is not asked about; taken back, it is again."""
    saved(COLUMNS)
    browser = as_("office")
    strange = Written({**TURNED.cells, "D3": "二小（简称）"}, forms.TURNED_MERGED)
    page = brought(browser, 校舍=strange)
    assert [one.text for one in page.context["unknown"]] == ["二小（简称）"]
    assert "导入这" not in page.content.decode()
    page = browser.post(f"{page.request['PATH_INFO']}names", {"name": "二小（简称）", "school": SECOND}, follow=True)
    assert "记住了 1 个校名" in page.content.decode()
    assert page.context["unknown"] == []
    agreed(browser, page)
    assert held(("schools", SECOND, "teaching_area"), "census").integer == 180000
    alias = SchoolAlias.objects.get(name="二小（简称）")
    assert (alias.school.code, alias.by_name, alias.by_post) == (SECOND, "陈乐平", "创建办主任")
    assert alias.at is not None
    assert AuditRow.objects.filter(action="alias.confirm", object_code=SECOND).exists()
    assert brought(browser, 校舍=strange).context["unknown"] == []
    assert "陈乐平（创建办主任）" in browser.get(HERE).content.decode()
    browser.post(f"{HERE}aliases/withdraw", {"name": "二小（简称）"})
    assert [one.text for one in brought(browser, 校舍=strange).context["unknown"]] == ["二小（简称）"]
    assert AuditRow.objects.filter(action="alias.withdraw", object_code=SECOND).exists()


def test_a_school_that_is_not_the_county_s_may_be_left_out_of_one_import(as_) -> None:
    """A kindergarten, a school of another county: said on the page, for this file alone, and taken back there."""
    saved(COLUMNS)
    browser = as_("office")
    page = brought(browser, 校舍=Written({**TURNED.cells, "D3": "编造幼儿园"}, forms.TURNED_MERGED))
    here = page.request["PATH_INFO"]
    page = browser.post(f"{here}names", {"name": "编造幼儿园", "school": "-"}, follow=True)
    assert (page.context["unknown"], page.context["left_out"]) == ([], ["编造幼儿园"])
    assert not SchoolAlias.objects.exists()
    page = browser.post(f"{here}names", {"again": "编造幼儿园"}, follow=True)
    assert [one.text for one in page.context["unknown"]] == ["编造幼儿园"]
    page = browser.post(f"{here}names", {"name": "编造幼儿园", "school": "-"}, follow=True)
    agreed(browser, page)
    assert held(("schools", FIRST, "teaching_area"), "census").integer == 210050


def test_a_school_of_which_a_name_and_a_code_stand_in_one_form_is_told_of(as_) -> None:
    """Two rows of one school are refused where the second stands."""
    saved(fields=[one for one in forms.ROWS["fields"] if one["column"] != "school_name"])
    alias_confirm(by=acting("office"), school=School.objects.get(code=FIRST), name="一小")
    page = brought(as_("office"), 情况=sheet(OWN, A7="一小"))
    (problem,) = page.context["plan"].problems
    assert (problem.file, problem.row) == ("情况", 7)
    assert "这所学校前面已经有一行" in problem.reason


@pytest.mark.parametrize(("name", "told"), [("一小", "已经是"), (THIRD, "已经是"), (" ", "空的"), ("长" * 121, "120")])
def test_a_name_means_one_school(name: str, told: str) -> None:
    """Neither another one's alias nor its code; a name has its length."""
    first, second = (School.objects.get(code=code) for code in (FIRST, SECOND))
    alias_confirm(by=acting("office"), school=first, name="一小")
    with pytest.raises(ValidationError, match=told):
        alias_confirm(by=acting("office"), school=second, name=name)


def test_a_name_is_kept_once_and_taken_back() -> None:
    """Saying it again changes nothing, and who said it first stays."""
    school = School.objects.get(code=FIRST)
    first = alias_confirm(by=acting("office"), school=school, name="一小")
    assert alias_confirm(by=acting("edu-hr-desk"), school=school, name="一小") == first
    assert SchoolAlias.objects.get().by_name == "陈乐平"
    alias_withdraw(by=acting("office"), alias=first)
    assert not SchoolAlias.objects.exists()


def test_a_file_that_is_no_workbook_is_refused_in_words(as_) -> None:
    """By its name, by what it holds; the form is there to try again."""
    browser = as_("office")
    refused = browser.post(IMPORT, {"file": SimpleUploadedFile("数据.et", b"PK")})
    assert refused.status_code == 422
    assert "不收这种文件" in refused.content.decode()
    page = browser.post(IMPORT, {"file": SimpleUploadedFile("数据.xlsx", b"<html>")}, follow=True)
    assert page.status_code == 422
    assert "数据.xlsx 打不开" in page.content.decode()
    assert "其实是网页" in page.content.decode()
    assert browser.post(f"{page.request['PATH_INFO']}apply", {"agreed": ""}, follow=True).status_code == 422


def test_a_workbook_a_school_comes_as_one_zip(as_) -> None:
    """Each number says in which of them it stood; what is no workbook is refused with what to do."""
    saved(forms.SINGLE)
    browser = as_("office")
    books = {f"{name}.xls": content("一.xls", 表=Written(forms.single(code, 12, ""))) for name, code in SCHOOLS}
    page = browser.post(IMPORT, {"file": zipped(books, "各校.zip")}, follow=True)
    assert page.context["plan"].problems == []
    agreed(browser, page)
    cell = held(("schools", SECOND, "primary_classes"), "census")
    assert (cell.integer, cell.entry.sheet, cell.entry.file_row) == (12, "示例二小/表", 6)
    refused = browser.post(IMPORT, {"file": zipped({"一.txt": b"1"}, "各校.zip")}, follow=True)
    assert "压缩包里只能放 .xlsx、.xls 文件" in refused.content.decode()


def test_nobody_else_sees_a_workbook_that_was_brought_in(as_) -> None:
    """Nor another period's page; what was opened to be marked is no import."""
    saved()
    browser = as_("office")
    page = brought(browser, 情况=OWN)
    here = page.request["PATH_INFO"]
    for username in ("leader", "clerk-03", "edu-hr-desk"):
        assert as_(username).get(here).status_code == 403
    assert browser.get(here.replace("/2025/", "/2024/")).status_code == 404
    assert browser.get(here.replace(COUNTY, FOREIGN)).status_code == 404
    code = opened(browser, 情况=OWN).request["PATH_INFO"].split("/")[-3]
    assert browser.get(f"{IMPORT}{code}/").status_code == 404


def test_the_census_page_leads_here(as_) -> None:
    """For whoever brings workbooks in, and for nobody else."""
    board = f"/c/{COUNTY}/collection/2025/census/"
    assert IMPORT in as_("office").get(board).content.decode()
    assert IMPORT not in as_("edu-hr-desk").get(board).content.decode()
    assert IMPORT not in as_("office").get(board.replace("census", "current")).content.decode()
