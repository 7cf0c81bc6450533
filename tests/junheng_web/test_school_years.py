"""School years side by side: of each the best answer there is, marked as what it is; drafts only for who may see."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collected import PUPILS, SCHOOL, acting, approve, ledger_of, type_in
from junheng import api as jh
from junheng_web.assessment import trending
from junheng_web.assessment.models import Declaration, Run
from junheng_web.assessment.points import points
from junheng_web.assessment.selectors import answer_of
from junheng_web.assessment.services import run_declare, run_make, run_withdraw, snapshot_keep
from junheng_web.assessment.snapshots import open_facts
from junheng_web.home.demonstration import load_year_before
from junheng_web.organisation.models import Area
from places import COUNTY, EXAMPLES

pytestmark = pytest.mark.django_db
TRENDS = f"/c/{COUNTY}/trends/"
STAGES = ("primary", "junior")


@pytest.fixture
def county() -> Area:
    """The example county."""
    return Area.objects.get(code=COUNTY)


def uploaded(county: Area, year: int, *, official: bool = True, basis: str = "census", **changes: Any) -> Run:
    """Judge the example's facts of the year before as those of another year."""
    tables = dict(jh.load(EXAMPLES / "shili" / "last-year").tables)
    period = {"school_year": f"{year}-{year + 1}", "counting_date": f"{year}-09-01", "basis": basis, **changes}
    (row,) = tables["period"].to_pylist()
    row |= {**period, "counting_date": row["counting_date"].replace(year=year)}
    tables["period"] = pa.Table.from_pylist([row], schema=tables["period"].schema)
    facts = jh.Facts(tables, items=jh.load(EXAMPLES / "shili" / "last-year").items)
    snapshot = snapshot_keep(by=None, county=county, facts=facts, label=f"{year} 年", invented=True)
    run = run_make(by=None, county=county, snapshot=snapshot, standard="national-2017")
    if official:
        run_declare(by=None, run=run)
    return run


def told(county: Area, name: str = "office", basis: str = "census") -> list[tuple[int, str]]:
    """Return the years that somebody sees, and as what."""
    return [(one.year, one.kind) for one in points(acting(name), county, basis)]


def test_one_year_says_kindly_that_it_is_only_one(as_, county: Area) -> None:
    """The year is shown all the same, and what to do is said."""
    assert told(county, "assessor") == [(2025, "official")]
    page = as_("assessor").get(TRENDS).content.decode()
    assert "只有一个学年的数" in page
    assert "0.506" in page
    assert "data-chart" not in page
    assert "还看不出走势" in as_("assessor").get(f"/c/{COUNTY}/schools/{SCHOOL}/").content.decode()


def test_the_demonstration_has_the_year_before(county: Area) -> None:
    """All invented; loading it again changes nothing."""
    for _ in range(2):
        load_year_before(EXAMPLES)
    assert told(county, "assessor") == [(2024, "official"), (2025, "official")]
    assert set(Run.objects.filter(county=county).values_list("snapshot__invented", flat=True)) == {True}
    assert Declaration.objects.filter(county=county).count() == 2


def test_no_year_at_all_says_what_to_do(as_) -> None:
    """Of the basis of which nothing is known."""
    page = as_("assessor").get(TRENDS, {"basis": "current"}).content.decode()
    assert "还没有写明统计时点的评估" in page


def test_every_figure_is_that_of_its_run(as_, county: Area) -> None:
    """Spreads, schools that pass, every school's value and verdict, of both years and both stages."""
    runs = {2024: uploaded(county, 2024), 2025: Run.objects.get(county=county, snapshot__counting_date__year=2025)}
    found = points(acting("assessor"), county, "census")
    for stage in STAGES:
        for id in ("B1", "B6"):
            page = trending.indicator(county, found, "census", id, stage, 1)
            for at, run in enumerate(runs.values()):
                answer = answer_of(run)
                spread = answer["stages"][stage]["indicators"][id]
                if spread["cv"] is not None:
                    assert page["spreads"][at]["told"] == f"{spread['cv']:.3f}"
                own = {one["school_name"]: one for one in answer["sections"] if one["stage"] == stage}
                for row in page["rows"]:
                    cell = own[row["name"]]["indicators"][id] if row["name"] in own else None
                    there = cell and cell["value"] is not None
                    said = jh.shown_beside(cell["value"], cell["threshold"], 2) if there else "—"
                    assert row["cells"][at]["told"] == said
    whole = trending.county(county, found, "census")
    for stage, name in zip(whole["stages"], STAGES, strict=True):
        sections = [one for one in answer_of(runs[2024])["sections"] if one["stage"] == name and one["in_sample"]]
        assert stage["passing"][0] == f"{sum(one['verdict'] == 'pass' for one in sections)}/{len(sections)}"


