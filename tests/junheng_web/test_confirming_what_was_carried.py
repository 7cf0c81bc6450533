"""A carried value is a draft: it is confirmed, or changed, before its form is handed in; never approved in silence."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied

from collected import CHAIN, SCHOOL, acting
from junheng_web.collection.handing.approving import DEEDS, step_take, unconfirmed
from junheng_web.collection.handing.confirming_carried import Which, carried_confirm
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.models import Write
from next_year import NEXT, cell, form, opened

pytestmark = pytest.mark.django_db
AREA = ("schools", SCHOOL, "teaching_area")
ROOM = ("schools", SCHOOL, "multimedia_rooms")
HERE = f"{NEXT}school/{SCHOOL}/"
EVERY = Which(every=True)


@pytest.fixture(autouse=True)
def _next_year(db) -> None:
    opened()


def test_a_form_with_what_nobody_confirmed_is_not_handed_in() -> None:
    """It says how many cells wait, and what to do."""
    with pytest.raises(Locked, match="格沿用上年的数没有确认"):
        step_take(by=acting("clerk-03"), one=form(SCHOOL), deed=DEEDS["submit"])
    assert carried_confirm(by=acting("clerk-03"), one=form(SCHOOL), asked=EVERY) > 10
    assert not unconfirmed(form(SCHOOL)).exists()
    for username, deed in CHAIN:
        last = step_take(by=acting(username), one=form(SCHOOL), deed=DEEDS[deed])
    assert last.status == "approved"


def test_confirming_keeps_the_value_and_says_who() -> None:
    """The cell's history has both: whose year it came from, and who said that it is still right."""
    before = cell(AREA)
    assert carried_confirm(by=acting("clerk-03"), one=form(SCHOOL), asked=Which(key=AREA)) == 1
    now = cell(AREA)
    assert (now.integer, now.revision) == (before.integer, before.revision + 1)
    assert (now.entry.write.kind, now.entry.source) == (Write.Kind.CONFIRMED, before.entry.source)
    assert now.entry.write.by_account == acting("clerk-03").account.id
    assert cell(ROOM).entry.write.kind == Write.Kind.CARRIED


def test_a_changed_value_needs_no_word_more() -> None:
    """Whoever types another number has looked at it; the same number typed again is no word."""
    left = unconfirmed(form(SCHOOL)).count()
    form_save(by=acting("clerk-03"), one=form(SCHOOL), texts=[(AREA, "12345.6", None)])
    assert unconfirmed(form(SCHOOL)).count() == left - 1
    assert carried_confirm(by=acting("clerk-03"), one=form(SCHOOL), asked=Which(key=AREA)) == 0


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({"key": json.dumps(AREA)}, {"multimedia_rooms", "location_code", "classes"}),
        ({"group": "校舍、场地和设备"}, {"location_code", "classes"}),
        ({"list": "classes"}, {"teaching_area", "multimedia_rooms"}),
        ({"all": "1"}, set()),
    ],
    ids=lambda one: next(iter(one), "") if isinstance(one, dict) else "",
)
def test_a_cell_a_section_a_list_or_all_of_it(as_, asked: dict[str, str], kept: set[str]) -> None:
    """Each by one button."""
    waiting = {key for table, _, column in _waiting() for key in (table, column)}
    assert {"teaching_area", "multimedia_rooms", "location_code", "classes"} <= waiting
    assert as_("clerk-03").post(f"{HERE}carried", asked).url == HERE
    left = {key for table, _, column in _waiting() for key in (table, column)}
    assert kept <= left
    assert bool(left) == bool(kept)


def _waiting() -> list[tuple[str, str, str]]:
    return list(unconfirmed(form(SCHOOL)).values_list("table", "row", "column"))


def test_nobody_confirms_for_another_school(as_) -> None:
    """Neither through the page nor past it."""
    other = form("1506990001")
    left = unconfirmed(other).count()
    with pytest.raises(PermissionDenied):
        carried_confirm(by=acting("clerk-03"), one=other, asked=EVERY)
    assert as_("clerk-03").post(f"{NEXT}school/1506990001/carried", {"all": "1"}).status_code == 404
    assert unconfirmed(other).count() == left > 0


def test_what_is_handed_in_is_confirmed_no_more() -> None:
    """It is locked like everything else."""
    carried_confirm(by=acting("clerk-03"), one=form(SCHOOL), asked=EVERY)
    step_take(by=acting("clerk-03"), one=form(SCHOOL), deed=DEEDS["submit"])
    with pytest.raises(Locked):
        carried_confirm(by=acting("clerk-03"), one=form(SCHOOL), asked=EVERY)


@pytest.mark.parametrize("key", ["[]", '["schools"]', '["schools","1","none"]', "{", "7"])
def test_a_cell_that_is_none_is_not_there(as_, key: str) -> None:
    """And nothing breaks."""
    assert as_("clerk-03").post(f"{HERE}carried", {"key": key}).status_code == 404


def test_the_form_says_what_waits_and_of_which_days_each_number_is(as_) -> None:
    """With last year's number beside what is asked again, and none beside what begins anew."""
    page = as_("clerk-03").get(HERE)
    text = page.content.decode()
    assert "格沿用上年的数，还没有确认" in text
    assert "沿用上年，待确认" in text
    assert "2026 年 9 月 1 日" in text
    assert "2025 年度预算、决算" in text
    rows = {row["field"].key[2]: row for _, group in page.context["groups"] for row in group}
    assert rows["primary_pupils"]["before"]
    assert not rows["primary_pupils"]["carried"]
    assert not rows["operating_budget"]["before"]
    assert rows["teaching_area"]["carried"]


def test_the_history_of_a_carried_cell_names_the_year_that_it_is_from(as_) -> None:
    """Year, basis, and who carried it on."""
    text = as_("clerk-03").get(f"{HERE}history", {"key": json.dumps(AREA)}).content.decode()
    assert "沿用上年，待确认，原在 2025-2026 学年 现状口径" in text
