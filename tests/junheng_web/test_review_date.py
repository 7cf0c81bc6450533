"""How long the county has until the day on which it plans to be reviewed: a date, which ends at 24:00 in Shanghai."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from junheng_web.assessment import selectors
from junheng_web.assessment.models import ReviewDate, Run
from junheng_web.assessment.reviewing import left
from junheng_web.assessment.services import review_date_set
from junheng_web.home.demonstration import REVIEW
from junheng_web.organisation.models import Account, Area, AuditRow
from junheng_web.organisation.scopes import Scope, scope_of
from moments import TODAY, TOMORROW, YESTERDAY
from places import COUNTY, FOREIGN

pytestmark = pytest.mark.django_db
HERE, PAGE = f"/c/{COUNTY}/", f"/c/{COUNTY}/review-date/"


@pytest.fixture
def office() -> Scope:
    return scope_of(Account.objects.get(username="office"), TODAY)


@pytest.fixture
def at(monkeypatch):
    """Let it be a moment: `at(2027, 6, 30, 15, 59)`, in UTC."""

    def let_it_be(*moment: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: dt.datetime(*moment, tzinfo=dt.UTC))

    return let_it_be


def text(browser, path: str = HERE) -> str:
    return browser.get(path).content.decode()


@pytest.mark.parametrize(
    ("day", "told"), [(TOMORROW, "还有 1 天"), (TODAY, "就是今天"), (YESTERDAY, "已过 1 天")], ids=str
)
def test_the_day_itself_is_not_over(day: dt.date, told: str) -> None:
    """And nothing is said of hours."""
    assert left(day, TODAY) == told


def test_the_day_ends_at_midnight_in_shanghai(as_, at) -> None:
    """One minute before, it is today; then it is over, though in London it is not."""
    day = REVIEW
    for moment, told in (((15, 59), "就是今天"), ((16, 0), "已过 1 天")):
        at(day.year, day.month, day.day, *moment)
        assert told in text(as_("leader"))


def test_the_overview_tells_everybody_how_long_there_is(as_, at) -> None:
    """With the day; the office finds there where to change it, others do not."""
    at(2027, 6, 1, 4)
    for name in ("office", "leader", "clerk-03"):
        told = text(as_(name))
        assert "还有 29 天" in told
        assert REVIEW.isoformat() in told
        assert (PAGE in told) == (name == "office")


def test_without_a_day_it_says_who_may_set_one(as_, office: Scope) -> None:
    """Also before the first run, and after a day was taken back."""
    review_date_set(by=office, county=Area.objects.get(code=COUNTY), day=None)
    for _ in range(2):
        told = text(as_("leader"))
        assert "还没有定日期" in told
        assert "由办公室定" in told
        Run.objects.all().delete()
    ReviewDate.objects.all()._raw_delete("default")
    assert "还没有定日期" in text(as_("leader"))


def test_the_office_sets_it(as_, at, office: Scope) -> None:
    """Who set it to what stays to be seen, in a row of its own and in the audit."""
    at(2026, 3, 2, 4)
    browser = as_("office")
    done = browser.post(PAGE, {"day": "2026-03-12"}, follow=True)
    assert "还有 10 天" in done.content.decode()
    assert f"2026-03-12，{office.account}（{office.acting}）" in done.content.decode()
    browser.post(PAGE, {"day": ""})
    county = Area.objects.get(code=COUNTY)
    said = [(one.day, one.by_name) for one in selectors.review_dates(office, county)]
    assert said == [(None, str(office.account)), (dt.date(2026, 3, 12), str(office.account)), (REVIEW, "")]
    rows = AuditRow.objects.filter(action="review_date.set").order_by("-id")
    assert [row.detail["day"] for row in rows] == [None, "2026-03-12", REVIEW.isoformat()]
    page = text(browser, PAGE)
    assert page.count("<tr>") == 1 + len(said)
    assert "取消" in page


@pytest.mark.parametrize(("day", "why"), [("2026-03-01", "已经过去"), ("明年", "请按")])
def test_a_day_that_cannot_be_is_refused(as_, at, day: str, why: str) -> None:
    """With why and what to write; today still may be."""
    at(2026, 3, 2, 4)
    browser = as_("office")
    refused = browser.post(PAGE, {"day": day})
    assert refused.status_code == 422
    assert why in refused.content.decode()
    assert browser.post(PAGE, {"day": "2026-03-02"}).status_code == 302


def test_a_foreign_county_s_day_is_not_seen(office: Scope, as_) -> None:
    """Neither read nor set."""
    foreign = Area.objects.get(code=FOREIGN)
    review_date_set(by=None, county=foreign, day=TOMORROW)
    assert selectors.review_date(office, foreign) is None
    assert as_("office").post(f"/c/{FOREIGN}/review-date/", {"day": "2030-01-01"}).status_code == 404
    assert ReviewDate.objects.of(foreign).count() == 1
