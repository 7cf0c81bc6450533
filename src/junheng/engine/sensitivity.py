"""What one more unit does: to a value, its section, the spread and the stage; also to the school's other stage.

One more unit of a resource is worked out from the answer by fractions (`whatif`). One more pupil may also move a
section into the sample or out of a transition clause, so the school's rows are judged anew by the engine, and the
spreads are then worked out by fractions all the same. A test changes the cell and judges the county again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pyarrow as pa

from junheng.engine import spread
from junheng.engine.assess import run
from junheng.engine.county import sections_of
from junheng.engine.result import Assessment, Section, Stage
from junheng.engine.whatif import anew, exact, members, step, with_more
from junheng.facts.model import Facts
from junheng.facts.schema import SCHOOLS, Column, Kind
from junheng.sql import open_session

YUAN_SHOWN = 10_000


@dataclass(frozen=True, slots=True)
class State:
    """A section's indicator with all that rests on it, before or after. `cv_bounds` while a value is missing."""

    value: float | None
    status: str
    verdict: str
    in_sample: bool | None
    cv: float | None
    cv_bounds: tuple[float, float | None] | None
    cv_status: str
    stage_verdict: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to one stage of the school."""

    stage: str
    before: State
    after: State


@dataclass(frozen=True, slots=True)
class More:
    """So much more in one cell of the school, and its effects: a shared resource has one in each of its stages."""

    column: str
    label: str
    amount: int
    unit: str
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What one more unit does at one section, and how many bring it, or the stage's spread, to the line.

    `resource` has one entry, for money a second of 10,000 yuan; it is empty while the value is missing. `pupil` is
    None where the pupils are not reported, or were not asked about. `units_to_limit` is None where this school alone
    cannot bring the spread within its limit, or where the spread is not known.
    """

    school_code: str
    school_name: str
    stage: str
    indicator: str
    resource: tuple[More, ...]
    pupil: More | None
    gap_to_threshold: int | None
    gap_to_floor: int | None
    units_to_limit: int | None

    def own(self, more: More) -> Effect:
        """Return the effect on this very stage."""
        return next(effect for effect in more.effects if effect.stage == self.stage)

    def __repr__(self) -> str:
        return f"<Sensitivity {self.school_name} {self.stage} {self.indicator}>"


def sensitivities(
    facts: Facts,
    answer: Assessment,
    sections: Sequence[Section],
    indicators: Sequence[str],
    *,
    with_pupils: bool = True,
) -> tuple[Sensitivity, ...]:
    """Return what one more unit does at each of `sections` to each of `indicators`; `facts` are the county's own.

    Without `with_pupils` nothing is told of one more pupil, for which the engine judges anew.
    """
    pupils = _one_more_pupil(facts, answer, sections) if with_pupils else {}
    return tuple(
        _sensitivity(answer, section, indicator, pupils.get((section.school_code, section.stage)))
        for section in sections
        for indicator in indicators
    )


Changed = tuple[Sequence[Section], Mapping[str, Stage]]


def _sensitivity(answer: Assessment, section: Section, indicator: str, crowded: Changed | None) -> Sensitivity:
    one = answer.rules.indicators[indicator]
    measured = section.indicators[indicator]
    column = one.terms[0].column(section.stage)
    amounts = (1, YUAN_SHOWN) if column.kind is Kind.MONEY else (1,)
    known = exact(measured) is not None
    return Sensitivity(
        school_code=section.school_code,
        school_name=section.school_name,
        stage=section.stage,
        indicator=indicator,
        resource=tuple(_more(answer, section, indicator, column, amount) for amount in amounts if known),
        pupil=None if crowded is None else _pupil(answer, section, indicator, crowded),
        gap_to_threshold=measured.gap_to_threshold,
        gap_to_floor=measured.gap_to_floor,
        units_to_limit=units_to_limit(answer, section, indicator),
    )


