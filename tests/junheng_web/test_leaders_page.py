"""The leader's page by what it says: the verdict, the days left, what is past its day by unit, and 批示."""

from __future__ import annotations

from collections.abc import Mapping

import lxml.html
import pytest

from collected import acting
from junheng_web.assessment.selectors import answer_of, latest_run
from junheng_web.assessment.services import review_date_set
from junheng_web.assessment.telling import word
from junheng_web.rectification.models import Issue
from junheng_web.rectification.services import issue_raise
from places import COUNTY
from rectified import sent
from supervised import HERE, asked, assigned, county, days, moved, post, proposed, today, unit, working

pytestmark = pytest.mark.django_db
PAGE = f"/c/{COUNTY}/rectification/leader/"


def page(browser) -> lxml.html.HtmlElement:
    """Return the leader's page."""
    answer = browser.get(PAGE)
    assert answer.status_code == 200
    return lxml.html.fromstring(answer.content.decode())


def said(element: lxml.html.HtmlElement) -> str:
    """Return the words of a part, with single spaces."""
    return " ".join(element.text_content().split())


def reds(told: lxml.html.HtmlElement) -> dict[str, tuple[int, ...]]:
    """Return what stands in red by unit, in the page's order: tasks, issues, declarations."""
    rows = told.xpath("//div[@aria-label='过了期的']//tbody/tr")
    return {said(row[0]): tuple(int(said(cell).split()[-1]) for cell in row[1:]) for row in rows}


def plus(was: Mapping[str, tuple[int, ...]], name: str, *more: int) -> tuple[int, ...]:
    """Return a unit's counts with some more."""
    return tuple(one + added for one, added in zip(was.get(name, (0, 0, 0)), more, strict=True))


def overdue_issue() -> Issue:
    """Return an issue of the 财政局's that was sent and is past its day; so is the task that it was sent as."""
    told = {"title": "示例问题", "unit": unit(), "due": days(3), "asked": "请整改"}
    one = sent(issue_raise(by=acting("office"), county=county(), **told))
    assert one.due < today()
    return one


def test_the_verdict_is_that_of_the_official_run(as_) -> None:
    """The county's card says it in words, and every stage has its own."""
    answer = answer_of(latest_run(acting("leader"), county()))
    cards = {said(one.find_class("subheader")[0]): said(one) for one in page(as_("leader")).find_class("verdict")}
    assert word(answer["verdict"]) in cards["全县结论"]
    assert len(cards) == 2 + len(answer["stages"])


def test_the_days_left_are_counted_to_the_planned_day(as_) -> None:
    """And where it is taken back, the page says that there is none."""
    review_date_set(by=acting("office"), county=county(), day=days(41))
    told = said(page(as_("leader")).find_class("verdicts")[0])
    assert "还有 41 天" in told
    assert f"{days(41)}" in told


def test_what_is_past_its_day_stands_by_unit(as_) -> None:
    """Two tasks and an issue with its own; what is in time, was asked to close in time, or not sent, is not red."""
    was = reds(page(as_("leader")))
    for one in (working(), assigned()):
        moved(one, due=days(-1))
    moved(asked(), due=days(-1), finished_on=days(-1))
    moved(proposed(), due=days(-1))
    working()
    overdue_issue()
    told = page(as_("leader"))
    now = reds(told)
    assert now["财政局"] == plus(was, "财政局", 3, 1, 0)
    assert {name: one for name, one in now.items() if name != "财政局"} == {
        name: one for name, one in was.items() if name != "财政局"
    }
    link = told.xpath("//div[@aria-label='过了期的']//th/a[text()='财政局']/@href")
    assert link == [f"/c/{COUNTY}/rectification/?state=late&unit=fin"]
    assert "示例问题" in as_("leader").get(link[0]).content.decode()


def test_a_task_of_a_desk_is_red_at_its_unit(as_) -> None:
    """In the document's order of units."""
    was = reds(page(as_("leader")))
    desk = unit("edu-hr")
    moved(assigned(unit=desk, desk=None), due=days(-1))
    now = reds(page(as_("leader")))
    assert now[str(desk.parent)] == plus(was, str(desk.parent), 1, 0, 0)
    assert str(desk) not in now
    order = [str(one) for one in type(desk).objects.filter(county=county(), parent=None)]
    assert list(now) == [name for name in order if name in now]


def test_from_the_page_an_instruction_becomes_a_task(as_) -> None:
    """The leader is led to 批示 from here; what he writes waits for the office, and is red once it is late."""
    leader = as_("leader")
    (link,) = page(leader).xpath("//a[text()='批示']/@href")
    assert leader.get(link).status_code == 200
    told = {"leader": post("leader").id, "day": today(), "text": "示例批示", "unit": unit().id, "due": days(5)}
    assert leader.post(link, told).status_code == 302
    office = as_("office").get(f"{HERE}?when=waiting").content.decode()
    assert "示例批示" in office
    assert as_("fin-staff").get(PAGE).status_code == 403
