"""开新学年 as the office goes through it: page by page, back and forth, and nothing happens before the last word."""

from __future__ import annotations

import pytest

from junheng_web.collection.models import Period, Write, YearDraft
from junheng_web.collection.years.opening import year_draft
from junheng_web.organisation.models import School
from next_year import DAY, NEXT, STEPS, county

pytestmark = pytest.mark.django_db
BEGIN = {"counting_date": DAY, "standard": "national-2017"}
CLOSED = {"kind": "closed", "school": "1506990005", "day": DAY}


@pytest.fixture
def office(as_):
    """The office, which has said when the year is counted."""
    browser = as_("office")
    assert browser.post(STEPS, BEGIN).url == f"{STEPS}schools/"
    return browser


def fields(browser) -> dict[str, str]:
    """Return what the page of facts proposes."""
    form = browser.get(f"{STEPS}facts/").context["form"]
    return {name: form[name].initial for name in form.fields}


def test_all_the_way(office) -> None:
    """Schools, facts, lists, evidence, the summary; then the year is there, and last year is frozen."""
    assert office.post(f"{STEPS}schools/", CLOSED).url == f"{STEPS}schools/"
    assert "撤销" in office.get(f"{STEPS}schools/").content.decode()
    chosen = {**fields(office), "schools.teaching_area": "asked"}
    assert office.post(f"{STEPS}facts/", chosen).url == f"{STEPS}lists/"
    last = {"classes": "on", "cohort": "on", "primary": "6", "junior": "9"}
    assert office.post(f"{STEPS}lists/", last).url == f"{STEPS}evidence/"
    assert "换新的" in office.get(f"{STEPS}evidence/").content.decode()
    told = office.get(f"{STEPS}summary/").context
    assert not Period.objects.filter(county=county(), code="2026").exists()
    assert School.objects.get(code="1506990005").closed is None
    answer = office.post(f"{STEPS}summary/", {"freeze": "on", "agreed": "1"})
    assert answer.url == NEXT
    assert Period.objects.get(county=county(), code="2025").frozen
    write = Write.objects.get(kind=Write.Kind.CARRIED)
    assert write.entries.count() == told["cells"] > 1000
    assert not write.entries.filter(column="teaching_area").exists()
    assert not YearDraft.objects.exists()


def test_what_was_chosen_is_there_on_coming_back(office) -> None:
    """The day can be changed without losing the rest."""
    office.post(f"{STEPS}schools/", CLOSED)
    office.post(f"{STEPS}facts/", {**fields(office), "schools.teaching_area": "reset"})
    office.post(STEPS, {**BEGIN, "counting_date": "2026-09-02"})
    assert fields(office)["schools.teaching_area"] == "reset"
    draft = year_draft(county())
    assert (draft.counting_date, len(draft.schools)) == ("2026-09-02", 1)


def test_a_change_of_a_school_is_taken_back(office) -> None:
    """By its place in the list."""
    office.post(f"{STEPS}schools/", CLOSED)
    office.post(f"{STEPS}schools/", {**CLOSED, "school": "1506990004"})
    office.post(f"{STEPS}schools/", {"remove": "0"})
    assert [one.code for one in year_draft(county()).schools] == ["1506990004"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "closed", "day": DAY}, "请选撤销的学校"),
        ({"kind": "opened", "day": DAY, "name": "新学校"}, "请填新学校的标识码"),
        ({"kind": "merged", "school": "1506990005", "day": DAY}, "请选并入哪一所"),
        ({"kind": "renamed", "school": "1506990005", "day": DAY}, "请填新的名称"),
        ({**CLOSED, "day": "2027-01-01"}, "不晚于新的统计时点"),
        ({**CLOSED, "day": "2025-08-01"}, "之后"),
        ({**CLOSED, "school": "0"}, "选择一个有效的选项"),
        ({"kind": "renamed", "school": "1506990005", "name": "示例旗第一小学", "day": DAY}, "已经有一所学校叫"),
    ],
)
def test_a_change_that_cannot_be_comes_back_with_why(office, change: dict[str, str], words: str) -> None:
    """And with what was typed; nothing of it is kept."""
    page = office.post(f"{STEPS}schools/", change)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not year_draft(county()).schools
    assert School.objects.get(code="1506990005").name != "示例旗第一小学"


def test_two_changes_that_do_not_go_together_are_refused(office) -> None:
    """A school that is closed is not renamed any more."""
    office.post(f"{STEPS}schools/", CLOSED)
    page = office.post(f"{STEPS}schools/", {"kind": "renamed", "school": "1506990005", "name": "新名", "day": DAY})
    assert "已经撤并" in page.content.decode()
    assert len(year_draft(county()).schools) == 1


def test_a_new_school_takes_in_an_old_one(office) -> None:
    """Two schools are often merged into a third that is new."""
    new = {"kind": "opened", "code": "1506990099", "name": "示例旗合并小学", "school_type": "primary", "day": DAY}
    office.post(f"{STEPS}schools/", new)
    office.post(f"{STEPS}schools/", {"kind": "merged", "school": "1506990005", "into": "1506990099", "day": DAY})
    assert "并入示例旗合并小学" in office.get(f"{STEPS}schools/").content.decode()
    office.post(f"{STEPS}summary/", {"agreed": "1"})
    assert School.objects.get(code="1506990005").merged_into.code == "1506990099"
    assert not Period.objects.get(county=county(), code="2025").frozen


def test_only_a_year_after_the_last_is_opened(as_) -> None:
    """What is there already is told."""
    page = as_("office").post(STEPS, {**BEGIN, "counting_date": "2025-10-01"})
    assert page.status_code == 422
    assert "2025-2026 学年之后" in page.content.decode()


def test_the_draft_is_dropped(office) -> None:
    """And nothing has changed."""
    office.post(f"{STEPS}drop")
    assert not YearDraft.objects.exists()
    assert "还没有定新学年的统计时点" in office.get(f"{STEPS}schools/").content.decode()


@pytest.mark.parametrize("page", ["", "schools/", "facts/", "lists/", "evidence/", "summary/"])
def test_the_office_alone_opens_years(as_, page: str) -> None:
    """Neither a clerk nor a desk nor a leader."""
    for username in ("clerk-03", "edu-hr-desk", "leader", "auditor"):
        assert as_(username).get(STEPS + page).status_code == 403, username
