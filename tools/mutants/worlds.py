"""The facts on which mutants are judged: those of committed tests, each with what that test would notice.

A mutant counts as killed only where a golden case, a remembered digest, or a comparison with the slow reference would
be broken. The drawn counties are the very ones that the property tests draw: they are recorded while those tests run.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import conftest  # noqa: F401 (how many examples are drawn)
import counties
import golden
import junheng as jh
import reference
import reference_requirements
import remembered
import test_agreeing_with_the_reference as agreeing
import test_requirements_agree_with_the_reference as requiring
from given_rows import judged_twice
from junheng.facts.model import Facts
from junheng.output.answer import as_dict

SEEDS, MANY = range(4), 200
Noticed = Callable[[jh.Assessment], bool]


@dataclass(frozen=True, slots=True)
class World:
    """Some facts on a day; `noticed` tells, by county, whether a committed test would be broken by an answer."""

    name: str
    day: dt.date
    facts: Facts
    noticed: Mapping[str, Noticed]


def worlds() -> list[World]:
    """Return every world, those that are quick and tell much first."""
    small = [*_golden_days(), *_golden_alone(), *_requiring()]
    return [*small, *_agreeing(), *(_seeded(seed) for seed in SEEDS)]


def _golden_days() -> Iterator[World]:
    """Yield the cases of each day that have schools alone, as one set of facts."""
    days: dict[dt.date, list[golden.Case]] = defaultdict(list)
    for case in golden.cases():
        if not case.tables and case.schools and not judged_twice(case):
            days[case.as_of].append(case)
    for day, cases in days.items():
        facts = _loaded({"schools": [school for case in cases for school in case.schools]})
        yield World(f"golden cases {day}", day, facts, {case.county: _by_case(case) for case in cases})


def _golden_alone() -> Iterator[World]:
    """Yield the cases with other tables, which say what is so of one county."""
    for case in golden.cases():
        if (case.tables or not case.schools) and not judged_twice(case):
            facts = _loaded({"schools": case.schools, **case.tables})
            county = case.county if case.schools else ""
            yield World(f"{case.file}: {case.name}", case.as_of, facts, {county: _by_case(case)})


def _loaded(tables: Mapping[str, list[dict[str, Any]]]) -> Facts:
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in tables.items():
            golden.write_table(name, rows, Path(folder))
        return jh.load(folder)


def _by_case(case: golden.Case) -> Noticed:
    known = json.loads(remembered.FILE.read_text(encoding="utf-8"))["answers"]

    def noticed(answer: jh.Assessment) -> bool:
        told = as_dict(answer)
        if golden.differences(case, told):
            return True
        return any(
            known.get(name, digest) != digest for name, digest in remembered.digests({case.county: told}).items()
        )

    return noticed


def _requiring() -> Iterator[World]:
    """Yield the counties that are drawn to compare the requirements with the reference."""
    drawn: list[reference_requirements.County] = []
    original = requiring.facts_of
    requiring.facts_of = lambda county: drawn.append(county) or original(county)
    requiring.test_every_requirement_is_judged_as_the_reference_judges_it()
    requiring.facts_of = original
    for number, county in enumerate(drawn):
        expected = {id: judge(county) for id, judge in reference_requirements.REQUIREMENTS.items()}
        yield World(
            f"drawn requirements {number}", county.day, original(county), {"1": partial(_other_statuses, expected)}
        )


def _other_statuses(expected: Mapping[str, str], answer: jh.Assessment) -> bool:
    return {id: one.status for id, one in answer.requirements.items()} != expected


def _agreeing() -> Iterator[World]:
    """Yield the counties that are drawn to compare B1-B7 with the reference, all of a day at once."""
    days: dict[dt.date, list[list[counties.Row]]] = defaultdict(list)
    original = agreeing.differences
    agreeing.differences = lambda rows, answer, day: days[day].append(rows) or original(rows, answer, day)
    agreeing.test_the_engine_says_what_the_reference_says()
    agreeing.differences = original
    reference.judge = _remembering(reference.judge)
    for day, drawn in days.items():
        yield _compared(f"drawn counties {day}", dict(enumerate(drawn)), day)


def _seeded(seed: int) -> World:
    own = counties.by_county(counties.seeded_schools(seed, MANY))
    return _compared(f"two hundred counties, seed {seed}", own, agreeing.DAY)


def _compared(name: str, own: Mapping[Any, list[counties.Row]], day: dt.date) -> World:
    told_apart = {f"{code:>06}": rows for code, rows in own.items() if rows}
    schools = [{**row, "county_code": code} for code, rows in told_apart.items() for row in rows]
    noticed = {code: partial(_unlike_the_reference, rows, day) for code, rows in told_apart.items()}
    return World(name, day, counties.facts_of(schools), noticed)


def _remembering(judge: Callable[..., Any]) -> Callable[..., Any]:
    """Return the slow reference, asked only once about the same rows on the same day."""
    told: dict[tuple[int, dt.date], tuple[Any, Any]] = {}

    def remembered_judge(rows: list[counties.Row], day: dt.date) -> Any:
        key = id(rows), day
        if key not in told:
            told[key] = rows, judge(rows, day)
        return told[key][1]

    return remembered_judge


def _unlike_the_reference(rows: list[counties.Row], day: dt.date, answer: jh.Assessment) -> bool:
    return bool(agreeing.differences(rows, answer, day))
