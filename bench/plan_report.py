"""The figures of the planner's benchmark as a page: docs/quality/planner.md."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from math import log
from pathlib import Path
from statistics import median
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1] / "tools"))

from revision import revision, today

NAMES = {
    "junheng": "junheng",
    "plain": "plain formulation (HiGHS)",
    "scip": "SCIP",
    "practice": "practice",
    "named": "junheng, a budget that cannot reach: proof and first limit named",
    "frontier": "junheng, a frontier of 20 points",
}
PACKAGES = ("highspy", "pyscipopt", "numpy")
# What is aimed at on a quiet machine: schools, which share of the counties, seconds of the clock.
GOALS = ((30, 0.99, 2.0), (150, 1.0, 10.0), (400, 1.0, 30.0))
NAMED_GOAL, FRONTIER_GOAL = 1.0, 60.0
Row = dict[str, Any]


def surroundings(load: float) -> Row:
    """Return when and where it was measured; `load` is that at the start."""
    return {
        "date": today(),
        "commit": revision(),
        "cores": os.cpu_count(),
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        "versions": {name: version(name) for name in PACKAGES},
        "python": platform.python_version(),
    }


def page(found: Row) -> Iterator[str]:
    """Yield the page's lines."""
    runs: list[Row] = found["runs"]
    yield from (
        "# The planner",
        "",
        f"{found['date']}, commit {found['commit']}. Made by `python bench/plan.py --write`.",
    )
    versions = ", ".join(f"{name} {one}" for name, one in found["versions"].items())
    load = " to ".join(map(str, found["load"]))
    yield from ("", f"{found['cores']} cores, load {load}, python {found['python']}, {versions}; one thread each,")
    yield from (f"{found['jobs']} counties at a time.", "")
    yield "Drawn counties (invented; widths 1, 1.5 and 2 in turn). Seconds of the processor, from problem to end of the"
    yield "search; those of the clock tell of the neighbours where the load is high. A proven impossibility counts"
    yield "as solved. With roads transfers go by distance, B18's shares move and works have their season."
    yield f"Whoever takes longer than {found['longest']:g} s of the clock is ended and counts as unsolved, as does an"
    yield "engine that breaks down."
    yield from ("", "## What was reached", "", *_goals(runs))
    yield from ("", "## Seconds", "", *_seconds(runs))
    yield from ("", "## Cost", "", *_costs(runs))
    yield from ("", "## Growth", "", *_growth(runs))


def _goals(runs: Sequence[Row]) -> Iterator[str]:
    yield "| aim | counties | solved | processor s | clock s | reached |"
    yield "| --- | ---: | ---: | ---: | ---: | --- |"
    for schools, share, seconds in GOALS:
        own = [one for one in _of(runs, "junheng") if one["schools"] == schools and not one["roads"]]
        if own:
            clock, processor = _quantile(own, "clock", share), _quantile(own, "processor", share)
            told = f"{schools} schools, {'p99' if share < 1 else 'every county'} within {seconds:g} s"
            yield _line(told, len(own), sum(map(_solved, own)), processor, clock, _verdict(clock, processor, seconds))
    # The seconds until a limit is named stand as the cost. A county without any plan has none, nor has who did not end.
    if named := [one for one in _of(runs, "named") if one["cost"] is not None or not one["ended"]]:
        slowest, middle = _quantile(named, "cost", 1.0), _quantile(named, "cost", 0.5)
        told = f"{named[0]['schools']} schools, impossibility proved and named within {NAMED_GOAL:g} s"
        within = sum(one["cost"] is not None and one["cost"] <= NAMED_GOAL for one in named)
        verdict = "yes" if slowest <= NAMED_GOAL else f"{within} of {len(named)}, half of them within {middle:.2f} s"
        yield _line(told, len(named), sum(one["ended"] for one in named), slowest, "", verdict)
    if frontiers := _of(runs, "frontier"):
        clock, processor = _quantile(frontiers, "clock", 1.0), _quantile(frontiers, "processor", 1.0)
        points = [sum(one[what] or 0 for one in frontiers) for what in ("cost", "bound")]
        told = f"{frontiers[0]['schools']} schools, {points[0]} points of frontiers, {points[1]} of them proven"
        verdict = _verdict(clock, processor, FRONTIER_GOAL)
        yield _line(told, len(frontiers), sum(map(_solved, frontiers)), processor, clock, verdict)
    wrong = [fault for one in runs for fault in one["wrong"]]
    plans = sum(one["cost"] is not None for one in _of(runs, "junheng"))
    if broken := [NAMES[one["who"]] for one in runs if one.get("broken")]:
        yield from (
            "",
            f"Broke down by themselves: {', '.join(f'{who} ({broken.count(who)})' for who in sorted(set(broken)))}.",
        )
    yield from ("", f"Plans refused by the exact checker or the engine: {len(wrong)} of {plans} counties' plans.")


