"""What `counts.yaml` and `traps.yaml` say, as frozen types: conditions, counts, readings and traps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

OF_STAGE, OF_SCHOOL, OF_COUNTY = "stage", "school", "county"
# What is counted once for whom: in which table its column or item stands, and whether once a stage.
EXTENTS: Mapping[str, str] = MappingProxyType({OF_STAGE: "学段", OF_SCHOOL: "学校", OF_COUNTY: "全县"})


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing asked of a person's row; `says` is the reason where it does not hold.

    `test` is the kind (see `statements`), `value` what it compares with; `during` are the columns between whose days
    the row's state holds. `any_of` holds where one of its conditions does. One that `defines` says what kind of person
    is counted at all.
    """

    says: str
    source: str
    column: str
    test: str
    value: object = None
    during: tuple[str, str] | None = None
    any_of: tuple[Condition, ...] = ()
    defines: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How a fact comes about: whose it is (`of`: stage, school or county), and who counts."""

    fact: str
    indicator: str
    of: str
    conditions: tuple[Condition, ...]
    school: str = ""


@dataclass(frozen=True, slots=True)
class SchoolReading:
    """In which school a person counts: by `school`, or while a state does not hold (`during`) by `otherwise`."""

    id: str
    reading: str
    source: str
    in_force: bool
    school: str
    otherwise: str = ""
    during: tuple[str, str] | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counting:
    """How the register is counted: every count, every reading of whose school it is, and the school year's month.

    `moving` is what is asked of whoever may go to another school; nobody is counted by it.
    """

    school_year_begins: int
    readings: Mapping[str, SchoolReading]
    counts: Mapping[str, Count]
    moving: tuple[Condition, ...] = ()

    @property
    def in_force(self) -> SchoolReading:
        """The reading that decides."""
        return next(one for one in self.readings.values() if one.in_force)


@dataclass(frozen=True, slots=True)
class Trap:
    """What is worth a second look in a person's row: every condition holds, or another row has the `same` in it."""

    id: str
    indicator: str
    means: str
    remedy: str
    conditions: tuple[Condition, ...] = field(default=())
    same: tuple[str, ...] = ()
