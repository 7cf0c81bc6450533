"""The office makes a mapping by marking its own workbook; it is saved only where it reads right."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import statistics_forms as forms
from collected import acting
from junheng import api as jh
from junheng.facts.grids import Grid
from junheng.facts.mapped.load import load_mapping
from junheng_web.organisation.models import Area, AuditRow
from junheng_web.statistics.models import Mapping
from junheng_web.statistics.selectors import form_of
from junheng_web.statistics.services import mapping_save, mapping_use
from junheng_web.statistics.showing import shown, window
from marked import FIRST, HERE, brought, opened, pressed, saved
from places import COUNTY, FOREIGN
from statistics_forms import OWN, ROWS, SINGLE, Written, changed, sheet, single

pytestmark = pytest.mark.django_db
MARKS = (("C6", "小学在校生数"), ("D", "初中在校生数"), ("E3", "教学仪器设备资产值"))


def marked(browser: Client, page, marks=MARKS):
    """Mark places as fields, one after another."""
    for at, what in marks:
        page = pressed(browser, pressed(browser, page, pick=at), what=what, deed="mark")
    return page


@pytest.mark.parametrize("name", ["示例.xlsx", "示例.xls"])
def test_a_mapping_is_made_by_marking(as_, name: str) -> None:
    """The sheet says what it can of itself; the rest is marked; what is read is shown; then it is saved."""
    browser = as_("office")
    page = opened(browser, name, 情况=OWN)
    told = page.context["form"].initial
    assert (told["form"], told["head_rows"], told["begins"], told["shape"]) == ("示例基1", "3-4", "6", "rows")
    page = marked(browser, page)
    preview = page.context["preview"]
    assert (preview.ready, preview.count) == (True, 3)
    assert preview.rows[0] == (f"{FIRST} 示例旗第一小学", ("600", "", "0.00125"))
    assert preview.columns[2] == "教学仪器设备资产值（万元）"
    saved_page = pressed(browser, page, deed="save")
    row = Mapping.objects.get()
    assert (row.form, row.version, row.by_name, row.in_force) == ("示例基1", 1, "陈乐平", True)
    assert form_of(row).fields[2].terms[0].heading == ("在校生", "小学")
    assert "第 1 版" in saved_page.content.decode()
    assert AuditRow.objects.filter(action="mapping.save", object_code=row.code).exists()
    assert brought(browser, 情况=OWN).context["plan"].problems == []


def test_the_enter_key_marks_what_is_typed_and_keeps_the_rest(as_) -> None:
    """By keyboard alone: an address and a field."""
    browser = as_("office")
    page = pressed(browser, opened(browser, 情况=OWN), name="自己的名称", deed="enter")
    assert page.context["form"].initial["name"] == "自己的名称"
    page = pressed(browser, page, at="c7", what="小学在校生数", deed="enter")
    assert page.context["marks"][-1].at == "C"


def test_a_unit_is_read_from_the_heading_or_chosen(as_) -> None:
    """One that does not fit is refused with those that do."""
    browser = as_("office")
    page = opened(browser, 情况=sheet(OWN, E3="仪器设备值（千元）"))
    page = marked(browser, page, [("E7", "教学仪器设备资产值")])
    assert [one.unit for one in page.context["marks"] if one.at == "E"] == ["千元"]
    page = pressed(browser, page, at="F", what="运动场地面积", unit="万元", deed="mark")
    assert "不会用“万元”做单位，可以是 平方米、公顷、亩" in page.content.decode()
    page = pressed(browser, page, unit="亩", deed="mark")
    assert [one.unit for one in page.context["marks"] if one.at == "F"] == ["亩"]


def test_nothing_typed_is_lost(as_) -> None:
    """Whatever button is pressed, and whether or not it could be done."""
    browser = as_("office")
    page = pressed(browser, opened(browser, 情况=OWN), name="自己的名称", years="2025、2026", what="小学", pick="C6")
    assert page.context["form"].initial["name"] == "自己的名称"
    assert page.context["asked"] == {"at": "C6", "what": "小学", "unit": ""}
    page = pressed(browser, page, deed="mark", source="编造")
    assert "数据字典里没有“小学”" in page.content.decode()
    assert (page.context["asked"]["what"], page.context["form"].initial["source"]) == ("小学", "编造")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"at": "?", "what": "小学在校生数", "deed": "mark"}, "“?”不是单元格、列或行"),
        ({"at": "7", "what": "小学在校生数", "deed": "mark"}, "7 不合这张表的排法"),
        ({"at": "A", "what": "小学在校生数", "deed": "mark"}, "A 已经标为“学校标识码”"),
        ({"at": "", "what": "学校名称", "deed": "mark"}, "不是单元格、列或行"),
        ({"at": "E", "deed": "anchor"}, "“E”不是一格有字的单元格"),
        ({"at": "H9", "deed": "anchor"}, "“H9”不是一格有字的单元格"),
        ({"deed": "save"}, "还不能保存：有 1 处要改"),
    ],
)
def test_what_cannot_be_marked_says_why(as_, typed, told: str) -> None:
    """And what to do; nothing is marked by it, and nothing saved."""
    browser = as_("office")
    page = opened(browser, 情况=OWN)
    after = pressed(browser, page, **typed)
    assert told in after.content.decode()
    assert after.context["marks"] == page.context["marks"]
    assert not Mapping.objects.exists()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"form": "示例基8"}, "没有表号“示例基8”，以后认不出它"),
        ({"head_rows": "甲"}, "表头行：值"),
        ({"begins": ""}, "数据从哪里开始：没有说数据从哪里开始"),
        ({"begins": "4"}, "有数，没有写是哪所学校"),
        ({"begins": "5"}, ""),
        ({"years": "今年"}, "哪些学年：里面有不是年份的"),
        ({"remove": "A1"}, ""),
        ({"shape": "single"}, "不合这种排法"),
    ],
)
def test_the_preview_says_what_is_not_right_yet(as_, typed, told: str) -> None:
    """By the page's own words for it, or at the cell."""
    browser = as_("office")
    page = pressed(browser, marked(browser, opened(browser, 情况=OWN)), **typed)
    assert told in page.content.decode()
    assert page.context["preview"].ready == (told == "")


