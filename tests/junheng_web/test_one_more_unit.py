"""What one more unit does, on the pages: the same as judging the changed facts says, and no claim where it cannot."""

from __future__ import annotations

import pyarrow as pa
import pytest

from collected import acting
from junheng import api as jh
from junheng_web.assessment import adding
from junheng_web.assessment.models import Run
from junheng_web.assessment.recomputing import assessed
from junheng_web.assessment.telling import Judged, judged
from junheng_web.organisation.models import Area
from places import COUNTY

pytestmark = pytest.mark.django_db
FOURTH = "1506990004"


@pytest.fixture
def run() -> Judged:
    """The example county's official run."""
    return judged(acting("office"), Area.objects.get(code=COUNTY))


def with_more(run: Judged, school: str, column: str, amount: int) -> jh.Assessment:
    """Judge the run's facts again with more in one cell."""
    facts = assessed(run).facts
    rows = facts.tables["schools"].to_pylist()
    for row in rows:
        if row["school_code"] == school:
            row[column] += amount
    tables = {**facts.tables, "schools": pa.Table.from_pylist(rows, schema=facts.tables["schools"].schema)}
    return jh.assess(jh.Facts(tables, items=facts.items), county=COUNTY)


def test_a_school_s_page_says_what_one_more_does(run: Judged, as_) -> None:
    """One more arts teacher: the value and the spread that judging the changed facts gives."""
    (stage,) = adding.of_school(run, FOURTH)
    (row,) = [one for one in stage["rows"] if one["id"] == "B3"]
    changed = with_more(run, FOURTH, "primary_pe_arts_teachers", 1)
    section = next(one for one in changed.sections if one.school_code == FOURTH)
    assert row["value"].endswith(f"→ {section.indicators['B3'].value:.2f}")
    assert row["spread"].endswith(f"→ {changed.stages['primary'].indicators['B3'].cv:.6f}")
    assert row["gap"] == "2 人"
    page = as_("clerk-03").get(f"/c/{COUNTY}/schools/{FOURTH}/").content.decode()
    assert row["spread"] in page
    assert "再多一点会怎样" in page


def test_one_more_that_turns_a_school_says_so(run: Judged) -> None:
    """东河镇: one more teacher of higher degree in its junior part, and it passes."""
    stages = {one["stage"]: one["rows"] for one in adding.of_school(run, "1506990021")}
    turned = [(stage, row["id"]) for stage, rows in stages.items() for row in rows if row["turned"]]
    assert turned == [("初中", "B1")]


def test_a_shared_square_metre_is_told_in_both_stages(run: Judged) -> None:
    """A nine-year school has a table for each stage."""
    assert [one["stage"] for one in adding.of_school(run, "1506990021")] == ["小学", "初中"]


def test_a_missing_number_has_no_next_unit(run: Judged, as_) -> None:
    """Nobody knows what one more than an unknown number is."""
    (stage,) = adding.of_school(run, "1506990029")
    (row,) = [one for one in stage["rows"] if one["id"] == "B6"]
    assert (row["act"], row["gap"], row["alone"]) == ("", "", "")
    page = as_("office").get(f"/c/{COUNTY}/schools/1506990029/").content.decode()
    assert "没有报，说不出" in page


def test_the_school_where_it_helps_most_stands_first(run: Judged, as_) -> None:
    """Of every school of the sample, tried one by one, none lowers the spread more."""
    told = adding.of_indicator(run, "B6", "primary")
    answer = assessed(run)
    sample = [one for one in answer.sections if one.stage == "primary" and one.in_sample]
    every = jh.sensitivities(answer.facts, answer, sample, ["B6"], with_pupils=False)
    best = min(every, key=lambda one: one.own(one.resource[-1]).after.cv)
    assert told["helping"][0]["school"] == best.school_name
    assert [row["cv_after"] for row in told["helping"]] == sorted(row["cv_after"] for row in told["helping"])
    assert all(row["lowers"] for row in told["helping"])
    page = as_("leader").get(f"/c/{COUNTY}/indicators/B6/primary/").content.decode()
    assert "207,842 元" in page


def test_who_is_nearest_to_the_threshold_is_named(run: Judged) -> None:
    """The fewest units first."""
    near = adding.of_indicator(run, "B3", "primary")["nearest"]
    assert [(one["name"], one["gap"]) for one in near] == [("示例旗第四小学", "2 人")]


def test_a_run_of_other_rules_claims_nothing(run: Judged, as_) -> None:
    """What another engine would say of one more unit is not known."""
    Run.objects.filter(id=run.run.id).update(engine=1)
    other = judged(acting("office"), run.county)
    assert adding.of_school(other, FOURTH) == []
    assert adding.of_indicator(other, "B6", "primary") == {}
    assert "再多一点会怎样" not in as_("office").get(f"/c/{COUNTY}/schools/{FOURTH}/").content.decode()


def test_a_spread_that_is_not_known_helps_nobody(run: Judged) -> None:
    """While a school has not reported, no school is said to lower it."""
    assert adding.of_indicator(run, "B6", "junior")["helping"] == []
