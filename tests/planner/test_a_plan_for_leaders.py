"""One page for a leader, on the terminal, as a page and a workbook; charts as SVG and PNG; further answers as JSON."""

from __future__ import annotations

import io
import json
import re
import struct
import xml.etree.ElementTree as Xml
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

import junheng as jh
import remembered_plan
from junheng.api import plan_as_dict, plan_schema
from junheng.cli import main
from junheng.output import plan_told
from junheng.output.charts.drawing import Box, Dot, Drawing, Words, as_svg, breadth, shortened
from junheng.output.charts.drawing import Path as Line
from junheng.output.charts.plan import CHARTS
from junheng.output.charts.png import as_png
from test_answer_as_page import Page

SHILI = remembered_plan.SHILI
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def plan() -> jh.Plan:
    """The example county's plan with every answer there is."""
    return remembered_plan.planned()


@pytest.fixture(scope="module")
def nothing(plan: jh.Plan) -> jh.Plan:
    """A plan that was not found: the page and the workbook say so."""
    why = (jh.api.PlanBecause("land", "“可用土地”限得太紧：至少要放宽 9 平方米", 9),)
    bare = {"actions": (), "after": None, "assessment": None, "in_time": None, "frontier": (), "alternatives": ()}
    return replace(plan, status="infeasible", cost=None, infeasible_because=why, worth=(), remaining=(), **bare)


def test_the_page_that_a_leader_reads_is_as_it_was(plan: jh.Plan) -> None:
    """Whoever changes it looks at it: `python tests/planner/remembered_plan.py` writes it anew."""
    assert remembered_plan.page(plan) == remembered_plan.FILE.read_text(encoding="utf-8")


def test_every_plan_of_every_answer_lets_the_county_pass(plan: jh.Plan) -> None:
    """The best, the others, and as many schools as each point of the frontier says; nothing under its bound."""
    assert plan.assessment is not None
    assert [one.assessment.resources for one in plan.alternatives] == ["pass"] * 2
    assert [one.failing for one in plan.frontier] == list(range(7))
    costs = [one.cost for one in plan.frontier]
    assert costs == sorted(costs, reverse=True)
    for one in plan.frontier:
        assert len(one.schools) <= one.failing
        assert 0 <= one.cost - one.lower_bound <= 1e-3 * one.cost
        assert one.cost == sum(each.cost for each in one.actions)
    assert plan.frontier[0].cost < (plan.cost or 0)


def test_the_answers_keep_the_schema(plan: jh.Plan, nothing: jh.Plan) -> None:
    """All of them, in yuan."""
    told = json.loads(jh.plan_to_json(plan))
    jsonschema.validate(told, plan_schema())
    assert told["frontier"][0]["cost"] == plan.frontier[0].cost / 100
    assert told["in_time"]["day"] == "2026-09-01"
    assert {one["dearer"] for one in told["alternatives"]} == {0.005, 0.02}
    assert [one["item"] for one in told["actions"] if one["too_late"]] == ["qualification"]
    for one in told["alternatives"]:
        assert one["cost"] <= told["cost"] * (1 + one["dearer"])
        assert one["cost"] == pytest.approx(sum(each["cost"] for each in one["actions"]))
    jsonschema.validate(json.loads(jh.plan_to_json(nothing)), plan_schema())


def test_the_page_stands_alone_and_is_well_formed(plan: jh.Plan, nothing: jh.Plan) -> None:
    """Nothing is loaded or run; every tag is closed."""
    for one in (plan, nothing):
        text = jh.plan_to_html(one)
        page = Page(text)
        assert page.loads == []
        assert page.open == []
        assert page.wrong == []
        assert page.policy.startswith("default-src 'none'")
        assert not re.search(r"url\(|@import|<script", text)


def test_a_leader_reads_cost_saving_proof_and_schools_first(plan: jh.Plan) -> None:
    """In this order: that it is invented, the cost, what is saved, the proof, the schools, then who does what."""
    text = "".join(Page(jh.plan_to_html(plan)).texts)
    words = [
        "示例旗（虚构） 达标方案",
        "虚构数据和虚构价格",
        "111.93",
        "省 436.22 万元",
        "已证明",
        "22 → 27",
        "今年还来得及",
    ]
    places = [text.index(word) for word in [*words, "新建体育运动场地 687 平方米，B5", "差异系数"]]
    assert places == sorted(places)
    schools = [one.name for one in plan_told.tasks(plan)]
    assert len(schools) == 10
    assert all(name in text for name in schools)


