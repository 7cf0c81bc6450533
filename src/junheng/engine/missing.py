"""Which cells of a school must still be filled in before an indicator has a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from junheng.facts.schema import SCHOOLS
from junheng.standard.model import Indicator, Rules


def missing_columns(rules: Rules, indicator: Indicator, stage: str, school: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns of `schools` that are empty and without which `indicator` has no value for `stage`."""
    needed = [*_pupil_columns(rules, indicator, stage, school), *_term_columns(rules, indicator, stage, school)]
    return tuple(dict.fromkeys(name for name in needed if school[name] is None))


def _pupil_columns(rules: Rules, indicator: Indicator, stage: str, school: Mapping[str, Any]) -> Iterator[str]:
    """Yield the pupils that a value is counted over: the stage's own, or every stage's that shares the resource."""
    standard = rules.standard
    if school["school_type"] is None:
        yield "school_type"
    own = standard.school_types[school["school_type"]].stages if school["school_type"] else standard.apportioning
    shared = [one for one in own if standard.apportioning[one]] if indicator.apportioned else []
    yield from (f"{one}_pupils" for one in dict.fromkeys([stage, *shared]))


def _term_columns(rules: Rules, indicator: Indicator, stage: str, school: Mapping[str, Any]) -> Iterator[str]:
    for term in rules.terms(indicator):
        name = term.column(stage).name
        if term.clause is None:
            yield name
        elif school[name]:
            conditions = rules.clauses[term.clause].when
            yield from (one.column for one in conditions if one.column in SCHOOLS.by_name)
