"""Draws counties that need a plan, for tests and the benchmark: the same for the same seed, all figures invented.

Most schools have more or less than the lines ask for, `wide` telling how far; sports grounds and equipment are
scattered most, as they are where some schools were rebuilt and others were not. Prices and limits are invented too.
With `roads` schools lie in townships, transfers cost by the kilometre and go no farther than a teacher can drive each
day, B18's shares must move this year, and works end with the season.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from math import dist, exp
from typing import Any

import pyarrow as pa

import junheng as jh
from junheng.facts.model import Facts, arrow_schema
from junheng.facts.plan_schema import DEEDS, DISTANCES, LIMITS, PLAN_TABLES, PRICES, TRANSFER_KM
from junheng.facts.schema import STAGES, TABLES
from junheng.planner.prepare import Prepared, prepare
from junheng.planner.terms import DISTANCE_SCALE, terms_of

DAY = dt.date(2025, 9, 1)
STANDARD = jh.load_standard()
INVENTED = "虚构价格"
# item: unit, fixed and yearly price (yuan)
COSTS: Mapping[str, tuple[int, int, int]] = {
    "hire": (3_000, 0, 92_000),
    "hire_pe_arts": (3_000, 0, 95_000),
    "transfer": (500, 0, 7_200),
    "qualification": (12_000, 0, 0),
    "backbone": (6_000, 0, 1_200),
    "teaching_area": (3_400, 80_000, 0),
    "sports_ground_area": (420, 40_000, 0),
    "equipment_value": (1, 0, 0),
    "multimedia_rooms": (46_000, 0, 1_500),
}
WIDE = (1.0, 1.5, 2.0)
PRIMARY_SHARE, FOOTPRINT = 0.7, 40
# By column: where its middle lies against the line, and how far it is scattered (of the logarithm) at a width of 1.
LIKE: Mapping[str, tuple[float, float]] = {
    "above_required_teachers": (1.08, 0.09),
    "backbone_teachers": (1.15, 0.18),
    "pe_arts_teachers": (1.05, 0.16),
    "teaching_area": (1.10, 0.20),
    "sports_ground_area": (1.00, 0.34),
    "equipment_value": (0.95, 0.36),
    "multimedia_rooms": (1.12, 0.18),
}
# A county of so many km; schools lie about their township; roads are longer than lines; nobody goes farther than this.
BREADTH, HEIGHT, ABOUT, DETOUR, FARTHEST = 120, 80, 6, 1.3, 40
SCHOOLS_A_TOWNSHIP, BY_KM = 9, 80
# B18, in % of those who can move and of those who do.
SHARES: Mapping[str, int] = {"transfers_share": 10, "transfers_backbone": 20}
MONTHS: Mapping[str, int] = {"teaching_area": 7, "sports_ground_area": 4, "equipment_value": 5, "multimedia_rooms": 5}
Row = dict[str, Any]


def problem(schools: int, seed: int, combined: float = 0.0, wide: float = 1.0, *, roads: bool = False) -> Prepared:
    """Return the planning problem of a drawn county; `combined` is the share of schools with two stages."""
    luck = random.Random(f"{schools} {seed} {combined} {wide}")
    rows = [_school(at, schools, luck, combined, wide) for at in range(schools)]
    facts, tables = _facts(rows), _tables(rows, luck)
    if roads:
        tables = _by_roads(tables, rows, luck)
    return prepare(facts, STANDARD, None, terms_of(tables, {row["school_code"]: "" for row in rows}))


def _school(at: int, of: int, luck: random.Random, combined: float, wide: float) -> Row:
    both = at < round(of * combined)
    kind = "nine_year" if both else "primary" if luck.random() < PRIMARY_SHARE else "junior"
    stages = STAGES if both else (kind,)
    row: Row = {"county_code": "990000", "school_code": f"{at:04d}", "school_name": f"第{at + 1}学校"}
    row |= {"school_type": kind, "sponsor_code": "7", "teaching_language": "汉语", "indoor_sports_area": 0}
    for stage in STAGES:
        heads = round(min(2400, max(60, 420 * exp(luck.gauss(0, 0.75))))) if stage in stages else None
        row[f"{stage}_pupils"] = heads
    return row | _people(row, luck, wide) | _things(row, luck, wide)


def _people(row: Row, luck: random.Random, wide: float) -> Row:
    rules, found = STANDARD.on(DAY), {}
    for stage in STAGES:
        if not (heads := row[f"{stage}_pupils"]):
            continue
        for id, one in rules.indicators.items():
            if not one.apportioned:
                need = float(rules.thresholds[id][stage]) * heads / one.per
                found[f"{stage}_{one.terms[0].fact}"] = round(need * _luck(luck, one.terms[0].fact, wide))
        having = max(number for name, number in found.items() if name.startswith(stage))
        found[f"{stage}_teachers"] = having + luck.randint(0, 2 + heads // 60)
    return found


def _things(row: Row, luck: random.Random, wide: float) -> Row:
    rules, weights = STANDARD.on(DAY), STANDARD.apportioning
    stage = next(one for one in STAGES if row[f"{one}_pupils"])
    heads = sum((row[f"{one}_pupils"] or 0) * weights[one] for one in STAGES) / weights[stage]
    found = {}
    for id, one in rules.indicators.items():
        if one.apportioned:
            need = float(rules.thresholds[id][stage]) * heads / one.per * one.measured.measure.scale
            found[one.terms[0].fact] = round(need * _luck(luck, one.terms[0].fact, wide))
    return found


def _luck(luck: random.Random, fact: str, wide: float) -> float:
    middle, scatter = LIKE[fact]
    return middle * exp(luck.gauss(0, scatter * wide))


def _facts(rows: Sequence[Row]) -> Facts:
    given: Mapping[str, Sequence[Row]] = {"schools": rows, "period": [{"counting_date": DAY, "basis": "census"}]}
    made = {}
    for name, table in TABLES.items():
        filled = [{**dict.fromkeys(table.by_name), **row} for row in given.get(name, ())]
        made[name] = pa.Table.from_pylist(filled, arrow_schema(table))
    return Facts(made)


def _tables(rows: Sequence[Row], luck: random.Random) -> dict[str, pa.Table]:
    prices = [
        {"item": item, "unit_price": unit * 100, "fixed_price": fixed * 100, "yearly_price": yearly * 100}
        | {"source": INVENTED}
        for item, (unit, fixed, yearly) in COSTS.items()
    ]
    limits = [_limit(item, most=most) for item, most in _county_limits(rows).items()]
    limits += [
        _limit("margin", least=0),
        _limit("exempt", least=2),
        _limit("years", most=3),
        _limit("footprint", most=FOOTPRINT),
    ]
    limits += [_limit("land", row["school_code"], most=_land(row, luck)) for row in rows]
    empty = {name: arrow_schema(table).empty_table() for name, table in PLAN_TABLES.items()}
    made = {"prices": pa.Table.from_pylist(prices, arrow_schema(PRICES))}
    return empty | made | {"limits": pa.Table.from_pylist(limits, arrow_schema(LIMITS))}


def _county_limits(rows: Sequence[Row]) -> dict[str, int]:
    teachers = sum(row.get(f"{stage}_teachers") or 0 for row in rows for stage in STAGES)
    return {"transfers": teachers // 10, "hires": max(4, teachers // 40), "transfers_out": 8}


def _land(row: Row, luck: random.Random) -> int:
    """Return the free land of a school (m2): what it lacks for the lines, or a little less, up to much more."""
    rules, weights = STANDARD.on(DAY), STANDARD.apportioning
    stage = next(one for one in STAGES if row[f"{one}_pupils"])
    heads = sum((row[f"{one}_pupils"] or 0) * weights[one] for one in STAGES) / weights[stage]
    lacking = 0.0
    for id, one in rules.indicators.items():
        deed = next((deed for deed in DEEDS.values() if one.terms[0].fact in deed.facts and deed.land), None)
        if deed is not None:
            lack = max(0.0, float(rules.thresholds[id][stage]) * heads / one.per - row[one.terms[0].fact] / 100)
            lacking += lack * (FOOTPRINT / 100 if deed.land == "footprint" else 1)
    return round(lacking * luck.uniform(0.95, 2.5) + heads * luck.uniform(0.0, 6.0))


def _limit(item: str, school: str = "", *, least: int | None = None, most: int | None = None) -> Row:
    hundredths = {"at_least": least, "at_most": most}
    told = {name: None if one is None else one * 100 for name, one in hundredths.items()}
    return {"item": item, "school_code": school, **told}


def _by_roads(tables: Mapping[str, pa.Table], rows: Sequence[Row], luck: random.Random) -> dict[str, pa.Table]:
    """Return the same terms with distances, their price and limit, B18's shares in the place of a cap, and seasons."""
    prices = [{**row, "lead_months": MONTHS.get(row["item"])} for row in tables["prices"].to_pylist()]
    by_km = {"item": TRANSFER_KM, "unit_price": 0, "yearly_price": BY_KM * 100, "source": INVENTED}
    limits = [row for row in tables["limits"].to_pylist() if row["item"] != "transfers"]
    limits += [_limit(item, least=share) for item, share in SHARES.items()]
    limits += [_limit("distance", most=FARTHEST), _limit("season", least=4, most=10), _limit("lead", most=12)]
    return {
        "prices": pa.Table.from_pylist([*prices, by_km], arrow_schema(PRICES)),
        "limits": pa.Table.from_pylist(limits, arrow_schema(LIMITS)),
        "distances": pa.Table.from_pylist(_distances(rows, luck), arrow_schema(DISTANCES)),
    }


def _distances(rows: Sequence[Row], luck: random.Random) -> list[Row]:
    """Return the roads between schools that lie near enough to be told, townships scattered over the county."""
    towns = [(luck.uniform(0, BREADTH), luck.uniform(0, HEIGHT)) for _ in range(0, len(rows), SCHOOLS_A_TOWNSHIP)]
    places = {}
    for row in rows:
        east, north = luck.choice(towns)
        places[row["school_code"]] = (luck.gauss(east, ABOUT), luck.gauss(north, ABOUT))
    pairs = [(one, other) for at, one in enumerate(places) for other in list(places)[:at]]
    told = [(one, other, DETOUR * dist(places[one], places[other])) for one, other in pairs]
    return [
        {"from_school_code": one, "to_school_code": other, "km": round(km * DISTANCE_SCALE)}
        for one, other, km in told
        if km <= FARTHEST
    ]
