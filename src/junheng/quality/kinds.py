"""The closed vocabulary of kinds: each is one function that yields the SQL of a check's hits.

A hit is a row of a table (`row_at`), a stage and a column, with the numbers that the sentence about it shows: what was
measured, the bounds it left, and what else it is compared with. A cell that is not reported never makes a hit,
except where a kind asks for what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from junheng.engine.sections import quoted
from junheng.facts.schema import SCHOOLS, STAGES
from junheng.quality.model import Check, When, is_staged
from junheng.quality.views import PREVIOUS, REMARKS, Context, viewed

# The median absolute deviation of a normal spread times this is its standard deviation.
NORMAL_MAD = Fraction(14826, 10000)


@dataclass(frozen=True, slots=True)
class Hits:
    """The statement that lists a check's hits; `test` is its condition where one row of its table alone decides."""

    statement: str
    test: str = ""


Kind = Callable[[Check, str | None, Context], Hits]


def within(check: Check, stage: str | None, _: Context) -> Hits:
    """Return where a part is more than its whole."""
    part, whole = _sum(check, check.terms.columns, stage), _sum(check, check.terms.against, stage)
    return _hits(check, stage, where=f"{part} > {whole}", measured=part, high=whole)


def sum_of(check: Check, stage: str | None, _: Context) -> Hits:
    """Return where a school's number is not what the rows of its list add up to; a list with gaps tells nothing."""
    terms = check.terms
    counts = {"rows": "count(*)", "sum": f"sum({terms.measured})", "distinct": f"count(DISTINCT {terms.measured})"}
    whole = f"count(*) = count({terms.measured or '*'})"
    total = _sum(check, terms.columns, stage)
    listed = f"""JOIN (SELECT school_code, {counts[terms.measure]} AS total, {whole} AS whole FROM {viewed(terms.table)}
        WHERE stage = '{stage}' GROUP BY school_code) AS list ON list.school_code = here.school_code AND list.whole"""
    return _hits(check, stage, where=f"{total} <> list.total", measured=total, high="list.total", join=listed)


def in_range(check: Check, stage: str | None, context: Context) -> Hits:
    """Return where a number is under the least or over the most that is believed."""
    number = _sum(check, check.terms.columns, stage)
    return _hits(check, stage, where=_outside(check, stage, context, number, "1"), measured=number)


def ratio_range(check: Check, stage: str | None, context: Context) -> Hits:
    """Return where one number over another is out of what is believed; over nothing there is no ratio."""
    over, under = _scaled(check, check.terms.columns, stage), _scaled(check, check.terms.against, stage)
    where = f"{under} > 0 AND ({_outside(check, stage, context, over, under)})"
    return _hits(check, stage, where=where, measured=f"({over}) / ({under})")


def requires(check: Check, stage: str | None, _: Context) -> Hits:
    """Return where what a school says requires something that is known not to be."""
    must = check.terms.must
    assert must is not None  # noqa: S101 (the loader reads it for this kind)
    return _hits(check, stage, where=f"NOT ({_test(check, must, stage)})")


def unique(check: Check, stage: str | None, _: Context) -> Hits:
    """Return each row after the first that has the same values in columns that should tell rows apart."""
    names = [check.column(name, stage).name for name in check.terms.columns]
    county = ["county_code"] if check.table == SCHOOLS.name else []
    filled = " AND ".join(f"coalesce(CAST({name} AS VARCHAR), '') <> ''" for name in names)
    source = f"""(SELECT *, min(row_at) OVER (PARTITION BY {", ".join([*county, *names])}) AS first
        FROM {viewed(check.table)} WHERE {filled}) AS here"""
    return _hits(check, stage, where="here.row_at > here.first", other="here.first", source=source)


def reference(check: Check, stage: str | None, _: Context) -> Hits:
    """Return where a code points to no row of another table; within schools, to none of the same county."""
    code = _cell(check, check.terms.columns[0], stage)
    county = "AND there.county_code = here.county_code" if check.table == check.terms.table == SCHOOLS.name else ""
    known = f"SELECT 1 FROM {viewed(check.terms.table)} AS there WHERE there.{check.terms.measured} = {code} {county}"
    return _hits(check, stage, where=f"coalesce({code}, '') <> '' AND NOT EXISTS ({known})")


def unit_slip(check: Check, stage: str | None, _: Context) -> Hits:
    """Return where a value per pupil is about a known factor away from the median of like schools."""
    terms, near = check.terms, _double(check.terms.near)
    asked = [
        f"(here.ratio BETWEEN here.middle * {_double(factor)} / {near} AND here.middle * {_double(factor)} * {near})"
        for factor in terms.slips
    ]
    which = " ".join(f"WHEN {slip} THEN {at}" for at, slip in enumerate(asked))
    where = f"here.alike >= {terms.least_schools} AND here.middle > 0 AND ({' OR '.join(asked)})"
    numbers = {"measured": "here.ratio", "low": "here.middle", "high": "here.alike", "other": f"CASE {which} END"}
    return _hits(check, stage, where=where, source=_like(check, stage), **numbers)


