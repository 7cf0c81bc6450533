"""A rule book's worked cases as people read them: what is known, and what comes out of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from junheng.engine.display import PERCENT
from junheng.facts.items import ITEMS
from junheng.facts.schema import SCHOOLS, STAGE_LABELS, TABLES, Column, Kind
from junheng.output.json_text import json_text
from junheng.output.told import UNREPORTED, line_told
from junheng.standard.model import Indicator, Standard
from junheng.standard.requirements import Part, Requirement
from junheng.standard.worked import DAY, Row, Worked, load_worked

WHOLE_COUNTY = "全县"
RELATIONS = {"at_least": "不低于", "at_most": "不超过", "below": "低于"}
# What names a row rather than tells of it, and what every school has.
NAMES = {"school_code", "school_type", "indicator"}
BACKGROUND = NAMES | {f"{stage}_pupils" for stage in STAGE_LABELS}


def worked_to_json(standard: Standard, id: str) -> str:
    """Return the worked cases of an indicator as JSON text: sentence, clause, what is known, what comes out."""
    cases = load_worked(standard.id).get(id, ())
    return json_text([_case(standard, one) for one in cases])


def _case(standard: Standard, one: Worked) -> dict[str, Any]:
    return {
        "name": one.name.removeprefix(f"{one.indicator} "),
        "clause": one.clause,
        "as_of": None if one.day == DAY else one.day.isoformat(),
        "rows": list(_rows(standard, one)),
    }


def _rows(standard: Standard, one: Worked) -> Iterator[dict[str, Any]]:
    """Yield what is known beside what comes out of it: school by school, or all of it for a stage or the county."""
    known = [{"who": who, "facts": facts} for who, facts in _known(one).items()]
    outcomes = list(_outcomes(standard, one))
    if not one.sections:
        yield {"known": known, "outcomes": outcomes}
        return
    for outcome in outcomes:
        yield {"known": [given for given in known if given["who"] == outcome["who"]], "outcomes": [outcome]}


def _known(one: Worked) -> dict[str, list[str]]:
    """Return what is given, by whom it is about. Pupils alone are no news where something else is given."""
    schools = _schools(one)
    found: dict[str, list[str]] = {}
    alone = len(one.tables) == 1 and not one.items
    for table, rows in one.tables.items():
        for row in rows:
            if table == SCHOOLS.name and not alone and not row.keys() - BACKGROUND:
                continue
            who = schools.get(row.get("school_code", ""), WHOLE_COUNTY)
            found.setdefault(who, []).append(_row(table, row))
    if one.items:
        found.setdefault(WHOLE_COUNTY, []).extend(_fact(ITEMS[item], value) for item, value in one.items.items())
    return found


def _schools(one: Worked) -> dict[str, str]:
    types = SCHOOLS.column("school_type").choices
    rows = one.tables.get(SCHOOLS.name, ())
    return {row["school_code"]: f"{row['school_code']}校（{types[row['school_type']]}）" for row in rows}


def _row(table: str, row: Row) -> str:
    columns = TABLES[table].by_name
    return "，".join(_fact(columns[name], value) for name, value in row.items() if name not in NAMES)


def _fact(column: Column, value: Any) -> str:
    between = "：" if column.choices or column.kind is Kind.FLAG else " "
    return f"{column.label}{between}{_value(column, value)}"


def _value(column: Column, value: Any) -> str:
    if value is None:
        return UNREPORTED
    if column.kind is Kind.FLAG:
        return "是" if value else "否"
    if column.choices:
        return column.choices[str(value)]
    return f"{line_told(Fraction(value))} {column.unit}".strip() if isinstance(value, int | Decimal) else str(value)


def _outcomes(standard: Standard, one: Worked) -> Iterator[dict[str, str]]:
    schools = _schools(one)
    for (school, stage), expected in one.sections.items():
        told = _of_section(standard, standard.indicators[one.indicator], one, stage, expected)
        yield {"who": schools[school], "status": expected["status"], "told": told}
    for stage, expected in one.stages.items():
        told = f"差异系数 {line_told(expected['cv'])}，上限 {line_told(expected['cv_limit'])}"
        yield {"who": f"{STAGE_LABELS[stage]}各校之间", "status": expected["status"], "told": told}
    if one.requirement is not None:
        told = _of_county(standard.requirements[one.indicator], one, one.requirement)
        yield {"who": WHOLE_COUNTY, "status": one.requirement["status"], "told": told}


def _of_section(standard: Standard, indicator: Indicator, one: Worked, stage: str, expected: Row) -> str:
    """Return the value, the lines that it is held against, and what lacks to the threshold."""
    rules = standard.on(one.day)
    line, floor = rules.thresholds[indicator.id][stage], rules.floor(indicator.id, stage)
    lines = f"标准值 {line_told(line)}，{line_told(standard.floor * PERCENT)}% 线 {line_told(floor)}"
    value = f"{line_told(expected['value'])} {indicator.unit}；" if expected.get("value") is not None else ""
    gap = expected.get("gap_to_threshold")
    return f"{value}{lines}{f'；距标准值还差 {gap} {indicator.measured.unit}' if gap else ''}"


def _of_county(requirement: Requirement, one: Worked, expected: Row) -> str:
    """Return the figure with its line; where rows are counted, how many fall short."""
    first = requirement.parts[0]
    value, line = expected.get("value"), first.line(one.day)
    if value is None or line is None:
        return ""
    if first.each and first.kind != "entered":
        return f"没有做到的 {line_told(value)} {first.unit}"
    return f"{_figure(first, Fraction(value))}，要求{RELATIONS[first.relation]} {_figure(first, line)}"


def _figure(part: Part, value: Fraction) -> str:
    """Return a figure with every decimal that it has: near a line, 84.99% is not 85%."""
    return f"{line_told(value * PERCENT)}%" if part.unit == "%" else f"{line_told(value)} {part.unit}"
