"""What the register comes to stands beside the ledgers, person by person, and goes into the present one when asked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from collected import form_of, held, ledger_of, take
from junheng_web.collection.ledger.lineage import entries_at
from junheng_web.collection.models import Cell, Write
from junheng_web.organisation.models import School
from junheng_web.registers import counting
from registered import HERE, OTHER, SCHOOL, acting, change, county, put_all, row_of, somebody

pytestmark = pytest.mark.django_db
COUNTS = f"{HERE}teachers/counts/"
PAGE = f"{COUNTS}{SCHOOL}/"
TEACHERS = ("schools", SCHOOL, "primary_teachers")
BACKBONE = ("schools", SCHOOL, "primary_backbone_teachers")


def line_of(column: str, reading: str = "", school: str = SCHOOL) -> counting.Line:
    """Return one of a school's numbers, today."""
    period = counting.newest_period(county())
    found = counting.beside(period, timezone.localdate(), reading).lines(counting.form_of(period, school))
    return next(line for line in found if line.key[2] == column)


def filled(browser, page: str = PAGE, **sent: str):
    """Put the counts in, as the page's form does."""
    seen = browser.get(page).context["seen"] if "seen" not in sent else sent["seen"]
    return browser.post(f"{page}fill", {"seen": seen}, follow=True)


def test_four_numbers_stand_side_by_side(as_) -> None:
    """The census, the register on its day, what was filled in, the register today."""
    line = line_of("primary_backbone_teachers")
    assert (line.census, line.then, line.current, line.now) == (28, 27, 28, 26)
    assert (line.differs, line.fills, line.indicator) == (True, True, "B2")
    text = as_("office").get(PAGE).content.decode()
    for told in ("统计口径 28，台账 27（统计时点）、26（今天）", "骨干称号已过有效期", "实际在别的学校任教；轮岗"):
        assert told in text, told


def test_a_difference_is_told_person_by_person(as_) -> None:
    """Who came after the counting date, who is away since; and each person with the reason on both days."""
    people = {one["title"]: one for _, people in as_("office").get(PAGE).context["sections"][:1] for one in people}
    new = people["林思齐（SL9001）"]
    assert (new["then"].because, new["now"].counts) == ("还没有到校", True)
    contract = people["高若溪（SL9002）"]
    assert (contract["then"].because, contract["now"].because) == ("编外不计", "编外不计")
    every = as_("office").get(f"{PAGE}primary_teachers/")
    assert len(every.context["people"]) == 152
    assert as_("office").get(f"{PAGE}junior_teachers/").status_code == 404


def test_a_moved_teacher_counts_where_the_reading_says(as_) -> None:
    """By the census at home; by the other reading where he teaches. Only the one in force fills a form."""
    row = somebody()
    before = [line_of("primary_teachers", one, school).now for one in ("", "teaching") for school in (SCHOOL, OTHER)]
    put_all(change(row, teaching_school_code=OTHER, duty="support", duty_from="2026-01-01"))
    after = [line_of("primary_teachers", one, school).now for one in ("", "teaching") for school in (SCHOOL, OTHER)]
    assert [now - was for was, now in zip(before, after, strict=True)] == [0, 0, -1, 1]
    text = as_("office").get(f"{PAGE}?reading=teaching").content.decode()
    assert "这种读法只供查看" in text
    assert f'action="{PAGE}fill"' not in text


def test_the_counts_go_into_the_present_ledger_and_say_so(as_) -> None:
    """Only what differs; the census is never touched; the cell's history says that they came of the register."""
    browser, census = as_("clerk-03"), held(BACKBONE, "census").integer
    assert "已把 2 个数填进" in filled(browser).content.decode()
    assert held(BACKBONE).integer == 26
    assert held(BACKBONE, "census").integer == census
    write = Write.objects.latest("id")
    assert (write.kind, write.by_name, write.entries.count()) == ("register", "韩小满", 2)
    ledger = ledger_of()
    assert entries_at(ledger, ledger.sequence, [BACKBONE])[BACKBONE].write.kind == Write.Kind.REGISTER
    history = browser.get(
        f"/c/{county().code}/collection/2025/current/school/{SCHOOL}/history",
        {"key": f'["schools","{SCHOOL}","primary_backbone_teachers"]'},
    )
    assert "台账算出" in history.content.decode()
    assert "填进现状口径</button>" not in browser.get(PAGE).content.decode()


