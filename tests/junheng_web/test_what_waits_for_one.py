"""The first page begins with what waits for the reader: their own form, what they sign, review, approve; no other's."""

from __future__ import annotations

import datetime as dt

import pytest

from collected import CHAIN, FORM, HERE, acting, form_of, ledger_of, take
from junheng_web.collection.handing.approving import step_take
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.ledger.locking import ledger_lock
from junheng_web.collection.ledger.services import due_set
from junheng_web.collection.models import Ledger
from junheng_web.collection.shown.waiting import waiting
from places import COUNTY

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 20)
FIRST = f"/c/{COUNTY}/"


def waits(username: str) -> list[tuple[str, str]]:
    """Return what waits for somebody in the present data: the deed and where it is done."""
    found = waiting(acting(username), form_of().ledger.county, TODAY)
    return [(one.deed, one.url) for one in found if "现状口径" in one.what]


def test_a_form_waits_for_each_in_turn() -> None:
    """The clerk hands in, the head signs, the desk reviews, the office approves; then nobody waits."""
    assert waits("clerk-03") == [("填报、提交", FORM)]
    assert ("签字", FORM) not in waits("head-03")
    for (username, deed), label in zip(CHAIN, ("填报、提交", "签字", "审核", "审定"), strict=True):
        assert (label, FORM) in waits(username)
        take(username, deed)
        assert (label, FORM) not in waits(username)
    assert waits("clerk-03") == []


def test_the_office_is_not_asked_for_what_it_may_do_for_others() -> None:
    """Drafts of schools wait for the schools, its own unit's for the office; the leader does none of the steps."""
    assert waits("office") == [("填报、提交", f"{HERE}unit/office/")]
    assert waits("leader") == []


def test_several_lead_to_the_board() -> None:
    """Two forms that are signed are one line."""
    for code in ("1506990001", "1506990002"):
        for deed in ("submit", "sign"):
            step_take(by=acting("office"), one=form_of(code), deed=DEEDS[deed], note="代录")
    assert waits("edu-hr-desk") == [("审核", HERE)]


def test_what_is_locked_waits_for_nobody() -> None:
    """Nobody is sent to a form that takes nothing in."""
    ledger_lock(by=acting("office"), ledger=ledger_of(), level=Ledger.Level.OTHERS, note="核对完")
    assert waits("clerk-03") == []


def test_the_first_page_says_it_and_until_when(as_) -> None:
    """With the last day that is past; who does not see the collection is told nothing."""
    due_set(by=acting("office"), ledger=ledger_of(), day=TODAY)
    page = as_("clerk-03").get(FIRST).content.decode()
    assert "等您办的" in page
    assert f'href="{FORM}"' in page
    assert "截止 2026-03-20，已过" in page
    assert "等您办的" not in as_("assessor").get(FIRST).content.decode()


def test_a_unit_s_first_page_begins_with_what_waits(as_) -> None:
    """It fetches the forms and the tasks that wait, each from the room that knows them."""
    page = as_("fin-staff").get(f"/c/{COUNTY}/duties/mine/").content.decode()
    for part in ("collection/waits/", "tasks/mine/"):
        assert f'hx-get="/c/{COUNTY}/{part}"' in page
    told = as_("clerk-03").get(f"/c/{COUNTY}/collection/waits/").content.decode()
    assert "等您办的" in told
    assert as_("administrator").get(f"/c/{COUNTY}/collection/waits/").status_code == 403
