"""On what terms a county plans: prices, limits and distances, checked and in the smallest units.

Money is in fen. A limit is a fraction of its own unit (people, m2, yuan, %, km); whole units are rounded to the safe
side where they are used.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

import pyarrow as pa

from junheng.facts.plan_schema import DEEDS, DISTANCES, LIMITED, LIMITS, PRICED, PRICES, TRANSFER_KM, Limit
from junheng.facts.problems import Problem, Unusable, unusable

HUNDRED = 100
ENDLESS = 10**6
DISTANCE_SCALE = DISTANCES.column("km").measure.scale
# What holds where the table of limits does not say: P23's margin, one year of yearly costs, no school loses staff.
DEFAULTS: Mapping[str, Fraction] = {
    "margin": Fraction(3),
    "years": Fraction(1),
    "staff": Fraction(100),
    "footprint": Fraction(100),
}
# In the open one builds from April to October (P23).
SEASON = (4, 10)


@dataclass(frozen=True, slots=True)
class Price:
    """What a unit costs (fen): at once, for a school that begins with it, and each year; with source and date."""

    unit: int
    fixed: int = 0
    yearly: int = 0
    lead_months: int = 0
    source: str = ""
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """Prices by deed; limits by item and school code ("" is the county, or every school); distances in km by pair.

    `today` is the day from which on something can be begun; None is the day of the rules.
    """

    prices: Mapping[str, Price]
    least: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)
    most: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)
    distances: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)
    today: dt.date | None = None

    @property
    def years(self) -> Fraction:
        """For how many years a yearly price is counted."""
        return self.most.get(("years", ""), DEFAULTS["years"])

    @property
    def pairs_matter(self) -> bool:
        """Whether it makes a difference who gives to whom: roads are told, or so many must move that some only swap."""
        asked = any(item.startswith("transfers") for item, _ in self.least)
        return bool(self.distances) or ("distance", "") in self.most or asked

    @property
    def season(self) -> tuple[int, int]:
        """The first and the last month in which one builds in the open."""
        first, last = self.least.get(("season", "")), self.most.get(("season", ""))
        return SEASON[0] if first is None else int(first), SEASON[1] if last is None else int(last)

    def unit_cost(self, item: str) -> int:
        """Return what one unit of a deed costs in all (fen), the yearly price counted for `years`."""
        price = self.prices[item]
        return price.unit + ceil(price.yearly * self.years)

    def transfer_cost(self, one: str, other: str) -> int:
        """Return what the transfer of one teacher between two schools costs (fen)."""
        by_km = self.unit_cost(TRANSFER_KM) if TRANSFER_KM in self.prices else 0
        return self.unit_cost("transfer") + ceil(by_km * self.distance(one, other))

    def distance(self, one: str, other: str) -> Fraction:
        """Return the distance in km; 0 where it is not told."""
        return self.distances.get((one, other), self.distances.get((other, one), Fraction(0)))

    def may_transfer(self, one: str, other: str) -> bool:
        """Whether two schools lie near enough; where distances are limited, a pair without one is too far."""
        farthest = self.most.get(("distance", ""))
        told = (one, other) in self.distances or (other, one) in self.distances
        return farthest is None or (told and self.distance(one, other) <= farthest)

    def at_most(self, item: str, school: str = "") -> Fraction | None:
        """Return the upper limit that holds; what is said of schools in general holds where a school has no own."""
        return self._found(self.most, item, school)

    def at_least(self, item: str, school: str = "") -> Fraction | None:
        """Return the lower limit that holds."""
        return self._found(self.least, item, school)

    @staticmethod
    def _found(limits: Mapping[tuple[str, str], Fraction], item: str, school: str) -> Fraction | None:
        own = limits.get((item, school))
        if own is None and LIMITED[item].of == "school":
            own = limits.get((item, ""), DEFAULTS.get(item))
        return own if own is not None or school else limits.get((item, ""), DEFAULTS.get(item))


def whole_most(limit: Fraction | None) -> int | None:
    """Return the largest whole number within an upper limit."""
    return None if limit is None else floor(limit)


def whole_least(limit: Fraction | None) -> int:
    """Return the smallest whole number that keeps a lower limit; 0 where there is none."""
    return 0 if limit is None else ceil(limit)


def terms_of(tables: Mapping[str, pa.Table], schools: Mapping[str, str]) -> Terms:
    """Return the terms in the planner's tables; `schools` are the county's, code to name.

    Raises `Unusable` with every row that cannot be used; without a price there is nothing to plan with.
    """
    problems = [*_faulty_prices(tables["prices"]), *_faulty_limits(tables["limits"], schools)]
    if problems:
        raise Unusable(problems)
    prices = {row["item"]: _price(row) for row in tables["prices"].to_pylist() if row["unit_price"] is not None}
    if not prices:
        remedy = "请放入 prices.csv，或加上 --prices 文件；junheng template --plan 写出空白表"
        raise unusable(PRICES.label, "没有价格，无法做方案", remedy)
    rows = tables["limits"].to_pylist()
    most = _limits(rows, "at_most")
    in_time = {item: price for item, price in prices.items() if price.lead_months <= most.get(("lead", ""), ENDLESS)}
    return Terms(in_time, _limits(rows, "at_least"), most, _distances(tables["distances"]))


def _price(row: Mapping[str, object]) -> Price:
    values = {name: row[f"{name}_price"] or 0 for name in ("unit", "fixed", "yearly")}
    return Price(**values, lead_months=row["lead_months"] or 0, source=row["source"] or "", date=row["date"])  # type: ignore[arg-type]


def _limits(rows: list[dict[str, int]], column: str) -> dict[tuple[str, str], Fraction]:
    told = [row for row in rows if row[column] is not None]
    return {(str(row["item"]), str(row["school_code"] or "")): Fraction(row[column], HUNDRED) for row in told}


def _distances(table: pa.Table) -> dict[tuple[str, str], Fraction]:
    told = [row for row in table.to_pylist() if row["km"] is not None]
    return {(row["from_school_code"], row["to_school_code"]): Fraction(row["km"], DISTANCE_SCALE) for row in told}


def _faulty_prices(table: pa.Table) -> Iterator[Problem]:
    for at, row in enumerate(table.to_pylist(), 2):
        if not row["item"]:
            yield Problem(PRICES.label, "没有写项目", f"请填其中之一：{'、'.join(PRICED)}", at)
        elif row["unit_price"] is not None and row["item"] in DEEDS and not row["source"]:
            yield Problem(
                PRICES.label, "没有写价格来源", "请写明价格从哪里来（询价单、造价文件、工资文件）", at, "价格来源"
            )


def _faulty_limits(table: pa.Table, schools: Mapping[str, str]) -> Iterator[Problem]:
    for at, row in enumerate(table.to_pylist(), 2):
        limit, school = LIMITED.get(row["item"]), row["school_code"]
        if limit is None:
            yield Problem(LIMITS.label, "没有写项目", f"请填其中之一：{'、'.join(LIMITED)}", at)
            continue
        if school and school not in schools:
            yield Problem(LIMITS.label, "学校表里没有这个代码", "请改正学校标识码", at, value=school)
        if school and limit.of == "county":
            yield Problem(LIMITS.label, f"“{limit.label}”是对全县的限制", "请把学校标识码留空", at, value=school)
        yield from _wrong_way(limit, row, at)
        yield from _no_month(limit, row, at)


def _wrong_way(limit: Limit, row: Mapping[str, object], at: int) -> Iterator[Problem]:
    for column, allowed, heading in (("at_least", limit.least, "不少于"), ("at_most", limit.most, "不多于")):
        if row[column] is not None and not allowed:
            yield Problem(LIMITS.label, f"“{limit.label}”没有“{heading}”的限制", "请填在另一列", at, heading)


def _no_month(limit: Limit, row: Mapping[str, object], at: int) -> Iterator[Problem]:
    """A season runs from one month of the year to another."""
    if limit.item != "season":
        return
    told = [(name, row[column]) for column, name in (("at_least", "不少于"), ("at_most", "不多于"))]
    for heading, value in told:
        if value is not None and value not in range(HUNDRED, 13 * HUNDRED, HUNDRED):
            yield Problem(LIMITS.label, f"“{limit.label}”不是月份", "请填 1 到 12 的整数，如 4 和 10", at, heading)
    if row["at_least"] is not None and row["at_most"] is not None and row["at_least"] > row["at_most"]:  # type: ignore[operator]
        yield Problem(LIMITS.label, f"“{limit.label}”的头一个月在末一个月之后", "请把两个月份对调", at)
