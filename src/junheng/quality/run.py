"""All checks over some facts: run each statement, say what it found, and put the gravest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from junheng.engine.assess import rules_on
from junheng.facts.model import Facts
from junheng.facts.problems import Problem, unusable
from junheng.facts.schema import SCHOOLS, TABLES
from junheng.quality.kinds import sieve, statement
from junheng.quality.load import load_checks
from junheng.quality.model import SEVERITY_LABELS, Check, Finding, Findings
from junheng.quality.views import Context, prepare
from junheng.quality.words import Hit, say, written
from junheng.sql import Session, open_session
from junheng.standard.model import Standard

Row = dict[str, Any]
# The event whose school stands in last year's facts, so that no row of this year's can be pointed at.
GONE = "vanished"
SEVERITIES, ORDER = list(SEVERITY_LABELS), list(TABLES)


def run_checks(
    facts: Facts,
    standard: Standard,
    as_of: dt.date | None = None,
    checks: Sequence[Check] | None = None,
    previous: Facts | None = None,
) -> tuple[Finding, ...]:
    """Return what the checks find in `facts`, the gravest first, then by table and row.

    Without a day (neither `as_of` nor a counting date) the checks that need one are passed over, and without last
    year's facts those that compare with them. Raises `Unusable` where the standard was not in force yet on `as_of`.
    """
    context = replace(context_of(facts, standard, as_of), previous=previous)
    chosen = applicable(load_checks() if checks is None else checks, context)
    rows = {name: table.to_pylist() for name, table in facts.tables.items()}
    found: list[Finding] = []
    with open_session("duckdb") as session:
        made = [check for check in chosen if _can_hit(check, facts)]
        prepare(session, facts, context, {check.kind for check in made})
        silent = _silent(session, made, context)
        for check in (one for one in made if one.id not in silent):
            hits = session.fetch(statement(check, context)).to_pylist()
            found += _findings(check, hits, rows, facts, context)
    return tuple(sorted(_without_repeats(found), key=_place))


def _can_hit(check: Check, facts: Facts) -> bool:
    """Whether there are the rows without which a check finds nothing: its own, the list's, and enough like schools."""
    if check.kind in ("read", "change"):
        return True
    rows = len(facts.tables[check.table])
    listed = check.kind != "sum_of" or len(facts.tables[check.terms.table]) > 0
    return listed and rows > 0 and rows >= check.terms.least_schools


def _silent(session: Session, checks: Sequence[Check], context: Context) -> set[str]:
    """Return the ids of the checks that hit nothing, as one statement tells."""
    asked = sieve(checks, context)
    return {id for id, hit in session.first(asked).items() if not hit} if asked else set()


def check_county(
    facts: Facts,
    standard: Standard,
    as_of: dt.date | None,
    code: str,
    previous: Facts | None = None,
    severity: str | None = None,
) -> Findings:
    """Return the findings of the county `code`, and those of rows that belong to no known school.

    `facts` may hold other counties: their rows are not taken for strangers. With a `severity` only its checks are made.
    """
    if previous is not None:
        _comparable(facts, previous, code)
    asked = [check for check in load_checks() if severity in (None, check.severity)]
    found = run_checks(facts, standard, as_of, asked, previous)
    own = [one for one in found if one.county_code in (code, None)]
    context = replace(context_of(facts, standard, as_of), previous=previous)
    made = applicable(asked, context)
    skipped = tuple(check for check in asked if check not in made)
    name = facts.counties.get(code, "")
    return Findings(code, name, standard.id, context.day, tuple(own), skipped)


def _comparable(facts: Facts, previous: Facts, code: str) -> None:
    """Refuse facts of another county, or of a later day, as last year's."""
    if facts.counties and code not in previous.counties:
        listed = "、".join(f"{one}（{name}）" for one, name in list(previous.counties.items())[:20])
        raise unusable("--previous", "上年数据里没有这个县", f"请给出同一个县的上年数据；这里有：{listed}", code)
    before, now = previous.counting_date, facts.counting_date
    if before and now and before > now:
        raise unusable("--previous", f"上年数据的统计时点 {before} 晚于这次的 {now}", "请核对是不是把两年的数据放反了")


def context_of(facts: Facts, standard: Standard, as_of: dt.date | None) -> Context:
    """Return what the checks are made under; a counting date before the standard gives a day, but no rules."""
    day = as_of or facts.counting_date
    if as_of is None and (day is None or day < standard.effective):
        return Context(standard, day, None)
    return Context(standard, day, rules_on(facts, standard, as_of))


def applicable(checks: Sequence[Check], context: Context) -> list[Check]:
    """Return the checks that can be made: those that need a day, rules or last year only where there is one."""
    return [
        one
        for one in checks
        if (not one.needs_day or (context.rules if one.kind == "hugging" else context.day))
        and (not one.needs_previous or context.previous)
    ]


def _findings(
    check: Check, hits: list[Row], rows: Mapping[str, list[Row]], facts: Facts, context: Context
) -> Iterator[Finding]:
    if check.kind == "read":
        yield from (_remark(check, facts.remarks[hit["row_at"]]) for hit in hits)
        return
    if check.terms.side == GONE and context.previous:
        gone = context.previous.tables[SCHOOLS.name].to_pylist()
        told = [_finding(check, hit, gone[hit["row_at"]], gone[hit["row_at"]], context) for hit in hits]
        yield from (replace(one, row=None) for one in told)
        return
    schools = {row["school_code"]: row for row in rows[SCHOOLS.name]}
    for hit in hits:
        row = rows[check.table][hit["row_at"]]
        school = row if check.table == SCHOOLS.name else schools.get(row.get("school_code"), {})
        yield _finding(check, hit, row, school, context)


def _finding(check: Check, hit: Row, row: Row, school: Row, context: Context) -> Finding:
    numbers = {name: hit[name] for name in ("stage", "measured", "low", "high", "other")}
    about = Hit(row=row, column=hit["column_name"], **numbers)
    expected, message = say(check, about, context)
    return Finding(
        check=check,
        table=check.table,
        row=hit["row_at"],
        county_code=school.get("county_code"),
        school_code=row.get("school_code") or None,
        school_name=school.get("school_name"),
        stage=hit["stage"],
        column=about.column,
        value=written(row[about.column], TABLES[check.table].column(about.column)),
        expected=expected,
        message=message,
        remedy=check.remedy,
    )


def _remark(check: Check, remark: Problem) -> Finding:
    """Return what the reader asked about; its place is the file's, not a row of the facts."""
    stem = remark.file.rsplit(".", 1)[0].strip()
    table = next((one.name for one in TABLES.values() if stem in (one.name, one.label)), "")
    said = str(replace(remark, remedy="")).removesuffix("。。")
    return Finding(check, table, None, None, None, None, None, remark.column, remark.value, "", said, remark.remedy)


def _without_repeats(found: list[Finding]) -> Iterator[Finding]:
    """Yield the findings but those at cells where a check that says it better has found something."""
    cells = {(one.check.id, one.table, one.row, one.column) for one in found}
    for one in found:
        if not any((id, one.table, one.row, one.column) in cells for id in one.check.unless):
            yield one


def _place(one: Finding) -> tuple[int, int, int, str, str]:
    table = ORDER.index(one.table) if one.table in ORDER else len(ORDER)
    row = -1 if one.row is None else one.row
    return SEVERITIES.index(one.severity), table, row, one.check.id, one.stage or ""