def outlier(check: Check, stage: str | None, _: Context) -> Hits:
    """Return where a ratio is many robust deviations, and far in proportion, from the median of like schools."""
    terms = check.terms
    distance = {"above": "here.ratio - here.middle", "below": "here.middle - here.ratio"}.get(
        terms.side, "abs(here.ratio - here.middle)"
    )
    where = f"""here.alike >= {terms.least_schools} AND here.mad > 0
        AND {distance} > {_double(terms.deviations * NORMAL_MAD)} * here.mad
        AND {distance} > {_double(terms.away)} * here.middle"""
    numbers = {"measured": "here.ratio", "low": "here.middle", "high": "here.alike"}
    return _hits(check, stage, where=where, source=_like(check, stage), **numbers)


def hugging(check: Check, _: str | None, context: Context) -> Hits:
    """Return where an indicator's value lies on its threshold (margin 0), or above it by no more than the margin."""
    margin = check.terms.margin
    value, line = "CAST(have AS DOUBLE) * threshold_bottom", "CAST(over AS DOUBLE) * threshold_top"
    near = f"{value} > {line} AND {value} * {margin.denominator} <= {line} * {margin.denominator + margin.numerator}"
    join = f"""JOIN {viewed(SCHOOLS.name)} AS here
        ON here.county_code = measures.county_code AND here.school_code = measures.school_code
        JOIN lines ON lines.indicator = measures.indicator AND lines.stage = measures.stage"""
    return Hits(f"""
        SELECT here.row_at, measures.stage, {_indicator_column(context)} AS column_name,
            CAST(value AS DOUBLE) AS measured, CAST(measures.threshold AS DOUBLE) AS low, CAST(NULL AS DOUBLE) AS high,
            measures.indicator AS other
        FROM measures {join} WHERE in_sample AND status = 'met' AND {near if margin else f"{value} = {line}"}""")


def change(check: Check, stage: str | None, _: Context) -> Hits:
    """Return where a school's number has changed since last year by more than its band, or the school itself has."""
    if check.terms.side:
        return EVENTS[check.terms.side](check)
    now, before = (_compared(check, stage, row) for row in ("here", "before"))
    bands = [(">", check.terms.rise, 1), ("<", check.terms.fall, -1)]
    beyond = " OR ".join(
        f"{now} * {band.denominator} {sign} {before} * {band.denominator + way * band.numerator}"
        for sign, band, way in bands
        if band is not None
    )
    where = f"({beyond}) AND abs({now} - {before}) >= {_double(check.terms.away)} AND {before} IS NOT NULL"
    join = f"""JOIN {viewed(PREVIOUS)} AS before
        ON before.county_code = here.county_code AND before.school_code = here.school_code AND here.school_code <> ''"""
    return _hits(check, stage, where=where, measured=now, low=before, join=join)


def _compared(check: Check, stage: str | None, row: str) -> str:
    """Return this year's or last year's number, or its ratio, in written units."""
    over = _scaled(check, check.terms.columns, stage)
    per = f" / nullif({_scaled(check, check.terms.against, stage)}, 0)" if check.terms.against else ""
    return f"({over}{per})".replace("here.", f"{row}.")


def _appeared(check: Check) -> Hits:
    """Return the schools whose code and name are both new to a county that was reported last year."""
    known = _elsewhere("here", PREVIOUS)
    where = f"{known.format('county_code')} AND NOT {known.format('school_code')} AND NOT {known.format('school_name')}"
    return _hits(check, None, where=where)


def _recoded(check: Check) -> Hits:
    """Return the schools that stood under another code last year, which nobody has now."""
    join = f"""JOIN {viewed(PREVIOUS)} AS before
        ON before.county_code = here.county_code AND before.school_name = here.school_name"""
    where = f"""here.school_code <> '' AND before.school_code <> ''
        AND NOT {_elsewhere("here", PREVIOUS).format("school_code")}
        AND NOT {_elsewhere("before", SCHOOLS.name).format("school_code")}"""
    return _hits(check, None, where=where, other="before.school_code", join=join)


def _vanished(check: Check) -> Hits:
    """Return last year's schools of which neither code nor name stands in the county any more."""
    known = _elsewhere("here", SCHOOLS.name)
    where = f"{known.format('county_code')} AND NOT {known.format('school_code')} AND NOT {known.format('school_name')}"
    return _hits(check, None, where=where, source=f"{viewed(PREVIOUS)} AS here")


