"""A visit goes out as a workbook, is filled in without a line, and comes back: shown first, then all or nothing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from junheng.standard.grading import FINDINGS
from junheng_web.organisation.models import AuditRow
from junheng_web.visits.models import Observation, Visit
from junheng_web.visits.services import held_of
from junheng_web.visits.sheets import SHEET, workbook_of
from test_visiting import MORAL, REMARK, begin, finish, write

pytestmark = pytest.mark.django_db
NAME = "示例查看.xlsx"
HEADINGS = [column.label for column in SHEET.columns]
WORDS = dict(FINDINGS)


def book_of(visit: Visit) -> Any:
    """Return a visit's workbook, opened."""
    return openpyxl.load_workbook(BytesIO(workbook_of(visit)))


def row_of(sheet: Any, point: str) -> int:
    """Return the row of a point."""
    at = HEADINGS.index("观测点编号") + 1
    return next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, at).value == point)


def filled(visit: Visit, **texts: str) -> bytes:
    """Return a visit's workbook with something typed at B28's `moral`, by the columns' names."""
    book = book_of(visit)
    sheet = book["督导查看"]
    for name, text in texts.items():
        sheet.cell(row_of(sheet, "moral"), [one.name for one in SHEET.columns].index(name) + 1).value = text
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def sent(browser, visit: Visit, content: bytes, name: str = NAME):
    """Choose a file on the visit's page and return what it shows."""
    return browser.post(visit.address("import"), {"file": SimpleUploadedFile(name, content)})


def agreed(browser, visit: Visit, page):
    """Agree to what a page shows."""
    return browser.post(visit.address("import"), {"texts": page.context["texts"], "name": NAME}, follow=True)


def test_the_workbook_has_a_row_for_every_point_with_what_is_written(as_) -> None:
    """In the order of the rule book, with a list to choose from; whoever writes the visit down gets it."""
    visit = begin()
    write(visit, (MORAL, "met"), (REMARK, "示例记录"))
    answer = as_("inspector-1").get(visit.address("workbook"))
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(BytesIO(answer.content))["督导查看"]
    assert [cell.value for cell in sheet[1]] == HEADINGS
    keys = [(visit.code, *key[:2]) for key in sorted({key[:2] for key in _asked(visit)})]
    assert sorted(tuple(cell.value for cell in row[:3]) for row in sheet.iter_rows(min_row=2)) == keys
    moral = [cell.value for cell in sheet[row_of(sheet, "moral")]]
    assert moral[-3:] == [WORDS["met"], None, "示例记录"]
    assert any(rule.type == "list" for rule in sheet.data_validations.dataValidation)


def _asked(visit: Visit) -> set[tuple[str, str, str]]:
    from junheng_web.visits.rubrics import keys_of

    return keys_of(visit)


def test_what_it_would_change_is_shown_and_then_written(as_) -> None:
    """Old and new, cell by cell; nothing before somebody agrees; signed by who brought it, with the file's name."""
    visit, inspector = begin(), as_("inspector-1")
    write(visit, (MORAL, "partly"))
    page = sent(inspector, visit, filled(visit, finding=WORDS["met"], remark="看了两个班"))
    shown = [(one.column, one.old, one.new) for one in page.context["plan"].changes]
    assert shown == [("情况", WORDS["partly"], WORDS["met"]), ("现场记录", "", "看了两个班")]
    assert held_of(visit)[MORAL].text == "partly"
    assert "已记下 2 处" in agreed(inspector, visit, page).content.decode()
    held = held_of(visit)
    assert (held[MORAL].text, held[MORAL].revision, held[REMARK].text) == ("met", 2, "看了两个班")
    assert AuditRow.objects.get(action="visit.bring").detail["file"] == NAME


