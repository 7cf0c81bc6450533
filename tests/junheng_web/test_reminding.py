"""Reminders: around the last day by themselves, once; when the office asks, once a day; never to who has handed in."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from collected import HERE, SCHOOL, acting, ledger_of, take
from junheng_web.collection.ledger.services import due_set, owner_set
from junheng_web.collection.reminding.sending import AROUND, forms_remind, remind, waiting
from junheng_web.config.management.commands.scheduler import by_day
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import AuditRow, Unit

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 3, 20)


def clerks_notices() -> list[str]:
    """Return what the school's clerk was told."""
    return list(
        Notice.objects.filter(post__school__code=SCHOOL, post__role="school_clerk").values_list("text", flat=True)
    )


@pytest.fixture
def due() -> None:
    """Let the present ledger be due."""
    due_set(by=acting("office"), ledger=ledger_of(), day=DUE)


@pytest.mark.parametrize("left", sorted(AROUND))
def test_around_the_last_day_each_desk_is_told_once(due: None, left: int) -> None:
    """Three days before, on the day and the day after; the scheduler asks every hour, and tells once."""
    today = DUE - dt.timedelta(left)
    assert remind(today) > 0
    (text,) = clerks_notices()
    assert AROUND[left] in text
    assert remind(today) == 0
    assert len(clerks_notices()) == 1


def test_on_other_days_nobody_is_told(due: None) -> None:
    """Two days before, and two days after, are nobody's reminder."""
    assert [remind(DUE - dt.timedelta(left)) for left in (2, 1, -2, 30)] == [0, 0, 0, 0]


def test_without_a_last_day_nobody_is_told() -> None:
    """A ledger without a date has none to remind of."""
    due_set(by=acting("office"), ledger=ledger_of(), day=None)
    assert remind(DUE) == 0


def test_who_has_handed_in_is_left_in_peace(due: None) -> None:
    """A form on its way waits for others than its clerk."""
    county = ledger_of().county
    finance = Unit.objects.of(county).get(posts__code="fin-staff")
    owner_set(by=acting("office"), period=ledger_of().period, item="special_operating_fund", unit=finance)
    take("clerk-03", "submit")
    told = len(clerks_notices())
    assert SCHOOL not in {one.code for one in waiting(ledger_of())}
    assert remind(DUE) == finance.posts.count()
    assert {one.post.unit for one in Notice.objects.filter(key__startswith="due:")} == {finance}
    assert len(clerks_notices()) == told


def test_by_itself_nobody_is_reminded_at_night(settings) -> None:
    """What reminds by the day waits for the morning; the scheduler asks again every hour."""
    asked: list[dt.date] = []

    def remind_of_it(day: dt.date) -> int:
        asked.append(day)
        return 7

    settings.QUIET_HOURS = (0, 24)
    assert (by_day(remind_of_it)(), asked) == (0, [])
    settings.QUIET_HOURS = (0, 0)
    assert (by_day(remind_of_it)(), asked) == (7, [timezone.localdate()])


def test_the_office_reminds_once_a_day(due: None, as_) -> None:
    """Pressed twice, it is told once; the next day it may be told again. The audit says who asked."""
    office = as_("office")
    assert "已提醒" in office.post(f"{HERE}remind", follow=True).content.decode()
    assert "今天都提醒过了" in office.post(f"{HERE}remind", follow=True).content.decode()
    (text,) = clerks_notices()
    assert str(DUE) in text
    assert AuditRow.objects.filter(action="forms.remind").count() == 2
    assert forms_remind(by=acting("office"), ledger=ledger_of(), today=DUE) > 0
    assert len(clerks_notices()) == 2


def test_nobody_but_the_office_reminds(due: None, as_) -> None:
    """A desk and a school may not."""
    for username in ("edu-hr-desk", "clerk-03", "leader"):
        assert as_(username).post(f"{HERE}remind").status_code == 403
    assert not clerks_notices()
