"""`junheng plan --second-engine`: what another engine says of the same county, and what becomes of it."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from concurrent.futures import Future
from dataclasses import replace
from math import inf
from pathlib import Path
from types import ModuleType

import jsonschema
import psutil
import pytest

import junheng as jh
from junheng.api import plan_schema
from junheng.cli import main
from junheng.facts.readers import load_plan_tables
from junheng.output.plan_told import second_told, status_told
from junheng.planner.beside import compared
from junheng.planner.confirm import confirmed
from junheng.planner.plan import Because, Worth
from junheng.planner.planning import Heard, answered
from junheng.planner.prepare import Prepared, prepare
from junheng.planner.process import Broken
from junheng.planner.second import Opinion, second_opinion
from junheng.planner.terms import terms_of

PATIENCE = 600
GAP = 1e-4
SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
COST = 100_000_000


def told(opinion: Opinion | Exception | None) -> Future[Opinion | None]:
    """Return an answer as it comes from the second engine's process."""
    asked: Future[Opinion | None] = Future()
    if isinstance(opinion, Exception):
        asked.set_exception(opinion)
    else:
        asked.set_result(opinion)
    return asked


@pytest.fixture(scope="module")
def problem() -> Prepared:
    """The example county, ready to be planned for."""
    facts = jh.load(SHILI)
    names = {row["school_code"]: row["school_name"] for row in facts.tables["schools"].to_pylist()}
    return prepare(facts, jh.load_standard(), dt.date(2025, 9, 1), terms_of(load_plan_tables(SHILI), names))


@pytest.fixture(scope="module")
def opinion(problem: Prepared, scip: ModuleType) -> Opinion:
    """What SCIP says of it."""
    assert scip
    return second_opinion(problem.case, GAP)


