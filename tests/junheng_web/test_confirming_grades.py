"""From finished visits to grades by the printed rule, and into the ledger only by the office's word (P3, P20)."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from collected import acting, form_of, held, ledger_of, type_in
from junheng_web.assessment.live import live
from junheng_web.collection.handing.approving import DEEDS, digest_of, step_take
from junheng_web.collection.ledger.lineage import entries_at
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.ledger.services import owner_set
from junheng_web.collection.models import Cell, Write
from junheng_web.organisation.models import AuditRow, Event, School, Unit
from junheng_web.visits.confirming import grade_confirm, seen_of, standing
from junheng_web.visits.models import Grading, Visit
from junheng_web.visits.results import COUNTY as OFFICES
from junheng_web.visits.results import Item, asked_schools, items_of
from junheng_web.visits.services import finding_correct
from places import COUNTY
from test_visiting import HERE, OTHERS, OWN, TODAY, begin, finish, period, write

pytestmark = pytest.mark.django_db

BELOW = "1506990013"
WHOLE = ("judged", "|B28", "judgement")


def item(id: str = "B28") -> Item:
    """Return what was seen of a requirement."""
    return items_of(period(), {id})[id]


def confirm(grade: str, reason: str = "", id: str = "B28", by: str = "office", seen: str | None = None) -> Grading:
    """Confirm a grade, as somebody who has looked at what there is."""
    told = {
        "grade": grade,
        "reason": reason,
        "seen": seen_of(ledger_of(), item(id)) if seen is None else seen,
        "today": TODAY,
    }
    return grade_confirm(by=acting(by), period=period(), requirement=id, **told)


def visited(code: str, id: str = "B28", finding: str = "met", date: dt.date = TODAY) -> Visit:
    """Return a finished visit at which every point of a requirement was found to be so."""
    visit = begin(code, "inspector-1", (id,))
    points = [point.id for point in item(id).rubric.at("school" if code else "county")]
    write(visit, *(((id, point, "finding"), finding) for point in points))
    Visit.objects.filter(id=visit.id).update(date=date)
    return finish(visit)


def visit_all(id: str = "B28") -> None:
    """Let every school that has not been visited be found good."""
    for place in item(id).proposal.unseen:
        visited(place, id)


def test_the_demonstration_is_in_keeping_with_what_it_reports() -> None:
    """Each visited school's grade is the one in its facts; one school is below, in one item."""
    items = items_of(period())
    told = {place: one.graded.grade for place, one in items["B28"].seen.items()}
    assert told == {place: held(("judged", f"{place}|B28", "judgement")).text for place in told}
    below = {id: one.proposal.below for id, one in items.items() if one.proposal.below}
    assert below == {"B28": (BELOW,)}
    assert items["B22"].proposal.grade == "met"
    assert (items["B28"].proposal.grade, len(items["B28"].proposal.unseen)) == (None, 24)


def test_the_last_finished_visit_of_a_place_counts() -> None:
    """A second look puts right what the first one found; one that goes on counts for nothing yet."""
    again = begin(BELOW, "inspector-1", ("B28",))
    write(again, *((("B28", point, "finding"), "met") for point in ("moral", "culture", "review")))
    assert item().graded(BELOW).grade == "fair"
    finish(again)
    assert item().graded(BELOW).grade == "good"
    assert item("B29").graded(BELOW).grade == "met"


def test_a_correction_changes_the_grade() -> None:
    """As the finding now stands."""
    visit = item().seen[BELOW].visit
    finding_correct(
        by=acting("office"), visit=visit, at=("B28", "review"), finding="met", reason="", why="材料后来找到了"
    )
    assert item().graded(BELOW).grade == "good"


def test_a_school_without_pupils_is_not_asked() -> None:
    """As the verdict does not ask for it either; one that has not reported its pupils is."""
    assert set(asked_schools(period())) == set(
        School.objects.filter(county__code=COUNTY).values_list("code", flat=True)
    )
    key = ("schools", "1506990017", "primary_pupils")
    type_in("office", key, "0", code="1506990017")
    assert "1506990017" not in asked_schools(period())
    type_in("office", key, "", code="1506990017")
    assert "1506990017" in asked_schools(period())


