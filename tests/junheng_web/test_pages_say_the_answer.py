"""The pages say what the engine says of the example, with the names and lines of the run's own rules."""

from __future__ import annotations

import datetime as dt
from functools import cache
from io import BytesIO

import openpyxl
import pytest

from junheng import api as jh
from places import COUNTY, EXAMPLES, leads

WORDS = {"pass": "达标", "fail": "不达标", "undetermined": "不能判定"}


@cache
def answer() -> jh.Assessment:
    """The engine's own answer."""
    return jh.assess(jh.load(EXAMPLES / "shili" / "facts"))


@pytest.fixture
def page(as_):
    """Return a page's text: `page("grid/")`."""
    client = as_("office")

    def text(path: str) -> str:
        got = client.get(f"/c/{COUNTY}/{path}")
        assert got.status_code == 200
        return got.content.decode()

    return text


@pytest.fixture
def told(as_):
    """Return what a page's template was given: `told("grid/")`."""
    client = as_("office")
    return lambda path: client.get(f"/c/{COUNTY}/{path}").context


def test_the_overview_gives_every_verdict_first(told) -> None:
    """County, resources, each stage, in this order."""
    one = answer()
    cards = told("")["cards"]
    assert [card["status"] for card in cards] == [
        one.verdict,
        one.resources,
        *(stage.verdict for stage in one.stages.values()),
    ]


def test_the_overview_keeps_the_order_of_the_reasons(told) -> None:
    """The most useful first, as the engine ranks them; all of them when asked."""
    messages = [reason.message for reason in answer().reasons]
    assert [one["message"] for one in told("?every=1")["reasons"]] == messages
    first = told("")
    assert [one["message"] for one in first["reasons"]] == messages[: len(first["reasons"])]
    assert len(first["reasons"]) + first["more"] == len(messages)


def test_the_overview_says_what_acting_on_a_reason_turns(page) -> None:
    """In whole buying units, and only where it turns more than what it is about."""
    assert "只需增加 469 平方米，示例旗第四小学（小学）即达标" in page("")
    assert "教学仪器设备资产值" in page("")  # what has not been reported, under its label


def test_the_overview_tells_the_readings_that_would_turn_something(told) -> None:
    """With what they turn."""
    readings = told("")["readings"]
    assert [one["reading"] for one in readings] == [one.reading for one in answer().readings]
    assert readings[0]["turned"] == "B10 不达标→达标"


@pytest.mark.parametrize("stage", ["primary", "junior"])
def test_the_grid_has_every_value_with_its_status(told, stage: str) -> None:
    """Rounded to be shown, each with the word of its status, in the order of the facts."""
    sections = [one for one in answer().sections if one.stage == stage]
    rows = told(f"grid/{stage}/")["rows"]
    assert [row["code"] for row in rows] == [one.school_code for one in sections]
    for row, section in zip(rows, sections, strict=True):
        for cell, one in zip(row["cells"], section.indicators.values(), strict=True):
            known = one.value is not None
            assert cell["told"] == (jh.shown_beside(one.value, one.threshold, 2) if known else "—")
            assert (cell["word"] == "未报") is not known


def test_the_grid_shows_bounds_while_a_value_is_missing(told) -> None:
    """And a spread with three decimals where all is known, with its limit."""
    primary, junior = (told(f"grid/{stage}/")["sums"][0]["cells"][5] for stage in ("primary", "junior"))
    assert (primary["told"], primary["limit"], primary["word"]) == ("0.506", "0.500", "不达标")
    assert (junior["told"], junior["limit"], junior["word"]) == ("0.086～6.067", "0.450", "不能判定")


def test_a_gap_stands_beside_its_cell_for_the_keyboard_too(page) -> None:
    """The link to the trace is described by the gap."""
    text = page("grid/primary/")
    assert 'aria-describedby="B4-primary-1506990004"' in text
    assert 'id="B4-primary-1506990004">B4 达到85%：距标准值 4.5 还差 469 平方米；已到 85% 线' in text


def test_the_grid_sorts_and_filters(told) -> None:
    """By a column either way, what is missing last; by words and by status."""
    values = [row["cells"][5]["told"] for row in told("grid/junior/?sort=-B6")["rows"]]
    assert values[-1] == "—"
    numbers = [float(one.replace(",", "")) for one in values[:-1]]
    assert numbers == sorted(numbers, reverse=True)
    assert {row["status"] for row in told("grid/primary/?status=fail")["rows"]} == {"fail"}
    assert [row["name"] for row in told("grid/primary/?q=第三小学")["rows"]] == ["示例旗第三小学"]
    assert told("grid/primary/?q=没有这所学校")["rows"] == []


