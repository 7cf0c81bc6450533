"""The duties as a workbook out and in: the same comes back unchanged, what would change is shown first, all or none."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from collected import acting
from junheng_web.duties.clause_reading import Plan, plan, plan_apply
from junheng_web.duties.clause_sheet import HEADINGS, SHEET, workbook
from junheng_web.duties.models import Duty
from junheng_web.duties.services import Stale, content, duty_edit
from junheng_web.organisation.models import Area, AuditRow
from places import COUNTY, FOREIGN

pytestmark = pytest.mark.django_db
DUTIES = f"/c/{COUNTY}/duties/"
Line = dict[str, str]


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


def county(code: str = COUNTY) -> Area:
    return Area.objects.get(code=code)


def first(unit: str = "fin") -> Duty:
    """Return the first duty of a unit that the document prints."""
    return Duty.objects.select_related("county").filter(county__code=COUNTY, units__code=unit, kind="printed").first()


def file_with(path: Path, *lines: Line) -> Path:
    """Return the exported workbook with these lines alone; one with a known number says otherwise what it said."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(county())))
    sheet = book[SHEET]
    known = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=2)}
    told = {row: dict(zip(HEADINGS, [cell.value or "" for cell in sheet[row]], strict=True)) for row in known.values()}
    every = [told[known[line["编号"]]] | line if line.get("编号") in known else line for line in lines]
    sheet.delete_rows(2, sheet.max_row)
    for line in every:
        sheet.append([line.get(name, "") for name in HEADINGS])
    file = path / "职责.xlsx"
    book.save(file)
    return file


def test_what_goes_out_comes_in_unchanged(tmp_path: Path) -> None:
    """Of 示例旗 and of 鄂托克旗, every sentence; the printed ones word for word."""
    for code in (COUNTY, FOREIGN):
        file = tmp_path / f"{code}.xlsx"
        file.write_bytes(workbook(county(code)))
        made = plan(county(code), file)
        assert (made.changes, made.problems) == ([], [])
        assert made.same == Duty.objects.of(county(code)).count() > 20


def test_a_duty_is_changed_and_another_assigned(tmp_path: Path) -> None:
    """With why and on what ground; the printed text stays; what the file does not list stays as well."""
    one, before = first(), Duty.objects.of(county()).count()
    edited = {"编号": str(one.number), "职责": "新的写法。", "为什么改": "会议定的", "有关的指标": "B15、B14"}
    new = {
        "单位": "财政局、教体局",
        "职责": "每月核对拨款。",
        "多久报一次": "每月",
        "从哪天起报": "2026-09-01",
        "为什么要报": "好排下一步",
        "依据": "第三次调度会",
    }
    made = plan(county(), file_with(tmp_path, edited, new))
    assert [(change.new, len(change.cells)) for change in made.changes] == [(False, 2), (True, 5)]
    assert Duty.objects.of(county()).count() == before
    assert plan_apply(by=acting("office"), county=county(), made=made) == 2
    after = Duty.objects.get(id=one.id)
    assert (after.text, after.printed, after.indicators) == ("新的写法。", one.printed, ["B15", "B14"])
    assert (after.versions.first().why, after.versions.first().by_name) == ("会议定的", str(acting("office").account))
    added = Duty.objects.of(county()).latest("number")
    assert (added.kind, added.cadence, added.source, added.due_days) == ("assigned", "month", "第三次调度会", 5)
    assert {unit.code for unit in added.units.all()} == {"fin", "edu"}
    assert Duty.objects.of(county()).count() == before + 1
    assert set(AuditRow.objects.order_by("-id").values_list("action", flat=True)[:2]) == {"duty.add", "duty.edit"}


