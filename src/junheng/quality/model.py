"""The frozen types of checks and of what they find. A check's terms say which columns it compares, and with what."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from junheng.facts.schema import SCHOOLS, TABLES, Column, per_stage

if TYPE_CHECKING:
    import polars as pl

SEVERITY_LABELS: Mapping[str, str] = {"error": "错误", "warning": "警告", "hint": "提示"}
THIS_YEAR = "this_year"
"""A bound that is not a number but the year of the day to which the facts belong."""


@dataclass(frozen=True, slots=True)
class When:
    """What is asked of one column; `test` is one of `load.TESTS`. A cell that is not reported meets no test."""

    column: str
    test: str
    value: Any


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that is believed, in written units, by stage ("" where every stage has the same)."""

    least: Mapping[str, Fraction] = field(default_factory=dict)
    most: Mapping[str, Fraction] = field(default_factory=dict)
    most_is_this_year: bool = False

    def of(self, stage: str | None, day: dt.date | None) -> tuple[Fraction | None, Fraction | None]:
        """Return both bounds for `stage`; None for a side that is open."""
        most = Fraction(day.year) if self.most_is_this_year and day else _of_stage(self.most, stage)
        return _of_stage(self.least, stage), most


def _of_stage(values: Mapping[str, Fraction], stage: str | None) -> Fraction | None:
    return values.get("", values.get(stage or ""))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a check compares, by the names of the data dictionary; each kind reads the terms that it needs.

    `columns` are the ones judged (added up); a finding stands at the first. `against` are the whole, or the
    denominator. `table` and `measure` say how a list of another table is counted. `rise` and `fall` are the shares
    by which a number may change in a year, `away` (there in written units) the least change that is looked at.
    """

    columns: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    must: When | None = None
    bounds: Bounds = field(default_factory=Bounds)
    table: str = ""
    measure: str = ""
    measured: str = ""
    slips: Mapping[Fraction, str] = field(default_factory=dict)
    near: Fraction = Fraction(0)
    deviations: Fraction = Fraction(0)
    away: Fraction = Fraction(0)
    side: str = ""
    least_schools: int = 0
    least_pupils: int = 0
    margin: Fraction = Fraction(0)
    rise: Fraction | None = None
    fall: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check. Where one of the checks `unless` has found the same cell, this one is silent."""

    id: str
    theme: str
    severity: str
    kind: str
    table: str
    terms: Terms
    when: tuple[When, ...]
    unless: tuple[str, ...]
    means: str
    remedy: str
    source: str

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of a column that the check reads in its own table."""
        must = () if self.terms.must is None else (self.terms.must,)
        asked = [name for one in (*self.when, *must) for name in (one.column, *_compared(one))]
        return (*self.terms.columns, *self.terms.against, *asked)

    @property
    def staged(self) -> bool:
        """Whether the check is made once a stage, since it reads what schools report once a stage."""
        return any(is_staged(self.table, name) for name in self.names)

    @property
    def needs_previous(self) -> bool:
        """Whether the check compares with last year's facts."""
        return self.kind == "change"

    @property
    def needs_day(self) -> bool:
        """Whether the check cannot be made without knowing the day to which the facts belong."""
        return self.kind == "hugging" or self.terms.bounds.most_is_this_year

    def column(self, name: str, stage: str | None) -> Column:
        """Return the column that `name` means in the check's table, for `stage` where it is reported once a stage."""
        staged = is_staged(self.table, name)
        return TABLES[self.table].column(f"{stage}_{name}" if staged else name)


def _compared(one: When) -> tuple[str, ...]:
    return (one.value,) if one.test == "differs_from" else ()


def is_staged(table: str, name: str) -> bool:
    """Whether `name` stands for one column a stage; `own_stage` (the type has the stage) does as well."""
    return table == SCHOOLS.name and (name == OWN_STAGE or per_stage(name))


OWN_STAGE = "own_stage"
"""Asked like a column: whether the school's type has the stage that is being looked at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found in one cell. `row` counts the table's rows from 0; `value` is the cell as written."""

    check: Check
    table: str
    row: int | None
    county_code: str | None
    school_code: str | None
    school_name: str | None
    stage: str | None
    column: str | None
    value: str | None
    expected: str
    message: str
    remedy: str

    @property
    def severity(self) -> str:
        """How grave: error, warning or hint."""
        return self.check.severity

    def __repr__(self) -> str:
        return f"<Finding {self.check.id} {SEVERITY_LABELS[self.severity]} {self.school_name or ''}：{self.message}>"


@dataclass(frozen=True, slots=True)
class Findings:
    """One county's findings, the gravest first.

    `skipped` are the checks that could not be made: those that need a day, or last year's facts, where there is none.
    """

    county_code: str
    county_name: str
    standard: str
    as_of: dt.date | None
    findings: tuple[Finding, ...]
    skipped: tuple[Check, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity, the gravest first."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity: counted[severity] for severity in SEVERITY_LABELS}

    def to_frame(self) -> pl.DataFrame:
        """Return a polars frame with one row per finding."""
        import polars as pl

        return pl.DataFrame([as_row(one) for one in self.findings], schema=dict.fromkeys(ROW, pl.String))

    def __repr__(self) -> str:
        counts = "，".join(f"{SEVERITY_LABELS[severity]} {count}" for severity, count in self.counts.items())
        return f"<Findings {self.county_name or self.county_code}：{counts}>"


ROW = (
    *("id", "severity", "table", "school_code", "school_name", "stage", "column"),
    *("value", "expected", "message", "remedy"),
)


def as_row(one: Finding) -> dict[str, str | None]:
    """Return a finding as plain values, in the order of `ROW`."""
    return {"id": one.check.id, **{name: getattr(one, name) for name in ROW[1:]}}
