"""Equipment beside the census: bought, in the books, put into the form, and what nothing of it explains."""

from __future__ import annotations

from decimal import Decimal

import pytest

from collected import acting, form_of, held
from funded import HERE, SCHOOL, county, item, school, through
from junheng_web.collection.handing.filling import form_save
from junheng_web.funding import checking, selectors
from junheng_web.funding.checking import Equipment
from junheng_web.funding.rising import proposals, rises_fill, seal_of, waiting
from junheng_web.funding.services import item_drop

pytestmark = pytest.mark.django_db
CELL = ("schools", SCHOOL, "equipment_value")
PAGE = f"{HERE}balance/"


def now() -> Equipment:
    """Return the school's line, as the office's page is given it."""
    items = selectors.standing(selectors.items_of(acting("office"), county())).prefetch_related("gates", "rises")
    return next(one for one in checking.equipment(county(), items) if one.school.code == SCHOOL)


def bought(yuan: str) -> object:
    return item("5", name="示例仪器", deed="equipment_value", quantity=Decimal(yuan))


def fill() -> None:
    """Let the school put everything that waits into its form."""
    ready = waiting(county(), school())
    rises_fill(by=acting("clerk-03"), one=form_of(), school=school(), seen=seal_of(proposals(form_of(), ready)))


def line(as_) -> str:
    """Return the school's row of the table on the page."""
    text = as_("office").get(PAGE).content.decode().split('aria-label="设备和统计口径对照"')[1]
    return text.split(f'<th scope="row">{school()}</th>')[1].split("</tr>")[0]


def test_the_census_and_today_are_those_of_the_two_ledgers(as_) -> None:
    """In 元, from fen; both stand on the page."""
    bought("1")
    one = now()
    assert one.census == Decimal(held(CELL, "census").integer) / 100
    assert one.current == Decimal(held(CELL).integer) / 100
    assert one.grown == one.current - one.census
    assert f"{one.census.normalize():,f}" in line(as_)


def test_an_item_is_planned_then_in_the_books_then_in_the_form(as_) -> None:
    """What is in the books and not in the form is said with how much; put in, nothing of it is left."""
    bought("1")
    fill() if waiting(county(), school()) else None
    was = now()
    accepted, booked = bought("30000.50"), bought("50000")
    through(accepted, "accept")
    through(booked, "book")
    one = now()
    assert (one.planned - was.planned, one.booked - was.booked) == (Decimal("80000.50"), 50_000)
    assert (one.raised, one.unfilled) == (was.raised, was.unfilled + 50_000)
    assert f"入账的 {one.unfilled.normalize():,f} 元没有加进填报" in line(as_)
    fill()
    after = now()
    assert (after.raised, after.unfilled) == (was.raised + 50_000, 0)
    assert after.current == was.current + 50_000
    assert after.unexplained == was.unexplained
    assert "没有加进填报" not in line(as_)
    item_drop(by=acting("office"), item=accepted, why="示例原因")
    assert now().planned == was.planned + 50_000


def test_what_no_item_explains_is_said(as_) -> None:
    """A value typed beside the items shows by how much it is more, or less; what is explained is 相符."""
    bought("1")
    fill() if waiting(county(), school()) else None
    one = now()
    explained = one.census + one.raised
    for more, told in ((Decimal("1234.5"), "1,234.5"), (Decimal(-800), "-800")):
        form_save(by=acting("clerk-03"), one=form_of(), texts=[(CELL, f"{(explained + more) / 10_000:f}", None)])
        assert now().unexplained == more
        assert f"现状比统计口径多（少）{told} 元，项目说明不了" in line(as_)
    form_save(by=acting("clerk-03"), one=form_of(), texts=[(CELL, f"{explained / 10_000:f}", None)])
    assert (now().unexplained, now().unfilled) == (0, 0)
    assert "相符" in line(as_)


def test_what_was_not_reported_is_not_judged(as_) -> None:
    """Missing is not zero: the page says 未报, and nothing of what it would explain."""
    bought("1")
    form_save(by=acting("clerk-03"), one=form_of(), texts=[(CELL, "", None)])
    one = now()
    assert (one.current, one.grown, one.unexplained) == (None, None, None)
    assert "未报" in line(as_)
    assert "相符" not in line(as_)
