"""Boards: the figures of the rooms that keep them, for whom they are meant, within few questions to the database."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from collected import acting
from junheng import api as jh
from junheng_web.assessment.models import Run
from junheng_web.assessment.overview import overview
from junheng_web.assessment.selectors import answer_of
from junheng_web.assessment.services import run_declare, run_withdraw
from junheng_web.assessment.telling import judged
from junheng_web.home.demonstration import load_year_before
from junheng_web.organisation.models import Appointment, Area, Person, Post
from junheng_web.rectification import figures
from places import COUNTY, EXAMPLES

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/boards/"
SCHOOL = "1506990006"


def text_of(page: bytes) -> str:
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


def county() -> Area:
    """Return the example county."""
    return Area.objects.get(code=COUNTY)


def test_the_wall_says_what_the_overview_and_the_figures_say(as_) -> None:
    """Verdicts, days, who is late, what comes first and the years: none of it is counted here."""
    scope, page = acting("office"), text_of(as_("leader").get(HERE).content)
    told = overview(judged(scope, county()))
    for card in told["cards"]:
        assert card["note"] in page
    for one in told["reasons"][:5]:
        assert one["message"] in page
    lines = figures.leader_told(scope, county(), timezone.localdate())
    assert all(str(one.unit) in page for one in lines["reds"])
    assert f"没有销号的问题 {lines['totals']['issues']}" in page
    assert "差异系数（竖线是上限）" in page


def test_boards_show_how_it_went_from_year_to_year(as_) -> None:
    """With the year before: verdicts and schools that pass, and a school's own figures, each that of its run."""
    load_year_before(EXAMPLES)
    runs = [Run.objects.get(county=county(), snapshot__counting_date__year=year) for year in (2024, 2025)]
    # The year before was loaded last: the present one is declared anew.
    run_withdraw(by=None, run=runs[1], note="示例")
    run_declare(by=None, run=runs[1])
    wall, own = (text_of(as_("leader").get(f"{HERE}{page}").content) for page in ("", f"schools/{SCHOOL}/"))
    passing = "小学达标学校/样本学校 " + " ".join(_passing(run) for run in runs)
    assert passing in wall
    history = own[own.index("小学历年") :]
    assert re.search(f" {_told(runs[0], 'B1')} .{{1,12}} {_told(runs[1], 'B1')} ", history)


def _passing(run: Run) -> str:
    sample = [one for one in answer_of(run)["sections"] if one["stage"] == "primary" and one["in_sample"]]
    return f"{sum(one['verdict'] == 'pass' for one in sample)}/{len(sample)}"


def _told(run: Run, id: str) -> str:
    """Return a figure of the school in a run, as pages write it."""
    section = next(one for one in answer_of(run)["sections"] if one["school_code"] == SCHOOL)
    cell = section["indicators"][id]
    return jh.shown_beside(cell["value"], cell["threshold"], 2)


def test_a_board_says_when_its_figures_were_read(as_) -> None:
    """It brings itself up to date with its script; without a script it says how."""
    page = as_("leader").get(HERE).content.decode()
    now = re.search(r'data-now="(\d\d:\d\d:\d\d)"', page)
    assert now
    assert f"数字是 {now[1]} 的" in page
    assert 'data-seconds="60"' in page
    assert "wall.js" in page
    assert "请按“刷新”" in page


def test_an_empty_county_has_a_wall_with_the_next_step(as_) -> None:
    """Before the first assessment it says what to do."""
    area = Area.objects.create(code="159998", name="示例空旗（虚构）", kind=Area.Kind.COUNTY, invented=True)
    post = Post.objects.create(area=area, code="office", name="创建办", role="office")
    person = Person.objects.get(account__username="office")
    Appointment.objects.create(post=post, person=person, start=dt.date(2025, 3, 1))
    browser = as_("office")
    assert "还没有评估" in text_of(browser.get("/c/159998/boards/").content)
    assert "还没有地图" in text_of(browser.get("/c/159998/boards/map/").content)
    assert "没有可看的单位" in text_of(browser.get("/c/159998/boards/units/").content)
    assert "没有可看的学校" in text_of(browser.get("/c/159998/boards/schools/").content)


@pytest.mark.parametrize("name", ["fin-staff", "head-03", "assessor", "auditor", "town-shawan"])
def test_comparisons_between_units_stay_with_the_office_and_the_leader(as_, name: str) -> None:
    """The wall is theirs alone (P3)."""
    assert as_(name).get(HERE).status_code == 403


def test_a_unit_sees_its_own_board_and_no_other(as_) -> None:
    """It is led to its own; the office chooses."""
    browser = as_("fin-staff")
    assert browser.get(f"{HERE}units/")["Location"] == f"{HERE}units/fin/"
    page = text_of(browser.get(f"{HERE}units/fin/").content)
    own = next(one for one in figures.lines(acting("office"), county(), timezone.localdate()) if one.unit.code == "fin")
    assert f"在办 {own.counts['open']}" in page
    assert browser.get(f"{HERE}units/edu/").status_code == 404
    assert as_("office").get(f"{HERE}units/").status_code == 200
    assert as_("office").get(f"{HERE}units/edu/").status_code == 200


def test_a_school_sees_its_own_board_and_no_other(as_) -> None:
    """Its verdict, its values with what it lacks, its issues, what waits for it."""
    browser = as_("head-03")
    there = browser.get(f"{HERE}schools/")["Location"]
    page = text_of(browser.get(there).content)
    assert "等您办的填报表" in page
    assert "B6" in page
    assert {browser.get(f"{HERE}schools/{code}/").status_code for code in ("1506990001", "0")} == {404}
    assert "等您办的填报表" not in text_of(as_("office").get(f"{HERE}schools/{SCHOOL}/").content)


@pytest.mark.parametrize("page", ["", "units/", "units/edu/", "schools/", f"schools/{SCHOOL}/", "map/", "map/keep/"])
def test_pages_ask_the_database_a_bounded_number_of_times(as_, django_assert_max_num_queries, page: str) -> None:
    """A board asks again every minute; once it is warm it asks little."""
    browser = as_("office")
    browser.get(f"{HERE}{page}")
    with django_assert_max_num_queries(20):
        assert browser.get(f"{HERE}{page}").status_code == 200
