"""Reminders of evidence: around the day once for each owner, never to who has handed in, again once it came back."""

from __future__ import annotations

import datetime as dt

import pytest

from collected import acting
from dossiers import county, given_to, handed, item, of_school, stepped, taken
from junheng_web.dossier.models import Item
from junheng_web.dossier.reminding import AROUND, remind
from junheng_web.dossier.selectors import checklist_of
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import School, Unit

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 3, 20)


def due(one: Item, day: dt.date | None = DUE) -> None:
    """Let an item be due on a day."""
    Item.objects.filter(id=one.id).update(due=day)


def told(**whom: object) -> list[str]:
    """Return what was told of evidence to some posts."""
    return list(Notice.objects.filter(key__startswith="dossier:", **whom).values_list("text", flat=True))


@pytest.mark.parametrize("left", sorted(AROUND))
def test_around_its_day_an_owner_is_told_once(left: int) -> None:
    """The scheduler asks every hour; a unit hears once that an item is due, was due, or will be."""
    due(given_to("fin").item)
    today = DUE - dt.timedelta(left)
    assert remind(today) > 0
    (text,) = set(told(post__unit__code="fin"))
    assert AROUND[left] in text
    assert "B10-1" in text
    assert remind(today) == 0


def test_on_other_days_nobody_is_told() -> None:
    """Neither two days before nor two days after; nor where there is no day."""
    due(given_to("fin").item)
    assert [remind(DUE - dt.timedelta(left)) for left in (2, 1, -2, 30)] == [0, 0, 0, 0]
    due(item().item, None)
    assert remind(DUE) == 0


def test_what_was_handed_in_is_left_in_peace_until_it_comes_back() -> None:
    """A paper on its way waits for others than its unit; one that was returned waits for the unit again."""
    one = given_to("fin")
    due(one.item)
    paper = handed(one, "fin-staff")
    assert remind(DUE) == 0
    stepped(paper, ("edu-hr-desk", "return"))
    assert remind(DUE) == len(told(post__unit__code="fin")) > 0


def test_one_notice_tells_of_all_that_is_due_the_same_day() -> None:
    """A unit with three items is told once, with how many and where they stand."""
    taken()
    fin = Unit.objects.of(county()).get(code="fin")
    Item.objects.of(county()).filter(indicator="B10").update(unit=fin, due=DUE)
    many = Item.objects.of(county()).filter(indicator="B10").count()
    remind(DUE)
    (notice,) = Notice.objects.filter(key__startswith="dossier:unit:fin", post__code="fin-staff")
    assert many > 1
    assert f"还有 {many} 项" in notice.text
    assert notice.url.endswith("?state=missing")


def test_a_school_is_told_of_its_own_item() -> None:
    """Its head and its clerk, and no other school's."""
    school = School.objects.get(posts__code="clerk-03")
    due(of_school(school.code).item)
    assert remind(DUE) > 0
    assert {one.post.school for one in Notice.objects.filter(key__startswith="dossier:")} == {school}


def test_where_nobody_was_named_the_office_is_told() -> None:
    """Nobody is guessed among those that answer: the office has to name one."""
    taken()
    due(next(held.item for held in checklist_of(acting("office"), county()) if held.owner is None))
    assert remind(DUE) > 0
    assert {one.post.role for one in Notice.objects.filter(key__startswith="dossier:nobody")} == {"office"}
    assert all("请先定由谁交" in text for text in told())