def _verdict(clock: float, processor: float, seconds: float) -> str:
    if clock <= seconds:
        return "yes"
    return "of the processor only" if processor <= seconds else "no"


def _seconds(runs: Sequence[Row]) -> Iterator[str]:
    yield "| schools | two stages | who | counties | solved | none possible | p50 | p95 | p99 | most | x junheng |"
    yield f"| ---: | ---: | --- |{' ---: |' * 8}"
    for schools, sort, own in _groups(runs):
        ours = {one["seed"]: one for one in _of(own, "junheng")}
        for who, name in NAMES.items():
            if (mine := _of(own, who)) and who not in ("practice", "named", "frontier"):
                times = [_quantile(mine, "processor", share) for share in (0.5, 0.95, 0.99, 1.0)]
                ratio = _ratio(mine, ours, lambda one: one["processor"])
                none = sum(one["infeasible"] for one in mine)
                yield _line(schools, sort, name, len(mine), sum(map(_solved, mine)), none, *times, ratio)


def _costs(runs: Sequence[Row]) -> Iterator[str]:
    yield "| schools | two stages | worst gap | plan / practice | least | most | plain / junheng | SCIP / junheng |"
    yield f"| ---: | ---: |{' ---: |' * 6}"
    for schools, sort, own in _groups(runs):
        ours = {one["seed"]: one for one in _of(own, "junheng") if one["cost"] is not None}
        gaps = [(one["cost"] - one["bound"]) / one["cost"] for one in ours.values() if one["bound"] is not None]
        told = {one["seed"]: one["cost"] for one in _of(own, "practice") if one["cost"] is not None}
        to_practice = sorted(one["cost"] / told[seed] for seed, one in ours.items() if seed in told)
        shares = [to_practice[len(to_practice) // 2], to_practice[0], to_practice[-1]] if to_practice else ["", "", ""]
        others = [_ratio(_of(own, who), ours, lambda one: one["cost"], digits=6) for who in ("plain", "scip")]
        yield _line(schools, sort, f"{max(gaps, default=0):.1e}", *shares, *others)


def _growth(runs: Sequence[Row]) -> Iterator[str]:
    yield "Middle seconds of the processor of solved counties with a plan; e: seconds grow as schools to the power e."
    yield from ("", "| schools | s | e |", "| ---: | ---: | ---: |")
    before: tuple[int, float] | None = None
    for schools in sorted({one["schools"] for one in runs}):
        own = [one for one in _of(runs, "junheng") if one["schools"] == schools and not one["roads"]]
        times = [one["processor"] for one in own if one["cost"] is not None]
        if times:
            now = (schools, median(times))
            grown = "" if before is None else f"{log(now[1] / before[1]) / log(now[0] / before[0]):.2f}"
            yield _line(*now, grown)
            before = now


def _of(runs: Sequence[Row], who: str) -> list[Row]:
    return [one for one in runs if one["who"] == who]


def _groups(runs: Sequence[Row]) -> Iterator[tuple[int, str, list[Row]]]:
    """Yield the runs of each number of schools and sort of county, with what it is called."""
    for schools, combined, roads in dict.fromkeys(map(_sort, runs)):
        own = [one for one in runs if _sort(one) == (schools, combined, roads)]
        yield schools, f"{combined:.0%}{', roads' if roads else ''}", own


def _sort(one: Row) -> tuple[int, float, bool]:
    return one["schools"], one["combined"], one["roads"]


def _solved(one: Row) -> bool:
    return bool(one["ended"] and (one["infeasible"] or one["cost"] is not None))


def _quantile(runs: Sequence[Row], what: str, share: float) -> float:
    """Return the seconds within which such a share was done; without end where they were not."""
    times = sorted(float("inf") if one[what] is None else one[what] for one in runs)
    return times[min(len(times) - 1, int(share * len(times)))]


def _ratio(theirs: Sequence[Row], ours: dict[int, Row], what: Callable[[Row], Any], digits: int = 1) -> str:
    """Return the middle of what they have over what we have, county by county, where both have it."""
    pairs = [(what(one), what(ours[one["seed"]])) for one in theirs if one["seed"] in ours]
    found = [one / other for one, other in pairs if one and other]
    return f"{median(found):.{digits}f}" if found else ""


def _line(*cells: object) -> str:
    shown = [f"{one:.2f}" if isinstance(one, float) and one < float("inf") else str(one) for one in cells]
    return f"| {' | '.join('not done' if one == 'inf' else one for one in shown)} |"