def test_marks_are_taken_away_and_added_up(as_) -> None:
    """The same field at two places is their sum, and says so."""
    browser = as_("office")
    page = marked(browser, opened(browser, 情况=OWN), [("C", "小学在校生数"), ("D", "小学在校生数")])
    assert [one.label for one in page.context["marks"][-2:]] == ["小学在校生数，几处相加"] * 2
    assert page.context["preview"].rows[1][1] == ("400",)
    page = pressed(browser, page, remove="primary_pupils@D")
    assert [one.at for one in page.context["marks"]] == ["A1", "A2", "A", "B", "C"]
    page = pressed(browser, page, at="F3", deed="anchor")
    assert page.context["marks"][2].text == "运动场地"


def test_a_sheet_that_is_one_school_is_marked_by_cells(as_) -> None:
    """With headings beside and above."""
    browser = as_("office")
    page = opened(browser, 一=Written(single(FIRST, 12, "")))
    page = pressed(browser, page, shape="single", head_rows="5", head_columns="A", remove="school_code@A")
    page = marked(browser, page, [("B3", "学校标识码"), ("B6", "小学班数"), ("B7", "初中班数")])
    assert page.context["preview"].rows == ((FIRST, ("12", "")),)
    assert [one.text for one in page.context["marks"] if one.at == "B6"] == ["小学/班数"]


def test_a_new_layout_begins_from_the_old_mapping(as_) -> None:
    """What stands there now is told where it is another text; saved, it is the next version, and the first stays."""
    row = saved()
    browser = as_("office")
    page = opened(browser, 情况=sheet(OWN, A1="编造的学校情况（2026 年）", C3="在校学生"))
    notes = {one.at: one.note for one in page.context["marks"]}
    assert (notes["C"], notes["F"]) == ("和上一版不一样，原来是“在校生/小学”", "")
    page = pressed(browser, page, years="2025，2026", deed="save")
    assert [one.version for one in page.context["versions"]] == [2, 1]
    assert Mapping.objects.get(code=row.code, version=1).content == row.content
    assert Mapping.objects.get(code=row.code, version=2).content["years"] == [2025, 2026]


