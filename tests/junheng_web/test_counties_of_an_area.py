"""A league or province sees the counties below it side by side, by their official runs, and nobody else's."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from junheng_web.assessment.models import Run
from junheng_web.assessment.selectors import answer_of
from junheng_web.assessment.services import review_date_set, run_withdraw
from junheng_web.assessment.summing import summary_of
from junheng_web.common.page_tables import tables_of
from junheng_web.organisation.models import Area
from junheng_web.organisation.roles import Role
from leagued import county, league, run_in, viewer
from places import COUNTY, FOREIGN, LEAGUE

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


def page(as_, username: str, code: str = LEAGUE, asked: str = "") -> Any:
    """Return the area's page, which opens."""
    answer = as_(username).get(f"/a/{code}/{asked}")
    assert answer.status_code == 200
    return answer


def rows(answer: Any) -> dict[str, dict[str, Any]]:
    """Return the rows of the counties by their codes."""
    return {row["county"].code: row for row in answer.context["rows"]}


def item(answer: Any, label: str) -> Any:
    """Return one line of the table of items."""
    return next(one for one in answer.context["items"] if one.label == label)


def settled(verdict: str, **spreads: str) -> Any:
    """Return a change of a summary: the verdict, and statuses of the primary stage's spreads."""

    def change(summary: dict[str, Any]) -> None:
        summary |= {"verdict": verdict, "resources": verdict}
        for id, status in spreads.items():
            summary["stages"]["primary"]["spreads"][id] |= {"status": status}

    return change


def test_a_run_keeps_what_it_comes_to_in_short() -> None:
    """Every run of the demonstration, as its answer says it; and what is counted of its sections."""
    runs = list(Run.objects.filter(county__code=COUNTY))
    assert runs
    for run in runs:
        answer = answer_of(run)
        assert run.summary == summary_of(answer)
        for stage, told in run.summary["stages"].items():
            own = [one for one in answer["sections"] if one["stage"] == stage and one["in_sample"] is True]
            assert (told["sections"], told["verdict"]) == (len(own), answer["stages"][stage]["verdict"])
            assert told["passed"] == len([one for one in own if one["verdict"] == "pass"])


def test_the_page_says_of_a_county_what_its_own_page_says(as_) -> None:
    """Verdict, schools that pass, spreads over their limit, items that fail; with a link that opens."""
    answer, browser = page(as_, "area-viewer"), as_("area-viewer")
    (row,) = answer.context["rows"]
    own = browser.get(row["url"])
    assert own.status_code == 200
    run = own.context["judged"]
    assert row["run"].code == run.run.code
    assert [f"{status}" for status in (row["run"].verdict, row["resources"])] == [
        run.answer["verdict"],
        run.answer["resources"],
    ]
    notes = [card["note"].split(" ")[0] for card in own.context["cards"][2:]]
    assert [f"{one}" for one in row["stages"]] == notes
    fails = [id for id, one in run.answer["indicators"].items() if one["status"] == "fail"]
    assert row["failing"] == "、".join(fails)
    (spreads,) = answer.context["spreads"]["rows"]
    told = [run.spread(one) for stage in run.answer["stages"].values() for one in stage["indicators"].values()]
    assert [cell["told"] for cell in spreads["cells"]] == told


def test_only_official_runs_are_counted(as_) -> None:
    """A trial is not there for a viewer; for whoever may see previews it stands, marked, and counts for nothing."""
    league("159800", 4)
    run_in(county("159801"), settled("pass"))
    run_in(county("159802"), settled("fail", B4="fail"))
    run_in(county("159803"), settled("fail"), official=False)
    viewer(county("159800"), "above")
    viewer(county("159800"), "leads", Role.LEADER)
    counted = {}
    for username in ("above", "leads"):
        answer = page(as_, username, "159800")
        counted[username] = [(one["title"], one["value"]) for one in answer.context["figures"]]
        assert [one["county"].code for one in answer.context["spreads"]["rows"]] == ["159801", "159802"]
        trial = rows(answer)["159803"]
        assert (trial["run"] is None) == (username == "above")
        assert ("试算，不是正式评估" in answer.content.decode()) == (username == "leads")
    assert counted["above"] == counted["leads"]
    assert counted["above"] == [("县（旗）", 4), ("达标", 1), ("不达标", 1), ("不能判定", 0), ("没有正式评估", 2)]
    assert as_("leads").get(rows(page(as_, "leads", "159800"))["159803"]["url"]).status_code == 200


