"""Every SQL statement of the engine, in the order in which each reads what stands before it.

Verdicts are exact: lines are compared by cross-multiplication in BIGINT (`standard.proof` shows that it fits), and
`/` makes only DOUBLEs, for display and for the first step of the spread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from junheng.engine.asked import asked_tables, summed_facts
from junheng.engine.kinds import KINDS
from junheng.engine.requirements import requirement_statements
from junheng.engine.sections import campuses_statement, sections_statement
from junheng.facts.schema import STAGES
from junheng.standard.model import Rules


def rule_tables(rules: Rules) -> dict[str, pa.Table]:
    """Return what the statements read of the rule book, by name."""
    return {"lines": lines(rules), **asked_tables(rules)}


def lines(rules: Rules) -> pa.Table:
    """Return the thresholds and floors in force: two whole numbers for each line, per indicator and stage."""
    rows = [
        {
            "indicator": indicator,
            "stage": stage,
            "threshold_top": rules.thresholds[indicator][stage].numerator,
            "threshold_bottom": rules.thresholds[indicator][stage].denominator,
            "floor_top": rules.floor(indicator, stage).numerator,
            "floor_bottom": rules.floor(indicator, stage).denominator,
        }
        for indicator in rules.indicators
        for stage in STAGES
    ]
    return pa.Table.from_pylist(rows)


def statements(rules: Rules) -> dict[str, str]:
    """Return the engine's statements by the names under which later ones read them.

    They read the facts (`schools`, `judged`, `classes`, `rooms`, and `items` of the county table) and
    `rule_tables`.
    """
    return {
        "campuses": campuses_statement(rules.standard, summed_facts(rules)),
        "sections": sections_statement(rules),
        "amounts": " UNION ALL ".join(KINDS[one.kind](rules, one) for one in rules.indicators.values()),
        "measures": MEASURES,
        "verdicts": verdicts_statement(rules.standard.may_miss),
        "totals": TOTALS,
        "squares": SQUARES,
        "spreads": SPREADS,
    } | requirement_statements(rules)


@dataclass(frozen=True, slots=True)
class Half:
    """Statements with the answers that rest on them alone: nothing in one half reads what is in the other."""

    statements: Mapping[str, str]
    answers: Mapping[str, str]


def halves(rules: Rules) -> tuple[Half, Half]:
    """Return the engine's two halves, the resources' and the requirements'; `campuses` stands in both."""
    every, of_requirements = statements(rules), requirement_statements(rules)
    resources = {name: one for name, one in every.items() if name not in of_requirements}
    requirements = {"campuses": every["campuses"], **of_requirements}
    return Half(resources, RESOURCE_ANSWERS), Half(requirements, REQUIREMENT_ANSWERS)


def _gap(line: str) -> str:
    """Return the least whole number of buying units that reach a line: the shortfall over one step, rounded up."""
    lack = f"(over * {line}_top - have * {line}_bottom)"
    step = f"({line}_bottom * step)"
    return f"CASE WHEN {lack} <= 0 THEN 0 ELSE ({lack} + {step} - 1) // {step} END"


MEASURES = f"""
    SELECT amounts.*,
        CAST(have AS DOUBLE) / over AS value,
        CAST(threshold_top AS DOUBLE) / threshold_bottom AS threshold,
        CAST(floor_top AS DOUBLE) / floor_bottom AS floor,
        CASE WHEN have IS NULL OR over IS NULL THEN 'missing'
             WHEN have * threshold_bottom >= over * threshold_top THEN 'met'
             WHEN have * floor_bottom >= over * floor_top THEN 'floor'
             ELSE 'below' END AS status,
        {_gap("threshold")} AS gap_to_threshold,
        {_gap("floor")} AS gap_to_floor
    FROM amounts JOIN lines ON lines.indicator = amounts.indicator AND lines.stage = amounts.stage"""


def verdicts_statement(may_miss: int) -> str:
    """Return the SQL of a section's verdict: at most `may_miss` indicators under their threshold, none under its floor.

    While a value is missing, only a failure that it cannot undo is given.
    """
    return f"""
    SELECT county_code, school_code, stage, met, missing,
        CASE WHEN below > 0 OR floored > {may_miss} THEN 'fail'
             WHEN missing > 0 THEN 'undetermined'
             ELSE 'pass' END AS verdict
    FROM (
        SELECT county_code, school_code, stage,
            count(CASE WHEN status = 'met' THEN 1 END) AS met,
            count(CASE WHEN status = 'floor' THEN 1 END) AS floored,
            count(CASE WHEN status = 'below' THEN 1 END) AS below,
            count(CASE WHEN status = 'missing' THEN 1 END) AS missing
        FROM measures
        GROUP BY county_code, school_code, stage) AS counted"""