@pytest.mark.parametrize(
    ("line", "column", "why"),
    [
        ({"编号": "99999", "职责": "x"}, "编号", "没有这个编号的职责"),
        ({"单位": "没有的局", "职责": "x"}, "单位", "没有叫"),
        ({"职责": "没有单位"}, "单位", "是空的"),
        ({"单位": "财政局"}, "职责", "请写职责的内容"),
        ({"单位": "财政局", "职责": "x", "有关的指标": "B4、B99"}, "有关的指标", "没有指标 B99"),
        ({"单位": "财政局", "职责": "x", "多久报一次": "每天"}, "多久报一次", "没有这一种"),
        ({"单位": "财政局", "职责": "x", "多久报一次": "每月"}, "职责", "为什么要报"),
        ({"单位": "财政局", "职责": "x", "从哪天起报": "九月"}, "从哪天起报", "不是日期"),
        ({"单位": "财政局", "职责": "x", "期满后几天内报": "五"}, "期满后几天内报", "不是天数"),
        ({"单位": "财政局", "职责": "x", "依据": "长" * 300}, "依据", "超过 200 个字"),
        ({"编号": "1", "职责": "改了没有写为什么"}, "为什么改", "没有写为什么改"),
        ({"编号": "1", "单位": "教体局"}, "单位", "导入不改这一列"),
        ({"编号": "1", "停止": "2026-01-01"}, "停止", "导入不改这一列"),
    ],
)
def test_what_cannot_be_taken_in_is_told_at_its_cell(tmp_path: Path, line: Line, column: str, why: str) -> None:
    """Which line, which column, why and what to do; and nothing of the file is taken in."""
    made = plan(county(), file_with(tmp_path, line))
    assert [(one.row, one.column) for one in made.problems] == [(2, column)]
    assert why in made.problems[0].reason
    assert made.problems[0].remedy


def test_one_number_twice_and_a_missing_column_are_told(tmp_path: Path) -> None:
    """Nothing is guessed."""
    number = str(first().number)
    made = plan(county(), file_with(tmp_path, {"编号": number}, {"编号": number}))
    assert [one.reason for one in made.problems] == ["同一个编号写了两行"]
    book = openpyxl.Workbook()
    book.active.title = SHEET
    book.active.append(["编号", "职责"])
    book.save(tmp_path / "少了.xlsx")
    assert "缺少这几列：单位" in plan(county(), tmp_path / "少了.xlsx").problems[0].reason
    book.active.title = "别的"
    book.save(tmp_path / "别的.xlsx")
    assert "没有“职责”这张工作表" in plan(county(), tmp_path / "别的.xlsx").problems[0].reason


def shown(as_, file: Path) -> str:
    """Hand a file in, and return where what it would change is shown."""
    sent = SimpleUploadedFile("职责.xlsx", file.read_bytes())
    return as_("office").post(f"{DUTIES}import/", {"file": sent})["Location"]


def test_the_page_shows_what_would_change_and_then_does_it(as_, tmp_path: Path) -> None:
    """Only what was agreed to; the trial is gone afterwards."""
    one, office = first(), as_("office")
    address = shown(as_, file_with(tmp_path, {"编号": str(one.number), "职责": "新的写法。", "为什么改": "会议定的"}))
    page = office.get(address)
    for words in (one.text, "新的写法。", f"第 {one.number} 条", "财政局"):
        assert words in page.content.decode(), words
    assert office.post(f"{address}apply", {"agreed": "x"})["Location"] == address
    assert Duty.objects.get(id=one.id).text == one.text
    assert office.post(f"{address}apply", {"agreed": page.context["plan"].digest})["Location"] == DUTIES
    assert Duty.objects.get(id=one.id).text == "新的写法。"
    assert office.get(address).status_code == 404


def test_what_changed_meanwhile_is_not_overwritten(as_, tmp_path: Path) -> None:
    """Neither after it was shown nor between reading and writing."""
    one, office = first(), as_("office")
    file = file_with(tmp_path, {"编号": str(one.number), "职责": "文件里的写法。", "为什么改": "会议定的"})
    address = shown(as_, file)
    agreed, made = office.get(address).context["plan"].digest, plan(county(), file)
    told = {"why": "先改的", "revision": one.revision}
    duty_edit(by=acting("office"), duty=one, asked=replace(content(one), text="别人先改的。"), **told)
    answer = office.post(f"{address}apply", {"agreed": agreed}, follow=True)
    assert "什么也没有导入" in answer.content.decode()
    with pytest.raises(Stale):
        plan_apply(by=acting("office"), county=county(), made=made)
    assert Duty.objects.get(id=one.id).text == "别人先改的。"


def test_only_the_office_brings_duties_in(as_, tmp_path: Path) -> None:
    """Whoever sees duties may take them out; a file of somebody else's is not there."""
    address = shown(as_, file_with(tmp_path, {"编号": str(first().number)}))
    for username in ("leader", "fin-staff", "assessor"):
        assert as_(username).get(f"{DUTIES}workbook").status_code == 200
        assert as_(username).get(f"{DUTIES}import/").status_code == 403
        assert as_(username).get(address).status_code == 403
    assert as_("head-03").get(f"{DUTIES}workbook").status_code == 403
    assert as_("office").get(f"{DUTIES}import/000000000000000000000000/").status_code == 404
    assert plan_apply(by=acting("office"), county=county(), made=Plan()) == 0
