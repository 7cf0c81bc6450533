"""Recurring reports: which months and quarters, until when; done, not, nothing to report; once reminded, no scores."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from junheng_web.duties.dues import slot, slots
from junheng_web.duties.models import Duty, Report
from junheng_web.duties.reminding import remind
from junheng_web.duties.selectors import own_units, sees_reports
from junheng_web.duties.services import Said, Stale, report_make
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import Account, Area, AuditRow, Contact, Post, Unit
from junheng_web.organisation.scopes import Scope, scope_of
from places import COUNTY

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TODAY = dt.date(2026, 3, 2)
DUTIES = f"/c/{COUNTY}/duties/"


def recurring(**more: object) -> Duty:
    """Return a duty that stands in no database."""
    told = {"number": 7, "cadence": "month", "since": dt.date(2025, 12, 20), "due_days": 5}
    return Duty(**told | more)


def kept(unit: str, **more: object) -> Duty:
    """Make the first duty of a unit of the demonstration recur as asked, without what was reported by then."""
    duty = Duty.objects.select_related("county").filter(county__code=COUNTY, units__code=unit).first()
    told = {"cadence": "month", "since": dt.date(2025, 12, 20), "due_days": 5, "why": "有用"}
    Duty.objects.filter(id=duty.id).update(**told | more)
    duty.refresh_from_db()
    return duty


def scope(name: str) -> Scope:
    return scope_of(Account.objects.get(username=name), TODAY)


def unit(code: str) -> Unit:
    return Unit.objects.select_related("county").get(county__code=COUNTY, code=code)


def test_months_begin_with_the_one_of_the_first_day() -> None:
    """Over the end of a year; the one that goes on is there already, none that has not begun is."""
    told = [(one.code, one.first, one.last, one.due) for one in slots(recurring(), dt.date(2026, 2, 28))]
    day = dt.date
    assert told == [
        ("2025-12", day(2025, 12, 1), day(2025, 12, 31), day(2026, 1, 5)),
        ("2026-01", day(2026, 1, 1), day(2026, 1, 31), day(2026, 2, 5)),
        ("2026-02", day(2026, 2, 1), day(2026, 2, 28), day(2026, 3, 5)),
    ]
    assert [one.label for one in slots(recurring(), day(2025, 12, 31))] == ["2025 年 12 月"]
    assert slots(recurring(), day(2025, 11, 30)) == []


def test_quarters_are_those_of_the_calendar() -> None:
    """From the one in which the first day is."""
    told = slots(recurring(cadence="quarter", since=dt.date(2025, 11, 20)), dt.date(2026, 4, 1))
    assert [(one.code, one.due) for one in told] == [
        ("2025-Q4", dt.date(2026, 1, 5)),
        ("2026-Q1", dt.date(2026, 4, 5)),
        ("2026-Q2", dt.date(2026, 7, 5)),
    ]
    assert told[1].label == "2026 年第一季度"


def test_what_does_not_recur_has_no_periods_and_after_an_end_none_begins() -> None:
    """A period that had not ended by the end of the duty is not asked for."""
    assert slots(recurring(cadence=""), TODAY) == []
    assert [one.code for one in slots(recurring(ended=dt.date(2026, 1, 31)), TODAY)] == ["2025-12"]
    assert [one.code for one in slots(recurring(ended=dt.date(2026, 2, 1)), TODAY)] == ["2025-12", "2026-01"]
    with pytest.raises(LookupError):
        slot(recurring(), "2026-04", TODAY)


def test_a_period_is_open_then_due_then_late_and_reported_whenever_it_was() -> None:
    """The last day still counts."""
    one = slot(recurring(), "2026-01", TODAY)
    days = (dt.date(2026, 1, 31), dt.date(2026, 2, 1), dt.date(2026, 2, 5), dt.date(2026, 2, 6))
    assert [one.state(None, day) for day in days] == ["open", "soon", "soon", "late"]
    assert one.state(Report(), days[-1]) == "reported"


@pytest.mark.django_db
def test_a_unit_reports_and_the_last_report_counts() -> None:
    """What was said before stays; each is in the audit."""
    duty, by = kept("fin"), scope("fin-staff")
    told = {"by": by, "duty": duty, "unit": unit("fin"), "period": "2026-01", "today": TODAY}
    first = report_make(**told, said=Said("not", "钱没有到"))
    second = report_make(**told, said=Said("done", seen=first.id))
    own = Report.objects.filter(duty=duty, period="2026-01")
    assert [(one.state, one.text, one.by_name, one.by_post) for one in own] == [
        ("not", "钱没有到", "郝建业", "财政局联络员"),
        ("done", "", "郝建业", "财政局联络员"),
    ]
    assert AuditRow.objects.filter(action="duty.report", detail__period="2026-01").count() == 2
    with pytest.raises(TypeError):
        second.delete()


@pytest.mark.django_db
def test_two_who_report_at_once_lose_no_word() -> None:
    """The second is told that another report came first."""
    duty = kept("fin")
    told = {"by": scope("fin-staff"), "duty": duty, "unit": unit("fin"), "period": "2026-01", "today": TODAY}
    report_make(**told, said=Said("done"))
    with pytest.raises(Stale, match="别人刚报过"):
        report_make(**told, said=Said("nothing"))
    assert Report.objects.filter(duty=duty, period="2026-01").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("fin-staff", Said("perhaps"), "请选这一期的情况"),
        ("fin-staff", Said("not", " "), "卡在哪里"),
        ("fin-staff", Said("done", "字" * 1001), "不超过 1000 个字"),
        ("office", Said("done"), "依据哪一份来件"),
    ],
)
def test_a_report_that_lacks_something_says_what(name: str, said: Said, told: str) -> None:
    """Nothing but the state is ever asked of who has done it; from paper, the letter is named."""
    duty = kept("fin")
    with pytest.raises(ValidationError, match=told):
        report_make(by=scope(name), duty=duty, unit=unit("fin"), period="2026-01", said=said, today=TODAY)
    assert not Report.objects.filter(duty=duty, period="2026-01").exists()


@pytest.mark.django_db
def test_nobody_reports_for_another_unit_and_nothing_that_is_not_asked() -> None:
    """A unit for itself, the office from paper; a period that there is, of a duty that the unit bears."""
    duty, own, done = kept("fin"), unit("fin"), Said("done", paper="电话（虚构）")
    told = {"duty": duty, "said": done, "today": TODAY}
    for name in ("town-shawan", "leader", "edu-hr-desk", "auditor"):
        with pytest.raises(PermissionDenied):
            report_make(by=scope(name), unit=own, period="2026-01", **told)
    with pytest.raises(LookupError):
        report_make(by=scope("office"), unit=unit("hr"), period="2026-01", **told)
    with pytest.raises(LookupError):
        report_make(by=scope("office"), unit=own, period="2026-09", **told)
    assert report_make(by=scope("office"), unit=own, period="2026-01", **told).paper == "电话（虚构）"


@pytest.mark.django_db
def test_a_desk_reports_for_the_unit_that_it_is_a_part_of() -> None:
    """教体局's staff sits in its desks."""
    duty = kept("edu")
    told = {"unit": unit("edu"), "period": "2026-01", "said": Said("done"), "today": TODAY}
    assert report_make(by=scope("edu-hr-desk"), duty=duty, **told).by_post == "人事股经办"