def test_two_engines_agree_about_the_example(scip: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON has both costs and both bounds; a reader of the table sees that they agree."""
    assert scip
    asked = ["plan", str(SHILI), "--second-engine", "--seconds", str(PATIENCE)]
    assert main([*asked, "--format", "json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    jsonschema.validate(plan, plan_schema())
    second = plan["second_engine"]
    assert (plan["status"], second["name"], second["status"]) == ("optimal", "SCIP", "agrees")
    assert second["cost"] == pytest.approx(plan["cost"], rel=2 * GAP)
    assert second["lower_bound"] <= plan["lower_bound"] <= plan["cost"]
    assert main(asked) == 0
    assert "另一个求解器（SCIP）单独算了一遍，两个求解器一致，最省" in capsys.readouterr().out


def test_two_engines_prove_that_a_budget_does_not_reach(scip: ModuleType) -> None:
    """What the budget buys is told as ever, and that both prove that it is not enough."""
    assert scip
    plan = jh.plan(jh.load(SHILI), budget=300_000, explain=False, second_engine=True, seconds=PATIENCE)
    assert plan.status == "infeasible"
    assert plan.cost is not None
    assert plan.infeasible_because
    assert plan.second is not None
    assert (plan.second.status, plan.second.impossible, plan.second.cost) == ("agrees", True, None)
    assert second_told(plan) == "另一个求解器（SCIP）单独算了一遍，也证明办不到"
    assert "两个求解器" in jh.api.plan_to_html(plan)


def test_where_it_is_not_installed_that_is_said_before_anything_is_searched(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what to do; without the option the same county has its plan."""
    monkeypatch.setitem(sys.modules, "pyscipopt", None)  # as if it were not there
    assert main(["plan", str(SHILI), "--second-engine"]) == 2
    said = capsys.readouterr().err
    assert "没有安装另一个求解器" in said
    assert "junheng[scip]" in said
    assert jh.plan(jh.load(SHILI), explain=False, seconds=PATIENCE).second is None


def test_where_it_breaks_off_the_plan_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A library that crashes takes its own process with it, says nothing on the screen, and spoils nothing."""
    (tmp_path / "pyscipopt.py").write_text("import os, sys\nprint('!', file=sys.stderr)\nos.abort()\n")
    monkeypatch.syspath_prepend(tmp_path)
    plan = jh.plan(jh.load(SHILI), explain=False, second_engine=True, seconds=PATIENCE)
    assert (plan.status, plan.second and plan.second.status) == ("optimal", "broken")
    assert second_told(plan) == "另一个求解器（SCIP）中途出错，没有结果，方案不受影响"
    assert capfd.readouterr().err == ""


def test_who_stops_the_search_stops_both(scip: ModuleType) -> None:
    """Neither has anything to say then."""
    assert scip
    plan = jh.plan(jh.load(SHILI), second_engine=True, stop=lambda: True)
    assert (plan.status, plan.second and plan.second.status) == ("time_limit", "time_limit")


@pytest.mark.parametrize(
    ("said", "cost", "bound", "status"),
    [
        (Opinion(COST, COST), COST, COST, "agrees"),
        (Opinion(COST, COST * (1 - 5e-5)), COST * (1 + 5e-5), COST, "agrees"),
        (Opinion(impossible=True, bound=inf), inf, inf, "agrees"),
        (Opinion(COST, COST), inf, -inf, "alone"),
        (Opinion(COST, COST), COST * 2, COST / 2, "alone"),
        (Opinion(COST, COST * 0.9), COST, COST, "time_limit"),
        (Opinion(bound=COST * 0.9), COST, COST, "time_limit"),
        (None, COST, COST, "time_limit"),
        (Broken(), COST, COST, "broken"),
        (Opinion(COST * 1.001, COST * 1.001), COST, COST, "disagrees"),
        (Opinion(COST, COST), COST * 1.001, COST * 1.001, "disagrees"),
        (Opinion(impossible=True, bound=inf), COST, COST, "disagrees"),
        (Opinion(COST, COST), inf, inf, "disagrees"),
    ],
)
def test_when_two_engines_agree(said: Opinion | Exception | None, cost: float, bound: float, status: str) -> None:
    """A bound of one above the other's cost is a contradiction; what is not proven within the gap came too late."""
    assert compared(told(said), GAP, cost, bound)[0].status == status


def test_a_confirmed_plan_outranks_a_wrong_proof(problem: Prepared, opinion: Opinion) -> None:
    """Where the first engine says that there is none and the second has one that holds, there is one, unproven."""
    heard = Heard(problem, impossible=True, impossible_exactly=True, because=[Because("budget", "经费不够", 1)])
    heard.compare(told(opinion), GAP)
    assert heard.best is not None
    assert heard.best.assessment.resources == "pass"
    assert (heard.impossible, heard.bound, heard.second and heard.second.status) == (False, None, "disagrees")
    plan = answered(heard, GAP)
    assert (plan.status, plan.infeasible_because, plan.impossible_exactly) == ("feasible", None, False)
    assert status_told(plan) == "方案逐条核对过，可以用；是否最省，两个求解器说法不一"


def test_a_plan_that_does_not_hold_leaves_the_first_as_it_was(problem: Prepared, opinion: Opinion) -> None:
    """The checker refuses it: the second engine is told to have broken off, and nothing else is other."""
    assert opinion.found is not None
    wrong = replace(opinion, found=replace(opinion.found, cost=opinion.found.cost // 2))
    heard = Heard(problem, bound=1)
    heard.compare(told(wrong), GAP)
    assert (heard.best, heard.bound, heard.second and heard.second.status) == (None, 1, "broken")


def test_answers_of_the_first_plan_do_not_stand_beside_the_second_s(problem: Prepared, opinion: Opinion) -> None:
    """What limits are worth goes with the plan of which it is; a plan that is hardly cheaper does not replace one."""
    assert opinion.found is not None
    dear = replace(confirmed(problem, opinion.found), cost=opinion.found.cost * 2)
    worth = [Worth("budget", "", "多一元省一元", 100)]
    heard = Heard(problem, best=dear, worth=[*worth])
    heard.compare(told(opinion), GAP)
    assert (heard.best and heard.best.cost, heard.worth) == (opinion.found.cost, [])
    near = replace(dear, cost=opinion.found.cost + 1)
    heard = Heard(problem, best=near, bound=near.cost - 1, worth=[*worth])
    heard.compare(told(opinion), GAP)
    assert (heard.best, heard.worth) == (near, worth)


def test_a_dispute_about_a_proof_is_no_dispute_about_a_plan(problem: Prepared) -> None:
    """Where nobody has a plan that holds, none is called usable."""
    heard = Heard(problem, impossible=True)
    heard.compare(told(Opinion(COST, COST)), GAP)
    plan = answered(heard, GAP)
    assert (plan.status, status_told(plan)) == ("infeasible", "是否办得到，两个求解器说法不一")
    heard = Heard(problem, bound=2 * COST)
    heard.compare(told(Opinion(COST, COST)), GAP)
    plan = answered(heard, GAP)
    assert (plan.status, status_told(plan)) == ("time_limit", "时间到，还没有找到方案")


def test_the_second_engine_stands_in_for_the_first(problem: Prepared, opinion: Opinion) -> None:
    """Where the first had no time, plan and bound are the second's."""
    heard = Heard(problem)
    heard.compare(told(opinion), GAP)
    assert heard.best is not None
    assert heard.second is not None
    assert (heard.second.status, heard.bound) == ("alone", heard.second.lower_bound)
    assert heard.best.cost == pytest.approx(opinion.cost, rel=2 * GAP)


def test_a_wrong_proof_of_the_second_does_not_take_the_plan_away(problem: Prepared, opinion: Opinion) -> None:
    """The plan stays; that it is the cheapest is no longer told."""
    assert opinion.found is not None
    best = confirmed(problem, opinion.found)
    heard = Heard(problem, best=best, bound=best.cost)
    heard.compare(told(Opinion(bound=inf, impossible=True)), GAP)
    assert (heard.best, heard.impossible, heard.bound) == (best, False, None)


# A county for which SCIP takes minutes, in a process that says when its child is at work.
LONG = """
import sys
sys.path[:0] = sys.argv[1:]
from plan_counties import problem
from junheng.planner.process import solving
from junheng.planner.worker import SecondJob
for _ in solving(SecondJob(problem(30, 25, 0.0, 1.5).case, 1e-7, 600.0), 600.0):
    pass
"""


def test_it_does_not_outlive_whoever_asked(scip: ModuleType) -> None:
    """However deep it is in its search: where the program that asked is killed, its process ends as well."""
    assert scip
    paths = [str(Path(__file__).parent), *filter(None, sys.path)]
    with subprocess.Popen([sys.executable, "-c", LONG, *paths]) as asking:
        asker = psutil.Process(asking.pid)
        while not (started := asker.children()) or started[0].cpu_times().user < AT_WORK:
            time.sleep(0.1)
        asking.kill()
    assert psutil.wait_procs(started, timeout=PATIENCE / 5)[1] == []


AT_WORK = 4.0