def test_what_is_confirmed_stands_in_the_ledger_and_names_its_visits() -> None:
    """The county's cell and each visited school's; who, when, on which visits; the rooms above hear of it."""
    visit_all()
    made = confirm("fair")
    cell = held(WHOLE)
    assert (cell.text, cell.entry.write.kind, cell.entry.write.by_name) == ("fair", Write.Kind.VISITED, "陈乐平")
    assert (made.proposed, made.grade, made.write) == ("fair", "fair", cell.entry.write.code)
    own = item().seen[OWN].visit
    keys = [("judged", f"{OWN}|B28", column) for column in ("judgement", "judged_by", "date", "evidence")]
    assert [held(key).text for key in keys] == ["good", "第一责任区督学", "2025-10-20", f"查看记录 {own.code}"]
    found = entries_at(ledger_of(), ledger_of().sequence, keys)
    assert found[keys[3]].sheet == f"查看记录 {own.code}"
    assert held(("judged", "|B28", "evidence")).text.startswith("30 份查看记录：2025-002、")
    assert Event.objects.filter(kind="grade.confirmed", object_code="2025:B28").count() == 1
    assert AuditRow.objects.filter(action="grade.confirm", object_code="B28").count() == 1


def test_a_visit_alone_changes_no_number() -> None:
    """Nothing official fires by itself: until somebody confirms it, the ledger is as it was."""
    before = ledger_of().sequence
    visited(OTHERS, finding="failed")
    assert ledger_of().sequence == before


def test_another_grade_than_the_rule_s_wants_a_reason() -> None:
    """While the rule cannot say, 'not decided yet' needs none; the reason stays with the decision."""
    with pytest.raises(ValidationError, match="要写明理由"):
        confirm("good")
    with pytest.raises(ValidationError, match="应当是"):
        confirm("met", "因为")
    confirm("")
    assert standing(ledger_of(), "B28") is None
    assert held(("judged", f"{BELOW}|B28", "evidence")).entry.write.kind == Write.Kind.VISITED
    made = confirm("good", "南滩苏木中心小学已复查")
    assert (made.proposed, made.reason) == ("", "南滩苏木中心小学已复查")
    assert held(WHOLE).text == "good"


def test_who_confirms_has_seen_what_there_is() -> None:
    """A visit or correction since then refuses it, and nothing is written."""
    seen = item().digest
    visited(OTHERS)
    before = ledger_of().sequence
    with pytest.raises(Locked, match="刚有新的查看或更正"):
        confirm("", seen=seen)
    assert (ledger_of().sequence, Grading.objects.count()) == (before, 0)


def test_a_form_that_was_handed_in_takes_no_grade() -> None:
    """The owner's form has been signed for: it is returned first."""
    one = form_of("office", kind="unit")
    step_take(by=acting("office"), one=one, deed=DEEDS["submit"])
    with pytest.raises(Locked, match="不能再改"):
        confirm("")


def test_the_office_confirms_and_the_desk_what_it_owns(as_) -> None:
    """Nobody else: neither another desk, nor the leader, nor the inspector who was there."""
    with pytest.raises(PermissionDenied):
        confirm("", by="edu-hr-desk")
    owner_set(by=None, period=ledger_of().period, item="|B28", unit=Unit.objects.get(code="edu-hr"))
    assert confirm("", by="edu-hr-desk").by_name == "苏日娜"
    for username in ("leader", "assessor", "auditor", "inspector-1", "head-03"):
        assert as_(username).post(f"{HERE}results/B28/confirm", {"grade": "good", "reason": "x"}).status_code == 403


def test_a_confirmed_grade_is_not_typed_over() -> None:
    """The form says where it is changed; until it is confirmed, the county may type its own."""
    assert type_in("office", WHOLE, "fair", code="office", kind="unit").problems == {}
    confirm("fair", "先按已看的定")
    saved = type_in("office", WHOLE, "good", code="office", kind="unit")
    assert "督导查看" in saved.problems[WHOLE].remedy
    assert held(WHOLE).text == "fair"