@pytest.mark.django_db
def test_one_click_reports_and_leads_back(as_) -> None:
    """From 'my duties', without another page; the row is gone from what is due."""
    duty, browser = kept("fin", since=dt.date(2025, 9, 1)), as_("fin-staff")
    page = f"{DUTIES}mine/"
    late = [one for one in browser.get(page).context["parts"][0]["due"] if one["duty"] == duty]
    url = late[0]["url"]
    answer = browser.post(url, {"state": "nothing", "seen": "0"})
    assert answer["Location"] == page
    left = [one["url"] for one in browser.get(page).context["parts"][0]["due"]]
    assert url not in left
    assert Report.objects.get(duty=duty, period=late[0]["slot"].code, state="nothing").text == ""


@pytest.mark.django_db
def test_what_was_typed_stays_where_something_is_wrong(as_) -> None:
    """And says what: 422 for what is missing, 409 where another report came first."""
    duty, browser = kept("fin"), as_("fin-staff")
    page = f"{DUTIES}duty/{duty.number}/report/fin/2026-01/"
    answer = browser.post(page, {"state": "not", "text": "", "seen": "0"})
    assert (answer.status_code, "卡在哪里" in answer.content.decode()) == (422, True)
    browser.post(page, {"state": "done", "seen": "0"})
    answer = browser.post(page, {"state": "not", "text": "等合同", "seen": "0"})
    assert (answer.status_code, "等合同" in answer.content.decode()) == (409, True)
    seen = answer.context["form"].data["seen"]
    assert browser.post(page, {"state": "not", "text": "等合同", "seen": seen}).status_code == 302


