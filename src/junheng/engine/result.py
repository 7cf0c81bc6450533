"""The frozen types of an answer. Values are unrounded; rounding happens once, when something is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from junheng.facts.model import Facts
from junheng.standard.model import Rules

if TYPE_CHECKING:
    import polars as pl

VERDICT_LABELS = {"pass": "达标", "fail": "不达标", "undetermined": "不能判定", "not_applicable": "不适用"}
STATUS_LABELS = {"met": "达标", "floor": "达到85%", "below": "未达85%", "missing": "未报"}


@dataclass(frozen=True, slots=True)
class Act:
    """What acting on a reason means: `to` reach the threshold, the floor, the limit or the line, or to be reported.

    `amount` is in buying units, None where it is not one number; `columns` are the cells of the school to report.
    """

    to: str
    amount: int | None = None
    unit: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Help:
    """A verdict that acting on one reason alone turns: `to` is "pass", or "settled" where a number is reported.

    `turns` is section, spread, requirement, stage, resources or county; `scope` is as in `Reason`;
    `indicator` tells which spread of a stage.
    """

    turns: str
    scope: str
    to: str
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is not `pass`. `scope` is "county", a stage, or "stage:school_code"; `message` is Chinese.

    `verdict` is what it makes of the county, "fail" or "undetermined"; `helps` holds only what was computed exactly.
    """

    indicator: str
    scope: str
    message: str
    verdict: str = "undetermined"
    act: Act | None = None
    helps: tuple[Help, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """The time that an indicator's numbers are of: as the document asks, and as the facts say.

    `figures_from` tells in words whose figures were entered, where the document asks that and they are asked for.
    """

    time_basis: str
    school_year: str | None
    counted: dt.date | None
    judged_from: dt.date | None
    judged_to: dt.date | None
    figures_from: str | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """What the reader of an indicator's answer must know of its period; `message` is Chinese."""

    indicator: str
    message: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a stage's sample is there: sections in it, those with every value, those that may be in it."""

    expected: int
    reported: int
    possible: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One indicator of one section: the value, the two lines, and the buying units that reach them.

    `have` / `over` is the value exactly. `missing` names the columns of `schools` without which there is no value.
    """

    value: float | None
    threshold: float
    floor: float
    status: str
    gap_to_threshold: int | None
    gap_to_floor: int | None
    have: int | None
    over: int | None
    borderline: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One stage of one school. `in_sample` is None where what is missing decides whether it is in the sample."""

    school_code: str
    school_name: str
    stage: str
    pupils: int | None
    in_sample: bool | None
    excluded_because: str | None
    indicators: Mapping[str, Measured]
    met: int
    verdict: str

    def __repr__(self) -> str:
        return f"<Section {self.school_name} {self.stage}：{VERDICT_LABELS[self.verdict]}，{self.met} 项达到标准值>"


@dataclass(frozen=True, slots=True)
class Spread:
    """One indicator's spread over a stage's sample. While a value is missing only `cv_bounds` is given."""

    mean: float | None
    sd: float | None
    cv: float | None
    cv_limit: float
    status: str
    cv_bounds: tuple[float, float | None] | None
    contributions: Mapping[str, float]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage's sample: its size, its spreads, their mean (which decides nothing), its verdict."""

    schools: int
    pupils: int
    indicators: Mapping[str, Spread]
    composite_cv: float | None
    verdict: str

    def __repr__(self) -> str:
        return f"<Stage：{self.schools} 校，{self.pupils} 人，{VERDICT_LABELS[self.verdict]}>"


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A school, class or figure that fails a part of a requirement or is not reported; `school_code` may be empty."""

    school_code: str
    subject: str
    state: str


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """One condition of a requirement: how many rows it is about, how many fail, how many are not reported.

    `counts` tells that `value` is the number of failing rows, of which there may be none; else it meets `threshold`.
    `open_rows` are those that fail and those that are not reported.
    """

    id: str
    name: str
    status: str
    value: float | None
    threshold: float | None
    target: float | None
    target_status: str | None
    unit: str
    counts: bool
    applicable: int
    failing: int
    missing: int
    reason: str
    open_rows: tuple[OpenRow, ...] = ()


@dataclass(frozen=True, slots=True)
class RequirementAnswer:
    """One of B8-B31, SR, VETO, PRE. `value` and `threshold` are its first part's; `reason` is Chinese."""

    id: str
    name: str
    group: str
    status: str
    period: str
    value: float | None
    threshold: float | None
    target: float | None
    target_status: str | None
    reason: str
    parts: tuple[PartAnswer, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What would be said otherwise: `scope` as in a reason, the verdict or status now, and then."""

    indicator: str
    scope: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class ReadingEffect:
    """A reading that is not in force and would change something; `verdict` is the county's under it."""

    question: str
    reading: str
    source: str
    changes: tuple[Change, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """A county's answer. `rules` are those in force on `as_of`; `resources` is the verdict on B1-B7 alone.

    `facts` are those that were judged (of several counties, all of them), so that two answers can be compared.
    """

    county_code: str
    county_name: str
    rules: Rules
    engine: int
    verdict: str
    reasons: tuple[Reason, ...]
    coverage: Mapping[str, Coverage]
    sections: tuple[Section, ...]
    stages: Mapping[str, Stage]
    resources: str
    requirements: Mapping[str, RequirementAnswer]
    periods: Mapping[str, Period]
    warnings: tuple[Warned, ...]
    facts: Facts = field(repr=False, compare=False)
    readings: tuple[ReadingEffect, ...] = ()

    @property
    def as_of(self) -> dt.date:
        """The day whose rules were applied."""
        return self.rules.day

    def to_frame(self) -> pl.DataFrame:
        """Return a polars frame with one row per section and indicator.

        >>> import junheng as jh
        >>> frame = jh.assess(jh.load("examples/shili/facts")).to_frame()
        >>> frame.filter(status="below").select("school_name", "indicator", "gap_to_floor").rows()
        [('示例旗实验小学', 'B5', 325), ('沙湾苏木中心小学', 'B2', 2), ('东河镇九年一贯制学校', 'B1', 1)]
        """
        import polars as pl

        rows = [_row(section, id, one) for section in self.sections for id, one in section.indicators.items()]
        return pl.DataFrame(rows, infer_schema_length=None)

    def __repr__(self) -> str:
        name = self.county_name or self.county_code
        stages = "；".join(f"{stage} {VERDICT_LABELS[one.verdict]}" for stage, one in self.stages.items())
        return (
            f"<Assessment {name}（{self.rules.standard.id}，{self.as_of}）：{VERDICT_LABELS[self.verdict]}；{stages}>"
        )


def worst(verdicts: Sequence[str]) -> str:
    """Return "fail" if any fails, else "undetermined" if any is, else "pass"."""
    return next((verdict for verdict in ("fail", "undetermined") if verdict in verdicts), "pass")


def _row(section: Section, indicator: str, one: Measured) -> dict[str, Any]:
    return {
        "school_code": section.school_code,
        "school_name": section.school_name,
        "stage": section.stage,
        "pupils": section.pupils,
        "in_sample": section.in_sample,
        "indicator": indicator,
        "value": one.value,
        "threshold": one.threshold,
        "floor": one.floor,
        "status": one.status,
        "gap_to_threshold": one.gap_to_threshold,
        "gap_to_floor": one.gap_to_floor,
        "verdict": section.verdict,
    }
