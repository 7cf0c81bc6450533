"""The mutants of the checks: each of their numbers one more and one less in its last place, judged by their cases."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import check_cases
from junheng.facts.problems import Unusable
from junheng.quality.load import CHECKS, load_checks
from junheng.quality.run import run_checks
from rule_mutants import YamlMutant, mutants_of, number_deeds
from test_quality_checks import test_a_check_fires_on_one_side_of_its_line_only as asked_of_a_case


def check_mutants() -> Iterator[YamlMutant]:
    """Yield every mutant of every number of the checks, whether it is a value or a key."""
    for file in sorted(CHECKS.glob("*.yaml")):
        yield from mutants_of(file, CHECKS, _deeds)


def _deeds(_: Any, value: Any) -> Iterator[tuple[str, Any]]:
    yield from number_deeds(value)


def noticed_by_cases(mutant: YamlMutant) -> str:
    """Return how the cases of the harmed check notice it; "" if none does."""
    with tempfile.TemporaryDirectory() as folder:
        mutant.write(Path(folder))
        try:
            checks = load_checks.__wrapped__(Path(folder))
        except Unusable:
            return "refused when loaded"
    (harmed,) = [one for one in checks if one != check_cases.CHECKS[one.id]]
    near = [one for one in checks if one.id in (harmed.id, *harmed.unless) or harmed.id in one.unless]
    cases = [one for one in check_cases.cases() if one.check == harmed.id]
    with patch.multiple(check_cases, cases=lambda: cases, run_checks=partial(run_checks, checks=near)):
        results = check_cases.results.__wrapped__()
    with patch.object(check_cases, "results", lambda: results):
        return "cases of the check" if any(_broken(case) for case in cases) else ""


def _broken(case: check_cases.Case) -> bool:
    try:
        asked_of_a_case(case)
    except (AssertionError, ValueError):
        return True
    return False