def test_a_year_without_anything_is_a_gap(as_, county: Area) -> None:
    """It has its column, and the line is broken there."""
    uploaded(county, 2023)
    assert told(county, "assessor") == [(2023, "official"), (2024, "none"), (2025, "official")]
    found = points(acting("assessor"), county, "census")
    chart = trending.county(county, found, "census")["stages"][0]["chart"]
    assert all(series["data"][1] is None for series in chart["series"])
    assert "没有数据" in as_("assessor").get(TRENDS).content.decode()
    assert as_("assessor").get(f"{TRENDS}B6/primary/").status_code == 200
    assert as_("assessor").get(f"{TRENDS}PRE/").status_code == 200
    assert as_("assessor").get(f"/c/{COUNTY}/schools/{SCHOOL}/").status_code == 200


def test_official_comes_before_trial_and_the_last_declared_before_others(county: Area) -> None:
    """Of several runs of one year; withdrawn, the one before counts again, then the newest trial."""
    first = uploaded(county, 2024)
    second = uploaded(county, 2024, source="另一份")
    trial = uploaded(county, 2024, official=False, source="试算")

    def shown() -> tuple[str, str]:
        one = points(acting("assessor"), county, "census")[0]
        return one.kind, one.judged.run.code

    assert shown() == ("official", second.code)
    run_withdraw(by=None, run=second, note="有误")
    assert shown() == ("official", first.code)
    run_withdraw(by=None, run=first, note="有误")
    assert shown() == ("trial", trial.code)


def test_drafts_stand_in_for_those_who_may_preview(as_, county: Area) -> None:
    """And are marked; nobody else sees that there is anything."""
    uploaded(county, 2024, basis="current")
    assert told(county, "office", "current") == [(2024, "official"), (2025, "live")]
    for name in ("assessor", "clerk-03", "head-03", "fin-staff", "area-viewer", "auditor"):
        assert told(county, name, "current") == [(2024, "official")], name
    type_in("clerk-03", PUPILS, "1777")
    url = f"{TRENDS}B6/primary/?basis=current"
    office, assessor = (as_(name).get(url).content.decode() for name in ("office", "assessor"))
    assert "预演，含没有审定的数" in office
    assert "预演" not in assessor
    approve()
    assert told(county, "office", "current") == [(2024, "official"), (2025, "approved")]
    assert "只用审定的数" in as_("office").get(url).content.decode()


def test_a_school_s_years_stand_on_its_page(as_, county: Area) -> None:
    """With the verdict of each year and by how much each value changed."""
    uploaded(county, 2024)
    page = as_("clerk-03").get(f"/c/{COUNTY}/schools/1506990004/").content.decode()
    assert "1,938.88" in page
    assert "＋380.88" in page
    assert "没变" in page


def test_a_school_that_is_no_more_keeps_its_row(county: Area) -> None:
    """It stands at the end, without a value this year; one that is new has none before."""
    run = Run.objects.get(county=county, snapshot__counting_date__year=2025)
    tables = dict(open_facts(run.snapshot.digest).tables)
    tables["schools"] = pa.Table.from_pylist(tables["schools"].to_pylist()[1:], schema=tables["schools"].schema)
    snapshot = snapshot_keep(by=None, county=county, facts=jh.Facts(tables), label="少一所", invented=True)
    run_declare(by=None, run=run_make(by=None, county=county, snapshot=snapshot, standard="national-2017"))
    uploaded(county, 2024)
    rows = trending.indicator(county, points(acting("assessor"), county, "census"), "census", "B6", "primary", 1)[
        "rows"
    ]
    assert rows[-1]["name"] == "示例旗第一小学"
    assert [cell["told"] == "—" for cell in rows[-1]["cells"]] == [False, True]
    (new,) = [row for row in rows if row["name"] == "黄花嘎查教学点"]
    assert [cell["told"] == "—" for cell in new["cells"]] == [True, False]
    assert new["change"] == ""


def test_the_qualification_s_years_stand_side_by_side(as_, county: Area) -> None:
    """What was entered each year of the even development's spreads, with the line."""
    uploaded(county, 2024)
    page = as_("leader").get(TRENDS).content.decode()
    assert "0.44" in page
    assert "0.41" in page
    assert "要求 0.60" in page


@pytest.mark.parametrize("path", ["B6/senior/", "B99/", "B99/primary/", "B10/primary/"])
def test_what_there_is_none_of_is_not_there(as_, path: str) -> None:
    """An indicator or stage that the document does not have."""
    assert as_("office").get(TRENDS + path).status_code == 404


def test_the_last_six_years_are_enough(county: Area) -> None:
    """However many there are, a page unpacks no more."""
    for year in range(2018, 2025):
        uploaded(county, year)
    assert [year for year, _ in told(county, "assessor")] == [*range(2020, 2026)]
    with CaptureQueriesContext(connection) as asked:
        points(acting("assessor"), county, "census")
    assert len(asked) < 40
    assert ledger_of().period.code == "2025"
