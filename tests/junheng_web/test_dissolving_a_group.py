"""A group is dissolved when its task is done: that closes what hangs on it, and nothing else (P18)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model

from junheng_web.organisation.appointing import post_hand_over
from junheng_web.organisation.grouping import group_change, group_dissolve, group_found, seat_end, seat_put
from junheng_web.organisation.models import Account, Appointment, Area, AuditRow, Event, Group, Person, Post, Seat
from junheng_web.organisation.scopes import scope_of
from junheng_web.organisation.selectors import group_of, seated_on
from next_year import county
from places import COUNTY, FOREIGN

pytestmark = pytest.mark.django_db
LAST = dt.date(2026, 6, 30)
AFTER = LAST + dt.timedelta(days=1)
PAGES = f"/c/{COUNTY}/organisation/groups/group/"


def group() -> Group:
    return Group.objects.get(county=county())


def dissolved() -> Group:
    return group_dissolve(by=None, group=group(), day=LAST, because="虚构文号：创建任务完成")


def counted() -> dict[type[Model], list]:
    """Return everything of our rooms but for what dissolving is about and what it writes down."""
    touched = {Group, Seat, Appointment, AuditRow, Event}
    ours = [one for one in apps.get_models() if one.__module__.startswith("junheng_web.") and one not in touched]
    return {one: list(one._default_manager.order_by("pk").values()) for one in ours}


def test_seats_and_the_groups_own_posts_end_and_nothing_else_changes() -> None:
    """Every other table is as it was; posts of units and schools go on, with whoever holds them."""
    before, held = counted(), Appointment.objects.filter(post__group=None)
    others, own = list(held.values()), Post.objects.get(code="office-deputy-1")
    dissolved()
    assert counted() == before
    assert list(held.values()) == others
    assert set(group().seats.values_list("end", flat=True)) == {LAST}
    assert [one.end for one in own.appointments.all()] == [LAST]
    assert scope_of(Account.objects.get(username="office"), AFTER).posts != ()


def test_it_stays_readable_as_it_was_on_its_last_day(as_) -> None:
    """Whoever succeeds later is not in the list; the pages have no way to change it."""
    names = [str(one.person) for one in seated_on(group(), LAST)]
    dissolved()
    post = Post.objects.select_related("area", "group").get(code="fin-head")
    later = Person.objects.create(county=county(), name="后来的局长")
    post_hand_over(by=None, post=post, person=later, day=AFTER)
    assert [str(one.person) for one in seated_on(group(), dt.date(2030, 1, 1))] == names
    page = as_("office").get(PAGES).content.decode()
    assert "2026-06-30 已撤销（虚构文号：创建任务完成）" in page
    assert "乔落落" in page
    assert "添席位" not in page
    assert as_("office").get(f"{PAGES}dissolve").status_code == 404
    assert "已撤销，下面是撤销时的名单" in as_("office").get(f"/c/{COUNTY}/organisation/").content.decode()


def test_facts_and_results_go_on(as_) -> None:
    """The year after, the office sees and enters as before."""
    dissolved()
    office = as_("office")
    for path in ("", "collection/", "trends/"):
        assert office.get(f"/c/{COUNTY}/{path}").status_code == 200, path


def test_one_audit_row_and_one_event_for_the_rooms_above() -> None:
    """They close what hangs on the group."""
    dissolved()
    row = AuditRow.objects.get(action="group.dissolve")
    assert (row.detail["seats"], row.detail["appointments"]) == (19, 1)
    event = Event.objects.get(kind="group.dissolved")
    assert (event.object_kind, event.object_code, event.county) == ("group", "group", county())


def test_there_is_no_way_back_but_founding_anew() -> None:
    """No seat, no change, no second end, no successor in its own posts; another group may be founded."""
    one = dissolved()
    seat = one.seats.first()
    for act in (
        lambda: seat_put(by=None, group=one, place=99, kind="member", post=seat.post),
        lambda: seat_end(by=None, seat=seat, day=AFTER),
        lambda: group_change(by=None, group=one, name="另一个"),
        lambda: group_dissolve(by=None, group=one, day=AFTER, because="再一次"),
    ):
        with pytest.raises(ValidationError, match="已于 2026-06-30 撤销"):
            act()
    own = Post.objects.select_related("area", "group").get(code="office-deputy-2")
    with pytest.raises(ValidationError, match="撤销，不能再任"):
        post_hand_over(by=None, post=own, person=Person.objects.of(county()).first(), day=AFTER)
    again = group_found(by=None, county=county(), name="虚构新组")
    assert group_of(county()) == again
    assert Group.objects.of(county()).count() == 2


def test_without_a_reason_or_before_its_beginning_it_is_not_dissolved() -> None:
    """Nor while something begins only later."""
    with pytest.raises(ValidationError, match="撤销要写依据"):
        group_dissolve(by=None, group=group(), day=LAST, because=" ")
    with pytest.raises(ValidationError, match="在成立"):
        group_dissolve(by=None, group=group(), day=dt.date(2020, 1, 1), because="虚构")
    own = Post.objects.select_related("area", "group").get(code="office-deputy-2")
    post_hand_over(by=None, post=own, person=Person.objects.of(county()).first(), day=AFTER)
    with pytest.raises(ValidationError, match="才开始"):
        dissolved()
    assert group().dissolved is None


def test_another_countys_group_is_not_touched() -> None:
    """The banner's stays as it is printed."""
    banner = Group.objects.get(county__code=FOREIGN)
    dissolved()
    assert [one.vacant for one in seated_on(banner, AFTER)] == [False] * 31


def test_the_page_says_what_ends_and_what_does_not(as_) -> None:
    """And asks why; then it is done."""
    page = as_("office").get(f"{PAGES}dissolve").content.decode()
    for words in ("19 个席位", "办公室副主任（梅若水）", "每年的监测照常", "不能恢复"):
        assert words in page
    assert as_("office").post(f"{PAGES}dissolve", {"day": "2026-06-30"}).status_code == 422
    told = {"day": "2026-06-30", "because": "虚构"}
    assert "已撤销" in as_("office").post(f"{PAGES}dissolve", told, follow=True).content.decode()
    assert group().dissolved == LAST


def test_a_county_without_a_group_has_none() -> None:
    """Nothing is made up."""
    bare = Area.objects.create(code="159902", name="无组旗（虚构）", kind=Area.Kind.COUNTY)
    assert group_of(bare) is None
