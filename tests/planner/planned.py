"""Counties drawn to be planned for, with terms; and the search for their plans in this very process."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Mapping, Sequence
from math import dist
from typing import Any

import pyarrow as pa

import junheng as jh
from junheng.facts.model import Facts, arrow_schema
from junheng.facts.plan_schema import DISTANCES, LIMITS, PRICES
from junheng.facts.schema import STAGES, TABLES
from junheng.planner.prepare import Prepared, prepare
from junheng.planner.terms import Terms, terms_of

Row = dict[str, Any]
Limit = tuple[str, str, int | None, int | None]
STANDARD = jh.load_standard()
DAY = dt.date(2025, 9, 1)
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
# item: unit, fixed and yearly price (yuan)
COSTS: Mapping[str, tuple[int, int, int]] = {
    "hire": (0, 0, 90_000),
    "hire_pe_arts": (0, 0, 95_000),
    "transfer": (500, 0, 6_000),
    "qualification": (10_000, 0, 0),
    "backbone": (5_000, 0, 0),
    "teaching_area": (3_200, 50_000, 0),
    "sports_ground_area": (450, 30_000, 0),
    "equipment_value": (1, 0, 0),
    "multimedia_rooms": (45_000, 0, 0),
    "music_room": (120_000, 0, 0),
    "art_room": (110_000, 0, 0),
    "class_room": (200_000, 0, 0),
}


def tables(
    limits: Sequence[Limit] = (),
    costs: Mapping[str, tuple[int, int, int]] = COSTS,
    distances: Sequence[tuple[str, str, int]] = (),
    years: int = 1,
    months: Mapping[str, int] | None = None,
) -> dict[str, pa.Table]:
    """Return the planner's tables, as they are read; money in yuan, distances in km, how many months a deed takes."""
    prices = [
        {
            "item": item,
            "unit_price": unit * 100,
            "fixed_price": fixed * 100,
            "yearly_price": yearly * 100,
            "lead_months": (months or {}).get(item),
            "source": "询价",
        }
        for item, (unit, fixed, yearly) in costs.items()
    ]
    rows = [
        {"item": item, "school_code": school, "at_least": _hundredths(least), "at_most": _hundredths(most)}
        for item, school, least, most in [*limits, ("years", "", None, years)]
    ]
    roads = [{"from_school_code": one, "to_school_code": other, "km": km * 10_000} for one, other, km in distances]
    made = ((PRICES, prices), (LIMITS, rows), (DISTANCES, roads))
    return {table.name: pa.Table.from_pylist(own, arrow_schema(table)) for table, own in made}


def _hundredths(value: int | None) -> int | None:
    return None if value is None else value * 100


def facts_of(schools: Sequence[Row], **lists: Sequence[Row]) -> Facts:
    """Return facts with these schools, and with lists of other tables."""
    period = [{"counting_date": DAY, "basis": "census"}]
    rows: Mapping[str, Sequence[Row]] = {"schools": schools, "period": period, **lists}
    made = {
        name: pa.Table.from_pylist(
            [{**dict.fromkeys(table.by_name), **row} for row in rows.get(name, ())], arrow_schema(table)
        )
        for name, table in TABLES.items()
    }
    return Facts(made)


def terms(facts: Facts, **how: Any) -> Terms:
    """Return terms for a county."""
    return terms_of(tables(**how), {row["school_code"]: "" for row in facts.tables["schools"].to_pylist()})


def prepared(facts: Facts, **how: Any) -> Prepared:
    """Return a county's planning problem on some terms."""
    return prepare(facts, STANDARD, None, terms(facts, **how))