def test_the_last_declared_is_the_county_s_word_until_it_is_withdrawn(as_) -> None:
    """As on the county's own page."""
    league("159800", 1)
    first = run_in(county("159801"), settled("pass"))
    second = run_in(county("159801"), settled("fail"))
    run_in(county("159801"), settled("undetermined"), official=False)
    viewer(county("159800"), "above")

    def shown() -> str | None:
        run = rows(page(as_, "above", "159800"))["159801"]["run"]
        return run and run.code

    assert shown() == second.code
    run_withdraw(by=None, run=second, note="改")
    assert shown() == first.code
    run_withdraw(by=None, run=first, note="改")
    assert shown() is None


def test_every_item_counts_its_counties(as_) -> None:
    """Who passes, fails, cannot be told; what fails most comes first, with whose names."""
    league("159800", 3)
    run_in(county("159801"), settled("fail", B4="fail", B5="pass", B6="pass"))
    run_in(county("159802"), settled("fail", B4="fail", B5="fail", B6="pass"))
    run_in(county("159803"), settled("undetermined", B4="undetermined", B5="pass", B6="pass"))
    viewer(county("159800"), "above")
    answer = page(as_, "above", "159800")
    four = item(answer, "小学 B4 差异系数")
    assert (four.judged, four.cells) == (2, [0, 2, 1, 0])
    assert [one.code for one in four.failing] == ["159801", "159802"]
    assert item(answer, "小学 B6 差异系数").cells == [3, 0, 0, 0]
    many = [len(one.failing) for one in answer.context["hardest"]]
    assert many == sorted(many, reverse=True)
    assert min(many) > 0
    assert {four.label} <= {one.label for one in answer.context["hardest"]}


def test_one_may_look_at_one_verdict_alone(as_) -> None:
    """The list is filtered, the sums are not; an unknown word filters nothing; nothing found says so."""
    league("159800", 3)
    run_in(county("159801"), settled("pass"))
    run_in(county("159802"), settled("fail"))
    viewer(county("159800"), "above")
    for show, codes in {"pass": ["159801"], "fail": ["159802"], "none": ["159803"], "undetermined": []}.items():
        answer = page(as_, "above", "159800", f"?show={show}")
        assert [*rows(answer)] == codes
        assert answer.context["figures"][0]["value"] == 3
    assert "没有这样的县" in answer.content.decode()
    assert len(rows(page(as_, "above", "159800", "?show=<b>"))) == 3


def test_days_stand_beside(as_) -> None:
    """By which rules, official since when, and when the county plans to be reviewed: the last word."""
    league("159800", 2)
    run = run_in(county("159801"))
    for day in (dt.date(2028, 5, 1), dt.date(2027, 5, 1)):
        review_date_set(by=None, county=county("159801"), day=day)
    viewer(county("159800"), "above")
    (shown, *_) = tables_of(page(as_, "above", "159800").content.decode())
    first = [cell.text for cell in shown.rows[1]]
    assert first[-1] == "2027-05-01"
    assert str(run.as_of) in first
    assert [cell.text for cell in shown.rows[2]][-1] == "未定"


def test_counties_judged_on_other_bases_are_told_apart(as_) -> None:
    """Another day or another basis is said above; the same for all is not worth saying."""
    league("159800", 2)
    run_in(county("159801"))
    other = run_in(county("159802"))
    viewer(county("159800"), "above")
    assert page(as_, "above", "159800").context["bases"] == []
    Run.objects.filter(id=other.id).update(as_of=dt.date(2024, 9, 1))
    told = page(as_, "above", "159800").context["bases"]
    assert [one.rpartition("：")[2] for one in told] == ["1 个县", "1 个县"]
    assert "2024-09-01" in told[0]


