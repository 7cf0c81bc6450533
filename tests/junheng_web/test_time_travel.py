"""What stood at a moment: the same as was frozen then, at every write and every step, and for no other's eyes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from collected import FORM, PUPILS, SCHOOL, TEACHERS, acting, approve, form_of, ledger_of, take, type_in
from junheng_web.assessment import snapshots, then
from junheng_web.assessment.live import approved_run
from junheng_web.assessment.services import run_declare, run_withdraw
from junheng_web.collection.handing.approving import DEEDS, step_take
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.gathering import facts_of, unfolded, unfolded_at
from junheng_web.collection.ledger.moments import moment_at, moment_named, moment_of, owners_at
from junheng_web.collection.ledger.saving import Change, cells_save
from junheng_web.collection.ledger.services import owner_set
from junheng_web.collection.ledger.subjects import subject
from junheng_web.collection.ledger.values import Kept
from junheng_web.collection.models import Write
from junheng_web.organisation.models import Unit
from places import COUNTY

pytestmark = pytest.mark.django_db
THEN = f"/c/{COUNTY}/then/2025/current/"
BETWEEN = f"/c/{COUNTY}/between/2025/current/"
ITEM = "special_operating_fund"


def unit_form(code: str) -> Any:
    """Return the form of a unit of the example county."""
    return subject(ledger_of(), "unit", code)


def take_unit(code: str, *deeds: str) -> None:
    """Take a unit's form some steps, as the office that has its paper."""
    for deed in deeds:
        step_take(by=acting("office"), one=unit_form(code), deed=DEEDS[deed], note="纸件")


def list_changed() -> None:
    """Let the school's list lose a class and gain another."""
    keys = [("classes", f"{SCHOOL}|{number}", "pupils") for number in ("0001", "0099")]
    changes = [Change(keys[0], Kept(reported=False)), Change(keys[1], Kept(reported=True, integer=31))]
    cells_save(by=acting("office"), ledger=ledger_of(), changes=changes, kind=Write.Kind.IMPORTED, file=("班.xlsx", ""))


def a_day() -> list[Callable[[], Any]]:
    """Return what happens in a day: typing, lists, steps there and back, an item that changes hands."""
    finance = Unit.objects.get(county__code=COUNTY, code="fin")
    office = acting("office")
    key = ("county", ITEM, "value")
    return [
        lambda: type_in("clerk-03", PUPILS, "1888"),
        approve,
        lambda: form_save(by=office, one=unit_form("office"), texts=[(key, "500000", None)]),
        lambda: take_unit("office", "submit", "sign", "review", "approve"),
        lambda: take("office", "withdraw", note="数报错了"),
        lambda: type_in("clerk-03", TEACHERS, "151"),
        list_changed,
        lambda: type_in("clerk-03", PUPILS, ""),
        lambda: owner_set(by=office, period=ledger_of().period, item=ITEM, unit=finance),
        approve,
        lambda: take_unit("fin", "submit", "sign", "review", "approve"),
        lambda: take_unit("office", "withdraw"),
        lambda: owner_set(by=office, period=ledger_of().period, item=ITEM, unit=None),
    ]


def test_every_moment_of_a_day_is_what_was_frozen_then() -> None:
    """After each act the approved facts are frozen; looked back at, each moment gives the very same bytes."""
    frozen = []
    for act in a_day():
        act()
        run = approved_run(by=acting("office"), ledger=ledger_of())
        frozen.append((timezone.now(), run))
    assert len({run.snapshot.digest for _, run in frozen}) >= 6
    for at, run in frozen:
        one = then.stood(moment_at(ledger_of(), at), then.APPROVED)
        assert snapshots.keep(one.assessment.facts) == run.snapshot.digest, at
        assert one.answer["verdict"] == run.verdict


def test_every_write_is_found_again() -> None:
    """Drafts and all: the cells after each write, looked back at from the end, the last first and the first last."""
    seen = {}
    for act in a_day():
        act()
        ledger = ledger_of()
        seen[ledger.sequence, ledger.head] = facts_of(ledger).tables
    assert [sequence for sequence, _ in seen] == [2, 3, 4, 5, 6]
    for order in (sorted(seen, reverse=True), sorted(seen)):
        unfolded_at.cache_clear()
        for sequence, head in order:
            one = then.stood(moment_of(ledger_of().writes.get(sequence=sequence)), then.LIVE)
            assert one.assessment.facts.tables == seen[sequence, head], sequence


def test_looking_back_changes_nothing_of_today() -> None:
    """What is shared with the cells as they are now stays as it is."""
    type_in("clerk-03", PUPILS, "1888")
    before = facts_of(ledger_of()).tables
    then.stood(moment_of(ledger_of().writes.get(sequence=1)), then.LIVE)
    assert facts_of(ledger_of()).tables == before
    assert unfolded(ledger_of()).tables["schools"][SCHOOL]["primary_pupils"] == 1888


