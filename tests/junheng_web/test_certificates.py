"""The certificates of schools: who says how they stand, what is refused, which gates warn, the workbook out and in."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from collected import acting
from funded import HERE, SCHOOL, fresh, item, school, through
from handed_in import named
from junheng_web.evidence.models import Link
from junheng_web.funding import certificate_book, gates
from junheng_web.funding.certificates import Standing, asked_of, kinds, standings_of, warned, warned_next
from junheng_web.funding.certifying import certificate_set, last_of
from junheng_web.funding.models import Certificate
from junheng_web.funding.services import Moved
from junheng_web.organisation.models import AuditRow, School
from places import COUNTY
from who_reads import pdf

pytestmark = pytest.mark.django_db
PAGE = f"{HERE}certificates/"
TODAY = dt.date(2026, 8, 1)
# The demonstration says nothing of this school; another's roof is unfit, and one school's finding has expired.
SILENT, UNFIT = "1506990030", "1506990010"
HAVE = {"has": "have", "number": "示国用 1 号", "day": dt.date(2020, 5, 1)}


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


def said(kind: str = "land", code: str = SCHOOL, by: str = "office", **more: object) -> Certificate:
    return certificate_set(by=acting(by), school=school(code), kind=kind, today=TODAY, **{**HAVE, **more})


def standing(kind: str = "land", code: str = SCHOOL, day: dt.date = TODAY) -> Standing:
    one = school(code)
    return standings_of([one], day)[one.id][kind]


def test_the_kinds_name_gates_that_there_are() -> None:
    """And findings that are unfit are among those that there may be."""
    assert list(kinds()) == ["land", "title", "safety", "fire"]
    assert all(set(one.asked_at) <= set(gates.gates()) and one.asked_at for one in kinds().values())
    assert all(set(one.unfit) <= set(one.results) for one in kinds().values())


def test_what_is_said_stands_until_something_else_is_said() -> None:
    """Every word of it is a row with its author and a row of the audit; the same once more is none."""
    before = Certificate.objects.filter(school__code=SCHOOL, kind="land").count()
    first = said()
    assert (first.by_name, standing().row) == (acting("office").account.person.name, first)
    assert said() == first
    said(has="doing", number="已报", note="换证")
    rows = list(Certificate.objects.filter(school__code=SCHOOL, kind="land").values_list("has", "day"))[before:]
    assert rows == [("have", HAVE["day"]), ("doing", None)]
    assert AuditRow.objects.filter(action="funding.certificate", object_code=f"{SCHOOL}:land").count() >= 2


def test_who_may_say_it() -> None:
    """Who keeps the ledger of every school, a head of his own; no other head, no clerk, no unit that keeps nothing."""
    said(by="fin-staff")
    said(by="head-03", number="示国用 2 号")
    for by, code in (("head-03", UNFIT), ("clerk-03", SCHOOL), ("town-shawan", SCHOOL), ("auditor", SCHOOL)):
        with pytest.raises(PermissionDenied):
            said(by=by, code=code, number="别人")
    assert standing().row.number == "示国用 2 号"


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("land", {"number": ""}, "请填证号或文号"),
        ("land", {"day": TODAY + dt.timedelta(1)}, "还没有到"),
        ("land", {"until": dt.date(2020, 4, 30)}, "早于"),
        ("land", {"result": "B 级"}, "没有鉴定结果"),
        ("land", {"has": "lost"}, "列出的里面"),
        ("land", {"has": "spared", "note": " "}, "为什么"),
        ("safety", {}, "请选鉴定结果：A 级、B 级"),
        ("safety", {"result": "E 级"}, "请选鉴定结果"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(kind: str, more: dict, words: str) -> None:
    """And nothing is written."""
    before = Certificate.objects.count()
    with pytest.raises(ValidationError, match=words):
        said(kind, **more)
    assert Certificate.objects.count() == before


def test_a_certificate_runs_out_the_day_after() -> None:
    """Its last day still counts; what is not fit says so though it is valid."""
    said(until=TODAY)
    assert not standing().lacking
    assert (standing(day=TODAY + dt.timedelta(1)).lacking, standing(day=TODAY + dt.timedelta(1)).word) == (True, "过期")
    said("safety", result="D 级")
    assert (standing("safety").lacking, standing("safety").word, standing("safety").tone) == (True, "D 级", "red")
    said("safety", has="spared", note="租用")
    assert not standing("safety").lacking


def test_gates_of_works_ask_and_no_others() -> None:
    """Building warns of what it needs at each gate; equipment never; what is no school's has none."""
    works = item(column="works", school=school(SILENT))
    bought, nowhere = item(school=school(SILENT)), item(column="works", school=None, place="示例")
    standings = standings_of([school(SILENT)], TODAY)
    assert [one.kind.id for one in asked_of(works, standings)] == list(kinds())
    assert asked_of(bought, standings) == asked_of(nowhere, standings) == []
    asked = {id: warned(works, id, standings) for id in gates.gates()}
    assert {id for id, words in asked.items() if words} == {id for one in kinds().values() for id in one.asked_at}
    assert asked["permit"] == ["土地证没有登记"]
    said(code=SILENT)
    assert warned(works, "permit", standings_of([school(SILENT)], TODAY)) == []


def test_the_gate_that_an_item_waits_at_warns_and_is_gone_through(as_) -> None:
    """On its page, among the signs, and when it is done; the gate opens all the same (decision 151)."""
    one = through(item(column="works", school=school(SILENT)), "review")
    office, words = as_("office"), "土地证没有登记"
    assert warned_next(one, gates.way_of(one), standings_of([one.line.school], TODAY)) == [words]
    assert words in office.get(one.url).content.decode()
    row = next(row for row in office.get(f"{HERE}actual/").context["rows"] if row["item"] == one)
    assert words in row["warnings"]
    answer = office.post(f"{one.url}gate", {"gate": "permit", "day": "2026-02-01"}, follow=True)
    assert f"已记。请注意：{words}" in answer.content.decode()
    assert gates.way_of(fresh(one)).at("permit").done


