"""The whole judging of one or many counties: run the pipeline, then put each county's answer together."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from junheng.engine import pipeline
from junheng.engine.asked import items_table
from junheng.engine.county import CountyRows, answer
from junheng.engine.readings import with_clauses
from junheng.engine.result import Assessment
from junheng.facts.model import Facts
from junheng.facts.problems import unusable
from junheng.facts.schema import STAGES
from junheng.sql import EngineMissing, Session, open_session
from junheng.standard.model import Rules, Standard

# The engines whose sessions may be used in several threads at once.
SIDE_BY_SIDE = ("duckdb",)


def assess_all(
    facts: Facts, standard: Standard, as_of: dt.date | None = None, engine: str = "duckdb"
) -> Iterator[Assessment]:
    """Judge every county in `facts` and return an iterator over their answers, in the order of their codes.

    `as_of` chooses the rules in force; without it the facts' counting date does. Raises `Unusable` where neither
    says, or where the standard was not in force yet.
    """
    rules = rules_on(facts, standard, as_of)
    rows = _rows(engine, facts, rules)
    counties, known = facts.counties or {"": ""}, said_of_whom(facts)
    answers = (answer(code, name, rules, rows[code], known) for code, name in counties.items())
    longer = rules.with_clauses()
    claiming = _claiming(known, longer) if longer != rules else known.tables["schools"][:0]
    if not len(claiming):
        return answers
    extended = _rows(engine, replace(known, tables={**known.tables, "schools": claiming}), longer)
    return (
        with_clauses(one, answer(one.county_code, "", longer, extended[one.county_code], known))
        if one.county_code in extended
        else one
        for one in answers
    )


def _rows(engine: str, facts: Facts, rules: Rules) -> dict[str, CountyRows]:
    if engine not in SIDE_BY_SIDE:
        with _opened(engine) as session:
            return run(session, facts, rules)

    def answers(half: pipeline.Half) -> dict[str, pa.Table]:
        with _opened(engine) as session:
            return _answers(session, facts, rules, half)

    # Planning takes most of a county's time and one core; the halves are planned beside each other.
    with ThreadPoolExecutor() as pool:
        return _by_county(facts, pool.map(answers, pipeline.halves(rules)))


def _claiming(facts: Facts, rules: Rules) -> pa.Table:
    """Return the schools of each county in which one claims what counts only under a transition clause."""
    schools = facts.tables["schools"]
    terms = [term for one in rules.indicators.values() for term in rules.terms(one) if term.clause]
    columns = {term.column(stage).name for term in terms for stage in STAGES}
    claims = [schools.filter(pc.greater(schools[name], 0))["county_code"].unique().to_pylist() for name in columns]
    codes = pa.array({code for own in claims for code in own}, pa.string())
    return schools.filter(pc.is_in(schools["county_code"], codes))


def _opened(engine: str) -> Session:
    try:
        return open_session(engine, small=True)
    except EngineMissing as error:
        reason = f"用不了这个引擎（{str(error).splitlines()[0]}）"
        remedy = "请安装 junheng 的 spark 组件和 Java 17，或改用 duckdb，结论相同"
        raise unusable("--engine", reason, remedy, value=engine) from error


def rules_on(facts: Facts, standard: Standard, as_of: dt.date | None) -> Rules:
    """Return the rules in force on `as_of`, or on the facts' counting date."""
    day = as_of or facts.counting_date
    if day is None:
        raise unusable(
            "period", "没有统计时点，也没有给出 --as-of", "请在统计时期表填统计时点，或加上 --as-of 2025-09-01"
        )
    try:
        return standard.on(day)
    except ValueError as error:
        raise unusable("--as-of", str(error), "请改用施行之后的日期", value=str(day)) from error


def run(session: Session, facts: Facts, rules: Rules) -> dict[str, CountyRows]:
    """Run every statement of the engine over `facts` in one session and return each county's rows of every answer."""
    whole = pipeline.Half(pipeline.statements(rules), pipeline.ANSWERS)
    return _by_county(facts, [_answers(session, facts, rules, whole)])


def _answers(session: Session, facts: Facts, rules: Rules, half: pipeline.Half) -> dict[str, pa.Table]:
    _define(session, facts, rules, half.statements)
    return {name: session.fetch(statement) for name, statement in half.answers.items()}


def _by_county(facts: Facts, answers: Iterable[Mapping[str, pa.Table]]) -> dict[str, CountyRows]:
    tables = {"schools": facts.tables["schools"]}
    for one in answers:
        tables |= one
    counties: dict[str, CountyRows] = defaultdict(lambda: {name: [] for name in tables})
    for name, table in tables.items():
        for row in table.to_pylist():
            counties[row["county_code"]][name].append(row)
    return counties


def define_all(session: Session, facts: Facts, rules: Rules) -> None:
    """Register what the statements read, then define each statement under its name."""
    _define(session, facts, rules, pipeline.statements(rules))


def _define(session: Session, facts: Facts, rules: Rules, statements: Mapping[str, str]) -> None:
    for name, table in {**_inputs(facts), **pipeline.rule_tables(rules)}.items():
        session.register(name, table)
    for name, statement in statements.items():
        session.define(name, statement)


def _inputs(facts: Facts) -> dict[str, pa.Table]:
    """Return the facts that the statements read."""
    known = said_of_whom(facts)
    own = {name: known.tables[name] for name in ("schools", "classes", "rooms", "judged")}
    return own | {"items": items_table(known.items)}


def said_of_whom(facts: Facts) -> Facts:
    """Return the facts, without what is said of a county as a whole where there are several.

    The tables do not say which county that is, so among several counties it is said of none.
    """
    if len(facts.counties) <= 1:
        return facts
    judged = facts.tables["judged"]
    of_schools = judged.filter(pc.not_equal(judged["school_code"], ""))
    return replace(facts, tables={**facts.tables, "judged": of_schools}, items={})


def of_county(facts: Facts, code: str) -> Facts:
    """Return the facts of one county; `Unusable` where there is none with that code."""
    if code not in facts.counties:
        listed = "、".join(f"{code}（{name}）" for code, name in facts.counties.items()) or "没有任何县"
        raise unusable("--county", "数据里没有这个县", f"数据里有：{listed}", value=code)
    known = said_of_whom(facts)
    schools = known.tables["schools"]
    own = schools.filter(pc.equal(schools["county_code"], code))
    return replace(known, tables={**known.tables, "schools": own})