def test_a_moment_is_named_by_a_day_a_time_or_a_write() -> None:
    """A day ends at 24:00; what has not come is now; what is none says so."""
    ledger, now = ledger_of(), timezone.now()
    (first,) = ledger.writes.all()
    # Midnight may have passed since the demonstration was loaded.
    today = timezone.localdate(first.at)
    yesterday = today - dt.timedelta(days=1)
    assert moment_named(ledger, today.isoformat(), now).sequence == 1
    assert moment_named(ledger, yesterday.isoformat(), now).sequence == 0
    assert timezone.localtime(moment_named(ledger, yesterday.isoformat(), now).at).date() == yesterday
    assert moment_named(ledger, "2099-01-01", now).at == now
    assert moment_named(ledger, "1", now).code == first.code
    assert moment_named(ledger, timezone.localtime(first.at).isoformat(), now).sequence == 1
    for wrong, why in (("2025-02-31", "没有"), ("昨天", "看不懂"), ("7", "第 7 次")):
        with pytest.raises(ValueError, match=why):
            moment_named(ledger, wrong, now)


def test_an_item_was_then_its_owner_s() -> None:
    """Who fills in an item is looked up as it was, not as it is."""
    finance = Unit.objects.get(county__code=COUNTY, code="fin")
    before = timezone.now()
    owner_set(by=acting("office"), period=ledger_of().period, item=ITEM, unit=finance)
    assert owners_at(moment_at(ledger_of(), before))[ITEM] == "office"
    assert owners_at(moment_at(ledger_of(), timezone.now()))[ITEM] == "fin"


def test_the_run_that_was_official_then_is_named(as_) -> None:
    """Today's official run is not that of the moment before it was declared, nor of one after it was withdrawn."""
    approve()
    before = timezone.now()
    run = approved_run(by=acting("office"), ledger=ledger_of())
    run_declare(by=acting("office"), run=run)
    declared = timezone.now()
    run_withdraw(by=acting("office"), run=run, note="有误")
    told = [
        then.then(acting("office"), moment_at(ledger_of(), at), then.LIVE)["official"]["run"].code
        for at in (before, declared, timezone.now())
    ]
    assert told[0] == told[2] != run.code
    assert told[1] == run.code


def test_the_page_says_which_day_and_write_it_shows(as_) -> None:
    """And leads to the write before, to today, and to what changed since."""
    type_in("clerk-03", PUPILS, "1")
    office = as_("office")
    page = office.get(THEN, {"at": "1"}).content.decode()
    assert "第 1 次录入" in page
    assert "后来到今天又有 1 次录入" in page
    assert "回到今天" in page
    assert BETWEEN in page
    before = office.get(THEN, {"at": "2020-01-01"}).content.decode()
    assert "还没有录入任何数" in before
    assert "这是 2020-01-01 23:59:59 的样子" in before


def test_each_stage_and_page_stays_at_the_moment(as_) -> None:
    """The tabs of the stages keep the moment that was asked for; the workbook is asked for as the page was."""
    page = as_("office").get(THEN, {"at": "1"}).content.decode()
    assert 'stage=junior#schools"' in page
    *links, workbook = page.split('href="?')[1:]
    assert workbook.startswith("at=1&amp;_tables=xlsx"), workbook[:80]
    for link in links:
        assert link.startswith("at=2"), link[:80]


def test_what_names_no_moment_is_told(as_) -> None:
    """With the reason, above what stands now."""
    answer = as_("office").get(THEN, {"at": "2025-02-31"})
    assert answer.status_code == 422
    assert "没有 2025-02-31 这一天" in answer.content.decode()


def test_only_approved_numbers_are_shown_where_asked_for(as_) -> None:
    """Without any approved form there is no such result, and the page says so."""
    office = as_("office")
    assert "那时还没有审定的表" in office.get(THEN, {"of": "approved"}).content.decode()
    approve()
    page = office.get(THEN, {"of": "approved"}).content.decode()
    assert "只用那时审定的数" in page
    assert "没有审定的表按“未报”算" in page


def test_a_cell_s_history_leads_to_what_stood_then(as_) -> None:
    """For the clerk too, of the own form; the page is not today's."""
    type_in("clerk-03", PUPILS, "1")
    clerk = as_("clerk-03")
    history = clerk.get(f"{FORM}history", {"key": '["schools","1506990006","primary_pupils"]'}).content.decode()
    url = f"/c/{COUNTY}/then/2025/current/school/{SCHOOL}/?at=1"
    assert f'href="{url}"' in history
    page = clerk.get(url).content.decode()
    assert "第 1 次录入" in page
    assert "1,890" not in page
    assert "那时的结果是" in page


@pytest.mark.parametrize("name", ["clerk-03", "head-03", "fin-staff", "assessor", "auditor", "area-viewer"])
def test_drafts_of_then_are_for_no_other_eyes(as_, name: str) -> None:
    """Who may not preview today's drafts does not see last week's, nor what changed between."""
    assert as_(name).get(THEN).status_code == 403
    assert as_(name).get(BETWEEN).status_code == 403


def test_another_s_form_of_then_is_not_there(as_) -> None:
    """A clerk looks back at the own form, not at another school's; assessors at none."""
    other = f"/c/{COUNTY}/then/2025/current/school/1506990001/"
    assert as_("clerk-03").get(other).status_code == 404
    assert as_("assessor").get(f"/c/{COUNTY}/then/2025/current/school/{SCHOOL}/").status_code == 403


def test_a_form_of_then_says_how_far_it_was(as_) -> None:
    """With the steps until then, and none of those after."""
    approve()
    middle = timezone.localtime().isoformat()
    take("office", "withdraw", note="数报错了")
    page = as_("head-03").get(f"/c/{COUNTY}/then/2025/current/school/{SCHOOL}/", {"at": middle}).content.decode()
    assert "这份表那时：已审定" in page
    assert "数报错了" not in page
    assert form_of().code == SCHOOL