def test_what_judges_say_is_no_part_of_a_school_s_signed_form() -> None:
    """Its hash, which stands on the signed paper, stays what it was."""
    before = digest_of(form_of())
    confirm("")
    assert held(("judged", f"{OWN}|B28", "evidence")).entry.write.kind == Write.Kind.VISITED
    assert digest_of(form_of()) == before


def test_the_preview_of_the_verdict_follows_what_was_confirmed() -> None:
    """A school that fails one item by its visit fails the county in it, once it is confirmed."""

    def status() -> str:
        told = live(ledger_of())
        assert told is not None
        return told.answer["indicators"]["B25"]["status"]

    visited(OTHERS, "B25", "failed")
    assert status() == "pass"
    confirm("not_met", "有一所学校没有章程", "B25")
    assert status() == "fail"
    assert held(("judged", f"{OTHERS}|B25", "judgement")).text == "not_met"


def test_a_county_item_puts_no_grade_at_a_school() -> None:
    """What is asked of the county as a whole is judged there; schools' points decide its grade all the same."""
    visited(OTHERS, "B17", "failed")
    assert item("B17").proposal.below == (OTHERS,)
    confirm("not_met", "一所学校编制不足", "B17")
    assert held(("judged", "|B17", "judgement")).text == "not_met"
    assert not Cell.objects.filter(ledger=ledger_of(), table="judged", row=f"{OTHERS}|B17").exists()


def test_the_table_tells_grades_gaps_and_where_the_county_differs(as_) -> None:
    """A row a school, a column an item; the rule's word beside what stands in the ledger."""
    page = as_("office").get(f"{HERE}results/").context
    assert [one["id"] for one in page["columns"]] == list(items_of(period()))
    assert len(page["rows"]) == 31
    below = as_("leader").get(f"{HERE}results/?only=below").context["rows"]
    assert [row["name"] for row in below] == [School.objects.get(code=BELOW).name]
    assert [cell["gaps"] for cell in below[0]["cells"] if cell and cell["gaps"]] == ["2 点没有完全达到"]
    assert len(as_("assessor").get(f"{HERE}results/?only=unseen").context["rows"]) == 24
    visited("", "B22", "failed")
    proposed = {one["id"]: one for one in as_("office").get(f"{HERE}results/").context["proposed"]}
    assert (proposed["B22"]["grade"], proposed["B22"]["stands"], proposed["B22"]["differs"]) == ("不达标", "达标", True)
    assert not [one for one in as_("assessor").get(f"{HERE}results/").context["proposed"] if one["differs"]]
    confirm("met", "民政的数已经对上", "B22")
    proposed = {one["id"]: one for one in as_("office").get(f"{HERE}results/").context["proposed"]}
    assert not proposed["B22"]["differs"]


def test_the_page_of_an_item_asks_for_the_reason_and_keeps_what_was_chosen(as_) -> None:
    """Wrong: told at the field. Right: written, and the way there is listed."""
    browser, address = as_("office"), f"{HERE}results/B28/"
    page = browser.get(address)
    assert "南滩苏木中心小学" in page.content.decode()
    seen = page.context["form"].initial["seen"]
    answer = browser.post(f"{address}confirm", {"grade": "good", "reason": "", "seen": seen})
    assert answer.status_code == 422
    assert "定为别的等级要写明理由" in answer.content.decode()
    assert browser.post(f"{address}confirm", {"grade": "good", "reason": "已复查", "seen": seen}).status_code == 302
    assert "已复查" in browser.get(address).content.decode()
    assert browser.get(f"{HERE}results/B1/").status_code == 404


def test_offices_are_no_school() -> None:
    """The county's own points are looked at once, by an office or desk."""
    assert item("B22").places == [OFFICES]
    assert item("B25").places == list(asked_schools(period()))
    assert item("B9").places == [OFFICES, *asked_schools(period())]
    assert json.dumps(item("B9").codes)
