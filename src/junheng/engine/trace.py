"""The trace of one number: its inputs, each step with its formula, the lines, the clause, and its part in the spread.

Every step is worked out anew with fractions from the school's own cells; a test holds the result against the engine's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from junheng.engine.result import Assessment, Measured, Section
from junheng.engine.sensitivity import Sensitivity
from junheng.facts.model import Facts
from junheng.facts.problems import unusable
from junheng.facts.schema import SCHOOLS, STAGE_LABELS, Column
from junheng.facts.writers import plain
from junheng.standard.model import Indicator, Rules, Term

WEIGHED_LABELS = {**STAGE_LABELS, "senior": "高中", "kindergarten": "附设幼儿班"}


@dataclass(frozen=True, slots=True)
class Input:
    """A cell that the number rests on, in its written unit; `value` None is not reported."""

    column: str
    label: str
    value: str | None
    unit: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the working: what is worked out, how, and what comes out (None while something is missing)."""

    label: str
    formula: str
    result: str | None


@dataclass(frozen=True, slots=True)
class Trace:
    """Why one value is what it is. `value` is exact; `measured` is what the engine said of it."""

    section: Section
    indicator: Indicator
    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]
    value: Fraction | None
    threshold: Fraction
    floor: Fraction
    reference: str
    measured: Measured
    spread: Mapping[str, Any]
    sensitivity: Sensitivity | None = None

    def __repr__(self) -> str:
        told = "未报" if self.value is None else f"{float(self.value):g}"
        return f"<Trace {self.section.school_name} {self.section.stage} {self.indicator.id}：{told}>"


def trace(facts: Facts, answer: Assessment, school: str, stage: str, indicator: str) -> Trace:
    """Return the trace of one indicator of one section; `Unusable` names what there is where one of them is unknown."""
    rules = answer.rules
    section = find_section(answer, school, stage)
    one = rules.indicators[find_indicator(rules, indicator)]
    row = next(row for row in facts.tables["schools"].to_pylist() if row["school_code"] == section.school_code)
    own = Working(rules, one, stage, row, section)
    day = max(date for date in one.thresholds if date <= rules.day)
    return Trace(
        section=section,
        indicator=one,
        inputs=tuple(own.inputs()),
        steps=tuple(own.steps()),
        value=own.value(),
        threshold=rules.thresholds[indicator][stage],
        floor=rules.floor(indicator, stage),
        reference=f"{one.references[day]}（自 {day} 起）",
        measured=section.indicators[indicator],
        spread=_spread(answer, section, indicator),
    )


def find_indicator(rules: Rules, indicator: str) -> str:
    """Return the id of one of the seven; `Unusable` lists them where it is none."""
    if indicator not in rules.indicators:
        raise unusable("--indicator", "没有这项指标", f"可选：{'、'.join(rules.indicators)}", value=indicator)
    return indicator


def find_section(answer: Assessment, school: str, stage: str | None) -> Section:
    """Return the section of the school whose code or name is `school`; `Unusable` says what there is.

    Without a stage it is the school's only section.
    """
    code = find_school({one.school_code: one.school_name for one in answer.sections}, school)
    own = [one for one in answer.sections if one.school_code == code]
    found = [one for one in own if stage in {None, one.stage}]
    if len(found) == 1:
        return found[0]
    there = "、".join(f"{one.stage}（{STAGE_LABELS[one.stage]}）" for one in own)
    what = "没有这个学段" if stage else "有两个学段，要指明一个"
    raise unusable("--stage", f"{own[0].school_name}{what}", f"可选：{there}", value=stage)


def find_school(names: Mapping[str, str], school: str) -> str:
    """Return the code of the school whose code or name is `school`; `Unusable` names those like it."""
    if school in names:
        return school
    known = {name: code for code, name in reversed(list(names.items())) if name}
    if school in known:
        return known[school]
    near = get_close_matches(school, [*names, *known], n=3, cutoff=0.3) or list(names)[:3]
    listed = "、".join(f"{code} {names[code]}" for code in dict.fromkeys(known.get(name, name) for name in near))
    raise unusable("--school", "没有这所学校", f"相近的有：{listed}", value=school)


