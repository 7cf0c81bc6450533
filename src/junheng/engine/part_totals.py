"""What the schools that a requirement's part is about report together: the sums that a form prints beside a share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from junheng.engine.asked import scale
from junheng.engine.assess import define_all, of_county
from junheng.engine.behind import WORKED_OUT
from junheng.engine.requirements import effective
from junheng.engine.result import Assessment
from junheng.sql import open_session

# Requirement, part, and the fact that is added up.
Asked = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Total:
    """A sum in the unit in which the fact is told; None where `lacking` schools have not reported it.

    `schools` is how many are added up: of none the sum is 0.
    """

    value: Fraction | None
    schools: int
    lacking: tuple[str, ...]


def part_totals(answer: Assessment, asked: Iterable[Asked]) -> dict[Asked, Total]:
    """Return what is asked for, over the same schools over which the engine judged the part."""
    wanted = list(dict.fromkeys(asked))
    facts = of_county(answer.facts, answer.county_code) if answer.facts.counties else answer.facts
    with open_session("duckdb", small=True) as session:
        define_all(session, facts, answer.rules)
        rows = {one: session.fetch(_statement(*one)).to_pylist() for one in wanted}
    return {one: _total(one[2], [(row["told"], row["amount"]) for row in own]) for one, own in rows.items()}


def _statement(requirement: str, part: str, fact: str) -> str:
    return f"""
        SELECT coalesce(campuses.school_name, campuses.school_code) AS told,
            CASE WHEN applies THEN {effective(fact)} END AS amount
        FROM campuses JOIN requirement_rows ON requirement_rows.school_code = campuses.school_code
        WHERE requirement = '{requirement}' AND part = '{part}' AND state <> 'outside'"""


def _total(fact: str, rows: list[tuple[str, int | None]]) -> Total:
    lacking = tuple(sorted(name or "" for name, amount in rows if amount is None))
    units = 1 if fact in WORKED_OUT else scale(fact)
    value = None if lacking else Fraction(sum(amount or 0 for _, amount in rows), units)
    return Total(value, len(rows), lacking)
