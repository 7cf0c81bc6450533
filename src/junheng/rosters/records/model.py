"""What `records.yaml` and `checks.yaml` say, as frozen types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junheng.rosters.model import Condition


@dataclass(frozen=True, slots=True)
class Grades:
    """The grades of a stage, and the one in which its new pupils are."""

    first: int
    last: int
    entry: int


@dataclass(frozen=True, slots=True)
class RecordCount:
    """A fact of a school: the rows of `table` that have a mark (or all), in the entry grade only or in every one."""

    fact: str
    table: str
    of: str
    mark: str = ""
    entry: bool = False


@dataclass(frozen=True, slots=True)
class Cohort:
    """Which years make the three years of a cohort, counted from the year of the count."""

    id: str
    reading: str
    entered: int
    last: int


@dataclass(frozen=True, slots=True)
class Linked:
    """Whom retention follows: from which grade of which stage to which."""

    stage: str
    entry: int
    last: int


@dataclass(frozen=True, slots=True)
class Records:
    """How rosters are counted."""

    stages: Mapping[str, Grades]
    marks: Mapping[str, Mapping[str, Condition]]
    counts: tuple[RecordCount, ...]
    cohorts: tuple[Cohort, ...]
    linked: Linked


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted: the year, the cohort whose years there are (None where there are none), and by which rules."""

    records: Records
    year: int
    cohort: Cohort | None
    types: Mapping[str, frozenset[str]]

    @property
    def years(self) -> frozenset[int]:
        """The years whose pupils are read."""
        cohort = self.cohort
        return frozenset({self.year, *((self.year + cohort.entered, self.year + cohort.last) if cohort else ())})


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """Something in the rosters that deserves a second look; `kind` is a function of `checking`."""

    id: str
    table: str
    kind: str
    means: str
    remedy: str
    at_least: int = 0
    mark: str = ""
    where: str = ""
    conditions: tuple[Condition, ...] = ()
