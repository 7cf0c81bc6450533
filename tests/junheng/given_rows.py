"""The pipeline's rows of every golden case, computed once: the ground for tests of what is made of them in Python."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import golden
import junheng as jh
from golden import Case
from junheng.engine.assess import run
from junheng.engine.county import CountyRows
from junheng.facts.model import Facts
from junheng.sql import open_session
from junheng.standard.model import Rules

Given = tuple[Case, Rules, CountyRows, Facts]


@cache
def judged_once() -> tuple[Case, ...]:
    """Return the cases whose answer is made of one run of the pipeline.

    Where clauses that would still be in force turn something, the county is judged a second time.
    """
    extended = {one.question for one, reading in jh.load_standard().readings if reading.effect == "clauses_extended"}
    with tempfile.TemporaryDirectory() as folder:
        answers = golden.judge_all(lambda: Path(tempfile.mkdtemp(dir=folder)))
    twice = {code for code, one in answers.items() if extended & {reading["question"] for reading in one["readings"]}}
    return tuple(case for case in golden.cases() if case.county not in twice)


@cache
def rows_of_cases() -> tuple[Given, ...]:
    """Return each case that has schools and is judged once: the rules of its day, its county's rows, its facts."""
    alone = [[case] for case in judged_once() if case.tables and case.schools]
    days = sorted({case.as_of for case in judged_once()})
    together = [[one for one in judged_once() if one.as_of == day and not one.tables and one.schools] for day in days]
    return tuple(found for cases in (*together, *alone) for found in _rows(cases))


def _rows(cases: list[Case]) -> list[Given]:
    if not cases:
        return []
    tables: dict[str, list[dict[str, Any]]] = {"schools": [row for case in cases for row in case.schools]}
    tables |= cases[0].tables
    rules = jh.load_standard().on(cases[0].as_of)
    with tempfile.TemporaryDirectory() as folder, open_session("duckdb") as session:
        for name, rows in tables.items():
            golden.write_table(name, rows, Path(folder))
        facts = jh.load(folder)
        counties = run(session, facts, rules)
    return [(case, rules, counties[case.county], facts) for case in cases]
