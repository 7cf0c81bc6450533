"""The planner beside its peers on drawn counties: seconds, gaps and costs, every plan confirmed.

python bench/plan.py [--large] [--sizes N ...] [--seeds N] [--jobs N] [--go-on] [--write]

The planner, the practice, the plain formulation (the same model solved with tangents alone: nothing narrowed, no hull,
no guess) and SCIP work on the same counties in one run. Every plan of the planner goes through the exact checker and
the engine. Writes build/plan.json and prints tables; --write also writes docs/quality/planner.md. Every run is kept as
it ends in build/plan-runs.jsonl; --go-on takes from there those of the same commit. The exit status is 1 where a plan
does not hold or two engines contradict each other.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import plan_report
from plan_contest import CONTESTANTS, Run, Size, contest
from revision import revision

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "build" / "plan-runs.jsonl"
# Schools, seeds, gap, and who takes part; the practice and the planner always do. Where a peer is ended more often than
# not, a few counties of it tell as much as many.
LARGE = (
    Size(15, 20, 1e-4, ("plain", "scip")),
    Size(30, 100, 1e-4, ("plain", "scip", "named"), beside=40),
    Size(60, 20, 1e-4, ("plain", "scip"), beside=5),
    Size(150, 20, 1e-3, ("plain", "scip", "frontier"), beside=2),
    Size(400, 20, 1e-3, ("plain", "scip"), beside=2),
    Size(30, 20, 1e-4, ("plain", "scip"), roads=True, beside=5),
    Size(150, 2, 1e-3, ("plain", "scip"), roads=True, beside=1),
)
SMALL = (
    Size(15, 6, 1e-4, ("plain", "scip")),
    Size(30, 12, 1e-4, ("plain", "scip", "named")),
    Size(150, 2, 1e-3, ("plain", "frontier"), beside=1),
    Size(400, 1, 1e-3, ()),
    Size(30, 3, 1e-4, ("scip",), roads=True),
    Size(150, 1, 1e-3, (), roads=True),
)
COMBINED, MANY = (0.0, 0.2), 1000
# Nobody is waited for longer (seconds of the clock).
LONGEST = {"large": 120.0, "small": 70.0}


def main() -> int:
    """Run everything; 1 where a plan does not hold or engines contradict each other."""
    options = _options()
    load = os.getloadavg()[0]
    longest = LONGEST["large" if options.large else "small"]
    sizes = [one for one in (LARGE if options.large else SMALL) if one.schools in (options.sizes or [one.schools])]
    if not options.go_on:
        KEPT.unlink(missing_ok=True)
    runs = list(_runs([replace(one, seeds=min(one.seeds, options.seeds)) for one in sizes], longest, options.jobs))
    found = {
        "runs": [one.plain() for one in runs],
        "longest": longest,
        "jobs": options.jobs,
    } | plan_report.surroundings(load)
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "plan.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    page = "\n".join(plan_report.page(found)) + "\n"
    print(page)
    if options.write:
        (ROOT / "docs" / "quality" / "planner.md").write_text(page, "utf-8")
    return int(any(one.wrong for one in runs))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="the planner beside its peers, on drawn counties")
    parser.add_argument("--large", action="store_true", help="100 counties of 30 schools, 20 of each other size")
    parser.add_argument("--sizes", type=int, nargs="*", help="only these numbers of schools")
    parser.add_argument("--seeds", type=int, default=MANY, help="no more counties of each sort than this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="so many counties at a time")
    parser.add_argument("--go-on", action="store_true", help="do not do again what an earlier run of this commit did")
    parser.add_argument("--write", action="store_true", help="also write docs/quality/planner.md")
    return parser.parse_args()


def _runs(sizes: Sequence[Size], longest: float, jobs: int) -> Iterator[Run]:
    """Yield every run, so many at a time, each in a process of its own; on the way, say what is done and keep it."""
    asked = [one for size in sizes for one in _asked(size)]
    known, commit = _known(), revision()
    KEPT.parent.mkdir(exist_ok=True)
    with ThreadPoolExecutor(jobs) as pool, KEPT.open("a", encoding="utf-8") as kept:
        for at, run in enumerate(pool.map(lambda one: known.get(_key(*one)) or contest(*one, longest), asked), start=1):
            print(f"{at} of {len(asked)}: {run.who}, {run.schools} schools, {run.processor:.1f} s", file=sys.stderr)
            if _key_of(run) not in known:
                print(json.dumps({"commit": commit, "run": run.plain()}), file=kept, flush=True)
            yield run


def _known() -> dict[tuple[object, ...], Run]:
    """Return the runs of this commit that are kept."""
    lines = KEPT.read_text("utf-8").splitlines() if KEPT.exists() else []
    own = [one["run"] for one in map(json.loads, lines) if one["commit"] == revision()]
    return {_key_of(run): run for run in (Run.of_plain(one) for one in own)}


def _key(who: str, size: Size, seed: int, combined: float) -> tuple[object, ...]:
    return who, size.schools, seed, combined, size.roads


def _key_of(run: Run) -> tuple[object, ...]:
    return run.who, run.schools, run.seed, run.combined, run.roads


def _asked(size: Size) -> Iterator[tuple[str, Size, int, float]]:
    for combined in COMBINED:
        for seed in range(size.seeds):
            beside = [one for one in CONTESTANTS if one in size.peers] if seed < size.beside else []
            yield from ((name, size, seed, combined) for name in ("junheng", "practice", *beside))


if __name__ == "__main__":
    sys.exit(main())
