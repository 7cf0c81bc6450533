"""A ledger is locked for some or for all, a year is frozen: nothing goes in, and who did it and why stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from collected import CHAIN, FORM, HERE, PUPILS, SCHOOL, acting, form_of, held, ledger_of, take, type_in
from handed_in import WORKBOOK
from junheng import api as jh
from junheng_web.assessment.live import approved_run
from junheng_web.collection.exchange.importing import plan, plan_apply
from junheng_web.collection.handing.approving import finding_explain, status_of, step_take
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.ledger.locking import ledger_lock, period_freeze
from junheng_web.collection.ledger.locks import Level
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.ledger.services import due_set
from junheng_web.collection.models import Lock, Step
from junheng_web.organisation.models import AuditRow, Event
from places import COUNTY

pytestmark = pytest.mark.django_db
LOCKS = f"/c/{COUNTY}/collection/2025/locks/"
UNIT = {"code": "office", "kind": "unit"}


def lock(level: str, basis: str = "current", note: str = "数已核对") -> Lock:
    """Lock one of the example county's ledgers, as the office."""
    return ledger_lock(by=acting("office"), ledger=ledger_of(basis), level=level, note=note)


def item() -> tuple[str, str, str]:
    """Return a number that the office's own form asks for."""
    return next(field.key for field in form_of(**UNIT).fields if field.column.kind.value == "count")


@pytest.mark.parametrize(
    ("level", "school", "office_for_school", "office_for_unit"),
    [
        (Level.SCHOOLS, False, True, True),
        (Level.UNITS, True, True, True),
        (Level.OTHERS, False, True, True),
        (Level.ALL, False, False, False),
    ],
)
def test_a_lock_stops_those_for_whom_it_is(level, school, office_for_school, office_for_unit) -> None:
    """And nobody else; opened again, everybody writes."""
    key = item()
    lock(level)
    for username, of, where, may in (
        ("clerk-03", {}, PUPILS, school),
        ("office", {}, PUPILS, office_for_school),
        ("office", UNIT, key, office_for_unit),
    ):
        if may:
            assert type_in(username, where, "7", **of).problems == {}
        else:
            with pytest.raises(Locked, match="已经锁定"):
                type_in(username, where, "8", **of)
    lock(Level.OPEN, note="学校补报")
    type_in("clerk-03", PUPILS, "9")
    assert held(PUPILS).integer == 9


def test_every_way_in_obeys_the_lock(as_, tmp_path: Path) -> None:
    """Typing, explaining, handing in, bringing in a file, by the page and by the service: nothing goes in."""
    facts = jh.load(WORKBOOK)
    type_in("office", PUPILS, "1")
    made = plan(acting("office"), ledger_of(), facts)
    assert len(made.differences) == 1
    lock(Level.ALL)
    before = ledger_of().sequence
    with pytest.raises(Locked):
        plan_apply(by=acting("office"), ledger=ledger_of(), made=made, file=WORKBOOK, name="示例.xlsx")
    assert "已经锁定" in plan(acting("office"), ledger_of(), facts).problems[0].reason
    with pytest.raises(Locked):
        finding_explain(by=acting("clerk-03"), one=form_of(), check="x", key=PUPILS, value="", text="没有错")
    for username, deed in CHAIN[:1]:
        with pytest.raises(Locked):
            take(username, deed)
    asked = {"cells": [], "since": 0}
    assert as_("clerk-03").post(f"{FORM}save", data=asked, content_type="application/json").status_code == 409
    as_("clerk-03").post(f"{FORM}step/submit")
    assert (status_of(form_of()), ledger_of().sequence, Step.objects.count()) == ("draft", before, 0)


def test_what_is_locked_stays_where_it_is() -> None:
    """An approval is not withdrawn, a form not returned, until the office has said why it opens the ledger."""
    for username, deed in CHAIN:
        take(username, deed)
    lock(Level.ALL)
    with pytest.raises(Locked, match="请办公室先解锁"):
        take("office", "withdraw", note="报错")
    lock(Level.OPEN, note="实验小学班级数报错")
    assert take("office", "withdraw", note="报错").status == "draft"


def test_one_basis_is_locked_and_the_other_is_not() -> None:
    """The census is locked at the counting date; today's state goes on."""
    lock(Level.ALL, "census")
    type_in("clerk-03", PUPILS, "5")
    with pytest.raises(Locked):
        step_take(by=acting("clerk-03"), one=form_of(basis="census"), deed=DEEDS["submit"])