class Working:
    """The working of one value, with a school's own cells."""

    def __init__(
        self, rules: Rules, indicator: Indicator, stage: str, row: Mapping[str, Any], section: Section
    ) -> None:
        self.rules = rules
        self.indicator = indicator
        self.stage = stage
        self.row = row
        self.section = section
        self.scale = indicator.measured.measure.scale
        self.unit = indicator.measured.unit

    def inputs(self) -> list[Input]:
        """Return the cells, each once."""
        columns = [term.column(self.stage) for term in self.rules.terms(self.indicator)]
        columns += [SCHOOLS.column(f"{stage}_pupils") for stage in self.stages()]
        return [self._input(column) for column in {column.name: column for column in columns}.values()]

    def _input(self, column: Column) -> Input:
        value = self.row[column.name]
        return Input(column.name, column.label, plain(value, column) if value is not None else None, column.unit)

    def stages(self) -> list[str]:
        """Return the stages over whose pupils the value is counted."""
        if not self.indicator.apportioned:
            return [self.stage]
        kind = self.rules.standard.school_types.get(self.row["school_type"] or "")
        weights = {stage: weight for stage, weight in self.rules.standard.apportioning.items() if weight}
        return [stage for stage in weights if kind is None or stage in kind.stages or self.row[f"{stage}_pupils"]]

    def terms(self) -> list[tuple[Term, int | None]]:
        """Return each term with what it counts in the smallest unit, None where that is not reported."""
        return [(term, self._counted(term)) for term in self.rules.terms(self.indicator)]

    def _counted(self, term: Term) -> int | None:
        """Return what a term counts; one under a clause counts what the engine let it count."""
        amount: int | None = self.row[term.column(self.stage).name]
        if term.clause is None:
            return amount
        if not amount:
            return 0
        return None if self.section.indicators[self.indicator.id].have is None else self._claimed(term, amount)

    def _claimed(self, term: Term, amount: int) -> int:
        """Return a claim under a clause: whether its conditions hold shows in the engine's own numerator."""
        have = self.section.indicators[self.indicator.id].have or 0
        without = sum(t.sign * (self.row[t.column(self.stage).name] or 0) for t in self._plain_terms())
        return amount if have > without * self.indicator.per * self._weight() else 0

    def _plain_terms(self) -> list[Term]:
        return [term for term in self.rules.terms(self.indicator) if term.clause is None]

    def _weight(self) -> int:
        return self.rules.standard.apportioning[self.stage] if self.indicator.apportioned else 1

    def resource(self) -> Fraction | None:
        """Return the numerator's resource in written units."""
        amounts = [(term.sign, amount) for term, amount in self.terms()]
        if any(amount is None for _, amount in amounts):
            return None
        return Fraction(sum(sign * (amount or 0) for sign, amount in amounts), self.scale)

    def counted_over(self) -> Fraction | None:
        """Return the pupils that the value is counted over: the stage's own, or weighted by stage."""
        counts = [self.row[f"{stage}_pupils"] for stage in self.stages()]
        if None in counts or not self.section.pupils:
            return None
        return sum((share * self.row[f"{stage}_pupils"] for stage, share in self._shares().items()), Fraction(0))

    def _shares(self) -> dict[str, Fraction]:
        """Return the weight of each stage's pupil, the lightest stage of the school being 1, as the clause says it."""
        weights = self.rules.standard.apportioning
        lightest = min(weights[stage] for stage in self.stages())
        return {stage: Fraction(weights[stage], lightest) for stage in self.stages()}

    def value(self) -> Fraction | None:
        """Return the value exactly, None while a term or a divisor is missing."""
        resource, over = self.resource(), self.counted_over()
        if resource is None or over is None:
            return None
        return resource * self._shares()[self.stage] / over * self.indicator.per

    def steps(self) -> list[Step]:
        """Return the working, line by line."""
        resource, over, value = self.resource(), self.counted_over(), self.value()
        share = self._shares()[self.stage]
        times = f" × {number(share)}" if share != 1 else ""
        per = f" × {self.indicator.per}" if self.indicator.per > 1 else ""
        return [
            Step("资源", self._sum(), _exact(resource, self.unit)),
            Step("按多少学生算", self._over(), _exact(over, "人")),
            Step("指标值", f"资源{times} ÷ 学生{per}", _exact(value, self.indicator.unit)),
            *(self._line(label, line, value) for label, line in self._lines()),
            *self._gaps(),
        ]

    def _sum(self) -> str:
        parts: list[str] = []
        for term, amount in self.terms():
            sign = ("− " if term.sign < 0 else "+ ") if parts or term.sign < 0 else ""
            shown = "未报" if amount is None else number(Fraction(amount, self.scale))
            clause = f"（{self.rules.clauses[term.clause].title}）" if term.clause else ""
            parts.append(f"{sign}{term.column(self.stage).label} {shown}{clause}")
        return " ".join(parts)

    def _over(self) -> str:
        if not self.indicator.apportioned or len(self.stages()) == 1:
            return f"{WEIGHED_LABELS[self.stage]}在校生数"
        return " + ".join(
            f"{WEIGHED_LABELS[stage]} {_or_missing(self.row[f'{stage}_pupils'])} × {number(share)}"
            for stage, share in self._shares().items()
        )

    def _lines(self) -> list[tuple[str, Fraction]]:
        id = self.indicator.id
        share = number(self.rules.standard.floor * 100)
        return [("标准值", self.rules.thresholds[id][self.stage]), (f"{share}% 线", self.rules.floor(id, self.stage))]

    def _line(self, label: str, line: Fraction, value: Fraction | None) -> Step:
        if value is None:
            return Step(f"与{label}比较", f"指标值 ≥ {number(line)}", None)
        left, right = value.numerator * line.denominator, line.numerator * value.denominator
        reached = "达到" if value >= line else "未达到"
        return Step(
            f"与{label}比较",
            f"{number(line)}：{left:,} {'≥' if value >= line else '<'} {right:,}（同乘分母）",
            reached,
        )

    def _gaps(self) -> list[Step]:
        one = self.section.indicators[self.indicator.id]
        gaps = [("到标准值的缺口", one.gap_to_threshold), ("到 85% 线的缺口", one.gap_to_floor)]
        return [Step(label, "还要增加多少，向上取整", f"{gap:,} {self.unit}") for label, gap in gaps if gap]


def _spread(answer: Assessment, section: Section, indicator: str) -> dict[str, Any]:
    """Return the stage's spread and this school's share of it."""
    one = answer.stages[section.stage].indicators[indicator]
    return {
        "mean": one.mean,
        "cv": one.cv,
        "cv_limit": one.cv_limit,
        "cv_bounds": one.cv_bounds,
        "status": one.status,
        "contribution": one.contributions.get(section.school_code),
    }


def _or_missing(value: int | None) -> str:
    return "未报" if value is None else str(value)


def _exact(value: Fraction | None, unit: str) -> str | None:
    return None if value is None else f"{number(value)} {unit}"


def number(value: Fraction) -> str:
    """Return a fraction as a decimal where it is one, else to six decimals with ≈."""
    for decimals in range(7):
        if (value * 10**decimals).denominator == 1:
            return f"{float(value):,.{decimals}f}"
    return f"≈{float(value):,.6f}"