def _elsewhere(row: str, table: str) -> str:
    """Return, for a column to be put in, whether a row of the same county has the same there in the other year."""
    return f"""EXISTS (SELECT 1 FROM {viewed(table)} AS there
        WHERE there.county_code = {row}.county_code AND there.{{0}} = {row}.{{0}})"""


EVENTS: Mapping[str, Callable[[Check], Hits]] = {"appeared": _appeared, "vanished": _vanished, "recoded": _recoded}


def needed(_: Check, __: str | None, context: Context) -> Hits:
    """Return each cell without which an indicator of the rule book has no value, for sections that count.

    A school without a type is left out: until that is known, nobody knows what else it should report.
    """
    each = (
        f"""SELECT here.row_at, {_text(stage)} AS stage, '{column}' AS column_name, CAST(NULL AS DOUBLE) AS measured,
            CAST(NULL AS DOUBLE) AS low, CAST(NULL AS DOUBLE) AS high, '{"、".join(indicators)}' AS other
        FROM {viewed(SCHOOLS.name)} AS here WHERE here.{column} IS NULL AND here.school_type IS NOT NULL AND EXISTS (
            SELECT 1 FROM sections WHERE sections.county_code = here.county_code
            AND sections.school_code = here.school_code AND in_sample IS DISTINCT FROM false {_of(stage)})"""
        for (stage, column), indicators in _needed_columns(context).items()
    )
    return Hits(" UNION ALL ".join(each))


def read(_: Check, __: str | None, ___: Context) -> Hits:
    """Return what the reader asked about."""
    return Hits(f"""SELECT row_at, CAST(NULL AS VARCHAR) AS stage, CAST(NULL AS VARCHAR) AS column_name,
        CAST(NULL AS DOUBLE) AS measured, CAST(NULL AS DOUBLE) AS low, CAST(NULL AS DOUBLE) AS high,
        CAST(NULL AS VARCHAR) AS other FROM {viewed(REMARKS)}""")


KINDS: Mapping[str, Kind] = {
    "within": within,
    "sum_of": sum_of,
    "range": in_range,
    "ratio_range": ratio_range,
    "requires": requires,
    "unique": unique,
    "reference": reference,
    "unit_slip": unit_slip,
    "outlier": outlier,
    "hugging": hugging,
    "change": change,
    "needed": needed,
    "read": read,
}


def statement(check: Check, context: Context) -> str:
    """Return the SQL of a check's hits, over both stages where it is made once a stage."""
    return " UNION ALL ".join(hits.statement for hits in _of_check(check, context))


def sieve(checks: Sequence[Check], context: Context) -> str:
    """Return the SQL that tells of checks, by id, whether they hit any row of their tables; "" where it cannot.

    Most checks find nothing, and one statement costs what one of theirs does: only those it lets through are made.
    """
    asked: dict[str, list[str]] = {}
    for check in checks:
        tests = [hits.test for hits in _of_check(check, context)]
        if all(tests):
            asked.setdefault(check.table, []).append(f'bool_or({" OR ".join(tests)}) AS "{check.id}"')
    each = [f"(SELECT {', '.join(told)} FROM {viewed(table)} AS here)" for table, told in asked.items()]
    return f"SELECT * FROM {', '.join(each)}" if each else ""


def _of_check(check: Check, context: Context) -> list[Hits]:
    stages: Sequence[str | None] = STAGES if check.staged else (None,)
    return [KINDS[check.kind](check, stage, context) for stage in stages]


def _hits(
    check: Check,
    stage: str | None,
    *,
    where: str,
    measured: str = "NULL",
    low: str = "NULL",
    high: str = "NULL",
    other: str = "NULL",
    source: str = "",
    join: str = "",
) -> Hits:
    """Return the rows of the check's table of which `where`, and every condition of the check, is true."""
    test = f"({where})" + "".join(f" AND ({_test(check, one, stage)})" for one in check.when)
    column = check.column(check.terms.columns[0], stage).name
    statement = f"""
        SELECT here.row_at, {_text(stage)} AS stage, '{column}' AS column_name, CAST({measured} AS DOUBLE) AS measured,
            CAST({low} AS DOUBLE) AS low, CAST({high} AS DOUBLE) AS high, CAST({other} AS VARCHAR) AS other
        FROM {source or f"{viewed(check.table)} AS here"} {join} WHERE {test}"""
    return Hits(statement, "" if source or join else f"({test})")