def test_a_plan_that_is_not_there_says_why(nothing: jh.Plan, tmp_path: Path) -> None:
    """On the page and in the workbook."""
    text = "".join(Page(jh.plan_to_html(nothing)).texts)
    assert "至少要放宽 9 平方米" in text
    assert "办不到" in text
    jh.write_plan_xlsx(nothing, tmp_path / "plan.xlsx")
    cells = _cells(tmp_path / "plan.xlsx", "一页纸")
    assert any("至少要放宽 9 平方米" in cell for cell in cells)


def _cells(file: Path, sheet: str) -> list[str]:
    book = CalamineWorkbook.from_path(str(file))
    return [str(cell) for row in book.get_sheet_by_name(sheet).to_python() for cell in row]


def test_the_workbook_has_a_page_for_a_leader_and_every_action(plan: jh.Plan, tmp_path: Path) -> None:
    """The same words as everywhere, money that adds up."""
    file = tmp_path / "plan.xlsx"
    jh.write_plan_xlsx(plan, file)
    page = _cells(file, "一页纸")
    assert plan_told.cost_told(plan) in page
    assert plan_told.in_time_told(plan) in page
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("明细").to_python()
    at = rows[0].index("计入（元）")
    assert sum(float(row[at]) for row in rows[1:]) == pytest.approx((plan.cost or 0) / 100)
    assert len(rows) == len(plan.actions) + 1
    assert {one.name for one in plan_told.tasks(plan)} <= set(_cells(file, "各校"))
    assert plan_told.point_told(plan, plan.frontier[0]) in _cells(file, "其他答案")


def test_the_parts_of_the_schools_add_up(plan: jh.Plan) -> None:
    """A transfer is paid once, where the teacher comes to."""
    assert sum(one.cost for one in plan_told.tasks(plan)) == plan.cost
    assert sum(one.cost for one in plan_told.items(plan)) == plan.cost


def test_the_command_writes_each_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page down a pipe, a workbook into a file only; a day from which on one can begin."""
    patient = ["--seconds", str(remembered_plan.PATIENCE)]
    assert main(["plan", str(SHILI), "--format", "html", "--today", "2026-06-15", *patient]) == 0
    page = capsys.readouterr().out
    assert page.startswith("<!doctype html>")
    assert "赶不上的：教师学历提升、认定骨干教师、新建体育运动场地、购置教学仪器设备、改造美术教室" in page
    file = tmp_path / "plan.xlsx"
    assert main(["plan", str(SHILI), "--format", "xlsx", "--output", str(file), *patient]) == 0
    assert CalamineWorkbook.from_path(str(file)).sheet_names == ["一页纸", "各校", "明细", "其他答案"]
    assert main(["plan", str(SHILI), "--format", "xlsx"]) == 2
    assert "--output" in capsys.readouterr().err


@pytest.mark.parametrize("points", ["1", "0", "x", "101", "-3"])
def test_a_number_of_points_that_makes_no_line_is_refused(points: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With what to type instead."""
    with pytest.raises(SystemExit) as ended:
        main(["plan", str(SHILI), "--frontier", points])
    assert ended.value.code == 2
    assert "2 到 100" in capsys.readouterr().err or points.startswith("-")


# --- charts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", CHARTS)
def test_a_chart_is_well_formed_and_says_what_it_is(plan: jh.Plan, which: str, tmp_path: Path) -> None:
    """As SVG it has a title and nothing outside the sheet; as PNG it is twice as fine."""
    chart = jh.plan_chart(plan, which)
    root = Xml.fromstring(chart.svg())  # noqa: S314 (our own)
    assert root.find(f"{SVG}title") is not None
    width, height = int(root.get("width", "0")), int(root.get("height", "0"))
    for one in root.iter(f"{SVG}text"):
        size, room = int(one.get("font-size", "0")), breadth(one.text or "", int(one.get("font-size", "0")))
        left = float(one.get("x", "0")) - {"start": 0, "middle": room / 2, "end": room}[one.get("text-anchor", "")]
        assert left >= 0, one.text
        assert left + room <= width, one.text
        assert size <= float(one.get("y", "0")) <= height, one.text
    for name in ("chart.svg", "chart.png"):
        chart.save(tmp_path / name)
    head = (tmp_path / "chart.png").read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert struct.unpack(">II", head[16:24]) == (2 * width, 2 * height)
    assert (tmp_path / "chart.svg").read_text(encoding="utf-8") == chart.svg() == chart._repr_svg_()


