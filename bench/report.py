"""The benchmarks' figures: as plain values for build/bench.json, as a table, and as docs/quality/bench.md."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from math import log
from pathlib import Path
from typing import Any, Protocol

from measure import Times

sys.path.append(str(Path(__file__).resolve().parents[1] / "tools"))

from revision import revision

ROOT = Path(__file__).resolve().parent.parent
NAMES = {
    "junheng": "junheng assess",
    "junheng_alone": "junheng, as installed for use (no numpy, no pandas)",
    "pandas": "pandas program",
    "libreoffice": "LibreOffice Calc, headless",
    "imports": "floor: import duckdb, pyarrow",
    "python": "floor: python -c pass",
}
SHAPES = {"county": "one county", "counties": "counties of about 30 schools"}
PACKAGES = ("junheng", "duckdb", "pyarrow", "pandas", "numpy", "xlsxwriter", "python-calamine")
# What is aimed at: seconds for the whole process, by schools.
GOALS = {30: 0.5, 20_000: 5.0}
SMALLEST, LARGEST = min(GOALS), max(GOALS)
# Where the floor's middle round takes so much of its fastest, the seconds tell of the neighbours too.
NOISY = 1.1
Figures = dict[str, Any]


class Case(Protocol):
    """What a report has to know of a case."""

    @property
    def shape(self) -> str:
        """A key of SHAPES."""

    @property
    def schools(self) -> int:
        """How many schools there are."""

    @property
    def counties(self) -> int:
        """How many counties the schools are in."""


def figures(
    measured: Sequence[tuple[Case, dict[str, Times]]],
    compared: Sequence[dict[str, tuple[int, list[str]]]],
    where: Figures,
) -> Figures:
    """Return everything that was found, as plain values."""
    runs = [_runs(case, times) for case, times in measured]
    _add_growth(runs)
    for run, found in zip(runs, compared, strict=True):
        run["agreement"] = {name: {"compared": count, "disagreements": wrong} for name, (count, wrong) in found.items()}
    return where | {"runs": runs}


def surroundings(load: float, before: str, office: str | None) -> Figures:
    """Return when and where it was measured; `load` and the revision `before` are those at the start."""
    return {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "commit": before,
        "changed_meanwhile": revision() != before,
        "machine": _machine(load),
        "versions": _versions(office),
    }


def _runs(case: Case, times: dict[str, Times]) -> Figures:
    ours = times["junheng"].median
    contestants = {name: one.summary() | {"ratio_to_junheng": one.median / ours} for name, one in times.items()}
    return {"shape": case.shape, "schools": case.schools, "counties": case.counties, "contestants": contestants}


def _add_growth(runs: list[Figures]) -> None:
    """Add to each run how it stands to the same contestant's smaller runs."""
    for shape in SHAPES:
        own = [run for run in runs if run["shape"] == shape]
        for before, run in zip([None, *own], own, strict=False):
            for name, one in run["contestants"].items():
                one["ratio_to_smallest"] = one["median_s"] / own[0]["contestants"][name]["median_s"]
                one["exponent"] = None if before is None else _exponent(before, run, name)
                one["us_per_further_school"] = None if before is None else _further(before, run, name)


def _exponent(before: Figures, run: Figures, name: str) -> float:
    """Return e where time grows as schools to the power e, between two sizes."""
    times = run["contestants"][name]["median_s"] / before["contestants"][name]["median_s"]
    return log(times) / log(run["schools"] / before["schools"])


def _further(before: Figures, run: Figures, name: str) -> float:
    """Return the microseconds for each school more, between two sizes: what is left when starting up cancels out."""
    more = run["contestants"][name]["median_s"] - before["contestants"][name]["median_s"]
    return float(more * 1e6 / (run["schools"] - before["schools"]))


def _machine(load: float) -> Figures:
    cores = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "cores": cores,
        "memory_gb": round(memory, 1),
        "load_at_start": round(load, 2),
    }


