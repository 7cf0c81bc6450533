"""A successor takes a post over by one act: everything that hangs on it follows, and history keeps who held it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from junheng_web.notices.selectors import unread_of
from junheng_web.notices.services import notice_send
from junheng_web.organisation import audit
from junheng_web.organisation.appointing import post_hand_over, post_hand_over_to_new
from junheng_web.organisation.following import following
from junheng_web.organisation.models import (
    Account,
    Appointment,
    Area,
    AuditRow,
    Contact,
    Event,
    Group,
    Person,
    Post,
)
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import scope_of
from junheng_web.organisation.selectors import holder_on, holders_on, posts_of, seated_on
from next_year import county
from places import COUNTY, FOREIGN

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)
BEFORE = DAY - dt.timedelta(days=1)
HAND_OVER = f"/c/{COUNTY}/organisation/posts/fin-staff/hand-over"


def post(code: str = "fin-staff") -> Post:
    return Post.objects.select_related("area", "group").get(area=county(), code=code)


def somebody(name: str = "新来的") -> Person:
    return Person.objects.create(county=county(), name=name)


def account_of(person: Person) -> Account:
    return Account.objects.create_user(f"account-{person.id}", "x", person=person)


def test_permissions_and_reminders_follow_and_nothing_is_lost() -> None:
    """The day before the old holder has all of it, from the day on the new one; no row but the appointments changed."""
    old, new = Account.objects.get(username="fin-staff"), account_of(somebody())
    notice_send(by=None, county=county(), key="due", text="三天后到期", posts=[post()])
    rows = {model: model.objects.count() for model in (Post, Contact, Person)}
    post_hand_over(by=None, post=post(), person=new.person, day=DAY, document="鄂任〔2026〕1 号")
    for account, day, holds in ((old, BEFORE, True), (old, DAY, False), (new, BEFORE, False), (new, DAY, True)):
        scope = scope_of(account, day)
        assert (scope.roles_in(county()) == {Role.UNIT_STAFF}) is holds
        assert (unread_of(scope, county()).count() == 1) is holds
        assert allowed("collection.enter", scope, county()) is holds
    assert rows == {model: model.objects.count() for model in rows}
    assert Contact.objects.get(unit__code="fin").post == post()


def test_seats_follow_and_history_keeps_who_sat_there() -> None:
    """The list of the day before has the old holder, today's the new one; the seat itself was not touched."""
    group, new = Group.objects.of(county()).get(), somebody()
    seats = list(group.seats.values())
    post_hand_over(by=None, post=post("edu-head"), person=new, day=DAY)
    names = {day: {one.seat.post.code: one.person for one in seated_on(group, day)} for day in (BEFORE, DAY)}
    assert str(names[BEFORE]["edu-head"]) == "查干夫"
    assert names[DAY]["edu-head"] == new
    del names[BEFORE]["edu-head"], names[DAY]["edu-head"]
    assert names[BEFORE] == names[DAY]
    assert list(group.seats.values()) == seats


def test_one_act_moves_both_seats_of_the_printed_group() -> None:
    """The head of 教体局 is a member and the office's director (如遇人员变动，由接任同志自然接续)."""
    banner = Area.objects.get(code=FOREIGN)
    group = Group.objects.of(banner).get()
    head = Post.objects.select_related("area", "group").get(area=banner, name="旗教体局局长")
    new = Person.objects.create(county=banner, name="接任同志")
    post_hand_over(by=None, post=head, person=new, day=DAY)
    assert [one.seat.place for one in seated_on(group, DAY) if one.person == new] == [8, 29]
    assert new not in [one.person for one in seated_on(group, BEFORE)]


def test_what_was_done_keeps_who_did_it_in_which_post() -> None:
    """And asking who held the post on that day gives the same name."""
    old, new = Account.objects.get(username="office"), account_of(somebody())
    audit.record("test.deed", by=scope_of(old, BEFORE), county=county())
    post_hand_over(by=None, post=post("office"), person=new.person, day=DAY)
    audit.record("test.deed", by=scope_of(new, DAY), county=county())
    told = [(row.person, row.post) for row in AuditRow.objects.filter(action="test.deed")]
    assert told == [(str(holder_on(post("office"), day)), "创建办主任") for day in (BEFORE, DAY)]


def test_somebody_may_hold_several_posts_and_keep_one() -> None:
    """Each is handed over by itself."""
    person = Account.objects.get(username="fin-staff").person
    post_hand_over(by=None, post=post("land-head"), person=person, day=DAY)
    assert [one.code for one in posts_of(person, DAY)] == ["fin-staff", "land-head"]
    post_hand_over(by=None, post=post(), person=somebody(), day=DAY + dt.timedelta(days=30))
    assert [one.code for one in posts_of(person, DAY + dt.timedelta(days=30))] == ["land-head"]