def test_the_workbook_has_the_order_and_filter_of_the_screen(as_, told) -> None:
    """And unrounded values."""
    asked = "sort=B4&status=floor"
    got = as_("office").get(f"/c/{COUNTY}/grid/primary/?{asked}&format=xlsx")
    assert got.headers["Content-Type"].endswith("spreadsheetml.sheet")
    sheet = openpyxl.load_workbook(BytesIO(got.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    shown = told(f"grid/primary/?{asked}")["rows"]
    assert [row[0] for row in rows[: len(shown)]] == [row["code"] for row in shown]
    fourth = next(one for one in answer().sections if one.school_code == "1506990004")
    own = next(row for row in rows if row[0] == "1506990004")
    assert own[7] == fourth.indicators["B4"].value


def test_a_spread_in_the_workbook_is_a_formula(as_) -> None:
    """Where the whole stage is there and has reported, so that a clerk can check it; bounds are text."""
    spreads = {}
    for stage in ("primary", "junior"):
        got = as_("office").get(f"/c/{COUNTY}/grid/{stage}/?format=xlsx")
        sheet = openpyxl.load_workbook(BytesIO(got.content)).active
        row = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "差异系数")
        spreads[stage] = row[4 + 5]
    assert spreads["primary"].startswith("=SQRT(SUMPRODUCT(")
    assert spreads["junior"] == "0.086～6.067"


def test_a_school_says_what_it_lacks(page) -> None:
    """Values, gaps in whole units, how many are met, what is missing, what of the other requirements is open."""
    text = page("schools/1506990004/")
    assert "距标准值 4.5 还差 469 平方米；已到 85% 线" in text
    assert "7 项中 <strong>5</strong> 项达到标准值" in text
    assert "还没有报：教学仪器设备资产值" in page("schools/1506990029/")
    assert "示例旗实验小学一年级1班" in page("schools/1506990006/")
    assert "特殊教育学校，不纳入资源配置七项" in page("schools/1506990030/")


def test_an_indicator_ranks_its_schools_and_names_who_drives_it(told) -> None:
    """From the lowest value; shares as the engine gives them."""
    context = told("indicators/B6/primary/")
    spread = answer().stages["primary"].indicators["B6"]
    first = max(spread.contributions, key=spread.contributions.get)
    assert context["drivers"][0]["name"] == "示例旗第三小学"
    assert context["drivers"][0]["share"] == f"{jh.shown(spread.contributions[first] * 100, 1)}%"
    values = [float(row["told"].replace(",", "")) for row in context["rows"]]
    assert values == sorted(values)
    assert [one["name"] for one in context["distribution"]["series"][1:]] == ["标准值", "85% 线", "均值"]


def test_an_indicator_that_is_not_known_draws_no_shares(told) -> None:
    """While a school has not reported, nobody's share is known."""
    assert told("indicators/B6/junior/")["made"] is None


def test_the_board_has_every_requirement_with_units_in_the_documents_order(told) -> None:
    """And a lead where the office has set one, nowhere else."""
    rows = [row for group in told("board/")["groups"] for row in group["rows"]]
    assert {row["id"]: row["status"] for row in rows} == {id: one.status for id, one in answer().requirements.items()}
    units = next(row for row in rows if row["id"] == "B10")["units"]
    assert [one["name"] for one in units] == ["财政局", "住建局", "自然资源局", "教体局"]
    leading = {row["id"]: [one["name"] for one in row["units"] if one["lead"]] for row in rows}
    assert {id: names for id, names in leading.items() if names} == {
        id: names for id, names in leads().items() if id in leading
    }


def test_a_trace_goes_down_to_the_reported_cell(page) -> None:
    """Inputs, formula, line, clause; the verdict as it was stored."""
    text = page("trace/B4/?school=1506990004&stage=primary")
    for said in (
        ">5,158.7<",
        "587.29",
        "教学及辅助用房面积 5,158.7 − 室内体育用房面积 587.29",
        "457141/112000",
        "第四项",
    ):
        assert said in text
    assert "与当时不完全相同" not in text


def test_a_trace_of_a_spread_shows_the_sample(told) -> None:
    """Every section of it, and with how much each alone could mend it."""
    rows = told("trace/B6/?stage=primary")["rows"]
    assert len(rows) == answer().coverage["primary"].expected
    assert {row["name"]: row["alone"] for row in rows}["示例旗第四小学"] == "207,842"


def test_a_page_of_another_engine_says_so(as_, page) -> None:
    """What is worked out again may differ: the page does not pretend."""
    from junheng_web.assessment.models import Run

    Run.objects.filter(county__code=COUNTY).update(engine=jh.ENGINE_VERSION - 1)
    for path in ("trace/B4/?school=1506990004&stage=primary", "schools/1506990004/"):
        assert "与当时不完全相同" in page(path)
        assert f"引擎第 {jh.ENGINE_VERSION - 1} 版" in page(path)


def test_the_rule_book_shows_readings_and_which_is_in_force(page) -> None:
    """Lines with their dates, clauses, and every reading."""
    text = page("rules/B10/")
    assert "音乐、美术各自达到需要间数" in text
    assert "两类相加达到需要间数" in text
    assert "4.505" in page("rules/B1/")  # a floor keeps every decimal


def test_two_runs_are_compared_with_their_causes(as_, told) -> None:
    """Of the same facts on two days: the transition clauses were in force on the first."""
    earlier, later = _runs()
    context = told(f"runs/{earlier.code}/against/{later.code}/")
    assert context["otherwise"] == []
    assert [(one["indicator"], one["was"], one["now"]) for one in context["turned"]] == [("B10", "达标", "不达标")]
    assert context["turned"][0]["why"]


def test_runs_of_two_engines_are_compared_as_they_were_stored(told) -> None:
    """The same change, and no cause is claimed."""
    earlier, later = _runs()
    type(earlier).objects.filter(id=earlier.id).update(engine=1)
    context = told(f"runs/{earlier.code}/against/{later.code}/")
    assert context["otherwise"]
    assert [(one["indicator"], one["was"], one["now"]) for one in context["turned"]] == [("B10", "达标", "不达标")]
    assert context["turned"][0]["why"] == []


def test_a_chosen_run_stays_chosen(as_, page) -> None:
    """Links of a page with `?run=` lead to the same run, and the page says that it is not the newest official one."""
    earlier, _ = _runs()
    text = page(f"?run={earlier.code}")
    assert "您在看选定的一次评估" in text
    assert f"/c/{COUNTY}/grid/primary/?run={earlier.code}" in text
    assert "您在看选定的一次评估" not in page("")


def test_the_list_of_runs_leads_to_a_comparison(as_, page) -> None:
    """Two are chosen in a form."""
    earlier, later = _runs()
    assert earlier.code in page("runs/")
    got = as_("office").get(f"/c/{COUNTY}/runs/against/?before={earlier.code}&after={later.code}")
    assert got["Location"] == f"/c/{COUNTY}/runs/{earlier.code}/against/{later.code}/"


def _runs(day: dt.date = dt.date(2021, 9, 1)):
    """Return a run by the rules of a day (2021: with the transition clauses), made now, and the official one."""
    from junheng_web.assessment.models import Run
    from junheng_web.assessment.services import run_make

    official = Run.objects.get(county__code=COUNTY, declarations__official=True)
    known = {"county": official.county, "snapshot": official.snapshot, "standard": "national-2017"}
    return run_make(by=None, as_of=day, **known), official


def test_each_indicator_names_the_period_of_its_numbers(page) -> None:
    """Its clock, and which days or years that is for the counting date of the run."""
    assert "统计时点（9 月 1 日）；2025 年 9 月 1 日" in page("indicators/B4/primary/")
    assert "上一预算年度；2024 年度预算、决算" in page("indicators/B13/")
    assert "三年一届（入学至毕业）；2022 年秋入学、2025 年夏毕业的一届" in page("indicators/B23/")
    assert "本学年；2025—2026 学年；评定" in page("indicators/B28/")
    assert "上一预算年度；2024 年度预算、决算" in page("trace/B13/")


def test_numbers_that_are_too_old_are_warned_of_at_the_indicator(page) -> None:
    """With the day that they are of, on the page of any indicator."""
    late, _ = _runs(dt.date(2027, 3, 1))
    assert "超过 12 个月，请换新一期的数" not in page("indicators/B4/primary/")
    for where in ("B4/primary", "B13"):
        assert "超过 12 个月，请换新一期的数" in page(f"indicators/{where}/?run={late.code}")