def _more(answer: Assessment, section: Section, indicator: str, column: Column, amount: int) -> More:
    changed = with_more(answer.rules, answer.sections, section, indicator, amount)
    after = anew(answer.rules, answer.sections, answer.stages, changed)
    stages = [one.stage for one in changed]
    effects = _effects(answer, after, section.school_code, stages, indicator)
    return More(column.name, column.label, amount, column.unit, effects)


def _pupil(answer: Assessment, section: Section, indicator: str, crowded: Changed) -> More:
    column = SCHOOLS.column(f"{section.stage}_pupils")
    shared = answer.rules.indicators[indicator].apportioned
    own = [one.stage for one in answer.sections if one.school_code == section.school_code]
    stages = own if shared else [section.stage]
    effects = _effects(answer, crowded, section.school_code, stages, indicator)
    return More(column.name, column.label, 1, column.unit, effects)


def _effects(
    answer: Assessment, after: Changed, school: str, stages: Sequence[str], indicator: str
) -> tuple[Effect, ...]:
    before: Changed = answer.sections, answer.stages
    return tuple(
        Effect(stage, _state(before, school, stage, indicator), _state(after, school, stage, indicator))
        for stage in stages
    )


def _state(of: Changed, school: str, stage: str, indicator: str) -> State:
    sections, stages = of
    section = next(one for one in sections if (one.school_code, one.stage) == (school, stage))
    measured, own = section.indicators[indicator], stages[stage].indicators[indicator]
    return State(
        value=measured.value,
        status=measured.status,
        verdict=section.verdict,
        in_sample=section.in_sample,
        cv=own.cv,
        cv_bounds=own.cv_bounds,
        cv_status=own.status,
        stage_verdict=stages[stage].verdict,
    )


def units_to_limit(answer: Assessment, section: Section, indicator: str) -> int | None:
    """Return how many buying units here alone bring the stage's spread within its limit; None where none do."""
    one = answer.stages[section.stage].indicators[indicator]
    if one.cv is None or not section.in_sample:
        return None
    if one.status == "pass":
        return 0
    sample = [s.school_code for s in answer.sections if s.stage == section.stage and s.in_sample is not False]
    per_unit = Fraction(step(answer.rules, indicator, section.stage), section.indicators[indicator].over or 1)
    own = members(answer.sections, section.stage, indicator)
    at = sample.index(section.school_code)
    return spread.units_to_limit(own, at, per_unit, answer.rules.spread_limits[section.stage])


def _one_more_pupil(facts: Facts, answer: Assessment, sections: Sequence[Section]) -> dict[tuple[str, str], Changed]:
    """Return the county with one more pupil at each of `sections`, judged in one run: a county for each."""
    counted = [one for one in sections if one.pupils is not None]
    schools = facts.tables["schools"].to_pylist()
    rows = [row for at, one in enumerate(counted) for row in _crowded(schools, one, f"{at:06d}")]
    table = pa.Table.from_pylist(rows, facts.tables["schools"].schema)
    with open_session("duckdb", small=True) as session:
        known = run(session, Facts({**facts.tables, "schools": table}, items=facts.items), answer.rules)
    found: dict[tuple[str, str], Changed] = {}
    for at, one in enumerate(counted):
        changed = [new for new in sections_of(answer.rules, known[f"{at:06d}"]) if new.school_code == one.school_code]
        found[one.school_code, one.stage] = anew(answer.rules, answer.sections, answer.stages, changed)
    return found


def _crowded(schools: Sequence[Mapping[str, Any]], section: Section, county: str) -> list[dict[str, Any]]:
    """Return the rows of a school, its main school and its campuses, with one more pupil in the section."""
    own = next(row for row in schools if row["school_code"] == section.school_code)
    family = {section.school_code, own["parent_school_code"] or section.school_code}
    pupils = f"{section.stage}_pupils"
    return [
        {**row, "county_code": county} | ({pupils: (row[pupils] or 0) + 1} if row is own else {})
        for row in schools
        if family & {row["school_code"], row["parent_school_code"]}
    ]
