"""Signs from what was done to a cell: changed just before the deadline, or returned and come back just good enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import ceil

import pyarrow as pa

from junheng import api as jh
from junheng.facts.schema import SCHOOLS, STAGE_LABELS, STAGES
from junheng.standard.model import Rules
from junheng_web.collection.ledger.values import Key, column_of, shown, subject_of, unit_of
from junheng_web.scrutiny.declared import Declared
from junheng_web.scrutiny.evidence import Evidence, Returned, Sign
from junheng_web.scrutiny.kinds.words import cell

HOUR = dt.timedelta(hours=1)
# What is said of a section whose status this is; whoever is below the lower line has not reached the upper one either.
NOT_REACHED: Mapping[str, str] = {"floor": "不到标准值", "below": "不到标准值的 85%"}
Trouble = tuple[str, str, str]
"""What is not in order: the school, the column it hangs on, and what it is, in words."""


def late(of: Declared, evidence: Evidence) -> Iterator[Sign]:
    """Yield each value that was changed within so many hours before the deadline; it counts beside others only (P6)."""
    for one in evidence.late:
        code = subject_of(one.key)
        if one.left > of.terms.hours * HOUR or (code and code not in evidence.schools):
            continue
        label, unit = column_of(one.key).label, unit_of(one.key)
        before, after = (shown(kept, one.key) or "未报" for kept in (one.before, one.after))
        left = f"{one.left // HOUR} 小时" if one.left >= HOUR else "不到 1 小时"
        told = f"{label}在截止前 {left}由 {before} 改为 {after} {unit}".rstrip()
        yield Sign(of, code, "|".join(one.key), f"{before}→{after}", told, one.key, (("改前", before), ("改后", after)))


def returned(of: Declared, evidence: Evidence) -> Iterator[Sign]:
    """Yield each number that came back with the smallest change that passes.

    What was not in order before the return is in order now, and would not be if the change were a share smaller (at
    least one of the smallest unit): told by judging and checking the county again, three times in all.
    """
    if not evidence.returned:
        return
    was = _troubles(_with(evidence, {one.key: one.before for one in evidence.returned}))
    nearly = _troubles(_with(evidence, {one.key: _stepped_back(of, one) for one in evidence.returned}))
    gone_by_little = was & nearly
    silenced = gone_by_little - _troubles(evidence) if gone_by_little else gone_by_little
    for one in evidence.returned:
        if what := sorted(word for code, column, word in silenced if (code, column) == one.key[1:]):
            yield _returned(of, one, what)


def _stepped_back(of: Declared, one: Returned) -> int:
    """Return a number between the two: the new one, taken back by a share of the change."""
    change = one.after - one.before
    step = max(1, ceil(abs(change) * of.terms.step_back))
    return one.after - step if change > 0 else one.after + step


def _returned(of: Declared, one: Returned, what: list[str]) -> Sign:
    before, after = (cell(one.key, number) for number in (one.before, one.after))
    reason = f"（退回时说：{one.reason}）" if one.reason else ""
    told = f"{column_of(one.key).label}退回时是 {before}{reason}，改为 {after}，刚好不再：{'、'.join(what)}"
    code = subject_of(one.key)
    return Sign(of, code, one.key[2], f"{one.before}→{one.after}", told, one.key, (("改前", before), ("改后", after)))


def _with(evidence: Evidence, numbers: Mapping[Key, int]) -> Evidence:
    """Return the evidence as if other numbers stood in some cells of the schools."""
    rows = [
        {**row, **{key[2]: number for key, number in numbers.items() if key[1] == row["school_code"]}}
        for row in evidence.schools.values()
    ]
    schools = pa.Table.from_pylist(rows, schema=evidence.facts.tables[SCHOOLS.name].schema)
    facts = replace(evidence.facts, tables={**evidence.facts.tables, SCHOOLS.name: schools})
    rules, county = evidence.answer.rules, evidence.answer.county_code
    return replace(evidence, facts=facts, answer=jh.assess(facts, rules.standard.id, as_of=rules.day, county=county))


def _troubles(evidence: Evidence) -> set[Trouble]:
    """Return what the checks find and which lines are not met, each at every column of the schools that it reads."""
    answer, rules = evidence.answer, evidence.answer.rules
    options = {"as_of": rules.day, "county": answer.county_code, "previous": evidence.previous}
    findings = jh.check(evidence.facts, rules.standard.id, **options).findings
    told = {
        (one.school_code or "", one.check.column(name, stage).name, one.check.means)
        for one in findings
        if one.table == SCHOOLS.name
        for name in (*one.check.terms.columns, *one.check.terms.against)
        for stage in ([one.stage] if one.stage else STAGES)
    }
    lines = {
        (section.school_code, column, f"{STAGE_LABELS[section.stage]} {id} {NOT_REACHED[line]}")
        for section in answer.sections
        for id, one in section.indicators.items()
        for line in NOT_REACHED
        if one.status in (line, "below")
        for column in _read_by(rules, id, section.stage)
    }
    return told | lines


def _read_by(rules: Rules, id: str, stage: str) -> set[str]:
    """Return the columns that an indicator of a stage is worked out from."""
    return {term.column(stage).name for term in rules.terms(rules.indicators[id])} | {f"{stage}_pupils"}
