"""From an accepted and booked item, by the school's own form and its approval, to the gap that closes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from collected import acting, form_of, held
from funded import HERE, WHY, county, item, school, through
from junheng_web.collection.handing.approving import step_take
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.entries import Write
from junheng_web.collection.ledger.saving import Locked
from junheng_web.funding.gating import gate_pass, gate_undo, gates_skip
from junheng_web.funding.models import Item, Rise
from junheng_web.funding.rising import added_by, proposals, rise_withdraw, rises_fill, seal_of, waiting
from junheng_web.funding.services import item_drop, item_edit
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import School
from rectified import CHAIN, forget_the_demonstration, gap, raised, react, sent

pytestmark = pytest.mark.django_db
SCHOOL = "1506990006"
CELL = ("schools", SCHOOL, "equipment_value")
# A school that lacks teaching area, and what it is built in.
POOR = "1506990004"
AREA = ("schools", POOR, "teaching_area")


@pytest.fixture(autouse=True)
def _no_other(db) -> None:
    """What the demonstration has in the books was put into the form already."""
    for one in waiting(county(), school()):
        Rise.objects.create(
            county=county(), item=one, period=form_of().period, column=CELL[2], added=0, before=0, after=0
        )


def equipment(quantity: str = "50000") -> Item:
    return item("5", deed="equipment_value", quantity=Decimal(quantity))


def seen(code: str = SCHOOL) -> str:
    """Return the mark of what is proposed to a school now."""
    return seal_of(proposals(form_of(code), waiting(county(), school(code))))


def fill(by: str, code: str = SCHOOL, mark: str = "") -> list[Rise]:
    return rises_fill(by=acting(by), one=form_of(code), school=school(code), seen=mark or seen(code))


def test_nothing_is_proposed_before_acceptance_and_booking() -> None:
    """Both, and gone through: a gate that is left out is neither."""
    one = through(equipment(), "accept")
    assert waiting(county(), school()) == []
    with pytest.raises(Locked):
        fill("clerk-03")
    through_all = through(equipment(), "book")
    assert waiting(county(), school()) == [through_all]
    gates_skip(by=acting("office"), item=one, named=["settle", "book"], note=WHY)
    assert waiting(county(), school()) == [through_all]
    assert held(CELL).entry.write.kind == Write.Kind.IMPORTED


def test_the_school_puts_it_into_its_form_and_no_more() -> None:
    """In fen, one item on top of the other, as the school's entry that says how it came; each item once."""
    before = held(CELL).integer
    for quantity in ("50000", "1234.56"):
        through(equipment(quantity), "book")
    made = fill("clerk-03")
    assert [one.added for one in made] == [5_000_000, 123_456]
    assert made[0].after == made[1].before == before + 5_000_000
    assert held(CELL).integer == before + 5_123_456
    write = held(CELL).entry.write
    assert (write.kind, write.by_name) == (Write.Kind.FUNDED, "韩小满")
    assert waiting(county(), school()) == []
    with pytest.raises(Locked):
        fill("clerk-03")


def test_who_does_not_fill_the_form_puts_nothing_into_it() -> None:
    """Finance keeps the ledger, and does not fill in a school's form."""
    through(equipment(), "book")
    for name in ("fin-staff", "leader", "town-shawan"):
        with pytest.raises(PermissionDenied):
            fill(name)


def test_what_was_seen_is_what_is_entered() -> None:
    """A number or an item that changed meanwhile stops it, and nothing is entered."""
    through(equipment(), "book")
    mark, before = seen(), held(CELL).integer
    form_save(by=acting("clerk-03"), one=form_of(), texts=[(CELL, "800", None)])
    with pytest.raises(Locked, match="变了"):
        fill("clerk-03", mark=mark)
    assert held(CELL).integer == 8_000_000_00 != before
    assert not Rise.objects.filter(added__gt=0).exists()


def test_a_cell_that_holds_nothing_takes_nothing_in() -> None:
    """What was there before is not known."""
    through(equipment(), "book")
    form_save(by=acting("clerk-03"), one=form_of(), texts=[(CELL, "", None)])
    with pytest.raises(Locked, match="没有填"):
        fill("clerk-03")


def test_a_form_that_is_handed_in_takes_nothing_in() -> None:
    """It has to come back first."""
    through(equipment(), "book")
    step_take(by=acting("clerk-03"), one=form_of(), deed=DEEDS["submit"])
    with pytest.raises(Locked):
        fill("clerk-03")


def test_booking_is_not_taken_back_under_a_form() -> None:
    """First the form, then the item, then the gate."""
    one = through(equipment(), "book")
    fill("clerk-03")
    with pytest.raises(ValidationError, match="填报表"):
        gate_undo(by=acting("office"), item=one, gate="book", why=WHY)
    with pytest.raises(ValidationError, match="填报表"):
        item_drop(by=acting("office"), item=one, why=WHY)
    with pytest.raises(ValidationError, match="填报表"):
        item_edit(by=acting("office"), item=one, why=WHY, quantity=Decimal(1))
    assert item_edit(by=acting("office"), item=one, why=WHY, remark="另说").remark == "另说"
    rise_withdraw(by=acting("clerk-03"), item=one, why=WHY)
    with pytest.raises(ValidationError):
        rise_withdraw(by=acting("clerk-03"), item=one, why=WHY)
    gate_undo(by=acting("office"), item=one, gate="book", why=WHY)