def test_a_province_sees_its_leagues_and_a_league_no_other(as_) -> None:
    """The province's page lists the counties of both; each league's only its own; the way up is closed."""
    province = Area.objects.create(code="980000", name="省（虚构）", kind=Area.Kind.PROVINCE, invented=True)
    first, second = league("980100", 2, province), league("980200", 1, province)
    run_in(county("980101"))
    run_in(county("980201"))
    for area, username in ((province, "province"), (first, "first"), (second, "second")):
        viewer(area, username)
    answer = page(as_, "province", "980000")
    assert [*rows(answer)] == ["980101", "980102", "980201"]
    assert {one.code for one, _ in answer.context["beside"]} == {"980100", "980200"}
    assert "盟980100" in answer.content.decode()
    assert [*rows(page(as_, "province", "980100"))] == ["980101", "980102"]
    told = page(as_, "first", "980100").content.decode()
    assert [*rows(page(as_, "first", "980100"))] == ["980101", "980102"]
    assert "980200" not in told
    assert "旗9802" not in told
    assert [as_("first").get(f"/a/{code}/").status_code for code in ("980000", "980200", LEAGUE)] == [404] * 3
    assert [as_("first").get(f"/c/{code}/").status_code for code in ("980101", "980201", COUNTY)] == [200, 404, 404]


def test_the_first_page_of_a_post_above_is_the_area_s(as_) -> None:
    """And the menu leads there from every page; a county's reader has no such entry."""
    browser = as_("area-viewer")
    assert browser.get("/").headers["Location"] == f"/a/{LEAGUE}/"
    for at in (f"/a/{LEAGUE}/", f"/c/{COUNTY}/grid/"):
        entries = {one.label: one for one in browser.get(at).context["menu"]}
        assert entries["所辖各县"].url == f"/a/{LEAGUE}/"
        assert entries["所辖各县"].here == ("page" if at.startswith("/a/") else "")
    assert "总览" not in {one.label for one in browser.get(f"/a/{LEAGUE}/").context["menu"]}
    assert "所辖各县" not in {one.label for one in as_("office").get(f"/c/{COUNTY}/").context["menu"]}


def test_an_area_without_counties_says_what_to_do(as_) -> None:
    """And one whose counties have nothing official."""
    viewer(league("159800"), "above")
    assert "这里还没有县" in page(as_, "above", "159800").content.decode()
    assert as_("above").get("/", follow=True).status_code == 200
    league("159700", 2)
    viewer(county("159700"), "other")
    told = page(as_, "other", "159700").content.decode()
    assert "还没有一个县有正式评估" in told
    assert "没有正式评估" in told


def test_a_hundred_counties_take_no_more_queries_than_three(as_) -> None:
    """Nothing is judged, and no answer is unpacked: the answers are not even read."""
    asked = {}
    for code, many in (("159800", 3), ("159700", 99)):
        league(code, many)
        for at in range(1, many + 1):
            run_in(county(f"{code[:4]}{at:02}"))
        viewer(county(code), f"of{many}", Role.LEADER)
        browser = as_(f"of{many}")
        browser.get(f"/a/{code}/")
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(f"/a/{code}/")
        assert len(rows(answer)) == many
        asked[many] = len(queries)
        assert not [one for one in queries.captured_queries if re.search(r'"answer"', one["sql"])]
    assert asked[99] == asked[3] <= MOST_QUERIES


def test_the_tables_are_a_workbook(as_) -> None:
    """The rows of the page; only for whoever may see it."""
    answer = page(as_, "area-viewer", asked="?_tables=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["各县", "什么最难", "差异系数", "每一项有多少县", "说明"]
    assert book["各县"]["A2"].value == Area.objects.get(code=COUNTY).name
    told = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert told["县（旗）或地区"] == Area.objects.get(code=LEAGUE).name
    assert told["注意"] == "虚构数据，仅供演示"
    assert as_("office").get(f"/a/{LEAGUE}/?_tables=xlsx").status_code == 404


def test_names_are_text(as_) -> None:
    """Whatever a county is called."""
    league("159800", 1, named=lambda at: "<script>旗</script>")
    run_in(county("159801"))
    viewer(county("159800"), "above")
    told = page(as_, "above", "159800").content.decode()
    assert "&lt;script&gt;旗" in told
    assert "<script>旗" not in told


def test_a_foreign_county_is_on_nobody_s_page(as_) -> None:
    """One that belongs to no league stands in none."""
    assert FOREIGN not in rows(page(as_, "area-viewer"))