def test_the_charts_tell_the_plan(plan: jh.Plan) -> None:
    """Who gives to whom, what each school's deeds cost, spreads before and after, costs and numbers of schools."""
    moves = jh.plan_chart(plan, "moves").svg()
    for one in plan_told.tasks(plan):
        assert one.name in moves
    pairs = {(one.from_school, one.to_school) for one in plan.actions if one.kind == "transfer"}
    assert moves.count(" 人</text>") == len(pairs) > 1
    spreads = jh.plan_chart(plan, "spreads").svg()
    assert spreads.count(" → ") == 14
    assert "上限 0.50" in spreads
    frontier = jh.plan_chart(plan, "frontier").svg()
    assert frontier.count("<circle") == 8
    assert "111.93 万元" in frontier


def test_a_large_county_s_picture_shows_the_largest_and_says_so(plan: jh.Plan) -> None:
    """Two hundred schools that buy: forty are drawn."""
    bought = next(one for one in plan.actions if one.kind == "buy")
    names = {f"{at:04d}": f"校{at}" for at in range(200)}
    many = tuple(replace(bought, school=code, cost=(at + 1) * 10**6) for at, code in enumerate(names))
    large = replace(plan, case=replace(plan.case, names=names), actions=many)
    drawn = jh.plan_chart(large, "moves").svg()
    assert "校199" in drawn
    assert ">校7<" not in drawn
    assert "较小的没有画出：160 所学校" in drawn


@pytest.mark.parametrize(("which", "told"), [("pie", "没有叫“pie”的图"), ("frontier", "没有算"), ("moves", "没有方案")])
def test_a_chart_that_cannot_be_is_refused(plan: jh.Plan, nothing: jh.Plan, which: str, told: str) -> None:
    """Another name, points that were not asked for, no plan."""
    asked = nothing if which == "moves" else replace(plan, frontier=())
    with pytest.raises(jh.Unusable, match=told):
        jh.plan_chart(asked, which)


def test_a_file_that_is_no_picture_is_refused(plan: jh.Plan, tmp_path: Path) -> None:
    """And so is a font that is none."""
    chart = jh.plan_chart(plan, "moves")
    with pytest.raises(jh.Unusable, match=r"\.svg 或 \.png"):
        chart.save(tmp_path / "chart.pdf")
    with pytest.raises(jh.Unusable, match="打不开字体文件"):
        chart.png(tmp_path / "none.ttf")


def test_text_is_escaped_and_shapes_are_painted_over_each_other() -> None:
    """A school's name is never markup; what is drawn later lies above."""
    drawing = Drawing(100, 60, "a<b")
    drawing.add(Box(10, 10, 80, 40, "#ff0000"), Words(50, 30, "<校>&", 12, "middle"), Dot(50, 30, 8, "#0000ff"))
    drawing.add(Line(((0, 5), (100, 5)), "#00ff00", 2, dashed=True))
    svg = as_svg(drawing)
    assert "&lt;校&gt;&amp;" in svg
    assert "a&lt;b" in svg
    image = Image.open(io.BytesIO(as_png(drawing)))
    assert image.getpixel((30, 30)) == (255, 0, 0)
    assert image.getpixel((100, 60)) == (0, 0, 255)
    dashes = [image.getpixel((x, 10)) for x in range(0, 200, 2)]
    assert (0, 255, 0) in dashes
    assert (255, 255, 255) in dashes


def test_a_long_name_is_shortened_to_its_room() -> None:
    """And one that fits is left alone."""
    assert shortened("某校", 14, 100) == "某校"
    short = shortened("某某某某某某某某某某", 14, 100)
    assert short.endswith("…")
    assert breadth(short, 14) <= 100


def test_chinese_is_painted_and_not_boxes() -> None:
    """Different characters look different: a font without them paints the same empty box for each."""
    pictures = []
    for text in "旗校师":
        drawing = Drawing(40, 40, "")
        drawing.add(Words(4, 30, text, 24))
        pictures.append(as_png(drawing))
    assert len(set(pictures)) == 3


def test_a_plan_that_is_in_time_says_so(plan: jh.Plan) -> None:
    """All of it, none of it, some of it."""
    assert plan.in_time is not None
    everything = replace(plan, in_time=replace(plan.in_time, actions=plan.actions, cost=plan.cost, failing_schools=0))
    assert "全部来得及计入 2026-09-01" in plan_told.in_time_told(everything)
    none = replace(plan, in_time=replace(plan.in_time, actions=(), cost=0))
    assert "没有一项还来得及" in plan_told.in_time_told(none)
    assert "赶不上的：教师学历提升" in plan_told.in_time_told(plan)
    assert plan_as_dict(plan)["in_time"]["failing_schools"] == 1
