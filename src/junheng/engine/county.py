"""One county's answer, put together from the pipeline's rows; what doubles cannot decide is decided exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import sqrt
from typing import Any

from junheng.engine import spread
from junheng.engine.deciding import decided, exact
from junheng.engine.judging import judge_parts, judge_requirements
from junheng.engine.missing import missing_columns
from junheng.engine.periods import periods, warnings
from junheng.engine.readings import with_readings
from junheng.engine.reasons import reasons
from junheng.engine.result import Assessment, Coverage, Measured, Section, Spread, Stage, worst
from junheng.engine.stages import put_together, undefined
from junheng.facts.model import Facts
from junheng.facts.schema import STAGES
from junheng.standard.model import Rules

# Raised by one whenever a golden answer changes; tests/golden/answers.json remembers.
ENGINE_VERSION = 5

Row = dict[str, Any]
CountyRows = Mapping[str, list[Row]]
"""A county's rows of `schools` and of each of `pipeline.ANSWERS`."""


def answer(code: str, name: str, rules: Rules, rows: CountyRows, facts: Facts) -> Assessment:
    """Return the answer of the county `code`, with a reason for whatever is not a pass."""
    county = _County(rules, rows)
    sections = county.sections()
    stages = {stage: county.stage(stage, sections) for stage in STAGES}
    resources = worst([stage.verdict for stage in stages.values()])
    judged = judge_parts(rules, rows["parts"], rows["open_rows"])
    times = periods(rules, facts, {row["school_code"] for row in rows["schools"]})
    requirements = judge_requirements(rules, judged, times)
    found = Assessment(
        county_code=code,
        county_name=name,
        rules=rules,
        engine=ENGINE_VERSION,
        verdict=worst([resources, *(one.status for one in requirements.values())]),
        reasons=reasons(rules, sections, stages, requirements),
        coverage={stage: _coverage(stage, sections) for stage in STAGES},
        sections=sections,
        stages=stages,
        resources=resources,
        requirements=requirements,
        periods=times,
        warnings=warnings(rules, facts, times),
        facts=facts,
    )
    return with_readings(found, judged)


def sections_of(rules: Rules, rows: CountyRows) -> tuple[Section, ...]:
    """Return the sections that a county's rows make."""
    return _County(rules, rows).sections()


class _County:
    """Puts one county's answer together from the pipeline's rows."""

    def __init__(self, rules: Rules, rows: CountyRows) -> None:
        self.rules = rules
        self.schools = {row["school_code"]: row for row in rows["schools"]}
        self.order = {school: at for at, school in enumerate(self.schools)}
        self.section_rows = sorted(rows["sections"], key=self._place)
        self.spread_rows = {(row["stage"], row["indicator"]): row for row in rows["spreads"]}
        measures = sorted(rows["measures"], key=self._place)
        self.measures = _grouped(measures, "school_code", "stage")
        self.samples = _grouped(measures, "stage", "indicator")
        self.near = {(id, stage): _near(rules, id, stage) for id in rules.indicators for stage in STAGES}

    def sections(self) -> tuple[Section, ...]:
        """Return the sections in the order of the file, a school's primary part first."""
        return tuple(self._section(row) for row in self.section_rows)

    def stage(self, stage: str, sections: Sequence[Section]) -> Stage:
        """Return a stage's sample with its spreads and verdict."""
        spreads = {id: self._spread(stage, id) for id in self.rules.indicators}
        return put_together(stage, sections, spreads)

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
        missing: tuple[str, ...] = ()
        if row["status"] == "missing" and row["pupils"] != 0:
            missing = missing_columns(
                self.rules, self.rules.indicators[indicator], stage, self.schools[row["school_code"]]
            )
        return Measured(
            value=row["value"],
            threshold=row["threshold"],
            floor=row["floor"],
            status=row["status"],
            have=row["have"],
            over=row["over"],
            gap_to_threshold=row["gap_to_threshold"],
            gap_to_floor=row["gap_to_floor"],
            borderline=_borderline(row, self.near[indicator, stage]),
            missing=missing,
        )

    def _spread(self, stage: str, indicator: str) -> Spread:
        row = self.spread_rows.get((stage, indicator))
        limit = self.rules.spread_limits[stage]
        found = decided(row, limit, lambda: self._exact(row or {}))
        if row is None or found.lowest is None:
            mean, sd = (row["mean"], row["sd"]) if row and found.reason == "mean_zero" else (None, None)
            return undefined(limit, found.reason or "", mean, sd)
        if found.reason == "missing":
            bounds = sqrt(found.lowest), None if found.highest is None else sqrt(found.highest)
            return Spread(None, None, None, float(limit), found.status, bounds, {}, found.reason)
        rows = self.samples[stage, indicator]
        return Spread(
            mean=row["mean"],
            sd=row["sd"],
            cv=sqrt(row["cv_squared"]),
            cv_limit=float(limit),
            status=found.status,
            cv_bounds=None,
            contributions={one["school_code"]: one["contribution"] for one in rows if one["in_sample"]},
            reason=None,
        )

    def _exact(self, row: Row) -> spread.Bounds:
        return exact(self.samples[row["stage"], row["indicator"]])


def _grouped(rows: Sequence[Row], *keys: str) -> Mapping[tuple[str, ...], list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


Near = Sequence[tuple[float, float, Fraction, Fraction]]
"""Around each line: doubles that surely hold whatever is near to it, and the open interval itself."""


def _near(rules: Rules, indicator: str, stage: str) -> Near:
    near = rules.standard.display.borderline
    lines = (rules.thresholds[indicator][stage], rules.floor(indicator, stage))
    return [(float(line - 2 * near), float(line + 2 * near), line - near, line + near) for line in lines]


def _borderline(row: Row, near: Near) -> bool:
    """Whether a value is so near to a line that rounding on a form could hide the side on which it lies."""
    value = row["value"]
    if value is None:
        return False
    # Of nearly every value the doubles say no; the loop is written out since it is gone through most of all.
    for low, high, above, below in near:
        if low <= value <= high and above < Fraction(row["have"], row["over"]) < below:
            return True
    return False


def _coverage(stage: str, sections: Sequence[Section]) -> Coverage:
    own = [section for section in sections if section.stage == stage]
    sample = [section for section in own if section.in_sample]
    reported = sum(all(one.value is not None for one in section.indicators.values()) for section in sample)
    return Coverage(len(sample), reported, sum(section.in_sample is None for section in own))
