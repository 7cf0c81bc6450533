"""Figures as words, the same in every output: a spread with its bounds, a requirement's figure, invented data."""

from __future__ import annotations

from collections.abc import Iterator

from junheng.engine.display import shown, shown_beside, with_unit
from junheng.engine.result import Assessment, PartAnswer, Section, Spread
from junheng.facts.model import Facts

INVENTED = "虚构"
UNREPORTED = "未报"
NONE = "—"


def or_dash(value: float | None, decimals: int) -> str:
    """Return a value as shown, or a dash where there is none."""
    return NONE if value is None else shown(value, decimals)


def spread_told(spread: Spread, decimals: int) -> str:
    """Return a spread as shown beside its limit, or its bounds while a value is missing, or a dash."""
    if spread.cv is not None:
        return shown_beside(spread.cv, spread.cv_limit, decimals)
    if spread.cv_bounds is None:
        return NONE
    low, high = spread.cv_bounds
    return f"{shown(low, decimals)}～{'∞' if high is None else shown(high, decimals)}"


def figures(part: PartAnswer) -> tuple[str, str]:
    """Return a part's value and line as they are spoken of; a count of failing rows stands against none."""
    if part.threshold is None:
        return "", ""
    if part.counts:
        return (NONE if part.value is None else f"{part.value:.0f} {part.unit}"), f"0 {part.unit}"
    value = NONE if part.value is None else with_unit(part.value, part.unit)
    return value, with_unit(part.threshold, part.unit)


def scope(answer: Assessment) -> str:
    """Return the indicators of the resources as they are spoken of: the first to the last."""
    ids = list(answer.rules.indicators)
    return f"{ids[0]}～{ids[-1]}"


def county_told(answer: Assessment) -> str:
    """Return the county's name, or its code, or that neither was written."""
    return answer.county_name or answer.county_code or "（未写县名）"


def school_told(section: Section) -> str:
    """Return a school's name, or its code where it has none."""
    return section.school_name or section.school_code


def why_outside(answer: Assessment, section: Section) -> str:
    """Return why a section is not in the sample, in the rule book's words."""
    return answer.rules.standard.exclusions.get(section.excluded_because or "", "")


def invented(facts: Facts) -> str:
    """Return what the facts say of themselves where they are invented, else nothing: the period's, or a school's."""
    said = [*_said(facts, "period", "source"), *_said(facts, "period", "note"), *_said(facts, "schools", "note")]
    return next((text for text in said if INVENTED in text), "")


def _said(facts: Facts, table: str, column: str) -> Iterator[str]:
    return (text for text in facts.tables[table][column].to_pylist() if text)
