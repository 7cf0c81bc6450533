"""Figures as words, the same in every output: a spread with its bounds, a requirement's figure, invented data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from junheng.engine.display import shown, shown_beside, with_unit
from junheng.engine.result import VERDICT_LABELS, Assessment, Change, PartAnswer, Section, Spread
from junheng.facts.model import Facts
from junheng.facts.schema import BASES, SCHOOLS, STAGE_LABELS
from junheng.output.overlay import asked_line
from junheng.standard.differences import looser_targets

INVENTED = "虚构"
DIGITS_OF_A_LINE = 10
TURNED_SHOWN = 3
UNREPORTED = "未报"
NONE = "—"


def or_dash(value: float | None, decimals: int) -> str:
    """Return a value as shown, or a dash where there is none."""
    return NONE if value is None else shown(value, decimals)


def line_told(line: float | Fraction) -> str:
    """Return a line with every decimal that it has: a floor of 4.505 is not 4.51."""
    return f"{float(line):,.{DIGITS_OF_A_LINE}f}".rstrip("0").rstrip(".")


def spread_told(spread: Spread, decimals: int) -> str:
    """Return a spread as shown beside its limit, or its bounds while a value is missing, or a dash."""
    if spread.cv is not None:
        return shown_beside(spread.cv, spread.cv_limit, decimals)
    if spread.cv_bounds is None:
        return NONE
    low, high = spread.cv_bounds
    least, most = shown(low, decimals), "∞" if high is None else shown(high, decimals)
    return least if least == most else f"{least}～{most}"


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


def sources(facts: Facts) -> list[str]:
    """Return where the facts come from, as their period says: source, school year, counting date, basis."""
    found = []
    for row in facts.tables["period"].to_pylist():
        day = f"统计时点 {row['counting_date']}" if row["counting_date"] else ""
        told = (row["source"], row["school_year"], day, BASES.get(row["basis"] or "", ""))
        found.append("，".join(text for text in told if text))
    return [text for text in found if text]


def _said(facts: Facts, table: str, column: str) -> Iterator[str]:
    return (text for text in facts.tables[table][column].to_pylist() if text)


def labels_told(columns: Sequence[str]) -> str:
    """Return columns of `schools` under their labels."""
    return "、".join(SCHOOLS.column(name).label for name in columns)


def targets_told(answer: Assessment) -> Iterator[str]:
    """Say what the county's own targets add: those that are missed, and those that ask less than the document."""
    parts = [(id, part) for id, one in answer.requirements.items() for part in one.parts if part.target_status]
    for id, part in parts:
        if part.target_status == "below" and part.status == "pass":
            yield f"{id} {part.name}：达到国家标准，未达到本县目标 {with_unit(part.target or 0.0, part.unit)}"
    for one in looser_targets(answer.rules.standard, answer.as_of):
        lines = f"{asked_line(one.second)}，低于国家标准 {asked_line(one.first)}"
        yield f"{one.indicator} {one.name}：本县目标 {lines}，认定仍按国家标准"


def readings_told(answer: Assessment) -> Iterator[str]:
    """Say which readings of disputed points would turn something."""
    for one in answer.readings:
        turned = "、".join(_turned(answer, change) for change in one.changes[:TURNED_SHOWN])
        more = f"等 {len(one.changes)} 处" if len(one.changes) > TURNED_SHOWN else ""
        yield f"{one.question}：若“{one.reading}”（{one.source}），{turned}{more}"


def _turned(answer: Assessment, change: Change) -> str:
    labels = f"{VERDICT_LABELS[change.now]}→{VERDICT_LABELS[change.then]}"
    if change.scope == "county":
        return f"{change.indicator} {labels}"
    stage, _, code = change.scope.partition(":")
    names = {one.school_code: school_told(one) for one in answer.sections}
    return f"{STAGE_LABELS[stage]}{names.get(code, '')}{change.indicator} {labels}"
