"""The closed vocabulary of kinds: each is one function that yields the SQL of an indicator's amounts.

Amounts are whole numbers. An indicator's value is have / over, and `step` is what one more buying unit of the
resource (a person, a room, 1 m2, 1 yuan) adds to `have`. A missing term makes the whole value missing; without pupils
there is no `over`, and so no value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from junheng.standard.model import Condition, Indicator, Rules, Term


def per_pupil_ratio(rules: Rules, indicator: Indicator) -> str:
    """Return the amounts of a resource per so many pupils.

    What a school reports once a stage stands over that stage's pupils. What its stages share is split by weighted
    pupils, share = resource * weight * pupils / weighted_pupils, so the stage's own pupils cancel from the value.
    """
    weight, pupils = ("weight", "weighted_pupils") if indicator.apportioned else ("1", "pupils")
    scale = indicator.measured.measure.scale
    resource = " ".join(_signed(rules, term) for term in rules.terms(indicator))
    return f"""
        SELECT county_code, school_code, stage, pupils, in_sample, '{indicator.id}' AS indicator,
            (0 {resource}) * {indicator.per} * {weight} AS have,
            CASE WHEN pupils > 0 THEN {pupils} * {scale} END AS over,
            {indicator.per} * {scale} * {weight} AS step
        FROM sections"""


def _signed(rules: Rules, term: Term) -> str:
    sign = "+" if term.sign > 0 else "-"
    if term.clause is None:
        return f"{sign} {term.fact}"
    return f"{sign} {_under_clause(term.fact, rules.clauses[term.clause].when)}"


def _under_clause(fact: str, conditions: tuple[Condition, ...]) -> str:
    """Return what a clause lets count: nothing claimed is 0; a claim is missing while its conditions are unknown."""
    return f"CASE WHEN coalesce({fact}, 0) = 0 THEN 0 ELSE {fact} * CAST({holds(conditions)} AS BIGINT) END"


def holds(conditions: tuple[Condition, ...]) -> str:
    """Return the SQL of a clause's conditions: true, false, or null where what they ask about is not reported."""
    return " AND ".join(_holds(condition) for condition in conditions)


def _holds(condition: Condition) -> str:
    if condition.equals is None:
        return within(condition.column, condition.at_least, condition.below)
    if isinstance(condition.equals, bool):
        return f"{condition.column} = {str(condition.equals).lower()}"
    return f"{condition.column} = '{condition.equals}'"


def within(column: str, at_least: int | None, below: int | None) -> str:
    """Return the SQL of a range that may be open at either end."""
    least = [] if at_least is None else [f"{column} >= {at_least}"]
    return " AND ".join([*least, *([] if below is None else [f"{column} < {below}"])])


KINDS: Mapping[str, Callable[[Rules, Indicator], str]] = {"per_pupil_ratio": per_pupil_ratio}
