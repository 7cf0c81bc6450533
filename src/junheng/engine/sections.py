"""Schools to sections: a row for each stage, with its pupils, its weight in the split, its place in the sample."""

from __future__ import annotations

from collections.abc import Iterable

from junheng.facts.schema import LOCATION_PREFIXES, SCHOOLS, STAGES, Kind
from junheng.standard.model import Rules, Standard


def campuses_statement(standard: Standard, summed: Iterable[str]) -> str:
    """Return the SQL of `campuses` over `schools`: each school with what its other cells say of it.

    `<stage>_now` are a stage's pupils: an empty cell means none in a stage that the type does not have, and not
    reported in one that it has or where the type is not reported. `weighted_pupils` are what shared resources are
    split over; `place` is urban, town or rural; `compulsory_<fact>` is what its stages report of a `summed` fact.
    """
    weights = {stage: weight for stage, weight in standard.apportioning.items() if weight}
    stages = ", ".join(f"{_pupils(standard, stage)} AS {stage}_now" for stage in weights)
    weighted = " + ".join(f"{weight} * {stage}_now" for stage, weight in weights.items())
    compulsory = " + ".join(f"{stage}_now" for stage in STAGES)
    sums = "".join(f", {_sum(fact)} AS compulsory_{fact}" for fact in summed)
    return f"""
        SELECT counted.*, {weighted} AS weighted_pupils, {compulsory} AS compulsory_pupils,
            migrant_pupils * 2 > {compulsory} AS migrant_majority{sums}
        FROM (SELECT schools.*, {_place()} AS place, {stages} FROM schools) AS counted"""


def _pupils(standard: Standard, stage: str) -> str:
    without = [name for name, school_type in standard.school_types.items() if stage not in school_type.stages]
    return f"CASE WHEN school_type IN ({quoted(without)}) THEN coalesce({stage}_pupils, 0) ELSE {stage}_pupils END"


def _sum(fact: str) -> str:
    """Return what the stages report, added up; of a stage without pupils nothing is reported, and nothing missing."""
    return " + ".join(
        f"CASE WHEN {stage}_now = 0 THEN coalesce({stage}_{fact}, 0) ELSE {stage}_{fact} END" for stage in STAGES
    )


def sections_statement(rules: Rules) -> str:
    """Return the SQL of `sections` over `campuses`.

    A school has the stages of its type, and any other stage in which it reports pupils (attached classes); where
    neither type nor pupils are reported, it may have the stage.
    """
    return " UNION ALL ".join(_stage_sections(rules, stage) for stage in STAGES)


def _stage_sections(rules: Rules, stage: str) -> str:
    standard = rules.standard
    pupils = f"{stage}_now"
    columns = ", ".join(f"{column} AS {name}" for name, column in _facts(rules, stage).items())
    flags = ", ".join(column.name for column in SCHOOLS.columns if column.kind is Kind.FLAG)
    return f"""
        SELECT county_code, school_code, school_name, '{stage}' AS stage, place AS location, {flags},
            {pupils} AS pupils, weighted_pupils,
            CAST({standard.apportioning[stage]} AS BIGINT) AS weight,
            {_in_sample(standard, pupils)} AS in_sample,
            {_excluded_because(standard, pupils)} AS excluded_because,
            {columns}
        FROM campuses
        WHERE {_exists(standard, stage, pupils)}"""


def _facts(rules: Rules, stage: str) -> dict[str, str]:
    """Return the columns of every indicator's terms: the name in `sections` to the one in `schools`."""
    terms = (term for indicator in rules.indicators.values() for term in indicator.terms)
    return {term.fact: term.column(stage).name for term in terms}


def _exists(standard: Standard, stage: str, pupils: str) -> str:
    own = [name for name, school_type in standard.school_types.items() if stage in school_type.stages]
    return f"school_type IN ({quoted(own)}) OR {pupils} > 0 OR {pupils} IS NULL"


def _in_sample(standard: Standard, pupils: str) -> str:
    """Return whether a section is in the sample of B1-B7: null where its type or its pupils leave that open."""
    types = standard.school_types
    outside = [name for name, one in types.items() if one.excluded_because and one.least_pupils is None]
    inside = [name for name, one in types.items() if not one.excluded_because]
    by_size = "".join(
        f" WHEN school_type = '{name}' THEN {pupils} >= {one.least_pupils}"
        for name, one in types.items()
        if one.least_pupils is not None
    )
    return (
        f"CASE WHEN {pupils} = 0 THEN false WHEN school_type IN ({quoted(outside)}) THEN false{by_size}"
        f" WHEN school_type IN ({quoted(inside)}) THEN true END"
    )


def _excluded_because(standard: Standard, pupils: str) -> str:
    reasons = "".join(
        f" WHEN school_type = '{name}'{_too_small(pupils, one.least_pupils)} THEN '{one.excluded_because}'"
        for name, one in standard.school_types.items()
        if one.excluded_because
    )
    return f"CASE WHEN {pupils} = 0 THEN 'no_pupils'{reasons} END"


def _too_small(pupils: str, least: int | None) -> str:
    return "" if least is None else f" AND {pupils} < {least}"


def _place() -> str:
    """Return urban, town or rural: as the statistical code says (P13), or else as reported in words."""
    cases = " ".join(
        f"WHEN location_code LIKE '{prefix}%' THEN '{place}'" for prefix, place in LOCATION_PREFIXES.items()
    )
    return f"CASE {cases} ELSE location END"


def quoted(codes: Iterable[str]) -> str:
    """Return codes of the rule book as a list of SQL texts."""
    return ", ".join(f"'{code}'" for code in codes)
