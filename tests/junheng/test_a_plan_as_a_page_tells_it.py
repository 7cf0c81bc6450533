"""What a page says of a plan is what the contract's JSON says; the chart of a search shows what was heard of it."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from xml.etree import ElementTree

import psutil
import pytest

import junheng.api as jh
from junheng.facts.readers import load_plan_tables

EXAMPLE = "examples/shili/facts"
SOLVER = """
import time
from threading import Thread
from junheng.planner.worker import _end_with_parent
Thread(target=_end_with_parent, daemon=True).start()
time.sleep(600)
"""
HOLD = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {SOLVER!r}], stdin=subprocess.PIPE)
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def heard() -> tuple[jh.Plan, list[jh.PlanProgress]]:
    told: list[jh.PlanProgress] = []
    tables = load_plan_tables(EXAMPLE)
    return jh.plan(jh.load(EXAMPLE), **tables, told=told.append, today=dt.date(2026, 1, 15)), told


def test_it_says_what_the_contract_says(heard) -> None:
    """Cost, bound, schools, what is done, what is in time: the same numbers, in fen."""
    plan, _ = heard
    told, contract = jh.plan_told(plan), jh.plan_as_dict(plan)
    assert told["cost"] == round(contract["cost"] * 100)
    assert told["bound"] == round(contract["lower_bound"] * 100)
    assert sum(one["cost"] for one in told["items"]) == told["cost"]
    assert sum(one["cost"] for one in told["tasks"]) == told["cost"]
    assert sum(one["cost"] for one in told["steps"]) == told["cost"]
    assert told["passing"][1] == told["everybody"]
    assert told["after"]["resources"] == "pass"
    moved = sum(one["quantity"] for one in contract["actions"] if one["kind"] == "transfer")
    assert sum(one["people"] for one in told["moves"]) == moved > 0
    late = [one for one in contract["actions"] if one["too_late"]]
    assert sum(one["late"] for one in told["steps"]) == len(late) > 0
    assert told["in_time"]["day"] == "2026-09-01"
    assert told["in_time"]["cost"] == round(contract["in_time"]["cost"] * 100)
    assert told["in_time"]["failing"] == len(told["in_time"]["schools"]) > 0
    assert told["in_time"]["resources"] == "fail"
    days = [one["latest"] for one in told["steps"] if one["latest"]]
    assert days == sorted(days)


def test_what_cannot_be_is_told_without_a_plan() -> None:
    """The limits that forbid it, each with its amount; nothing is said of what was not found."""
    tables = load_plan_tables(EXAMPLE)
    rows = [*tables["limits"].to_pylist(), {"item": "budget", "school_code": None, "at_most": 100_00}]
    limits = tables["limits"].from_pylist(rows, tables["limits"].schema)
    told = jh.plan_told(jh.plan(jh.load(EXAMPLE), limits=limits, explain=False))
    assert told["status"] == "infeasible"
    assert any(one["limit"].startswith("budget") and one["relax_by"] for one in told["because"])


def test_the_chart_of_a_search(heard) -> None:
    """Both lines end at the last known costs; an empty one says that there is nothing yet."""
    plan, told = heard
    samples = [(at * 100, one.best, one.bound) for at, one in enumerate(told)]
    svg = jh.progress_chart(samples).svg()
    words = "".join(ElementTree.fromstring(svg).itertext())  # noqa: S314 (our own)
    assert f"最好 {plan.cost / 1e6:,.2f}" in words
    assert f"至少 {plan.lower_bound / 1e6:,.2f}" in words
    assert "还没有找到方案" in jh.progress_chart([]).svg()
    assert "还没有找到方案" in jh.progress_chart([(0, None, None)]).svg()
    assert "最好" in jh.progress_chart([(5, 100, None)]).svg()


def test_a_solver_ends_when_nobody_waits_for_it() -> None:
    """Whoever started it was killed and could not end it."""
    parent = subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True, env=os.environ)
    child = psutil.Process(int(parent.stdout.readline()))
    assert child.is_running()
    parent.kill()
    parent.wait()
    assert psutil.wait_procs([child], timeout=30)[1] == []
