"""The benchmarks: whole processes from start to verdict, side by side with their peers and floors in one run.

python bench/run.py [--write] [--without-libreoffice]

junheng, a pandas program and LibreOffice judge the same invented counties, alternately, so that whatever else the
machine does falls on all of them. Then their answers are compared; a disagreement makes the exit status 1. Writes
build/bench.json and prints a table; --write also writes docs/quality/bench.md.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import report
from measure import Contestant, Failed, Times, alternately, warm_up

BENCH = Path(__file__).resolve().parent
PYTHON = sys.executable
JUNHENG = str(Path(PYTHON).with_name("junheng"))
# How often each is run at each size, in the alternation.
ROUNDS = {30: 9, 1_000: 5, 20_000: 3}
SCHOOLS_OF_A_COUNTY = 30
DISAGREED, UNUSABLE = 1, 2
SHOWN_DISAGREEMENTS = 20
# An installation for use has neither numpy nor pandas; this starts junheng as if they were not there.
ALONE = (
    "import runpy, sys; sys.modules.update(numpy=None, pandas=None); sys.argv = sys.argv[1:]; "
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


@dataclass(frozen=True, slots=True)
class Case:
    """So many schools, in one county or in many, and the folder that their facts and all answers stand in."""

    shape: str
    schools: int
    folder: Path

    @property
    def counties(self) -> int:
        """One county, or as many as it takes for about 30 schools each."""
        return 1 if self.shape == "county" else -(-self.schools // SCHOOLS_OF_A_COUNTY)

    @property
    def facts(self) -> Path:
        """The folder of CSV files."""
        return self.folder / "facts"

    @property
    def workbook(self) -> Path:
        """The workbook of formulas without results."""
        return self.folder / "county.xlsx"

    @property
    def recalculated(self) -> Path:
        """The workbook that LibreOffice leaves."""
        return self.folder / "recalculated" / self.workbook.name


def main() -> int:
    """Run everything; 0 where all agree, 1 where they do not, 2 where it cannot be run."""
    options = _options()
    office = None if options.without_libreoffice else shutil.which("soffice") or shutil.which("libreoffice")
    if office is None and not options.without_libreoffice:
        print(
            "LibreOffice is MISSING: no soffice on the PATH. Install LibreOffice Calc, or leave that peer out "
            "with --without-libreoffice.",
            file=sys.stderr,
        )
        return UNUSABLE
    with tempfile.TemporaryDirectory(prefix="junheng-bench-") as folder:
        try:
            return _bench(Path(folder), office, write=options.write)
        except Failed as error:
            print(error, file=sys.stderr)
            return UNUSABLE


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="whole processes side by side with their peers, as ratios")
    parser.add_argument("--write", action="store_true", help="also write docs/quality/bench.md")
    parser.add_argument("--without-libreoffice", action="store_true", help="leave LibreOffice out")
    return parser.parse_args()


def _bench(folder: Path, office: str | None, *, write: bool) -> int:
    load, before = os.getloadavg()[0], report.revision()
    cases = [Case(shape, size, folder / f"{shape}-{size}") for size in ROUNDS for shape in ("county", "counties")]
    for case in cases:
        _say(f"making {case.schools:,} schools in {case.counties:,} counties")
        _prepare(case, office)
    warm_up(_contestants(cases[0], office), cases[0].folder)
    measured = []
    for case in cases:
        _say(f"running {case.schools:,} schools in {case.counties:,} counties, {ROUNDS[case.schools]} rounds")
        measured.append((case, alternately(_contestants(case, office), ROUNDS[case.schools], case.folder)))
    _say("comparing the answers")
    compared = [_agreement(case, times) for case, times in measured]
    disagreements = sum(len(found) for one in compared for _, found in one.values())
    figures = report.figures(measured, compared, report.surroundings(load, before, office))
    report.publish(figures, write=write)
    return DISAGREED if disagreements else 0


def _say(what: str) -> None:
    if sys.stderr.isatty():
        print(what, "...", file=sys.stderr)


def _prepare(case: Case, office: str | None) -> None:
    """Make the facts, and the workbook where LibreOffice takes part; in processes of their own, to stay small."""
    counted = ["--schools", str(case.schools), "--counties", str(case.counties)]
    subprocess.run([PYTHON, str(BENCH / "counties.py"), str(case.facts), *counted], check=True)
    if office and case.shape == "county":
        subprocess.run([PYTHON, str(BENCH / "workbook.py"), str(case.facts), str(case.workbook)], check=True)


def _contestants(case: Case, office: str | None) -> dict[str, Contestant]:
    """Return who runs at this size, in the order of their turns."""
    asked = ["--format", "json"] if case.shape == "county" else ["--all"]
    assess = [JUNHENG, "assess", str(case.facts), *asked]
    found = {"junheng": Contestant(assess)}
    # As a module, so that the peer's code comes compiled from the cache, as junheng's does.
    found["pandas"] = Contestant([PYTHON, "-m", "pandas_peer", str(case.facts)], folder=BENCH)
    if office and case.shape == "county":
        found["libreoffice"] = _libreoffice(case, office)
    if case.schools == min(ROUNDS) and case.shape == "county":
        found["junheng_alone"] = Contestant([PYTHON, "-c", ALONE, *assess])
        found["imports"] = Contestant([PYTHON, "-c", "import duckdb, pyarrow"])
        found["python"] = Contestant([PYTHON, "-c", "pass"])
    return found


def _libreoffice(case: Case, office: str) -> Contestant:
    """Return the conversion that recalculates the workbook, under a profile that nobody else uses."""
    profile = (case.folder.parent / "profile").as_uri()
    how = [f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "xlsx"]
    command = [office, *how, "--outdir", str(case.recalculated.parent), str(case.workbook)]
    return Contestant(command, leaves=case.recalculated)


def _agreement(case: Case, times: dict[str, Times]) -> dict[str, tuple[int, list[str]]]:
    """Compare each peer's last answer with junheng's; say what differs."""
    # Imported last: what this process holds would count as the peak memory of those that it starts.
    from agreement import compare, read_json

    ours = read_json(case.folder / "junheng")
    found = {}
    for name, theirs in _answers(case, times):
        count, wrong = found[name] = compare(ours, theirs)
        for one in wrong[:SHOWN_DISAGREEMENTS]:
            print(f"DISAGREEMENT with {name}, {case.schools:,} schools, of {count:,} compared: {one}", file=sys.stderr)
    del ours
    gc.collect()
    return found


def _answers(case: Case, times: dict[str, Times]) -> Iterator[tuple[str, list[dict[str, object]]]]:
    from agreement import read_json, read_workbook

    for name in {"junheng_alone", "pandas"} & times.keys():
        yield name, read_json(case.folder / name)
    if "libreoffice" in times:
        yield "libreoffice", read_workbook(case.recalculated)


if __name__ == "__main__":
    sys.exit(main())
