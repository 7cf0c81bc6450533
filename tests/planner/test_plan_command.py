"""`junheng plan` and `jh.plan`: the cheapest plan, why there is none, what a budget reaches, and what is refused."""

from __future__ import annotations

import csv
import json
import shutil
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from python_calamine import CalamineWorkbook

import junheng as jh
from junheng.api import plan_as_dict, plan_schema
from junheng.cli import main
from junheng.facts.plan_schema import LIMITED, PRICED
from junheng.facts.readers import load_plan_table, load_plan_tables
from junheng.output.plan_told import status_told

# Other work may share the machine: a test asks for the end of a search, not for its speed.
PATIENCE = 600
SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"


@pytest.fixture(scope="module")
def best() -> jh.Plan:
    """The example county's plan, with what its limits are worth."""
    return jh.plan(jh.load(SHILI), seconds=PATIENCE)


def limited(folder: Path, **most: tuple[str, int]) -> Path:
    """Return a table of limits in which some are other than the example's: item, and (school code, at most)."""
    file = folder / "limits.csv"
    rows = list(csv.DictReader((SHILI / "limits.csv").open(encoding="utf-8")))
    kept = [
        row for row in rows if (row["item"], row["school_code"]) not in {(item, one[0]) for item, one in most.items()}
    ]
    new = [
        {"item": item, "school_code": school, "at_least": "", "at_most": str(value)}
        for item, (school, value) in most.items()
    ]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, ["item", "school_code", "at_least", "at_most"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows([*kept, *new])
    return file


def test_the_example_county_has_a_plan(best: jh.Plan) -> None:
    """Proven within a ten-thousandth, a fraction of what the practice costs, and the engine agrees."""
    assert best.status == "optimal"
    assert best.failing_schools == 0
    assert best.assessment is not None
    assert best.assessment.resources == "pass"
    assert best.cost is not None
    assert best.baseline is not None
    assert best.cost == sum(one.cost for one in best.actions)
    assert best.cost < best.baseline / 3
    assert best.relative_gap is not None
    assert best.relative_gap <= 1e-4
    assert ("1506990029", "equipment_value") in best.assumed
    assert [one.school for one in best.actions if one.assumed] == ["1506990029"]


def test_what_money_does_not_mend_is_told(best: jh.Plan) -> None:
    """The survey and the judgements are left; what rooms mend is not."""
    assert "SR" in best.remaining
    assert "B10" not in best.remaining


def test_the_price_of_a_spread_is_confirmed_by_solving_again(best: jh.Plan) -> None:
    """Without the limit on equipment's spread the plan would cost less by what is told."""
    (one,) = [each for each in best.worth if each.limit == "cv:primary:B6"]
    assert 0 < one.saves < (best.cost or 0)
    assert "万元" in one.message


def test_the_json_keeps_the_schema_and_the_contract(best: jh.Plan) -> None:
    """Money is yuan, costs add up, and the assessment keeps its own schema."""
    told = json.loads(jh.plan_to_json(best))
    jsonschema.validate(told, plan_schema())
    jsonschema.validate(told["assessment"], jh.api.schema())
    assert told["cost"] == pytest.approx(sum(one["cost"] for one in told["actions"]), abs=0.001)
    assert told["baseline"]["name"] == "each school buys what it lacks"
    assert len(told["after"]["schools"]) == 30
    for one in told["actions"]:
        assert one["cost"] == pytest.approx(one["quantity"] * one["unit_cost"] + one["fixed_cost"], abs=0.001)
    (built,) = [one for one in told["actions"] if one["item"] == "sports_ground_area"]
    was = next(row for row in jh.load(SHILI).tables["schools"].to_pylist() if row["school_code"] == built["school"])
    after = next(row for row in told["after"]["schools"] if row["school_code"] == built["school"])
    assert after["sports_ground_area"] == pytest.approx(was["sports_ground_area"] / 100 + built["quantity"])


def test_the_table_can_be_read_by_a_leader(capsys: pytest.CaptureFixture[str]) -> None:
    """What it costs, against the practice, how sure, what and where, by when, and what is left."""
    assert main(["plan", str(SHILI), "--seconds", str(PATIENCE)]) == 0
    shown = capsys.readouterr()
    for words in (
        "已证明没有更省的",
        "各校缺什么买什么",
        "新建体育运动场地 687 平方米",
        "已赶不上",
        "虚构价格",
        "SR",
    ):
        assert words in shown.out
    assert shown.err == ""


def test_a_budget_that_does_not_reach_is_told_with_what_it_buys(capsys: pytest.CaptureFixture[str]) -> None:
    """So much is short; the fewest schools fail that can; --strict tells it apart."""
    command = ["plan", str(SHILI), "--budget", "300000", "--format", "json", "--seconds", str(PATIENCE)]
    assert main([*command, "--strict"]) == 1
    told = json.loads(capsys.readouterr().out)
    jsonschema.validate(told, plan_schema())
    assert told["status"] == "infeasible"
    assert 0 < told["cost"] <= 300_000
    assert 0 < told["failing_schools"] < 8
    (short,) = [one for one in told["infeasible_because"] if one["limit"] == "budget"]
    whole = jh.plan(jh.load(SHILI), explain=False, seconds=PATIENCE)
    assert short["relax_by"] + 300_000 == pytest.approx((whole.cost or 0) / 100, rel=1e-4)


def test_the_limit_that_forbids_is_named_with_the_least_that_it_must_give(tmp_path: Path) -> None:
    """One school's land is too small by so many m2; with so much more there is a plan, with one less there is none."""
    told = jh.plan(jh.load(SHILI), limits=limited(tmp_path, land=("1506990006", 400)), seconds=PATIENCE)
    assert told.status == "infeasible"
    assert told.cost is None
    assert "已用分数验算证明" in status_told(told)
    assert told.infeasible_because is not None
    (because,) = [one for one in told.infeasible_because if one.limit == "land"]
    assert "示例旗实验小学" in because.message
    by = int(because.relax_by or 0)
    for more, status in ((by - 1, "infeasible"), (by, "optimal")):
        again = limited(tmp_path, land=("1506990006", 400 + more))
        assert jh.plan(jh.load(SHILI), limits=again, explain=False, seconds=PATIENCE).status == status


def test_a_spread_that_cannot_come_within_its_limit_is_named(tmp_path: Path) -> None:
    """With equipment hardly to be bought, the least spread that can be reached stands there."""
    told = jh.plan(jh.load(SHILI), limits=limited(tmp_path, equipment_value=("", 420_000)), seconds=PATIENCE)
    assert not told.impossible_exactly
    assert told.infeasible_because is not None
    spreads = [one for one in told.infeasible_because if one.limit == "cv:primary:B6"]
    assert len(spreads) == 1
    assert "0.50" in spreads[0].message
    assert 0 < float(spreads[0].relax_by or 0) < 0.01


def test_without_prices_there_is_no_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, and what to do; with --prices it works."""
    for file in SHILI.glob("*.csv"):
        if file.stem not in ("prices", "limits", "distances"):
            shutil.copy(file, tmp_path)
    assert main(["plan", str(tmp_path)]) == 2
    assert "没有价格" in capsys.readouterr().err
    again = ["--prices", str(SHILI / "prices.csv"), "--seconds", str(PATIENCE)]
    assert main(["plan", str(tmp_path), *again]) == 0


@pytest.mark.parametrize(
    ("table", "row", "told"),
    [
        ("prices", {"item": "hire", "unit_price": "9"}, "没有写价格来源"),
        ("prices", {"item": "招聘"}, "不在规定的代码之内"),
        ("limits", {"item": "land", "school_code": "7", "at_most": "9"}, "没有这个代码"),
        ("limits", {"item": "budget", "school_code": "1506990001", "at_most": "9"}, "对全县的限制"),
        ("limits", {"item": "budget", "at_least": "9"}, "没有“不少于”的限制"),
        ("limits", {"at_most": "9"}, "没有写项目"),
        ("limits", {"item": "season", "at_least": "13"}, "不是月份"),
        ("limits", {"item": "season", "at_least": "9", "at_most": "4"}, "请把两个月份对调"),
        ("prices", {"item": "hire", "price": "9"}, "没有读这一列"),
        ("distances", {"from_school_code": "1", "to_school_code": "2", "km": "-3"}, "不能是负数"),
    ],
)
def test_terms_that_cannot_be_used_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str, row: dict[str, str], told: str
) -> None:
    """Each with its row, its reason and what to do."""
    file = tmp_path / f"{table}.csv"
    file.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    assert main(["plan", str(SHILI), f"--{table}", str(file)]) == 2
    assert told in capsys.readouterr().err


def test_the_example_s_workbook_holds_the_same_terms_as_its_folder() -> None:
    """Prices, limits and distances, to the last cell: whoever plans from it gets the same plan."""
    folder, book = load_plan_tables(SHILI), load_plan_tables(SHILI.parent / "shili.xlsx")
    assert {name: one.to_pylist() for name, one in book.items()} == {
        name: one.to_pylist() for name, one in folder.items()
    }


def changed(folder: Path, column: str, school: str, value: str) -> Path:
    """Return a copy of the example in which one cell of a school is another."""
    shutil.copytree(SHILI, folder / "facts")
    rows = list(csv.DictReader((SHILI / "schools.csv").open(encoding="utf-8")))
    next(row for row in rows if row["school_code"] == school)[column] = value
    with (folder / "facts" / "schools.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder / "facts"


@pytest.mark.parametrize(("column", "label"), [("primary_pupils", "小学在校生数"), ("school_type", "学校类型")])
def test_a_school_without_pupils_or_type_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], column: str, label: str
) -> None:
    """Nobody knows what it needs; the cell is named."""
    assert main(["plan", str(changed(tmp_path, column, "1506990009", ""))]) == 2
    assert label in capsys.readouterr().err


def test_the_search_tells_how_far_it_is_and_can_be_stopped() -> None:
    """Progress names best and bound; one who stops it has the last plan that held, or none."""
    heard: list[Any] = []
    plan = jh.plan(jh.load(SHILI), told=heard.append, stop=lambda: any(one.best for one in heard))
    assert plan.status in ("feasible", "optimal")
    assert plan.assessment is not None
    assert plan.assessment.resources == "pass"
    assert heard[-1].best == plan.cost
    stopped = jh.plan(jh.load(SHILI), stop=lambda: True)
    assert (stopped.status, stopped.cost, stopped.actions) == ("time_limit", None, ())


def test_time_that_is_up_ends_the_search_at_once() -> None:
    """However deep the engine is: the process is killed."""
    began = time.monotonic()
    plan = jh.plan(jh.load(SHILI), seconds=0.01)
    assert plan.status == "time_limit"
    assert time.monotonic() - began < 60


def test_the_blank_workbook_lists_everything_and_reads_back_to_nothing(tmp_path: Path) -> None:
    """Every price and limit by its name; none of them says anything until a number is filled in."""
    file = tmp_path / "terms.xlsx"
    assert main(["template", "--plan", "--output", str(file)]) == 0
    book = CalamineWorkbook.from_path(str(file))
    cells = {str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    assert cells >= {*PRICED.values(), *(one.label for one in LIMITED.values())}
    read = load_plan_tables(file)
    assert set(read["prices"]["item"].to_pylist()) == set(PRICED)
    assert read["prices"]["unit_price"].null_count == len(PRICED)
    assert set(read["limits"]["item"].to_pylist()) == set(LIMITED)
    with pytest.raises(jh.Unusable, match="没有价格"):
        jh.plan(jh.load(SHILI), prices=file)


def test_the_planner_s_tables_are_no_strangers_in_a_workbook(tmp_path: Path) -> None:
    """A workbook of facts may hold them: they are not remarked on, and the plan is made from them."""
    from junheng.facts.plan_schema import PLAN_TABLES

    facts, tables = jh.load(SHILI), load_plan_tables(SHILI)

    def terms(book: Any) -> None:
        for name, table in PLAN_TABLES.items():
            sheet = book.add_worksheet(table.label)
            rows = list(csv.reader((SHILI / f"{name}.csv").open(encoding="utf-8")))
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(at, column, cell)

    file = tmp_path / "whole.xlsx"
    jh.write_workbook(facts, file, add=terms)
    again = jh.load(file)
    assert again.remarks == ()
    assert {name: one.to_pylist() for name, one in load_plan_tables(file).items()} == {
        name: one.to_pylist() for name, one in tables.items()
    }
    assert load_plan_table(file, "limits").num_rows == tables["limits"].num_rows
    assert plan_as_dict(jh.plan(again, explain=False, seconds=PATIENCE))["status"] == "optimal"