def test_a_workbook_as_it_went_out_changes_nothing(as_) -> None:
    """Import of an export; and blanks leave what stands."""
    visit, inspector = begin(), as_("inspector-1")
    write(visit, (MORAL, "met"), (REMARK, "示例记录"))
    page = sent(inspector, visit, workbook_of(visit))
    assert (page.context["plan"].changes, page.context["plan"].same) == ([], 2)
    assert "都与已经记下的相同" in page.content.decode()
    blank = sent(inspector, visit, filled(visit, finding="", remark=""))
    assert blank.context["plan"].changes == []


def test_who_wrote_meanwhile_is_not_overwritten(as_) -> None:
    """Nothing at all is written; what would change is looked at again."""
    visit, inspector = begin(), as_("inspector-1")
    page = sent(inspector, visit, filled(visit, finding=WORDS["met"], remark="看了两个班"))
    write(visit, (MORAL, "partly"), by="office")
    assert "有人改了其中 1 处" in agreed(inspector, visit, page).content.decode()
    assert held_of(visit)[MORAL].text == "partly"
    assert REMARK not in held_of(visit)
    assert not AuditRow.objects.filter(action="visit.bring").exists()


def test_a_workbook_of_another_visit_or_with_other_points_is_refused(as_) -> None:
    """At its row and column, with what to do; so is a word that is no finding."""
    visit, other, inspector = begin(), begin(), as_("inspector-1")
    for content, column, reason in (
        (filled(other, finding=WORDS["met"]), "查看编号", "不是这次查看"),
        (filled(visit, point="nothing"), "观测点编号", "没有这个观测点"),
        (filled(visit, finding="很好"), "情况", ""),
        (filled(visit, remark="长" * 1001), "现场记录", "请写短一些"),
    ):
        page = sent(inspector, visit, content)
        assert page.status_code == 422, column
        problem = page.context["problems"][0]
        assert column in (problem.column or ""), problem
        assert reason in problem.reason, problem
        assert problem.row, problem
        assert problem.remedy, problem
    assert not Observation.objects.filter(visit=visit).exists()


def test_what_is_no_workbook_is_refused(as_) -> None:
    """By its name, and by what it holds."""
    visit, inspector = begin(), as_("inspector-1")
    assert sent(inspector, visit, b"x", "示例.pdf").status_code == 422
    page = sent(inspector, visit, b"x")
    assert (page.status_code, bool(page.context["problems"])) == (422, True)


def test_what_was_never_shown_is_not_written(as_) -> None:
    """A point that the visit does not ask, or what is no list of cells."""
    visit, inspector = begin(), as_("inspector-1")
    for texts in ("nothing", "{}", "[[1, 2, 3]]", '[[["B28", "nothing", "finding"], "met", 0]]', "[" * 5000):
        answer = inspector.post(visit.address("import"), {"texts": texts, "name": NAME})
        assert answer.status_code in {302, 404}, texts
    assert not Observation.objects.filter(visit=visit).exists()


def test_a_finished_visit_takes_no_workbook_in(as_) -> None:
    """Its page says what to do instead; what comes all the same is refused."""
    visit, inspector = begin(), as_("inspector-1")
    content = filled(visit, finding=WORDS["partly"])
    page = sent(inspector, visit, content)
    write(visit, (MORAL, "met"))
    finish(visit)
    assert "已经完成，不能再导入" in inspector.get(visit.address("import")).content.decode()
    agreed(inspector, visit, page)
    assert held_of(visit)[MORAL].text == "met"


def test_only_who_writes_the_visit_down_has_its_workbook(as_) -> None:
    """The visitor, and the office from paper; a reader or another visitor does not."""
    visit = begin()
    for name in ("workbook", "import"):
        for username in ("inspector-1", "office"):
            assert as_(username).get(visit.address(name)).status_code == 200, (name, username)
        for username, status in (("leader", 403), ("edu-hr-desk", 403), ("inspector-2", 404), ("clerk-03", 403)):
            assert as_(username).get(visit.address(name)).status_code == status, (name, username)
