"""The thorough suites, one after another: what each says at its end, how long it took, and on which commit.

python tools/thorough.py [SUITE...] [--write]

Keeps what is found in docs/quality/thorough.json; --write also writes docs/quality/thorough.md from it. The exit status
is 1 where a suite fails. A suite that is not named keeps what was found of it before.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from revision import revision, today

ROOT = Path(__file__).resolve().parents[1]
FIGURES, PAGE = (ROOT / "docs" / "quality" / name for name in ("thorough.json", "thorough.md"))
TESTS = ("-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider")


@dataclass(frozen=True, slots=True)
class Suite:
    """What is run with Python, and what it shows."""

    shows: str
    command: tuple[str, ...]


SUITES = {
    "examples": Suite(
        "thousands of drawn counties, workbooks and files against the slow reference and back again",
        (*TESTS, "-m", "not java", "tests/junheng"),
    ),
    "planner": Suite(
        "thousands of drawn counties: every plan before checker and engine, tiny ones against brute force, SCIP beside",
        (*TESTS, "tests/planner"),
    ),
    "platform": Suite(
        "every URL with every role, thousands of drawn requests, workers killed at every point",
        ("tools/postgres.py", sys.executable, *TESTS, "tests/junheng_web"),
    ),
    "looks": Suite(
        "every page full, empty and with the longest names, wide and narrow, light and dark: axe, weight, width",
        ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/journeys"),
    ),
    "mutants": Suite("small damages of SQL, rule book, checks and Python", ("tools/mutants/run.py", "--write")),
    "bench": Suite("whole processes beside their peers, up to 20,000 schools", ("bench/run.py", "--write")),
    "plans": Suite(
        "the planner beside the practice, the plain formulation and SCIP, 15 to 400 schools",
        ("bench/plan.py", "--large", "--write"),
    ),
    "pages": Suite("server time of pages beside a bare view; one changed cell", ("bench/web.py", "--write")),
    "binder": Suite("a binder of 500 pages beside the library alone", ("bench/binder.py", "--write")),
}


def main() -> int:
    """Run the suites that are named; 1 where one fails."""
    options = _options()
    found = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    for name in options.suites or SUITES:
        found[name] = _run(name)
        FIGURES.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if options.write:
        PAGE.write_text("\n".join(_page(found)) + "\n", "utf-8")
    return int(any(found[name]["status"] for name in options.suites or SUITES))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"{', '.join(SUITES)}; all, where none is named")
    parser.add_argument("--write", action="store_true", help="also write docs/quality/thorough.md")
    options = parser.parse_args()
    if unknown := set(options.suites) - set(SUITES):
        parser.error(f"no such suite: {', '.join(sorted(unknown))}")
    return options


def _run(name: str) -> dict[str, object]:
    """Run a suite, let its output through, and return what it said last."""
    start, said = time.perf_counter(), ""
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "thorough", "JUNHENG_PICTURES": "1"}
    with subprocess.Popen(
        [sys.executable, *SUITES[name].command], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE
    ) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            said = line.strip() or said
    seconds = round(time.perf_counter() - start)
    return {"status": running.returncode, "said": said, "seconds": seconds, "date": today(), "commit": revision()}


def _page(found: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    yield from ("# Thorough runs", "", "Made by `make thorough`; each line is of the commit that it names.", "")
    yield "| suite | shows | outcome | said at the end | minutes | date | commit |"
    yield "| --- | --- | --- | --- | ---: | --- | --- |"
    for name, suite in SUITES.items():
        if one := found.get(name):
            outcome = "FAILED" if one["status"] else "ok"
            minutes = f"{float(str(one['seconds'])) / 60:.1f}"
            said = str(one["said"]).replace("|", "\\|")
            cells = (name, suite.shows, outcome, said, minutes, one["date"], one["commit"])
            yield f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main())
