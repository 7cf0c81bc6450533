"""`junheng plan`: the cheapest way to pass, or why there is none."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from junheng.cli.common import (
    DONE,
    NOT_PASSED,
    add_facts,
    add_output,
    console,
    day,
    load_facts,
    no_workbook_on_the_screen,
    not_over_input,
    opened,
    written,
)
from junheng.cli.words import HELP

if TYPE_CHECKING:
    from junheng.api import Plan, PlanProgress

SECONDS = 120.0
POINTS = 100
FEN_IN_WAN = 1_000_000


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    add_facts(parser)
    parser.add_argument("--county", metavar="CODE", help=HELP["county"])
    for name in ("prices", "limits", "distances"):
        parser.add_argument(f"--{name}", metavar="FILE", type=Path, help=HELP[name])
    parser.add_argument("--budget", metavar="YUAN", type=_yuan, help=HELP["budget"])
    parser.add_argument("--seconds", metavar="N", type=_seconds, default=SECONDS, help=HELP["seconds"])
    parser.add_argument("--today", metavar="DATE", type=day, help=HELP["today"])
    parser.add_argument("--frontier", metavar="N", type=_points, default=0, help=HELP["frontier"])
    parser.add_argument("--alternatives", action="store_true", help=HELP["alternatives"])
    parser.add_argument("--second-engine", action="store_true", help=HELP["second_engine"])
    add_output(parser, "table", "json", "xlsx", "html")
    parser.add_argument("--strict", action="store_true", help=HELP["strict_plan"])


def _yuan(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} 不是金额，请写整数元，如 3000000")
    return int(text)


def _points(text: str) -> int:
    if not text.isdigit() or not 2 <= int(text) <= POINTS:
        raise argparse.ArgumentTypeError(f"{text!r} 不是点数，请写 2 到 {POINTS} 的整数，如 20")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} 不是秒数，请写正数，如 120")
    return seconds


def run(options: argparse.Namespace) -> int:
    """Plan, print, and tell by the exit status under --strict whether there is a plan with which all passes."""
    from junheng import api

    no_workbook_on_the_screen(options)
    not_over_input(options.path, options.output)
    facts = load_facts(options.path)
    with _progress() as told:
        plan = api.plan(
            facts,
            options.standard,
            as_of=options.as_of,
            county=options.county,
            prices=options.prices,
            limits=options.limits,
            distances=options.distances,
            budget=options.budget,
            seconds=options.seconds,
            alternatives=options.alternatives,
            frontier=options.frontier,
            second_engine=options.second_engine,
            today=options.today,
            told=told,
        )
    _write(plan, options)
    return NOT_PASSED if options.strict and plan.status not in ("optimal", "feasible") else DONE


def _write(plan: Plan, options: argparse.Namespace) -> None:
    from junheng import api

    if options.format == "xlsx":
        with written(options.output) as file:
            api.write_plan_xlsx(plan, file)
        return
    with opened(options.output) as stream:
        if options.format == "table":
            api.print_plan(plan, console(stream))
        else:
            stream.write(api.plan_to_html(plan) if options.format == "html" else api.plan_to_json(plan) + "\n")


@contextmanager
def _progress() -> Iterator[Callable[[PlanProgress], None] | None]:
    """Show the best plan, the bound and the gap while one waits, on stderr, and only on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with console(sys.stderr).status(HELP["planning"]) as shown:
        yield lambda progress: shown.update(f"{HELP['planning']} {_told(progress)}")


def _told(progress: PlanProgress) -> str:
    parts = [] if progress.best is None else [f"已有方案 {progress.best / FEN_IN_WAN:,.2f} 万元"]
    parts += [] if progress.bound is None else [f"至少 {progress.bound / FEN_IN_WAN:,.2f} 万元"]
    parts += [] if progress.gap is None else [f"差距 {progress.gap:.2%}"]
    return "，".join(parts)