def test_of_whom_it_cannot_be_told_nothing_is_filled_in(as_) -> None:
    """A missing degree leaves that number as it is, and the page says of how many."""
    row = somebody(degree="bachelor")
    put_all(change(row, degree=None))
    line = line_of("primary_above_required_teachers")
    assert (line.unsure, line.fills) == (1, False)
    assert "1 人说不清" in as_("office").get(PAGE).content.decode()
    assert "没有写学历" in as_("office").get(f"{PAGE}primary_above_required_teachers/").content.decode()
    filled(as_("clerk-03"))
    assert held(("schools", SCHOOL, "primary_above_required_teachers")).integer == 136


def test_what_was_seen_is_what_is_filled_in(as_) -> None:
    """A register, or a form, that changed meanwhile is looked at again first."""
    browser = as_("clerk-03")
    seen = browser.get(PAGE).context["seen"]
    put_all(change(somebody(), duty="seconded"))
    answer = filled(browser, seen=seen)
    assert "什么也没有填" in answer.content.decode()
    assert held(BACKBONE).integer == 28


def test_a_form_that_is_handed_in_takes_no_counts(as_) -> None:
    """Nor does anybody fill in a form that is not his."""
    seen = as_("office").get(PAGE).context["seen"]
    take("clerk-03", "submit")
    assert "已经提交" in filled(as_("clerk-03"), seen=seen).content.decode()
    assert held(BACKBONE).integer == 28
    assert as_("leader").post(f"{PAGE}fill", {"seen": seen}).status_code == 403
    assert as_("clerk-03").post(f"{COUNTS}{OTHER}/fill", {"seen": "[]"}).status_code == 404


def test_the_county_s_items_wait_for_every_school(as_) -> None:
    """A register that lacks schools would give too small a number: the page names them, and nothing is filled in."""
    page = as_("office").get(COUNTS)
    assert {one["name"] for one in page.context["schools"] if not one["there"]} == set(page.context["silent"])
    assert len(page.context["silent"]) == 4
    assert "还有 4 所学校没有台账" in page.content.decode()
    (form,) = page.context["forms"]
    assert [(line.census, line.then) for line in form["lines"]] == [(46, 46), (10, 10), (412, 412)]
    sent = {"seen": form["seen"]}
    answer = as_("office").post(f"{COUNTS}units/office/fill", sent, follow=True)
    assert "全县的数会偏少" in answer.content.decode()
    silent = School.objects.filter(name__in=page.context["silent"])
    School.objects.filter(id__in=silent).update(closed=dt.date(2025, 1, 1))
    answer = as_("office").post(f"{COUNTS}units/office/fill", sent, follow=True)
    assert "已把 3 个数填进" in answer.content.decode()
    assert Cell.objects.get(ledger=ledger_of(), row="rotated_teachers").entry.write.kind == "register"
    assert as_("clerk-03").get(COUNTS).context["forms"] == []


def test_a_school_sees_its_own_counts_alone(as_) -> None:
    """And a county without a period is told what comes first."""
    assert [one["code"] for one in as_("clerk-03").get(COUNTS).context["schools"]] == [SCHOOL]
    assert counting.fillable(acting("clerk-03"), form_of())
    assert not counting.fillable(acting("leader"), form_of())


def test_traps_are_listed_and_accuse_nobody(as_) -> None:
    """The office sees both of two; a school sees its own, and of the other that it is another school's."""
    text = as_("office").get(f"{HERE}teachers/traps/").content.decode()
    for told in ("却没有这门课的课时", "骨干称号已过有效期", "像是同一个人登记了两次", "SL9003", "只请核对"):
        assert told in text, told
    twin = row_of("SL9003")
    put_all(change(twin, census_school_code=SCHOOL, employer_code=SCHOOL, teaching_school_code=SCHOOL))
    own = as_("clerk-03").get(f"{HERE}teachers/traps/").content.decode()
    assert "SL9003" in own
    assert "别的学校的一个工号" in own
    assert "SL0001" not in own
