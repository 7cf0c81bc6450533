"""From facts and terms to the planning problem: what is missing is planned from 0, or refused."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from junheng.engine.assess import assess_all
from junheng.engine.result import Assessment
from junheng.engine.result import Section as Judged
from junheng.facts.model import Facts
from junheng.facts.problems import Problem, Unusable, unusable
from junheng.facts.schema import SCHOOLS
from junheng.planner.case import Case, Section, composition, lines_of, staff_columns
from junheng.planner.rooms import new_classes, shorts
from junheng.planner.terms import Terms
from junheng.standard.model import Standard

PRIVATE = "10"
ELIGIBLE = "rotation_eligible_teachers"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The problem, the answer and the facts from which it starts, and the cells that were missing (planned from 0)."""

    case: Case
    facts: Facts
    answer: Assessment
    assumed: tuple[tuple[str, str], ...]


def prepare(facts: Facts, standard: Standard, as_of: dt.date | None, terms: Terms) -> Prepared:
    """Return one county's planning problem. Raises `Unusable` where a school's type or pupils are not known."""
    first = next(assess_all(facts, standard, as_of))
    if not any(one.in_sample is not False for one in first.sections):
        raise unusable(SCHOOLS.label, "没有一所学校进入样本，没有可以做方案的", "请检查学校类型和在校生数")
    _refuse(first)
    assumed = tuple(_missing(first))
    known = _from_zero(facts, assumed)
    answer = next(assess_all(known, standard, first.as_of)) if assumed else first
    return Prepared(_case(answer, known, terms), known, answer, assumed)


def _refuse(answer: Assessment) -> None:
    """Without its type and its pupils nobody knows what a school needs."""
    unknown = [one for one in answer.sections if one.in_sample is None or (one.in_sample and one.pupils is None)]
    if unknown:
        raise Unusable([_unknown(one, answer) for one in unknown])


def _unknown(section: Judged, answer: Assessment) -> Problem:
    rows = answer.facts.tables["schools"].to_pylist()
    row = next(one for one in rows if one["school_code"] == section.school_code)
    column = SCHOOLS.column("school_type" if row["school_type"] is None else f"{section.stage}_pupils")
    reason = f"{section.school_name or section.school_code}没有报{column.label}，不知道它要达到多少"
    return Problem(SCHOOLS.label, reason, "请先补报这一格", column=column.label)


def _missing(answer: Assessment) -> Iterator[tuple[str, str]]:
    seen = [
        (section.school_code, column)
        for section in answer.sections
        if section.in_sample
        for one in section.indicators.values()
        for column in one.missing
    ]
    yield from dict.fromkeys(seen)


def _from_zero(facts: Facts, cells: tuple[tuple[str, str], ...]) -> Facts:
    rows = facts.tables["schools"].to_pylist()
    by_code = {row["school_code"]: row for row in rows}
    for code, column in cells:
        by_code[code][column] = 0
    table = pa.Table.from_pylist(rows, facts.tables["schools"].schema)
    return replace(facts, tables={**facts.tables, "schools": table})


def _case(answer: Assessment, facts: Facts, terms: Terms) -> Case:
    rows = {row["school_code"]: row for row in facts.tables["schools"].to_pylist()}
    empty = Case(answer.rules, terms, {}, (), {}, {})
    sections = tuple(_section(empty, one, rows[one.school_code]) for one in answer.sections if one.in_sample)
    classes = new_classes(answer, facts)
    return replace(
        empty,
        names={code: row["school_name"] or code for code, row in rows.items()},
        sections=sections,
        shorts=shorts(answer, facts, classes, {one.key for one in sections}),
        new_classes=classes,
        eligible=_eligible(facts, sections, terms),
    )


def _eligible(facts: Facts, sections: tuple[Section, ...], terms: Terms) -> int:
    """Return how many teachers can be exchanged: as the county reports, else those of public schools not exempt."""
    told = (row["value"] or "" for row in facts.tables["county"].to_pylist() if row["item"] == ELIGIBLE)
    if (reported := next(told, "")).isdecimal():
        return int(reported)
    staff: Counter[str] = Counter()
    for one in sections:
        staff[one.school] += sum(one.staff.values()) if one.group else 0
    return sum(max(0, number - int(terms.at_least("exempt", code) or 0)) for code, number in staff.items())


def _section(case: Case, judged: Judged, row: Row) -> Section:
    total, *having = staff_columns(judged.stage, case.qualities)
    staff = composition(row[total] or 0, {name: row[name] or 0 for name in having})
    lines = lines_of(case.rules, case.terms, judged)
    return Section(judged.school_code, judged.stage, judged.pupils or 0, staff, lines, _group(judged, row))


def _group(judged: Judged, row: Row) -> tuple[str, ...] | None:
    """Return with whom teachers may be exchanged: the same stage and language (P23); never with a private school."""
    if row["sponsor_code"] == PRIVATE:
        return None
    return judged.stage, row["teaching_language"] or ""
