"""What a nation's table comes to: who reaches each requirement, how the spreads lie, and in what order counties stand.

Nothing is weighed here and no score is made up: counties stand by what was counted of them, and who cannot be told
from another shares his place. Counties without a verdict have no place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from junheng.facts.schema import STAGES
from junheng.output.nation import PROVINCE_DIGITS, PROVINCES, Row
from junheng.standard.model import Rules

INVENTED = "虚构"
ELSEWHERE = "其他"
QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that counties are judged by, and how many come to what; `stage` is empty beside the resources."""

    id: str
    stage: str
    name: str
    counties: Mapping[str, int]

    @property
    def judged(self) -> int:
        """How many counties have a verdict: they pass or they fail."""
        return self.counties["pass"] + self.counties["fail"]

    @property
    def share(self) -> float | None:
        """How many of a hundred that have a verdict pass; None where none has one."""
        return 100 * self.counties["pass"] / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Spreads:
    """How the spreads of a stage's indicator lie among the counties that have one, and how many are over the limit."""

    id: str
    stage: str
    values: tuple[float, ...]
    over: int

    def at(self, share: float) -> float | None:
        """Return the value that this share of the counties does not exceed: always one that a county has."""
        return self.values[max(0, ceil(share * len(self.values)) - 1)] if self.values else None


@dataclass(frozen=True, slots=True)
class Placed:
    """A county in its order; those that cannot be told apart have the same place."""

    place: int
    row: Row


def items(rows: Sequence[Row], rules: Rules) -> list[Item]:
    """Return everything that counties are judged by, in the document's order: the spreads stage by stage, the rest."""
    spreads = [
        Item(id, stage, rules.standard.indicators[id].name, _counted(rows, f"{stage}_{id}_status"))
        for stage in STAGES
        for id in rules.indicators
    ]
    return spreads + [Item(id, "", one.name, _counted(rows, id)) for id, one in rules.requirements.items()]


def _counted(rows: Iterable[Row], column: str) -> Counter[str]:
    return Counter(row[column] for row in rows)


def spreads(rows: Sequence[Row], rules: Rules) -> Iterator[Spreads]:
    """Yield how the spreads of each stage and indicator lie, of the counties that have one that is whole."""
    for stage in STAGES:
        for id in rules.indicators:
            column = f"{stage}_{id}"
            values = sorted(value for row in rows if (value := row[f"{column}_cv"]) is not None)
            yield Spreads(id, stage, tuple(values), sum(row[f"{column}_status"] == "fail" for row in rows))


def over(row: Row, rules: Rules) -> list[tuple[str, str]]:
    """Return stage and indicator of each spread of a county that is over its limit."""
    return [(stage, id) for stage in STAGES for id in rules.indicators if row[f"{stage}_{id}_status"] == "fail"]


def ranked(rows: Iterable[Row], rules: Rules) -> list[Placed]:
    """Return the counties that have a verdict on their resources, the first first.

    All that pass share the first place. Those that fail follow by the share of their schools that pass, then by how
    many spreads are over; those alike in both share a place, and stand by their codes.
    """
    told = [row for row in rows if row["resources"] != "undetermined"]
    order = sorted(told, key=lambda row: (_standing(row, rules), row["county_code"]))
    placed: list[Placed] = []
    for at, row in enumerate(order, 1):
        same = placed and _standing(placed[-1].row, rules) == _standing(row, rules)
        placed.append(Placed(placed[-1].place if same else at, row))
    return placed


def _standing(row: Row, rules: Rules) -> tuple[bool, Fraction, int]:
    if row["resources"] == "pass":
        return False, Fraction(0), 0
    return True, -_share(row), len(over(row, rules))


def _share(row: Row) -> Fraction:
    sections = sum(row[f"{stage}_sections"] for stage in STAGES)
    return Fraction(sum(row[f"{stage}_passed"] for stage in STAGES), sections) if sections else Fraction(0)


def unplaced(rows: Iterable[Row]) -> list[Row]:
    """Return the counties without a verdict on their resources, by their codes."""
    return sorted((row for row in rows if row["resources"] == "undetermined"), key=lambda row: row["county_code"])


def by_province(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the counties by the code of their province, in the codes' order; what is of none stands last, under ''."""
    found: dict[str, list[Row]] = {code: [] for code in (*PROVINCES, "")}
    for row in rows:
        found[province_of(row)].append(row)
    return {code: own for code, own in found.items() if own}


def province_of(row: Row) -> str:
    """Return the code of a county's province, or nothing where its code is of none."""
    code = row["county_code"][:PROVINCE_DIGITS]
    return code if code in PROVINCES else ""


def invented_told(rows: Sequence[Row]) -> str:
    """Say which figures are invented, where rosters are: their counties' names say so."""
    many = sum(INVENTED in (row["county_name"] or "") for row in rows)
    if not many:
        return ""
    which = "每个县的" if many == len(rows) else f"其中 {many:,} 个县（名称里写着“{INVENTED}”的）的"
    return f"数据是虚构的，仅供演示：{which}名册是生成的，由它数出来的人数、数值、差异系数、结论和位次都不是真的"