@pytest.mark.parametrize(
    ("deed", "column", "quantity", "added"),
    [
        ("multimedia_rooms", "equipment", "3", 3),
        ("multimedia_rooms", "equipment", "2.5", None),
        ("sports_ground_area", "works", "12.5", 1250),
        ("music_room", "works", "1", None),
        ("hire", "other", "1", None),
    ],
)
def test_a_quantity_is_added_in_the_column_s_smallest_unit(deed, column, quantity, added) -> None:
    """Whole rooms, hundredths of a square metre; rooms of a list and people are not added here."""
    one = item("1", deed=deed, column=column, quantity=Decimal(quantity))
    assert added_by(one) == added


def test_a_school_s_acceptance_leads_to_an_approved_value_and_the_gap_closes() -> None:
    """Built, accepted and booked by the head's word, put into the form, approved: 现状到位, by the value alone."""
    forget_the_demonstration()
    issue = sent(raised("B4", POOR))
    lacks = Decimal(str(gap("B4", POOR).size))
    told = {"column": "works", "deed": "teaching_area", "quantity": lacks, "school": school(POOR)}
    built = through(item("300", issue=issue, **told), "book")
    react()
    issue.refresh_from_db()
    assert issue.state == "assigned"
    fill("office", POOR)
    react()
    issue.refresh_from_db()
    assert issue.state == "assigned"
    for name in CHAIN:
        step_take(by=acting("office"), one=form_of(POOR), deed=DEEDS[name])
    react()
    issue.refresh_from_db()
    assert (issue.state, issue.present) == ("review", "met")
    assert [step.deed for step in built.steps.all()][-1] == "raise"


def test_the_school_hears_of_it_once_both_gates_are_through() -> None:
    """Its head and its clerk, and nobody else; of an item that adds to no figure nobody."""
    one, other = through(equipment(), "accept"), through(item("1"), "accept")
    told = Notice.objects.filter(text__contains="可以加进填报表", id__gt=Notice.objects.latest("id").id)
    assert not told.exists()
    for each in (one, other):
        gates_skip(by=acting("office"), item=each, named=["settle"], note=WHY)
        gate_pass(by=acting("head-03"), item=each, gate="book", day=dt.date(2026, 2, 1), today=dt.date(2026, 2, 1))
    assert {(notice.post.code, notice.text.split()[0]) for notice in told} == {
        ("head-03", one.code),
        ("clerk-03", one.code),
    }


def test_an_issue_s_page_shows_the_money_that_is_to_settle_it(as_) -> None:
    """To whoever sees the items; another unit's eyes meet nothing."""
    forget_the_demonstration()
    issue = sent(raised("B4", POOR), "land")
    item("30", column="works", school=school(POOR), issue=issue, name="扩建教室（示例）")
    part = f"{HERE}issue/{issue.number}/part"
    assert part in as_("office").get(issue.url).content.decode()
    assert "扩建教室（示例）" in as_("fin-staff").get(part).content.decode()
    assert as_("town-shawan").get(part).content.decode().strip() == ""


def test_the_form_s_page_offers_what_waits_to_whoever_fills_it(as_) -> None:
    """The part is the reader's own: nobody else's school, nothing for who does not fill."""
    through(equipment(), "book")
    part = f"{HERE}rises/{SCHOOL}/part"
    assert f"{HERE}rises/{SCHOOL}/" in as_("clerk-03").get(part).content.decode()
    for name in ("fin-staff", "leader"):
        assert as_(name).get(part).content.decode().strip() == ""
    page = as_("clerk-03").get(f"/c/150699/collection/2025/current/school/{SCHOOL}/")
    assert f'hx-get="{part}"' in page.content.decode()
    other = School.objects.get(county=county(), code=POOR).code
    assert as_("clerk-03").get(f"{HERE}rises/{other}/").status_code == 404


def test_the_page_puts_it_into_the_form(as_) -> None:
    """What stands there, what is added, what would stand there; one button."""
    through(equipment(), "book")
    browser, before = as_("clerk-03"), held(CELL).integer
    page = browser.get(f"{HERE}rises/{SCHOOL}/")
    answer = browser.post(f"{HERE}rises/{SCHOOL}/fill", {"seen": page.context["seen"]}, follow=True)
    assert "已把 1 个项目的数加进填报表" in answer.content.decode()
    assert held(CELL).integer == before + 5_000_000
    stale = browser.post(f"{HERE}rises/{SCHOOL}/fill", {"seen": "old"}, follow=True)
    assert "什么也没有填" in stale.content.decode()