@pytest.mark.django_db
def test_a_file_may_be_added_and_is_never_asked_for(as_) -> None:
    """It is linked to the report and stands on its page."""
    duty, browser = kept("fin"), as_("fin-staff")
    page = f"{DUTIES}duty/{duty.number}/report/fin/2026-01/"
    answer = browser.post(f"{page}file", {"file": SimpleUploadedFile("示例.pdf", PDF)})
    assert answer["Location"] == page
    assert "示例.pdf" in browser.get(page).content.decode()
    refused = browser.post(f"{page}file", {"file": SimpleUploadedFile("示例.pdf", b"nothing")})
    assert refused.status_code == 422


@pytest.mark.django_db
def test_reports_are_seen_by_the_unit_and_the_office_alone(as_) -> None:
    """Another unit's page shows its duties and not what it reported (P3, P6)."""
    duty = kept("fin")
    told = {"unit": unit("fin"), "period": "2026-01", "said": Said("not", "只给办公室看的话"), "today": TODAY}
    report_make(by=scope("fin-staff"), duty=duty, **told)
    pages = (f"{DUTIES}unit/fin/", f"{DUTIES}duty/{duty.number}/")
    for name in ("office", "leader", "auditor", "fin-staff"):
        assert all("只给办公室看的话" in as_(name).get(page).content.decode() for page in pages), name
    for name in ("town-shawan", "edu-hr-desk", "assessor", "area-viewer"):
        assert not any("只给办公室看的话" in as_(name).get(page).content.decode() for page in pages), name
    period = f"{DUTIES}duty/{duty.number}/report/fin/2026-01/"
    assert as_("town-shawan").get(period).status_code == 403
    assert as_("fin-staff").get(f"{DUTIES}duty/{duty.number}/report/hr/2026-01/").status_code == 404
    assert as_("fin-staff").get(f"{DUTIES}reports/").status_code == 403


@pytest.mark.django_db
def test_the_office_sees_units_in_the_documents_order_without_scores(as_) -> None:
    """Late, due, stuck and reported; the words for the group name who is late, and nobody else."""
    Duty.objects.exclude(units__code__in=("fin", "police")).update(cadence="")
    kept("police", since=dt.date(2026, 1, 1))
    kept("fin", since=dt.date(2026, 1, 1))
    page = as_("office").get(f"{DUTIES}reports/")
    rows = page.context["rows"]
    assert [row["unit"].code for row in rows] == ["fin", "police"]
    assert all(one["slot"].due < page.context["today"] for row in rows for one in row["late"])
    words = page.context["words"]
    assert words.splitlines()[1].startswith("财政局：2026 年 1 月 1 条（02-05 到期）")
    assert not [word for word in ("得分", "排名", "%") if word in words]


@pytest.mark.django_db
def test_where_nothing_recurs_the_page_says_what_to_do(as_) -> None:
    """An office that never asked for a report."""
    Duty.objects.update(cadence="")
    assert "还没有要定期报的职责" in as_("office").get(f"{DUTIES}reports/").content.decode()


