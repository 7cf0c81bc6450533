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
from junheng.facts.schema import STAGES
from junheng.sql import open_session
from junheng.standard.model import Rules

Given = tuple[Case, Rules, CountyRows, Facts]


@cache
def rows_of_cases() -> tuple[Given, ...]:
    """Return each case that has schools and is judged once: the rules of its day, its county's rows, its facts."""
    cases = [case for case in golden.cases() if case.schools and not judged_twice(case)]
    alone = [[case] for case in cases if case.tables]
    days = sorted({case.as_of for case in cases})
    together = [[one for one in cases if one.as_of == day and not one.tables] for day in days]
    return tuple(found for group in (*together, *alone) for found in _rows(group))


def judged_twice(case: Case) -> bool:
    """Return whether a school claims what counts only under a past clause: such a county is judged once more."""
    rules = jh.load_standard().on(case.as_of)
    longer = rules.with_clauses()
    terms = [term for one in longer.indicators.values() for term in longer.terms(one) if term.clause]
    columns = {term.column(stage).name for term in terms for stage in STAGES}
    return longer != rules and any(row.get(name) for row in case.schools for name in columns)


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
