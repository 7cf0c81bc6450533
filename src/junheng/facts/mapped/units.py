"""The units in which forms print their numbers, and what one of each is in the data dictionary's written unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from junheng.facts.schema import Column, Kind

COUNTED = ("人", "个", "间", "班", "所", "册", "台", "套", "件", "年", "级", "份")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: the kinds of columns that may be printed in it, and how many written units one of it is."""

    kinds: frozenset[Kind]
    ratio: Fraction


def _of(kind: Kind, **ratios: Fraction | int) -> dict[str, Unit]:
    return {name: Unit(frozenset({kind}), Fraction(ratio)) for name, ratio in ratios.items()}


UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        **{name: Unit(frozenset({Kind.COUNT, Kind.INTEGER}), Fraction(1)) for name in COUNTED},
        **_of(Kind.COUNT, 百人=100, 千人=1000, 万人=10_000),
        # 15 亩 are one hectare.
        **_of(Kind.AREA, 平方米=1, 公顷=10_000, 亩=Fraction(10_000, 15)),
        **_of(Kind.MONEY, 元=1, 百元=100, 千元=1000, 万元=10_000),
    }
)


def units_for(column: Column) -> list[str]:
    """Return the units in which a column may be printed; nothing for one that holds no quantity."""
    return [name for name, unit in UNITS.items() if column.kind in unit.kinds]


def ratio_of(column: Column, unit: str) -> Fraction:
    """Return how many written units one of `unit` is, one without a unit. KeyError where it does not fit the column."""
    if not unit:
        return Fraction(1)
    if unit not in units_for(column):
        raise KeyError(unit)
    return UNITS[unit].ratio