# The sample's sums. `known_*` are of sections with a value; `uncounted` are sections whose pupils are not reported;
# `possible` are sections that the sample may or may not hold.
TOTALS = """
    SELECT county_code, stage, indicator,
        count(CASE WHEN in_sample THEN 1 END) AS schools,
        sum(CAST(CASE WHEN in_sample THEN pupils END AS DECIMAL(38,0))) AS pupils,
        count(CASE WHEN in_sample THEN value END) AS known,
        sum(CAST(CASE WHEN in_sample AND value IS NOT NULL THEN pupils END AS DECIMAL(38,0))) AS known_pupils,
        min(CASE WHEN in_sample AND value IS NULL THEN pupils END) AS least_missing,
        count(CASE WHEN in_sample AND pupils IS NULL THEN 1 END) AS uncounted,
        count(CASE WHEN in_sample IS NULL THEN 1 END) AS possible,
        sum(CASE WHEN in_sample THEN pupils * value END) AS resource
    FROM measures
    GROUP BY county_code, stage, indicator"""

# The weighted squares around the mean of the known sections, in DOUBLE.
SQUARES = """
    SELECT totals.county_code, totals.stage, totals.indicator,
        CAST(known_pupils AS DOUBLE) AS seen_pupils,
        CAST(totals.pupils AS DOUBLE) - CAST(known_pupils AS DOUBLE) AS unseen_pupils,
        sum(measures.pupils * value * value) AS squares,
        sum(measures.pupils * (value - resource / CAST(known_pupils AS DOUBLE))
            * (value - resource / CAST(known_pupils AS DOUBLE))) AS deviations
    FROM totals JOIN measures ON measures.county_code = totals.county_code
        AND measures.stage = totals.stage AND measures.indicator = totals.indicator
    WHERE in_sample
    GROUP BY totals.county_code, totals.stage, totals.indicator, known_pupils, totals.pupils"""

# CV squared of the known sections, and its bounds over every value >= 0 that the missing ones may have. With K the
# known, M the missing pupils, A = sum(P X), Q = sum(P X^2) and D the deviations of the known:
# lowest where every missing school is at X* = Q / A, which gives K D / (A^2 + M Q);
# highest at 0, (K D + M Q) / A^2, or without limit in the smallest missing school, N / min P - 1.
SPREADS = """
    SELECT totals.*, squares, deviations,
        resource / CAST(known_pupils AS DOUBLE) AS mean,
        sqrt(deviations / seen_pupils) AS sd,
        seen_pupils * deviations / nullif(resource * resource, 0) AS cv_squared,
        CASE WHEN uncounted > 0 OR known = 0 THEN 0
             WHEN resource = 0 THEN seen_pupils / nullif(unseen_pupils, 0)
             ELSE seen_pupils * deviations / (resource * resource + unseen_pupils * squares) END AS lowest,
        CASE WHEN uncounted = 0 THEN greatest(
             CAST(totals.pupils AS DOUBLE) / least_missing - 1,
             (seen_pupils * deviations + unseen_pupils * squares) / nullif(resource * resource, 0)) END AS highest
    FROM totals LEFT JOIN squares ON squares.county_code = totals.county_code
        AND squares.stage = totals.stage AND squares.indicator = totals.indicator"""

# What the answer is put together from, once every statement stands.
RESOURCE_ANSWERS = {
    "sections": """
        SELECT sections.county_code, sections.school_code, school_name, sections.stage, pupils, in_sample,
            excluded_because, met, verdict
        FROM sections JOIN verdicts ON verdicts.county_code = sections.county_code
            AND verdicts.school_code = sections.school_code AND verdicts.stage = sections.stage""",
    # With each section's share of the deviations: which schools make the spread. It is read where the spread is whole.
    "measures": """
        SELECT measures.*,
            CASE WHEN deviations > 0 THEN measures.pupils * (value - mean) * (value - mean) / deviations
                 ELSE 0 END AS contribution
        FROM measures JOIN spreads ON spreads.county_code = measures.county_code
            AND spreads.stage = measures.stage AND spreads.indicator = measures.indicator""",
    "spreads": "SELECT * FROM spreads",
}
REQUIREMENT_ANSWERS = {
    "parts": "SELECT * FROM requirement_parts",
    "open_rows": """
        SELECT county_code, requirement, part, school_code, subject, state
        FROM requirement_rows WHERE state IN ('failing', 'missing')""",
}
ANSWERS = {**RESOURCE_ANSWERS, **REQUIREMENT_ANSWERS}
