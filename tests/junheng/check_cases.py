"""Cases of the checks: YAML under tests/golden/checks, one on each side of every check's line.

All cases stand in one set of facts, each variant as a county of its own, and are checked in one run: a county's
findings must not depend on the others'. What cannot share a file (the period, an unknown column) is run alone.
"""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import junheng as jh
from junheng.facts.schema import SCHOOLS, STAGES, TABLES
from junheng.quality.load import load_checks
from junheng.quality.model import OWN_STAGE
from junheng.quality.run import run_checks

FOLDER = Path(__file__).parents[1] / "golden" / "checks"
DAY = dt.date(2025, 9, 1)
CHECKS = {check.id: check for check in load_checks()}
CODES = ("county_code", "school_code", "parent_school_code")
PREVIOUS = "previous"
Given = dict[str, Any]
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Case:
    """One rule of a check: what fires it (with the column where the finding stands), and what leaves it silent."""

    file: str
    check: str
    rule: str
    fires: Given
    silent: tuple[Given, ...]
    at: str

    @property
    def variants(self) -> dict[str, Given]:
        """What is given each time: what fires, what does not, and what fires with one cell taken out."""
        silent = {f"silent {number}": one for number, one in enumerate(self.silent)}
        return {"fires": self.fires, **silent, **dict(_blanked(self))}


@cache
def cases() -> tuple[Case, ...]:
    """Return every case, by file and place."""
    return tuple(
        _case(file.stem, case)
        for file in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    )


def _case(file: str, case: dict[str, Any]) -> Case:
    given = case.get("given", {})
    silent = case["silent"] if isinstance(case["silent"], list) else [case["silent"]]
    variants = tuple({**given, **one} for one in silent)
    return Case(file, case["check"], case["rule"], {**given, **case["fires"]}, variants, case["at"])


def _blanked(case: Case) -> Iterator[tuple[str, Given]]:
    """Yield what fires the case with one cell that its check reads taken out; not where it asks for empty cells."""
    check = CHECKS[case.check]
    tests = [*check.when, *([check.terms.must] if check.terms.must else [])]
    if check.table != SCHOOLS.name or check.kind == "needed" or any(test.test == "reported" for test in tests):
        return
    names = [name for name in check.names if name != OWN_STAGE]
    read = {check.column(name, stage).name for name in names for stage in STAGES}
    for name in sorted({*read, *(["school_type"] if OWN_STAGE in check.names else [])} & set(case.fires)):
        yield f"without {name}", {**case.fires, name: None}


@cache
def results() -> dict[tuple[str, str, str], list[jh.Finding]]:
    """Return what each case's own check finds in each of its variants, by check, rule and variant."""
    told = [((case.check, case.rule, name), given) for case in cases() for name, given in case.variants.items()]
    numbered = {f"{number:05d}": one for number, one in enumerate(told, 10_000)}
    together = {county: one for county, one in numbered.items() if not _alone(one[1])}
    found = _by_county(_checked([_tables(given, county) for county, (_, given) in together.items()]))
    for county in numbered.keys() - together.keys():
        ones = _checked([_tables(numbered[county][1], county)])
        found |= {(county, check): [one for one in ones if one.check.id == check] for check in CHECKS}
    return {key: found.get((county, key[0]), []) for county, (key, _) in numbered.items()}


def _by_county(found: tuple[jh.Finding, ...]) -> dict[tuple[str, str], list[jh.Finding]]:
    counties = defaultdict(list)
    for one in found:
        counties[str(one.county_code or one.school_code)[:5], one.check.id].append(one)
    return counties


def _alone(given: Given) -> bool:
    return "period" in given or any(name not in {*SCHOOLS.by_name, *TABLES, "alike", PREVIOUS} for name in given)


def _checked(counties: list[dict[str, Rows]]) -> tuple[jh.Finding, ...]:
    previous = [{SCHOOLS.name: tables.pop(PREVIOUS, [])} for tables in counties]
    before = _loaded(previous) if any(one[SCHOOLS.name] for one in previous) else None
    return run_checks(_loaded(counties), jh.load_standard(), DAY, previous=before)


def _loaded(counties: list[dict[str, Rows]]) -> jh.Facts:
    with tempfile.TemporaryDirectory() as folder:
        for name in dict.fromkeys(name for tables in counties for name in tables):
            rows = [row for tables in counties for row in tables.get(name, [])]
            write_rows(rows, Path(folder) / f"{name}.csv")
        return jh.load(folder)


def _tables(given: Given, county: str = "") -> dict[str, Rows]:
    """Return the tables that `given` describes: lists under a table's name, `alike` schools, and the school 甲.

    Last year's schools stand under `previous`.
    """
    own = {name: value for name, value in given.items() if name not in {*TABLES, "alike", PREVIOUS}}
    schools = [{"county_code": "", "school_code": "甲", **own}, *_alike(given.get("alike", {}))]
    tables = {SCHOOLS.name: schools, **{name: rows for name, rows in given.items() if name in TABLES}}
    if PREVIOUS in given:
        tables[PREVIOUS] = [{"county_code": "", "school_code": "甲", **row} for row in given[PREVIOUS]]
    return {name: [_told_apart(row, county) for row in rows] for name, rows in tables.items()}


def _told_apart(row: dict[str, Any], county: str) -> dict[str, Any]:
    """Return a row with its codes put under the county that stands for its variant."""
    return {name: f"{county}{value}" if name in CODES and value is not None else value for name, value in row.items()}


def _alike(alike: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the other schools: as many as the longest list under a column has values."""
    count = max((len(value) for value in alike.values() if isinstance(value, list)), default=0)
    for at in range(count):
        values = {name: value[at] if isinstance(value, list) else value for name, value in alike.items()}
        yield {"county_code": "", "school_code": f"同{at}", **values}


def write(given: Given, folder: Path) -> None:
    """Write the facts that `given` describes into `folder`."""
    for name, rows in _tables(given).items():
        write_rows(rows, folder / f"{name}.csv")


def write_rows(rows: Rows, file: Path) -> None:
    """Write rows as CSV; None is an empty cell."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
