"""Golden cases: each a rule in the officer's words, what was given, and what must come out.

They stand under tests/golden; those that the rule book itself shows stand in its folder `worked`, and nowhere else.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import junheng as jh
from junheng.output.answer import as_dict

FOLDER = Path(__file__).parents[1] / "golden"
RULES = Path(jh.__file__).parent / "standard" / "rules"
DAY = dt.date(2025, 9, 1)


@dataclass(frozen=True, slots=True)
class Case:
    """One golden case; `county` is the code under which it stands in the facts that all cases of a day share."""

    file: str
    county: str
    name: str
    as_of: dt.date
    tolerance: float
    schools: list[dict[str, Any]]
    tables: dict[str, list[dict[str, Any]]]
    expect: dict[str, Any]


@cache
def cases(document: str = "national-2017") -> tuple[Case, ...]:
    """Return every golden case of a document, in the order of files and lines."""
    worked = [
        (file.stem, case)
        for file in sorted((RULES / document / "worked").glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))["cases"]
    ]
    tested = [
        (file.stem, case)
        for file in sorted((FOLDER / document).glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]
    found = worked + tested
    return tuple(_case(file, f"{number:06d}", case) for number, (file, case) in enumerate(found, 1))


def _case(file: str, county: str, case: dict[str, Any]) -> Case:
    given = case["given"]
    schools = [{**given.get("defaults", {}), **school, "county_code": county} for school in given["schools"]]
    tolerance = float(case.get("tolerance", 0))
    tables = {name: rows for name, rows in given.items() if name not in {"defaults", "schools", "county"}}
    if "county" in given:
        tables["county"] = [{"item": item, "value": value} for item, value in given["county"].items()]
    return Case(file, county, case["name"], case.get("as_of", DAY), tolerance, schools, tables, case["expect"])


def write_schools(rows: list[dict[str, Any]], folder: Path) -> Path:
    """Write rows as a schools.csv in `folder`, as a county would hand it in, and return the folder."""
    return write_table("schools", rows, folder)


def write_table(name: str, rows: list[dict[str, Any]], folder: Path) -> Path:
    """Write rows as the CSV of a table in `folder` and return the folder."""
    columns = list(dict.fromkeys(column for row in rows for column in row)) or ["county_code", "school_code"]
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return folder


def judge(all_cases: tuple[Case, ...], day: dt.date, folder: Path) -> dict[str, Any]:
    """Return the answers of the cases of one day as the contract's JSON, by county code.

    Cases with schools alone share one reading; the other tables do not say which county they are about.
    """
    rows = [school for case in all_cases if case.as_of == day and not case.tables for school in case.schools]
    facts = jh.load(write_schools(rows, folder))
    return {answer.county_code: as_dict(answer) for answer in jh.assess_all(facts, as_of=day)}


def judge_alone(case: Case, folder: Path) -> dict[str, Any]:
    """Return the answer of one case that has more than schools."""
    write_schools(case.schools, folder)
    for name, rows in case.tables.items():
        write_table(name, rows, folder)
    (answer,) = jh.assess_all(jh.load(folder), as_of=case.as_of)
    return as_dict(answer)


def judge_all(make_folder: Callable[[], Path]) -> dict[str, Any]:
    """Return the answer of every case, by county code."""
    days = sorted({case.as_of for case in cases()})
    answers = {county: answer for day in days for county, answer in judge(cases(), day, make_folder()).items()}
    return answers | {case.county: judge_alone(case, make_folder()) for case in cases() if case.tables}


def compare(expected: Any, actual: Any, tolerance: float, path: str = "") -> list[str]:
    """Return where `actual` is not what was expected; keys that the case does not name are free."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        if not expected and actual:
            return [f"{path}: expected nothing, got {actual}"]
        return [
            line
            for key, value in expected.items()
            for line in compare(value, actual.get(key, "absent"), tolerance, f"{path}/{key}")
        ]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = zip(expected, actual, strict=True)
        return [line for at, (want, got) in enumerate(pairs) for line in compare(want, got, tolerance, f"{path}[{at}]")]
    if isinstance(expected, int | float) and isinstance(actual, int | float) and not isinstance(expected, bool):
        same = actual == pytest.approx(expected, abs=tolerance, rel=1e-15)
        return [] if same else [f"{path}: expected {expected!r}, got {actual!r}"]
    return [] if expected == actual and type(expected) is type(actual) else [f"{path}: {expected!r} is not {actual!r}"]


def keyed(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with its sections under school_code/stage, as golden cases name them."""
    sections = {f"{one['school_code']}/{one['stage']}": one for one in answer["sections"]}
    return {**answer, "sections": sections, "section_count": len(sections)}


def differences(case: Case, answer: dict[str, Any]) -> list[str]:
    """Return where a case's answer is not as written; of `reasons_include` each must be among the reasons."""
    expect = {key: value for key, value in case.expect.items() if key != "reasons_include"}
    absent = [
        f"reasons: {wanted} is not among them"
        for wanted in case.expect.get("reasons_include", [])
        if all(compare(wanted, reason, 0) for reason in answer["reasons"])
    ]
    return compare(expect, keyed(answer), case.tolerance) + absent