def test_a_post_may_be_vacant_and_be_filled_again() -> None:
    """A vacancy is shown as one and nobody has its rights; whoever comes next has them."""
    old = Account.objects.get(username="fin-staff")
    assert post_hand_over(by=None, post=post(), person=None, day=DAY) is None
    assert holder_on(post(), DAY) is None
    assert holders_on([post()], DAY) == {}
    assert scope_of(old, DAY).posts == ()
    post_hand_over_to_new(by=None, post=post(), name="后来的", day=DAY + dt.timedelta(days=9))
    assert [str(one.person) for one in post().appointments.all()] == ["郝建业", "后来的"]
    assert str(holder_on(post(), DAY + dt.timedelta(days=9))) == "后来的"


def test_it_is_one_audit_row_and_one_event() -> None:
    """With who left, who came, from when, and what says so."""
    new = somebody()
    post_hand_over(by=None, post=post(), person=new, day=DAY, document=" 文号 ")
    row = AuditRow.objects.get(action="post.hand_over", object_code="fin-staff")
    told = {"before": ["郝建业"], "after": "新来的", "day": "2026-03-02", "document": "文号"}
    assert row.detail == told
    event = Event.objects.get(kind="post.handed_over", object_code="fin-staff")
    assert (event.object_kind, event.county) == ("post", county())


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"person": "holder"}, "已经由郝建业担任"),
        ({"day": dt.date(2025, 3, 1)}, "才任"),
        ({"person": "foreign"}, "不是示例旗"),
        ({"seen": [0]}, "别人改了"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(told: dict[str, Any], why: str) -> None:
    """The same person, the day on which the old one began, somebody of another county, what was not seen."""
    people = {
        "holder": Account.objects.get(username="fin-staff").person,
        "foreign": Person.objects.filter(county__code=FOREIGN).first(),
    }
    asked = {"person": somebody(), "day": DAY, **told}
    asked["person"] = people.get(asked["person"], asked["person"])
    before = list(Appointment.objects.values())
    with pytest.raises(ValidationError, match=why):
        post_hand_over(by=None, post=post(), **asked)
    assert list(Appointment.objects.values()) == before


def test_a_day_before_a_later_appointment_is_refused() -> None:
    """Nobody is appointed into the past of somebody else."""
    post_hand_over(by=None, post=post(), person=somebody(), day=DAY)
    with pytest.raises(ValidationError, match="已登记自 2026-03-02 起"):
        post_hand_over(by=None, post=post(), person=somebody("再一个"), day=BEFORE)


def test_what_follows_is_said_room_by_room() -> None:
    """The seat, the unit and schools that it speaks for, the schools that it visits, notices that nobody has read."""
    notice_send(by=None, county=county(), key="due", text="三天后到期", posts=[post()])
    assert {one.label: one.told for one in following(post(), DAY)} == {"联络员": "财政局", "没有读的通知": "1 条"}
    told = {one.label: one.told for one in following(post("leader"), DAY)}
    assert told["工作组席位"].endswith("领导小组组长")
    assert told["包联领导"]
    assert "归他督导的学校" in {one.label for one in following(post("inspector-1"), DAY)}


def test_the_page_shows_what_will_happen_and_only_then_does_it(as_) -> None:
    """First the question, then the preview with who loses and gets what, then the act."""
    office, new = as_("office"), somebody()
    asked = {"person": str(new.id), "day": "2026-09-01", "document": "虚构文号"}
    preview = office.post(HAND_OVER, asked)
    page = preview.content.decode()
    assert preview.status_code == 200
    for words in ("郝建业，到 2026-08-31", "新来的，自 2026-09-01", "还没有账号", "登录以后什么都打不开", "财政局"):
        assert words in page
    assert holder_on(post(), dt.date(2026, 9, 1)).name == "郝建业"
    seen = str(post().appointments.get().id)
    done = office.post(HAND_OVER, {**asked, "seen": seen}, follow=True).content.decode()
    assert "已交接" in done
    assert holder_on(post(), dt.date(2026, 9, 1)) == new
    assert "虚构文号" in done


def test_a_preview_that_is_out_of_date_does_nothing(as_) -> None:
    """Somebody else handed the post over meanwhile: the page says so, and what was typed stays."""
    seen = str(post().appointments.get().id)
    post_hand_over(by=None, post=post(), person=somebody("先来的"), day=timezone.localdate())
    asked = {"new_name": "后到的", "day": "2027-09-01", "document": "虚构文号", "seen": seen}
    answer = as_("office").post(HAND_OVER, asked)
    assert answer.status_code == 422
    assert "别人改了" in answer.content.decode()
    assert "虚构文号" in answer.content.decode()
    assert not Person.objects.filter(name="后到的").exists()


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({}, "请选接任的人"),
        ({"new_name": "张三", "vacant": "on"}, "三样只能有一样"),
        ({"new_name": "郝建业"}, "人员里已经有"),
        ({"vacant": "on", "day": "九月"}, "请按 2026-09-01 这样填"),
    ],
)
def test_the_page_asks_for_exactly_one_successor(as_, told: dict[str, str], why: str) -> None:
    """Somebody known, somebody new, or nobody."""
    answer = as_("office").post(HAND_OVER, {"day": "2026-09-01", **told})
    assert answer.status_code == 422
    assert why in answer.content.decode()
