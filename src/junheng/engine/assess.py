"""The whole judging of one or many counties: run the pipeline, decide what doubles cannot, put the answer together."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Any

import pyarrow.compute as pc

from junheng.engine import pipeline, spread
from junheng.engine.missing import missing_columns
from junheng.engine.reasons import reasons
from junheng.engine.result import Assessment, Coverage, Measured, Section, Spread, Stage
from junheng.facts.model import Facts
from junheng.facts.problems import unusable
from junheng.facts.schema import STAGES
from junheng.sql import Session, open_session
from junheng.standard.model import Rules, Standard

# Raised by one whenever a golden answer changes; tests/golden/answers.json remembers.
ENGINE_VERSION = 1

Row = dict[str, Any]


def assess_all(
    facts: Facts, standard: Standard, as_of: dt.date | None = None, engine: str = "duckdb"
) -> Iterator[Assessment]:
    """Yield the answer of every county in `facts`, in the order of their codes.

    `as_of` chooses the rules in force; without it the facts' counting date does. Raises `Unusable` where neither
    says, or where the standard was not in force yet.
    """
    rules = rules_on(facts, standard, as_of)
    with open_session(engine) as session:
        tables = run(session, facts, rules)
    for code, name in facts.counties.items() or {"": ""}.items():
        yield _County(code, name, rules, tables).answer()


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


@dataclass(frozen=True, slots=True)
class Tables:
    """The pipeline's answers by county: rows of the facts, of sections, measures and spreads."""

    schools: Mapping[str, list[Row]]
    sections: Mapping[str, list[Row]]
    measures: Mapping[str, list[Row]]
    spreads: Mapping[str, list[Row]]


SECTIONS = """
    SELECT sections.county_code, sections.school_code, school_name, sections.stage, pupils, in_sample,
        excluded_because, met, verdict
    FROM sections JOIN verdicts ON verdicts.county_code = sections.county_code
        AND verdicts.school_code = sections.school_code AND verdicts.stage = sections.stage"""

MEASURES = """
    SELECT measures.*, contribution
    FROM measures LEFT JOIN contributions ON contributions.county_code = measures.county_code
        AND contributions.school_code = measures.school_code AND contributions.stage = measures.stage
        AND contributions.indicator = measures.indicator"""


def run(session: Session, facts: Facts, rules: Rules) -> Tables:
    """Run every statement of the engine over `facts` and return what the answers are made of."""
    session.register("schools", facts.tables["schools"])
    session.register("lines", pipeline.lines(rules))
    for name, statement in pipeline.statements(rules).items():
        session.define(name, statement)
    return Tables(
        schools=_by_county(facts.tables["schools"].to_pylist()),
        sections=_by_county(session.fetch(SECTIONS).to_pylist()),
        measures=_by_county(session.fetch(MEASURES).to_pylist()),
        spreads=_by_county(session.fetch("SELECT * FROM spreads").to_pylist()),
    )


def _by_county(rows: list[Row]) -> Mapping[str, list[Row]]:
    counties: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        counties[row["county_code"]].append(row)
    return counties


def of_county(facts: Facts, code: str) -> Facts:
    """Return the facts of one county; `Unusable` where there is none with that code."""
    if code not in facts.counties:
        listed = "、".join(f"{code}（{name}）" for code, name in facts.counties.items()) or "没有任何县"
        raise unusable("--county", "数据里没有这个县", f"数据里有：{listed}", value=code)
    schools = facts.tables["schools"]
    own = schools.filter(pc.equal(schools["county_code"], code))
    return Facts({**facts.tables, "schools": own}, facts.source, facts.ignored)