def school(code: str, kind: str, pupils: Mapping[str, int], luck: random.Random, wide: float) -> Row:
    """Draw a school whose numbers lie around the lines, `wide` telling how far."""
    row: Row = {"county_code": "1", "county_name": "某旗", "school_code": code, "school_name": f"校{code}"}
    row |= {"school_type": kind, "sponsor_code": luck.choice(["7", "7", "7", "10"])}
    row |= {"teaching_language": luck.choice(["汉语", "汉语", "蒙古语"])}
    rules = STANDARD.on(DAY)
    for stage in STAGES:
        row[f"{stage}_pupils"] = heads = pupils.get(stage)
        for id, one in rules.indicators.items():
            if heads and not one.apportioned:
                need = rules.thresholds[id][stage] * heads / one.per
                row[f"{stage}_{one.terms[0].fact}"] = round(float(need) * luck.uniform(1 - wide, 1 + wide))
        if heads:
            row[f"{stage}_teachers"] = row[f"{stage}_above_required_teachers"] + luck.randint(0, 6)
    return row | _things(row, rules, luck, wide) | {"indoor_sports_area": 0}


def _things(row: Row, rules: Any, luck: random.Random, wide: float) -> Row:
    weights = STANDARD.apportioning
    stage = "primary" if row["primary_pupils"] else "junior"
    heads = sum((row[f"{one}_pupils"] or 0) * weights[one] for one in STAGES) / weights[stage]
    found = {}
    for id, one in rules.indicators.items():
        if one.apportioned:
            need = float(rules.thresholds[id][stage]) * heads / one.per * one.measured.measure.scale
            found[one.terms[0].fact] = round(need * luck.uniform(1 - wide, 1 + 1.6 * wide))
    return found


def county(seed: int, most: int = 6, wide: float | None = None, least: int = 2) -> Facts:
    """Draw a county of a few schools, some of two stages; the same for the same seed."""
    luck = random.Random(seed)
    spread = wide if wide is not None else luck.choice([0.15, 0.3, 0.5, 0.8])
    rows = []
    for at in range(luck.randint(least, most)):
        kind = luck.choice(["primary", "primary", "junior", "junior", "nine_year"])
        stages = {"primary": ["primary"], "junior": ["junior"], "nine_year": list(STAGES)}[kind]
        pupils = {stage: luck.choice([60, 130, 240, 420, 800]) for stage in stages}
        rows.append(school(f"{at:03d}", kind, pupils, luck, spread))
    if luck.random() < 0.6:  # one school equipped all at once: a spread that binds
        rich, factor = luck.choice(rows), luck.choice([2, 3, 4])
        rich |= {name: rich[name] * factor for name in ("equipment_value", "multimedia_rooms", "sports_ground_area")}
    return facts_of(rows)


def limits(seed: int, codes: Sequence[str]) -> list[Limit]:
    """Draw limits, some of which may bind."""
    luck = random.Random(-seed - 1)
    drawn: list[Limit] = [("margin", "", luck.choice([0, 3]), None)]
    if luck.random() < 0.5:
        drawn.append(("transfers", "", None, luck.randint(0, 12)))
    if luck.random() < 0.4:
        drawn.append(("hires", "", None, luck.randint(0, 8)))
    if luck.random() < 0.5:
        drawn.append(("land", "", None, luck.choice([200, 1500, 6000])))
    if luck.random() < 0.3:
        drawn.append(("transfers_out", luck.choice(codes), None, 1))
    if luck.random() < 0.3:
        drawn.append(("multimedia_rooms", luck.choice(codes), None, 2))
    if luck.random() < 0.2:
        drawn.append(("exempt", "", 3, None))
    return drawn


def roads(seed: int, codes: Sequence[str], breadth: int = 60) -> list[tuple[str, str, int]]:
    """Draw where schools lie, and return the distance (km) of every pair."""
    luck = random.Random(seed)
    places = {code: (luck.uniform(0, breadth), luck.uniform(0, breadth)) for code in codes}
    pairs = [(one, other) for at, one in enumerate(codes) for other in codes[:at]]
    return [(one, other, 1 + round(dist(places[one], places[other]))) for one, other in pairs]


def codes(facts: Facts) -> list[str]:
    """Return the schools' codes."""
    return facts.tables["schools"]["school_code"].to_pylist()
