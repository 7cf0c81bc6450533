"""The board says when each form was handed in and how late; who is late is copied with one click (P16)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from collected import HERE, SCHOOL, acting, ledger_of, take
from junheng_web.collection.ledger.services import due_set
from junheng_web.collection.models import Step
from junheng_web.collection.shown.timeliness import handings

pytestmark = pytest.mark.django_db


def due_in(days: int) -> None:
    """Set the last day to so many days from today."""
    due_set(by=acting("office"), ledger=ledger_of(), day=timezone.localdate() + dt.timedelta(days=days))


def row_on(client, code: str = SCHOOL) -> dict:
    """Return a form's row on the board."""
    return next(row for row in client.get(HERE).context["rows"] if row["code"] == code)


def test_what_came_by_its_day_is_in_time(as_) -> None:
    """The day itself is within it."""
    due_in(0)
    take("clerk-03", "submit")
    page = as_("office").get(HERE)
    timed, text = row_on(as_("office"))["timed"], page.content.decode()
    assert (timed.late, timed.away) == ("", True)
    assert timezone.localdate(timed.handing.first) == timezone.localdate()
    assert "按时交 1 份" in text
    assert "逾期" not in text


def test_what_came_late_and_what_did_not_come_say_so_in_days(as_) -> None:
    """逾期 N 天交, 逾期 N 天未交; and how many of each."""
    due_in(-2)
    take("clerk-03", "submit")
    page = as_("office").get(HERE)
    forms = len(page.context["rows"])
    assert page.context["timely"] == {"in_time": 0, "late": 1, "missing": forms - 1, "returned": 0}
    assert row_on(as_("office"))["timed"].late == "逾期 2 天交"
    assert row_on(as_("office"), "1506990001")["timed"].late == "逾期 2 天未交"
    for told in ("逾期交 1 份", f"逾期未交 {forms - 1} 份", "已逾期 2 天，请尽快提交"):
        assert told in page.content.decode(), told


def test_without_a_last_day_nobody_is_late(as_) -> None:
    """But when a form came is told."""
    take("clerk-03", "submit")
    page = as_("office").get(HERE)
    assert page.context["timely"] is None
    assert row_on(as_("office"))["timed"].handing
    assert "逾期" not in page.content.decode()


def test_a_form_that_was_returned_came_when_it_first_came(as_) -> None:
    """How long the office read it is not the school's lateness; that it is to come again is told, and when it did."""
    take("clerk-03", "submit")
    take("office", "return", note="班级数请核对")
    due_in(1)
    assert row_on(as_("office"))["timed"].returned
    assert "退回，还没有再交" in as_("office").get(HERE).content.decode()
    take("clerk-03", "submit")
    first, last = Step.objects.filter(deed="submit").order_by("id").values_list("at", flat=True)
    timed = row_on(as_("office"))["timed"]
    assert (timed.handing.first, timed.again, timed.late) == (first, last, "")
    assert "再交" in as_("office").get(HERE).content.decode()


def test_what_was_taken_back_was_not_handed_in(as_) -> None:
    """Or one could hand in anything on the last day and go on filling in."""
    take("clerk-03", "submit")
    take("clerk-03", "recall")
    due_in(-1)
    assert handings(ledger_of()) == {}
    assert row_on(as_("office"))["timed"].late == "逾期 1 天未交"
    take("clerk-03", "submit")
    assert row_on(as_("office"))["timed"].late == "逾期 1 天交"


def test_the_list_of_who_is_late_is_copied_with_one_click(as_) -> None:
    """By the office; its page loads the script that both lists share."""
    page = as_("office").get(HERE).content.decode()
    for part in ('data-copy="late"', 'data-copied="late"', "common/copy"):
        assert part in page, part
    assert "common/copy" not in as_("clerk-03").get(HERE).content.decode()
