"""The pages of issues: the office raises, sends and closes; a unit sees its own; two thousand are quick to list."""

from __future__ import annotations

import datetime as dt
import io
from itertools import pairwise

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collected import acting
from junheng_web.organisation.models import School, Unit
from junheng_web.rectification import figures
from junheng_web.rectification.feedback import HEADINGS, SHEET
from junheng_web.rectification.models import Issue, IssueStep
from junheng_web.supervision.models import Deed, Status, Step, Task
from places import COUNTY
from rectified import county, forget_the_demonstration, gap, raised, sent

pytestmark = pytest.mark.django_db
HOME = f"/c/{COUNTY}/rectification/"
TODAY = dt.date(2026, 11, 26)
MOST_QUERIES = 20
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def _fresh(db) -> None:
    """The demonstration has raised its gaps already."""
    forget_the_demonstration()


def made(many: int) -> None:
    """Make many issues in every state, at every unit, each with a step."""
    units = list(Unit.objects.filter(county=county(), parent=None))
    schools, states = list(School.objects.filter(county=county())), list(Issue.State)
    rows = [
        Issue(
            county=county(),
            number=1000 + at,
            origin=Issue.Origin.HAND,
            title=f"示例问题 {at}",
            unit=units[at % len(units)],
            school=schools[at % len(schools)],
            state=states[at % len(states)],
            due=TODAY - dt.timedelta(days=at % 60 - 30),
        )
        for at in range(many)
    ]
    Issue.objects.bulk_create(rows)
    for one in Issue.objects.filter(county=county(), number__gte=1000):
        IssueStep(county=county(), issue=one, deed="raise", state=one.state).save()


def made_tasks(many: int) -> None:
    """Make many tasks in every state, each with the step that sent it."""
    units, states = list(Unit.objects.filter(county=county())), list(Status)
    days = {"start": TODAY, "due": TODAY}
    rows = [
        Task(
            county=county(), number=9000 + at, title="示例", unit=units[at % len(units)], status=states[at % 6], **days
        )
        for at in range(many)
    ]
    Task.objects.bulk_create(rows)
    for one in Task.objects.filter(county=county(), number__gte=9000)[:200]:
        Step(county=county(), task=one, deed=Deed.ASSIGN).save()