def test_versions_are_written_once(as_) -> None:
    """The same again is none; out of use, the form counts as not mapped, and comes back as it was."""
    row, county, office = saved(), Area.objects.get(code=COUNTY), acting("office")
    assert mapping_save(by=office, county=county, form=changed(ROWS), code=row.code) == row
    with pytest.raises(TypeError):
        row.save()
    browser = as_("office")
    browser.post(f"{HERE}mappings/{row.code}/state", {})
    assert "尚未建立对照" in brought(browser, 情况=OWN).content.decode()
    page = browser.post(f"{HERE}mappings/{row.code}/state", {"in_force": "1"}, follow=True)
    assert [(one.version, one.in_force) for one in page.context["versions"]] == [(3, True), (2, False), (1, True)]
    last = page.context["versions"][0]
    assert mapping_use(by=office, mapping=last, in_force=True) == last
    assert brought(browser, 情况=OWN).context["nothing"] is False


def test_a_mapping_is_handed_out_as_it_is_read(as_, tmp_path) -> None:
    """As YAML, to whoever may see it."""
    row = saved()
    answer = as_("leader").get(f"{HERE}mappings/{row.code}/file")
    file = tmp_path / "对照.yaml"
    file.write_bytes(answer.content)
    assert load_mapping(file) == jh.load_mapping(file) == changed(ROWS)
    assert "attachment" in answer["Content-Disposition"]


def test_who_only_looks_sees_no_buttons(as_) -> None:
    """The leader, a desk, the auditor; a school sees nothing of it."""
    row = saved()
    for username in ("leader", "edu-hr-desk", "auditor"):
        text = as_(username).get(HERE).content.decode()
        assert "示例基1" in text
        assert "用工作簿建立对照" not in text
        assert as_(username).post(f"{HERE}mappings/{row.code}/state").status_code == 403
    assert as_("clerk-03").get(HERE).status_code == 403


def test_a_mapping_stays_in_its_county(as_) -> None:
    """Another county's is not there, and does not read here."""
    foreign = Area.objects.get(code=FOREIGN)
    row = mapping_save(by=acting("office"), county=foreign, form=changed(ROWS))
    browser = as_("office")
    assert browser.get(f"{HERE}mappings/{row.code}/").status_code == 404
    assert browser.get(HERE).context["mappings"] == []
    assert brought(browser, 情况=OWN).context["nothing"]


def test_what_is_not_there_is_not_there(as_) -> None:
    """Another's workbook, a sheet beyond the last, a form that was never seen."""
    browser = as_("office")
    here = opened(browser, 情况=OWN).request["PATH_INFO"]
    assert browser.get(here.replace("/0/", "/9/")).status_code == 404
    assert browser.get(f"{HERE}books/nothing/").status_code == 404
    assert browser.post(f"{HERE}dismiss", {"form": "没有"}).status_code == 404
    assert browser.post(f"{HERE}aliases/withdraw", {"name": "没有"}).status_code == 404
    page = browser.post(f"{HERE}add/", {"file": SimpleUploadedFile("坏.xls", b"%PDF-1.4")}, follow=True)
    assert page.status_code == 422
    assert "坏.xls 打不开" in page.content.decode()
    assert browser.post(f"{HERE}add/", {}).status_code == 422


def test_a_large_sheet_is_shown_a_window_at_a_time(as_) -> None:
    """Sixty rows by forty columns; merged cells as merged, also where the window cuts them."""
    grid = Grid("大", tuple(tuple(f"{row}-{column}" for column in range(100)) for row in range(200)), spans())
    table = shown(grid, window(grid, 61, 41), {(0, 41): "小学在校生数"}, (70, 41))
    assert (len(table["rows"]), len(table["columns"])) == (60, 40)
    assert [told for told, _, _ in table["pages"]] == ["上面的行", "下面的行", "左边的列", "右边的列"]
    first = table["rows"][0]["cells"][0]
    assert (first["at"], first["text"], first["high"], first["wide"], first["tone"]) == ("AN60", "59-39", 2, 2, "")
    browser = as_("office")
    page = opened(browser, 大=Written({**OWN.cells, "A150": "末行"}, forms.MERGED))
    text = browser.get(f"{page.request['PATH_INFO']}?row=121&column=x").content.decode()
    assert "末行" in text
    assert "第 121–150 行" in text


def spans():
    """Return merged cells that begin above and left of a window."""
    from junheng.facts.grids import Span

    return (Span(60, 40, 62, 42),)


def test_single_sheets_are_read_together(as_) -> None:
    """A workbook in which each school has a sheet."""
    saved(SINGLE)
    page = brought(as_("office"), 一=Written(single(FIRST, 12, "")), 二=Written(single("1506990002", 6, "")))
    assert {one.subject for one in page.context["plan"].differences} <= {FIRST, "1506990002"}
    assert page.context["plan"].problems == []