def _text(word: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if word is None else f"'{word}'"


def _double(number: Fraction) -> str:
    return f"(CAST({number.numerator} AS DOUBLE) / {number.denominator})"


def _cell(check: Check, name: str, stage: str | None) -> str:
    staged = f"{stage}_{name}" if is_staged(check.table, name) else name
    return f"here.{staged}"


def _sum(check: Check, names: Sequence[str], stage: str | None) -> str:
    return f"({' + '.join(_cell(check, name, stage) for name in names)})"


def _scaled(check: Check, names: Sequence[str], stage: str | None) -> str:
    """Return a sum in written units, as a DOUBLE."""
    scale = check.column(names[0], stage).measure.scale
    return f"(CAST({_sum(check, names, stage)} AS DOUBLE) / {scale})"


def _outside(check: Check, stage: str | None, context: Context, over: str, under: str) -> str:
    """Return that over / under leaves the bounds, compared without dividing. A plain number is in smallest units."""
    least, most = check.terms.bounds.of(stage, context.day)
    scale = check.column(check.terms.columns[0], stage).measure.scale if under == "1" else 1
    sides = [("<", least), (">", most)]
    return " OR ".join(
        f"{over} * {line.denominator} {sign} {under} * {line.numerator * scale}"
        for sign, line in sides
        if line is not None
    )


def _test(check: Check, one: When, stage: str | None) -> str:
    """Return a condition in SQL: unknown, so never met, where the cell is not reported."""
    cell = _cell(check, one.column, stage)
    if one.test == "reported":
        return f"(coalesce(CAST({cell} AS VARCHAR), '') <> '') = {str(one.value).lower()}"
    if one.test == "differs_from":
        return f"{cell} <> {_cell(check, one.value, stage)}"
    if isinstance(one.value, bool):
        return f"{cell} = {str(one.value).lower()}"
    if isinstance(one.value, Fraction):
        scale = check.column(one.column, stage).measure.scale
        sign = ">=" if one.test == "at_least" else "<="
        return f"{cell} * {one.value.denominator} {sign} {one.value.numerator * scale}"
    return f"{cell} IN ({quoted(code.replace(chr(39), chr(39) * 2) for code in one.value)})"


def _like(check: Check, stage: str | None) -> str:
    """Return the schools with their ratio, and the median, the deviation and the number of schools like them.

    Like schools have the same stage: the one looked at, or for what stages share, the first that has pupils.
    """
    over, under = _scaled(check, check.terms.columns, stage), _scaled(check, check.terms.against, stage)
    first = " ".join(f"WHEN here.{one}_own_stage AND here.{one}_pupils > 0 THEN '{one}'" for one in STAGES)
    like = f"CASE WHEN here.{stage}_own_stage THEN '{stage}' END" if stage else f"CASE {first} END"
    return f"""
        (SELECT *, median(abs(ratio - middle)) OVER alike_schools AS mad FROM (
            SELECT *, median(ratio) OVER alike_schools AS middle, count(*) OVER alike_schools AS alike FROM (
                SELECT here.*, {over} / {under} AS ratio, {like} AS alike_by FROM {viewed(check.table)} AS here
                WHERE {under} > 0 AND {under} >= {check.terms.least_pupils} AND {over} IS NOT NULL
            ) WHERE alike_by IS NOT NULL WINDOW alike_schools AS (PARTITION BY county_code, alike_by)
        ) WINDOW alike_schools AS (PARTITION BY county_code, alike_by)) AS here"""


def _indicator_column(context: Context) -> str:
    """Return the column in which a finding about an indicator stands: its first term's."""
    cases = [
        f"WHEN measures.indicator = '{id}' AND measures.stage = '{stage}' THEN '{one.terms[0].column(stage).name}'"
        for id, one in context.any_rules.indicators.items()
        for stage in STAGES
    ]
    return f"CASE {' '.join(cases)} END"


def _of(stage: str | None) -> str:
    return "" if stage is None else f"AND sections.stage = '{stage}'"


def _needed_columns(context: Context) -> dict[tuple[str | None, str], list[str]]:
    """Return the columns that the indicators' terms read, each with the stage that it is for and who needs it."""
    indicators = context.any_rules.indicators
    found: dict[tuple[str | None, str], list[str]] = {(s, f"{s}_pupils"): list(indicators) for s in STAGES}
    for stage in (stage for stage, weight in context.standard.apportioning.items() if weight and stage not in STAGES):
        found[None, f"{stage}_pupils"] = [id for id, one in indicators.items() if one.apportioned]
    for stage in STAGES:
        for id, one in indicators.items():
            for term in (term for term in one.terms if term.clause is None):
                key = (stage if term.own else None, term.column(stage).name)
                found[key] = list(dict.fromkeys([*found.get(key, []), id]))
    return found
