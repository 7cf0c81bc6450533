"""开新学年 tells what the new census judges again, and which papers it finds too old; it changes neither (P19)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest

import dossiers
from collected import PUPILS, acting, form_of
from handed_in import named
from junheng_web.collection.handing.proofs import entry_prove
from junheng_web.collection.years.opening import SchoolAsked, year_draft_save
from junheng_web.dossier.services import Asked, item_change
from junheng_web.evidence.describing import About
from junheng_web.evidence.models import Link
from junheng_web.evidence.services import file_link
from junheng_web.rectification.models import Issue
from junheng_web.rectification.new_year import fate, year_told
from junheng_web.rectification.services import issue_raise
from next_year import STEPS, asked, opened
from places import COUNTY
from rectified import county, forget_the_demonstration, raised

pytestmark = pytest.mark.django_db
ISSUES, PAPERS = f"/c/{COUNTY}/rectification/year/part", f"/c/{COUNTY}/dossier/year/part"
SCHOOL = "1506990004"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
State = Issue.State


@pytest.fixture(autouse=True)
def _only_our_own() -> None:
    forget_the_demonstration()


def begun(*schools: SchoolAsked) -> None:
    """Begin the year after the example's, as the office."""
    year_draft_save(by=acting("office"), county=county(), asked=asked(*schools))


def counts(told: dict[str, Any]) -> Counter[tuple[str, str]]:
    """Return how many there are of each indicator and fate."""
    return Counter({(row.indicator, what): many for row in told["rows"] for what, many in row.counts.items()})


def held() -> list[tuple[object, ...]]:
    """Return all that the ledger of issues says."""
    return list(Issue.objects.order_by("id").values_list("id", "state", "present", "census", "period", "unit", "due"))


@pytest.mark.parametrize(
    ("origin", "state", "what"),
    [
        ("gap", State.FOUND, "again"),
        ("gap", State.WORKING, "again"),
        ("gap", State.REOPENED, "again"),
        ("gap", State.REVIEW, "waits"),
        ("gap", State.CLOSED, "ended"),
        ("gap", State.DROPPED, ""),
        ("hand", State.WORKING, "aside"),
        ("feedback", State.REVIEW, "aside"),
        ("feedback", State.CLOSED, ""),
    ],
)
def test_what_the_new_census_does_to_an_issue(origin: str, state: str, what: str) -> None:
    """Values decide on a gap's, people on the rest."""
    assert fate(origin, state) == what


def test_issues_are_counted_by_indicator_with_links(as_) -> None:
    """Those that wait for the census apart; opening the year leaves each as it was."""
    begun()
    first = counts(year_told(acting("office"), county()))
    raised("B3", SCHOOL)
    raised("B4", SCHOOL)
    waits = raised("B10")
    Issue.objects.filter(id=waits.id).update(state=State.REVIEW)
    issue_raise(by=acting("office"), county=county(), title="食堂没有留样记录（虚构）")
    told, before = year_told(acting("office"), county()), held()
    assert counts(told) - first == {("B3", "again"): 1, ("B4", "again"): 1, ("B10", "waits"): 1, ("", "aside"): 1}
    assert told["total"] == sum((row.counts for row in told["rows"]), Counter())
    page = as_("office").get(ISSUES).content.decode()
    assert f"/c/{COUNTY}/rectification/?state=every&amp;indicator=B3" in page
    assert ISSUES in as_("office").get(f"{STEPS}issues/").content.decode()
    opened()
    assert held() == before


def test_what_belongs_to_no_indicator_is_found_by_its_link(as_) -> None:
    """The link asks for these alone, whatever their state; the page's own choice says so."""
    begun()
    raised("B3", SCHOOL)
    made = issue_raise(by=acting("office"), county=county(), title="食堂没有留样记录（虚构）")
    (row,) = (one for one in year_told(acting("office"), county())["rows"] if not one.indicator)
    page = as_("office").get(row.url)
    shown = {one.id for one in page.context["table"].data}
    assert shown == set(Issue.objects.filter(county=county(), indicator="").values_list("id", flat=True))
    assert made.id in shown
    assert '<option value="-" selected>不对应指标</option>' in page.content.decode()


def test_issues_of_schools_that_go_are_told(as_) -> None:
    """By the changes that the office has entered so far."""
    begun(SchoolAsked("closed", SCHOOL, "2026-09-01"))
    first = {name: many for name, many, _ in year_told(acting("office"), county())["gone"]}
    raised("B3", SCHOOL)
    told = year_told(acting("office"), county())
    assert [(name, many) for name, many, _ in told["gone"]] == [("示例旗第四小学", first.get("示例旗第四小学", 0) + 1)]
    assert "不会有新的数来判断" in as_("office").get(ISSUES).content.decode()


def files(as_) -> Counter[str]:
    """Return how many files the step of evidence counts for each indicator."""
    rows = as_("office").get(f"{STEPS}evidence/").context["rows"]
    return Counter({row["id"]: row["files"] for row in rows})


def test_files_of_single_numbers_count_for_the_indicators_that_read_them(as_) -> None:
    """A file of a school's pupils for each indicator over pupils, of a grade for its own; one that does both is one."""
    begun()
    first = files(as_)
    file = entry_prove(by=acting("clerk-03"), one=form_of(), key=PUPILS, file=named("花名册汇总.pdf", PDF)).file
    grown = files(as_) - first
    assert set(next(field for field in form_of().fields if field.key == PUPILS).indicators) <= set(grown)
    assert {"B3", "B26"} <= set(grown)
    assert "B28" not in grown
    assert set(grown.values()) == {1}
    file_link(by=acting("office"), file=file, of=("indicator", "B3"))
    assert files(as_) - first == grown
    grade = Link.objects.get(object_kind="entry", file=file).object_code.split(":")[:2]
    file_link(by=acting("office"), file=file, of=("entry", ":".join([*grade, "judged", ".B28", "judgement", "1"])))
    assert files(as_) - first == grown + Counter(["B28"])


def test_papers_are_told_by_whether_they_serve(as_) -> None:
    """By the day on which each was formed, and the new counting date; what lasts is never too old."""
    assert as_("office").get(PAPERS).content.decode().strip() == ""
    begun()
    first = counts(as_("office").get(PAPERS).context["told"])
    days = {"旧": dt.date(2024, 1, 5), "新": dt.date(2026, 3, 1), "空": None}
    for name, day in days.items():
        dossiers.handed(dossiers.item("B10"), name=f"{name}.pdf", more=name, about=About(day))
    lasting = dossiers.item("B13").item
    item_change(by=acting("office"), item=lasting, asked=Asked(lasting.text, lasting=True), revision=lasting.revision)
    dossiers.handed(dossiers.item("B13"), name="规划.pdf", more="规划", about=About(dt.date(2020, 1, 1)))
    told = as_("office").get(PAPERS).context["told"]
    new = counts(told) - first
    assert {key: new[key] for key in new if key[0] == "B10"} == {
        ("B10", "expires"): 1,
        ("B10", "holds"): 1,
        ("B10", "undated"): 1,
    }
    assert counts(told)["B13", "lasts"] >= 1
    assert PAPERS in as_("office").get(f"{STEPS}evidence/").content.decode()


def test_parts_of_the_step_are_the_office_s(as_) -> None:
    """As the step itself is."""
    for path in (ISSUES, PAPERS, f"{STEPS}issues/"):
        assert as_("leader").get(path).status_code == 403
        assert as_("clerk-03").get(path).status_code == 403