def _versions(office: str | None) -> dict[str, str]:
    found = {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}
    return found | ({"libreoffice": _said(office, "--version").split()[1]} if office else {})


def _said(*command: str) -> str:
    """Return what a command prints, or nothing where it is missing or fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def publish(found: Figures, *, write: bool) -> None:
    """Write build/bench.json, print the table, and write the page of the manual where that is asked for."""
    (ROOT / "build").mkdir(exist_ok=True)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    (ROOT / "build" / "bench.json").write_text(text + "\n", encoding="utf-8")
    for title, rows in _tables(found):
        print(f"\n{title}\n{_plain(rows)}")
    print()
    print("\n".join(_comment(found)))
    if write:
        page = ROOT / "docs" / "quality" / "bench.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("\n".join(_page(found)) + "\n", encoding="utf-8")


Rows = list[list[str]]


def _tables(found: Figures) -> Iterator[tuple[str, Rows]]:
    smallest, *_ = found["runs"]
    rounds = smallest["contestants"]["junheng"]["rounds"]
    title = f"A county of {smallest['schools']} schools, whole process from start to verdict, {rounds} rounds"
    yield title, [["", "min s", "median s", "max s", "x junheng", "peak MB"], *_smallest_rows(smallest)]
    for shape, label in SHAPES.items():
        head = ["", "schools", "median s", "x junheng", f"x own {SMALLEST}", "exponent", "us/school", "peak MB"]
        yield f"Growth, {label}", [head, *_growth_rows([run for run in found["runs"] if run["shape"] == shape])]


def _smallest_rows(run: Figures) -> Iterator[list[str]]:
    for name, one in run["contestants"].items():
        times = [f"{one[key]:.3f}" for key in ("min_s", "median_s", "max_s")]
        yield [NAMES[name], *times, f"{one['ratio_to_junheng']:.2f}", f"{one['peak_mb']:.0f}"]


def _growth_rows(runs: list[Figures]) -> Iterator[list[str]]:
    for name in runs[-1]["contestants"]:
        for run in runs:
            one = run["contestants"][name]
            grown = ["", ""]
            if one["exponent"] is not None:
                grown = [f"{one['exponent']:.2f}", f"{one['us_per_further_school']:.0f}"]
            ratios = [f"{one['ratio_to_junheng']:.2f}", f"{one['ratio_to_smallest']:.2f}", *grown]
            yield [NAMES[name], f"{run['schools']:,}", f"{one['median_s']:.3f}", *ratios, f"{one['peak_mb']:.0f}"]


def _plain(rows: Rows) -> str:
    """Return rows as text: the first column left, numbers right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [[row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in rows]
    return "\n".join("  ".join(line) for line in lines)


def _markdown(rows: Rows) -> str:
    head, *body = rows
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _page(found: Figures) -> Iterator[str]:
    changed = ", but the program was changed during the run" if found["changed_meanwhile"] else ""
    machine, versions = found["machine"], found["versions"]
    yield "# Benchmarks\n"
    yield f"{found['date'][:10]}, commit {found['commit']}{changed}. Made by `python bench/run.py --write`.\n"
    yield (
        f"{machine['system']} {machine['architecture']}, {machine['cores']} cores, {machine['memory_gb']} GB, "
        f"load {machine['load_at_start']} before the start. "
        f"{', '.join(f'{name} {number}' for name, number in versions.items())}.\n"
    )
    for title, rows in _tables(found):
        yield f"## {title}\n\n{_markdown(rows)}\n"
    yield "## What this means\n"
    yield from _comment(found)
    yield "\n## How it was measured\n"
    yield HOW


HOW = """\
- Every contestant is a whole process, from its start to its written answer, on the same invented facts. They take
  turns, round after round, so that whatever else the machine does falls on all of them; each ran once before, to warm
  up. Compare the ratios; the seconds are this machine's.
- junheng reads and checks every cell, knows missing values, gives gaps, contributions and reasons in Chinese, and
  judges everything that its rule book holds. The peers judge the seven resource indicators only, which is also all
  that is compared.
- The pandas program reads only the columns that it needs, trusts them, and gives values, statuses, verdicts and
  spreads. Its JSON is compact.
- LibreOffice opens a workbook that holds inputs and formulas without stored results, recalculates it and saves it. It
  starts with the workbook ready: typing 30 schools into it is not counted.
- The peers hold the rule's numbers themselves and compare values as doubles; junheng reads its rule book and compares
  exactly.
- `x own 30` is the time over the same contestant's time for 30 schools. `exponent` is e where time grows as schools to
  the power of e since the size before: 0 is no growth, 1 is in proportion. While starting up is most of the time it
  stays near 0; `us/school` is the microseconds for each school more than the size before, without starting up.
- Peak memory is the most that one process of the contestant held. The system reports none below what the process that
  starts them holds, about 18 MB."""


def _comment(found: Figures) -> Iterator[str]:
    """Yield what the figures mean, in sentences, as they fall."""
    runs = {(run["shape"], run["schools"]): run["contestants"] for run in found["runs"]}
    floor = runs["county", SMALLEST]["imports"]
    if floor["median_s"] > NOISY * floor["min_s"]:
        yield (
            f"- The machine did other work at the same time: the middle round of the imports took "
            f"{floor['median_s'] / floor['min_s']:.2f} of the fastest. The ratios are what counts."
        )
    yield from _about_the_county(runs["county", SMALLEST])
    for shape, label in SHAPES.items():
        yield from _about_growth(runs[shape, LARGEST], label)
    yield _about_agreement(found["runs"])


def _about_the_county(one: Figures) -> Iterator[str]:
    ours, floor = one["junheng"]["median_s"], one["imports"]["median_s"]
    yield (
        f"- A county of {SMALLEST} schools takes {ours:.2f} s from start to verdict; the goal of {GOALS[SMALLEST]} s "
        f"is {_met(ours, SMALLEST)} (fastest round {one['junheng']['min_s']:.2f} s). {floor:.2f} s of it "
        f"({floor / ours:.0%}) are Python and the imports of duckdb and pyarrow."
    )
    alone = one["junheng_alone"]["median_s"]
    yield (
        f"- As installed for use, without numpy and pandas, it takes {alone:.2f} s ({alone / ours:.0%}): pyarrow "
        f"imports both where it finds them."
    )
    for name in ("pandas", "libreoffice"):
        if name in one:
            yield f"- {NAMES[name]}: {_against(one[name]['ratio_to_junheng'])}."


def _about_growth(one: Figures, label: str) -> Iterator[str]:
    ours = one["junheng"]
    yield (
        f"- {LARGEST:,} schools, {label}: {ours['median_s']:.1f} s and {ours['peak_mb']:,.0f} MB; the goal of "
        f"{GOALS[LARGEST]:.0f} s is {_met(ours['median_s'], LARGEST)}. Each further school takes "
        f"{ours['us_per_further_school']:.0f} microseconds."
    )
    for name in ("pandas", "libreoffice"):
        if name in one:
            peak = one[name]["peak_mb"]
            yield f"  - {NAMES[name]}: {_against(one[name]['ratio_to_junheng'])}, with {peak:,.0f} MB."


def _met(seconds: float, schools: int) -> str:
    return "met" if seconds <= GOALS[schools] else "NOT met"


def _against(ratio: float) -> str:
    """Say how a peer's time stands to junheng's, and who is slower."""
    if ratio < 1:
        return f"{ratio:.2f} of junheng's time; junheng is {1 / ratio:.1f} times as slow"
    return f"{ratio:.2f} times junheng's time; junheng is faster"


def _about_agreement(runs: list[Figures]) -> str:
    found = [one for run in runs for one in run["agreement"].values()]
    wrong = sum(len(one["disagreements"]) for one in found)
    return (
        f"- {sum(one['compared'] for one in found):,} values, spreads, statuses and verdicts were compared with the "
        f"peers', numbers to 1e-9 of their size; {wrong:,} disagree."
    )