def _notices() -> list[tuple[str, str]]:
    found = Notice.objects.filter(key__startswith="duties:").order_by("post__code")
    return list(found.values_list("post__code", "text"))


@pytest.mark.django_db
def test_a_reminder_is_told_once_to_the_unit_that_has_not_reported() -> None:
    """One notice for all of a unit's duties of a day, to whoever speaks for it; not before it is near, not twice."""
    Duty.objects.exclude(units__code="fin").update(cadence="")
    Duty.objects.filter(county__code=COUNTY, units__code="fin").update(cadence="month", since=dt.date(2026, 1, 1))
    near = dt.date(2026, 2, 2)
    assert remind(near - dt.timedelta(days=1)) == 0
    told = remind(near)
    assert [code for code, _ in _notices()] == ["fin-staff"]
    assert told == 1
    assert "财政局：2026 年 1 月还有 2 条职责没有报，2026-02-05 前报" in _notices()[0][1]
    assert [remind(near + dt.timedelta(days=later)) for later in range(6)] == [0] * 6


@pytest.mark.django_db
def test_nobody_is_reminded_of_what_is_reported_or_has_ended() -> None:
    """The notice counts what is left; nothing left, nothing told."""
    Duty.objects.exclude(units__code="fin").update(cadence="")
    own = Duty.objects.filter(county__code=COUNTY, units__code="fin")
    own.update(cadence="month", since=dt.date(2026, 1, 1))
    first, second = own.select_related("county")
    told = {"unit": unit("fin"), "period": "2026-01", "said": Said("done"), "today": TODAY}
    report_make(by=scope("fin-staff"), duty=first, **told)
    assert remind(dt.date(2026, 2, 3)) == 1
    assert "还有 1 条" in _notices()[0][1]
    Notice.objects.filter(key__startswith="duties:").delete()
    Duty.objects.filter(id=second.id).update(ended=dt.date(2026, 2, 1))
    assert remind(dt.date(2026, 2, 3)) == 0


@pytest.mark.django_db
def test_where_nobody_speaks_for_a_unit_all_who_work_there_are_reminded() -> None:
    """Those of its desks as well."""
    Contact.objects.filter(unit__code__in=("fin", "edu")).delete()
    Duty.objects.exclude(units__code__in=("fin", "edu")).update(cadence="")
    own = Duty.objects.filter(county__code=COUNTY, units__code__in=("fin", "edu"))
    own.update(cadence="month", since=dt.date(2026, 1, 1))
    remind(dt.date(2026, 2, 3))
    assert [code for code, _ in _notices()] == ["edu-head", "edu-hr-desk", "fin-head", "fin-staff"]


@pytest.mark.django_db
def test_the_demonstrations_reports_are_of_the_invented_county_alone() -> None:
    """No figure and no late duty is ever joined to a real name (P5)."""
    assert set(Report.objects.values_list("county__code", flat=True)) == {COUNTY}
    assert not Duty.objects.of(Area.objects.get(code="150624")).exclude(cadence="").exists()


def test_a_post_that_merely_stands_in_a_unit_reads_none_of_its_reports(as_) -> None:
    """An inspector of the bureau's sees what everybody sees; whoever reports for the bureau sees its reports."""
    duty, bureau = kept("edu"), unit("edu")
    report_make(
        by=scope("office"),
        duty=duty,
        unit=bureau,
        period="2026-01",
        said=Said("not", "只给本单位看的话", "来函"),
        today=TODAY,
    )
    Post.objects.filter(area=bureau.county, role="inspector").update(unit=bureau)
    page = f"{DUTIES}unit/edu/"
    for username, reads in (("inspector-1", False), ("edu-hr-desk", True), ("office", True)):
        assert sees_reports(scope(username), bureau) == reads, username
        told = as_(username).get(duty.url).content.decode()
        assert ("只给本单位看的话" in told) == reads, username
        assert as_(username).get(page).status_code == 200
    assert own_units(scope("inspector-1"), bureau.county) == []