def test_the_pages(as_) -> None:
    """A head says how his school stands, with a scan; the office sees all, a clerk his own; nothing typed is lost."""
    head, page = as_("head-03"), f"{PAGE}{SCHOOL}/land/"
    assert [one.code for one, _ in head.get(PAGE).context["rows"]] == [SCHOOL]
    assert len(as_("office").get(PAGE).context["rows"]) == School.objects.filter(county__code=COUNTY).count()
    seen = last_of(school(), "land").id
    wrong = head.post(page, {"has": "have", "number": "", "note": "写了很久", "seen": seen})
    assert (wrong.status_code, "写了很久" in wrong.content.decode()) == (422, True)
    sent = {"has": "have", "number": "新证 9 号", "day": "2026-01-05", "seen": seen, "file": pdf("土地证.pdf")}
    assert head.post(page, sent).status_code == 302
    assert last_of(school(), "land").number == "新证 9 号"
    assert Link.objects.filter(object_kind="certificate", object_code=f"{SCHOOL}:land").count() == 1
    stale = as_("office").post(page, {"has": "none", "seen": seen})
    assert (stale.status_code, "有人改了这一项" in stale.content.decode()) == (422, True)
    assert as_("clerk-03").post(page, sent).status_code == 403
    assert head.get(f"{PAGE}{UNFIT}/land/").status_code == 404
    assert as_("office").get(f"{PAGE}{SCHOOL}/birth/").status_code == 404


def test_the_same_that_somebody_else_changed_is_refused() -> None:
    """Of two who look at once, the second is told."""
    with pytest.raises(Moved):
        said(seen=0)


def brought(as_, change) -> tuple:
    """Let the office bring back the workbook with a change made to it; return its browser and the page."""
    office = as_("office")
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"{PAGE}workbook").content))
    change(book[certificate_book.SHEET])
    out = io.BytesIO()
    book.save(out)
    page = office.post(f"{PAGE}import/", {"file": named("证照.xlsx", out.getvalue())}, follow=True)
    return office, page


def line(sheet, code: str, label: str) -> int:
    """Return the row of a school's certificate."""
    return next(row[0].row for row in sheet.iter_rows(min_row=2) if (row[0].value, row[2].value) == (code, label))


def test_the_workbook_brought_back_changes_nothing(as_) -> None:
    """As many lines as there are schools and kinds; those of which something was said are the same."""
    _, page = brought(as_, lambda sheet: None)
    plan = page.context["plan"]
    assert (plan.changes, plan.problems) == ([], [])
    assert plan.same == len(kinds()) * (School.objects.filter(county__code=COUNTY).count() - 1)


def test_what_the_workbook_says_otherwise_is_shown_and_written(as_) -> None:
    """One certificate is new and one is another; both stand after it is agreed to."""

    def change(sheet) -> None:
        sheet.cell(line(sheet, SILENT, "土地证"), 4).value = "正在办"
        at = line(sheet, UNFIT, "房屋安全鉴定")
        sheet.cell(at, 5).value, sheet.cell(at, 7).value = "B 级", "2026/07/01"

    office, page = brought(as_, change)
    plan = page.context["plan"]
    assert [(one.school.code, one.kind.id) for one in plan.changes] == [(UNFIT, "safety"), (SILENT, "land")]
    assert "C 级" in plan.changes[0].before
    address = page.redirect_chain[-1][0]
    assert office.post(f"{address}apply", {"agreed": "other"}, follow=True).redirect_chain[-1][0] == address
    assert office.post(f"{address}apply", {"agreed": plan.digest}).status_code == 302
    assert last_of(school(SILENT), "land").has == "doing"
    row = last_of(school(UNFIT), "safety")
    assert (row.result, row.day) == ("B 级", dt.date(2026, 7, 1))


def test_every_fault_of_a_workbook_is_told_at_its_cell(as_) -> None:
    """And nothing is written."""

    def change(sheet) -> None:
        sheet.cell(2, 1).value = "999"
        sheet.cell(3, 3).value = "出生证"
        sheet.cell(4, 4).value = "丢了"
        sheet.cell(5, 8).value = "明年"
        sheet.cell(7, 4).value = None

    before = Certificate.objects.count()
    _, page = brought(as_, change)
    told = [(one.row, one.column) for one in page.context["plan"].problems]
    assert page.status_code == 422
    assert told == [(2, "学校标识码"), (3, "证照"), (4, "证照"), (5, "有效期至"), (7, "现状")]
    assert Certificate.objects.count() == before


def test_another_workbook_is_refused_with_the_reason(as_) -> None:
    """One that is none of ours, and one whose headings were changed."""
    book = openpyxl.Workbook()
    out = io.BytesIO()
    book.save(out)
    page = as_("office").post(f"{PAGE}import/", {"file": named("别的.xlsx", out.getvalue())}, follow=True)
    assert "没有“学校证照”这张工作表" in page.content.decode()
    _, page = brought(as_, lambda sheet: setattr(sheet.cell(1, 4), "value", "状态"))
    assert "第一行的列名变了" in page.content.decode()


def test_the_demonstration_shows_every_standing() -> None:
    """In order, running out, unfit, applied for, none, not needed, unsaid."""
    schools = list(School.objects.filter(county__code=COUNTY))
    words = {one.word for own in standings_of(schools, timezone.localdate()).values() for one in own.values()}
    assert {"有", "B 级", "C 级", "正在办", "没有", "不需要", "没有登记", "过期"} <= words