class _County:
    """Puts one county's answer together from the pipeline's rows."""

    def __init__(self, code: str, name: str, rules: Rules, tables: Tables) -> None:
        self.code = code
        self.name = name
        self.rules = rules
        self.schools = {row["school_code"]: row for row in tables.schools.get(code, [])}
        self.order = {school: at for at, school in enumerate(self.schools)}
        self.section_rows = sorted(tables.sections.get(code, []), key=self._place)
        self.measure_rows = sorted(tables.measures.get(code, []), key=self._place)
        self.spread_rows = {(row["stage"], row["indicator"]): row for row in tables.spreads.get(code, [])}
        self.measures = _grouped(self.measure_rows, "school_code", "stage")
        self.samples = _grouped(self.measure_rows, "stage", "indicator")

    def answer(self) -> Assessment:
        """Return the county's answer, with a reason for whatever is not a pass."""
        sections = tuple(self._section(row) for row in self.section_rows)
        stages = {stage: self._stage(stage, sections) for stage in STAGES}
        return Assessment(
            county_code=self.code,
            county_name=self.name,
            rules=self.rules,
            engine=ENGINE_VERSION,
            verdict=worst([stage.verdict for stage in stages.values()]),
            reasons=reasons(self.rules, sections, stages),
            coverage={stage: _coverage(stage, sections) for stage in STAGES},
            sections=sections,
            stages=stages,
        )

    def _place(self, row: Row) -> tuple[int, int]:
        return self.order[row["school_code"]], STAGES.index(row["stage"])

    def _section(self, row: Row) -> Section:
        measured = {one["indicator"]: one for one in self.measures[row["school_code"], row["stage"]]}
        return Section(
            school_code=row["school_code"],
            school_name=row["school_name"] or "",
            stage=row["stage"],
            pupils=row["pupils"],
            in_sample=row["in_sample"],
            excluded_because=row["excluded_because"],
            indicators={id: self._measured(measured[id]) for id in self.rules.indicators},
            met=row["met"],
            verdict=row["verdict"],
        )

    def _measured(self, row: Row) -> Measured:
        indicator, stage = row["indicator"], row["stage"]
        lines = (self.rules.thresholds[indicator][stage], self.rules.floor(indicator, stage))
        missing: tuple[str, ...] = ()
        if row["status"] == "missing":
            missing = missing_columns(
                self.rules, self.rules.indicators[indicator], stage, self.schools[row["school_code"]]
            )
        return Measured(
            **{name: row[name] for name in ("value", "threshold", "floor", "status", "have", "over")},
            **{name: row[name] for name in ("gap_to_threshold", "gap_to_floor")},
            borderline=_borderline(row, lines, self.rules.standard.display.borderline),
            missing=missing,
        )

    def _stage(self, stage: str, sections: Sequence[Section]) -> Stage:
        spreads = {id: self._spread(stage, id) for id in self.rules.indicators}
        sample = [section for section in sections if section.stage == stage and section.in_sample is not False]
        certain = [section for section in sample if section.in_sample]
        cvs = [one.cv for one in spreads.values()]
        return Stage(
            schools=len(certain),
            pupils=sum(section.pupils or 0 for section in certain),
            indicators=spreads,
            composite_cv=None if None in cvs else sum(cv for cv in cvs if cv is not None) / len(cvs),
            verdict=worst([*(_sure_verdict(one) for one in sample), *(one.status for one in spreads.values())]),
        )

    def _spread(self, stage: str, indicator: str) -> Spread:
        row = self.spread_rows.get((stage, indicator))
        limit = self.rules.spread_limits[stage]
        if row is None or not (row["schools"] or row["possible"]):
            return _undefined(limit, "no_schools")
        if row["possible"] or row["known"] < row["schools"]:
            return self._incomplete(row, limit)
        if not row["resource"]:
            return _undefined(limit, "mean_zero", row["mean"], row["sd"])
        squared: float | Fraction = row["cv_squared"]
        if spread.doubtful(row["cv_squared"], limit):
            squared = self._exact(row).lowest
        rows = self.samples[stage, indicator]
        return Spread(
            mean=row["mean"],
            sd=row["sd"],
            cv=sqrt(row["cv_squared"]),
            cv_limit=float(limit),
            status=spread.status(squared, squared, limit),
            cv_bounds=None,
            contributions={one["school_code"]: one["contribution"] for one in rows if one["in_sample"]},
            reason=None,
        )

    def _incomplete(self, row: Row, limit: Fraction) -> Spread:
        lowest, highest = row["lowest"], row["highest"]
        if row["possible"] or spread.doubtful(lowest, limit) or spread.doubtful(highest, limit):
            bounds = self._exact(row)
            lowest, highest = bounds.lowest, bounds.highest
        return Spread(
            mean=None,
            sd=None,
            cv=None,
            cv_limit=float(limit),
            status=spread.status(lowest, highest, limit),
            cv_bounds=(sqrt(lowest), None if highest is None else sqrt(highest)),
            contributions={},
            reason="missing",
        )

    def _exact(self, row: Row) -> spread.Bounds:
        members = [
            spread.Member(
                one["pupils"],
                None if one["have"] is None or one["over"] is None else Fraction(one["have"], one["over"]),
                certain=bool(one["in_sample"]),
            )
            for one in self.samples[row["stage"], row["indicator"]]
            if one["in_sample"] is not False
        ]
        return spread.exact_bounds(members)


def _grouped(rows: Sequence[Row], *keys: str) -> Mapping[tuple[str, ...], list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


def _undefined(limit: Fraction, reason: str, mean: float | None = None, sd: float | None = None) -> Spread:
    return Spread(mean, sd, None, float(limit), "undetermined", None, {}, reason)


def _borderline(row: Row, lines: Sequence[Fraction], near: Fraction) -> bool:
    """Whether a value is so near to a line that rounding on a form could hide the side on which it lies."""
    value = row["value"]
    if value is None or all(abs(value - float(line)) > 2 * float(near) for line in lines):
        return False
    exact = Fraction(row["have"], row["over"])
    return any(abs(exact - line) < near for line in lines)


def _sure_verdict(section: Section) -> str:
    """Return what a section brings to its stage: one that may not be in the sample cannot fail it for certain."""
    if section.in_sample is None and section.verdict == "fail":
        return "undetermined"
    return section.verdict


def _coverage(stage: str, sections: Sequence[Section]) -> Coverage:
    own = [section for section in sections if section.stage == stage]
    sample = [section for section in own if section.in_sample]
    reported = sum(all(one.value is not None for one in section.indicators.values()) for section in sample)
    return Coverage(len(sample), reported, sum(section.in_sample is None for section in own))


def worst(verdicts: Sequence[str]) -> str:
    """Return "fail" if any fails, else "undetermined" if any is, else "pass"."""
    return next((verdict for verdict in ("fail", "undetermined") if verdict in verdicts), "pass")