def test_opening_needs_a_reason_and_every_lock_is_told(as_) -> None:
    """Who, when and why: as rows, in the audit, as events, on the page."""
    lock(Level.OTHERS, "census")
    for note in ("", "  "):
        with pytest.raises(ValidationError, match="写明原因"):
            lock(Level.OPEN, "census", note)
    with pytest.raises(ValidationError, match="没有改动"):
        lock(Level.OTHERS, "census")
    lock(Level.OPEN, "census", "统计局更正一校的数")
    rows = [(one.deed, one.by_name, one.note) for one in Lock.objects.order_by("id")]
    assert rows == [("锁定：办公室以外都不能改", "陈乐平", "数已核对"), ("解锁", "陈乐平", "统计局更正一校的数")]
    kinds = ["ledger.locked", "ledger.unlocked"]
    assert list(AuditRow.objects.filter(action__startswith="ledger.").values_list("action", flat=True)) == kinds
    assert list(Event.objects.filter(kind__startswith="ledger.").values_list("kind", flat=True)) == kinds
    page = as_("office").get(LOCKS).content.decode()
    assert "统计局更正一校的数" in page
    assert "陈乐平" in page


def test_a_frozen_year_is_read_only_everywhere() -> None:
    """For the office as well, on both bases, due dates and locks too; its numbers can still be judged."""
    for username, deed in CHAIN:
        take(username, deed)
    period_freeze(by=acting("office"), period=ledger_of().period, frozen=True, note="新学年已开")
    for basis in ("census", "current"):
        with pytest.raises(Locked, match="已经封存"):
            type_in("office", PUPILS, "1", basis=basis)
        with pytest.raises(Locked):
            due_set(by=acting("office"), ledger=ledger_of(basis), day=None)
        with pytest.raises(Locked, match="先解封"):
            lock(Level.OPEN, basis)
    with pytest.raises(Locked):
        take("office", "withdraw", note="报错")
    assert approved_run(by=acting("office"), ledger=ledger_of()).verdict
    with pytest.raises(ValidationError, match="写明原因"):
        period_freeze(by=acting("office"), period=ledger_of().period, frozen=False)
    period_freeze(by=acting("office"), period=ledger_of().period, frozen=False, note="上级要求更正")
    take("office", "withdraw", note="报错")
    assert list(Event.objects.filter(kind__startswith="period.").values_list("kind", flat=True))[-2:] == [
        "period.frozen",
        "period.thawed",
    ]


def test_the_form_and_the_board_say_what_is_locked(as_) -> None:
    """Who, when, why, and what to do; the form has no fields to type in, and no step is offered."""
    lock(Level.SCHOOLS, note="截止日期已到")
    for who, offered in (("clerk-03", False), ("office", True)):
        page = as_(who).get(FORM).content.decode()
        assert ("data-save" in page, "step/submit" in page) == (offered, offered), who
        for told in ("已经锁定：学校不能改", "陈乐平", "截止日期已到", "请联系办公室写明原因解锁"):
            assert told in page, told
    assert "已经锁定：学校不能改" in as_("leader").get(HERE).content.decode()
    assert "已经锁定" not in as_("leader").get(HERE.replace("current", "census")).content.decode()


def test_the_page_locks_freezes_and_refuses_in_words(as_) -> None:
    """Only the office; what is wrong stays in the form."""
    office = as_("office")
    assert office.post(LOCKS, {"what": "census", "level": "all", "note": ""}).status_code == 302
    assert ledger_of("census").locked == Level.ALL
    wrong = office.post(LOCKS, {"what": "census", "level": "open", "note": ""})
    assert (wrong.status_code, "写明原因" in wrong.content.decode()) == (422, True)
    wrong = office.post(LOCKS, {"what": "period", "level": "schools", "note": "某校"})
    assert "封存是对所有人的" in wrong.content.decode()
    assert 'value="某校"' in wrong.content.decode()
    office.post(LOCKS, {"what": "period", "level": "all", "note": ""})
    assert ledger_of().period.frozen
    for username in ("leader", "clerk-03", "edu-hr-desk", "assessor"):
        assert as_(username).post(LOCKS, {"what": "period", "level": "open", "note": "x"}).status_code == 403
    assert ledger_of().period.frozen


def test_the_run_of_approved_data_says_whether_the_census_is_locked(as_) -> None:
    """The application rests on the locked census; the page that judges it says so before."""
    page = f"/c/{COUNTY}/approved/2025/census/"
    assert "统计口径还没有锁定" in as_("office").get(page).content.decode()
    lock(Level.ALL, "census")
    assert "谁都不能改" in as_("office").get(page).content.decode()


def test_a_lock_of_one_school_is_none_of_another_county(as_) -> None:
    """Another county's locks are not there."""
    assert as_("office").get(LOCKS.replace(COUNTY, "150624")).status_code == 404
    assert SCHOOL in FORM