def queries(browser, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert browser.get(address).status_code == 200
    return len(found)


def test_with_two_thousand_issues_lists_stay_within_twenty_queries(as_) -> None:
    """The ledger, the plans, the gaps, the figures and the leader's page; a unit's own ledger as well."""
    made(2000)
    made_tasks(5000)
    for username in ("office", "fin-staff"):
        assert queries(as_(username), HOME) <= MOST_QUERIES, username
        assert queries(as_(username), f"{HOME}?state=every&sort=unit") <= MOST_QUERIES, username
        assert queries(as_(username), f"{HOME}plans/") <= MOST_QUERIES, username
    for page in ("figures/", "figures/?by=month", "leader/", "gaps/", "vetoes/"):
        asked = queries(as_("leader" if page == "leader/" else "office"), f"{HOME}{page}")
        assert asked <= MOST_QUERIES, (page, asked)


def test_the_office_raises_a_gap_with_one_click_and_sends_it(as_) -> None:
    """What is proposed stands in the form; the unit finds its task, and the issue with its two steps."""
    office = as_("office")
    answer = office.post(f"{HOME}gaps/raise", {"key": str(gap("B12").key)})
    page = answer["Location"]
    assert "分两步销号" in office.get(page).content.decode()
    wrong = office.post(f"{page}send", {"unit": "fin", "desk": "edu-hr", "due": "2027-01-31"})
    assert wrong.status_code == 422
    assert "不是财政局的股室" in wrong.content.decode()
    told = {"unit": "edu", "desk": "edu-hr", "due": "2027-01-31"}
    assert office.post(f"{page}send", told).status_code == 302
    text = as_("edu-hr-desk").get(page).content.decode()
    assert "教体局 人事股" in text
    assert "申请销号" in text
    assert "/tasks/" in text


def test_nothing_typed_is_lost_where_a_step_is_refused(as_) -> None:
    """Somebody was faster: the words stand in the form, and why it was not done above them."""
    issue = sent(raised("B14"))
    browser = as_("fin-staff")
    told = {"deed": "apply", "seen": "working", "note": "示例说明很长"}
    answer = browser.post(f"{issue.url}take", told)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "示例说明很长" in text
    assert "刚有人办过" in text


def test_proof_comes_with_the_application_or_not_at_all(as_) -> None:
    """The step and its file are one deed; a file that is none undoes the step."""
    issue = sent(raised("B14"))
    steps = issue.steps.count()
    browser, told = as_("fin-staff"), {"deed": "apply", "note": "已拨付"}
    bad = {**told, "file": SimpleUploadedFile("凭证.pdf", b"no pdf")}
    assert browser.post(f"{issue.url}take", bad).status_code == 422
    assert issue.steps.count() == steps
    good = {**told, "file": SimpleUploadedFile("凭证.pdf", PDF + b"%proof")}
    assert browser.post(f"{issue.url}take", good).status_code == 302
    assert "凭证.pdf" in browser.get(issue.url).content.decode()


def test_a_unit_sees_its_own_issues_and_no_other_s(as_) -> None:
    """Neither on the list, nor by its address, nor in a school's plan (P3)."""
    issue = sent(raised("B14"), "fin")
    other = sent(raised("B12"), "police")
    text = as_("fin-staff").get(f"{HOME}?state=every").content.decode()
    assert issue.code in text
    assert other.code not in text
    assert as_("fin-staff").get(other.url).status_code == 404
    assert as_("clerk-03").get(issue.url).status_code == 404


def test_a_school_s_plan_holds_its_issues_and_offers_its_gaps(as_) -> None:
    """The office sees what is no issue yet; the head sees what was sent."""
    one = sent(raised("B5", "1506990006"), "build")
    text = as_("head-03").get(f"{HOME}plans/1506990006/").content.decode()
    assert one.code in text
    assert "还没有立为问题的缺口" not in text
    assert as_("head-03").get(f"{HOME}plans/1506990004/").status_code == 404


def workbook(*rows: list[str]) -> SimpleUploadedFile:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        for at, row in enumerate((list(HEADINGS), *rows)):
            sheet.write_row(at, 0, row)
    return SimpleUploadedFile("反馈.xlsx", out.getvalue())


def test_feedback_is_shown_before_it_is_taken_in_and_taken_in_once(as_) -> None:
    """Number and wording as they stand; the same file again adds nothing."""
    office = as_("office")
    rows = (["1", "原文第一条", "B10", "示例旗第四小学", "财政局", "2027-01-31"], ["2", "原文第二条", "", "", "", ""])
    before = Issue.objects.count()

    def plan() -> str:
        told = {"source": "示例反馈〔2026〕1 号", "file": workbook(*rows)}
        return office.post(f"{HOME}feedback/", told)["Location"]

    page = plan()
    text = office.get(page).content.decode()
    assert "原文第一条" in text
    assert Issue.objects.count() == before
    digest = text.split('name="agreed" value="')[1].split('"')[0]
    assert office.post(f"{page}apply", {"agreed": digest}).status_code == 302
    first = Issue.objects.get(county=county(), source_number="1", source="示例反馈〔2026〕1 号")
    assert (first.wording, first.unit.code, first.school.name, first.state) == (
        *("原文第一条", "fin", "示例旗第四小学", Issue.State.FOUND),
    )
    assert "已经登记过的 2 条" in office.get(plan()).content.decode()


def test_feedback_that_cannot_be_read_says_every_reason(as_) -> None:
    """Where, what, why and what to do; nothing is taken in."""
    office, before = as_("office"), Issue.objects.count()
    told = {"source": "示例", "file": workbook(["", "没有编号", "B99", "没有这所学校", "没有这个单位", "明年"])}
    answer = office.get(office.post(f"{HOME}feedback/", told)["Location"])
    assert answer.status_code == 422
    text = answer.content.decode()
    for said in ("编号", "没有这个指标", "本县没有这所学校", "本县没有叫", "看不懂这个日期"):
        assert said in text
    assert Issue.objects.count() == before


def test_figures_stand_in_the_document_s_order_and_add_up(as_) -> None:
    """Units as printed; a desk's work is its unit's; what is not sent is nobody's."""
    Task.objects.all().update(status=Status.PROPOSED)
    Issue.objects.all().update(state=Issue.State.FOUND)
    issue = sent(raised("B14"), "edu", "edu-hr")
    found = figures.lines(acting("office"), county(), issue.due + dt.timedelta(days=1))
    assert [one.unit.code for one in found] == list(
        Unit.objects.filter(county=county(), parent=None).values_list("code", flat=True)
    )
    (edu,) = [one for one in found if one.unit.code == "edu"]
    counted = {name: edu.counts[name] for name in ("sent", "open", "late", "issues", "issues_late")}
    assert counted == {"sent": 1, "open": 1, "late": 1, "issues": 1, "issues_late": 1}
    assert sum(one.counts["sent"] for one in found) == 1
    assert as_("fin-staff").get(f"{HOME}figures/").status_code == 403


def test_a_trend_s_last_line_is_what_is_open_today() -> None:
    """What came, less what was done, and back what came back, is what stands open."""
    for by in figures.PERIODS:
        last = figures.trend(county(), by, dt.date.today())[-1]  # noqa: DTZ011
        open_issues = Issue.objects.filter(county=county()).exclude(state__in=("closed", "dropped")).count()
        open_tasks = Task.objects.filter(county=county(), status__in=("assigned", "working", "asked")).count()
        assert (last.counts["issue_open"], last.counts["task_open"]) == (open_issues, open_tasks)


def test_weeks_and_months_follow_each_other_without_a_hole() -> None:
    """Each begins the day after the one before; the last ends today."""
    for by in figures.PERIODS:
        found = figures.spans(by, TODAY)
        assert len(found) == figures.BACK[by]
        assert found[-1].last == TODAY
        for before, after in pairwise(found):
            assert after.first - before.last == dt.timedelta(days=1)
