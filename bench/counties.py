"""Makes the facts of invented schools, for the benchmarks: the same bytes for the same numbers.

python bench/counties.py FOLDER --schools 1000 --counties 34

Every column of the schools table is filled that is read outside a transition clause: an office hands in whole tables.
Nothing is missing there, so that every spread exists; some schools and some spreads fail. Of the other tables only the
period is made.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterator
from pathlib import Path

SEED = 20250901
INVENTED = "虚构数据，仅供测速"
# A county's schools in turn: type, location code, least and most pupils of the primary, junior and senior stage.
Sizes = tuple[int, int] | None
Sketch = tuple[str, str, Sizes, Sizes, Sizes]
SKETCHES: tuple[Sketch, ...] = (
    ("primary", "121", (900, 1900), None, None),
    ("junior", "121", None, (800, 1600), None),
    ("nine_year", "121", (300, 600), (200, 400), None),
    ("complete_secondary", "121", None, (400, 900), (500, 1200)),
    ("primary", "122", (300, 900), None, None),
    ("twelve_year", "122", (300, 500), (250, 450), (200, 400)),
    ("primary", "210", (90, 300), None, None),
    ("junior", "122", None, (150, 500), None),
    ("primary", "220", (55, 140), None, None),
    ("teaching_point", "220", (52, 80), None, None),
    ("teaching_point", "220", (6, 45), None, None),
    ("primary", "121", (500, 1200), None, None),
    ("junior", "121", None, (500, 1300), None),
    ("special", "121", (30, 60), (12, 30), None),
    ("nine_year", "210", (120, 300), (90, 220), None),
)
# What a school has per pupil of its lowest stage before luck: enough for the thresholds of both stages.
PEOPLE = {"above_required_teachers": 0.064, "backbone_teachers": 0.013, "pe_arts_teachers": 0.0118}
THINGS = {"teaching_area": 6.4, "sports_ground_area": 11.0, "equipment_value": 2750.0, "multimedia_rooms": 0.0285}
JUNIOR_NEEDS = 1.22
WEIGHTS = {"primary": 1.0, "junior": 1.1, "senior": 1.32}
STAGES = ("primary", "junior")
# One county in two is uneven in one resource: some of its schools have a multiple of what the others have.
UNEVEN_COUNTIES, UNEVEN_SCHOOLS, MULTIPLE = 0.5, 0.15, (3.0, 7.0)
# One school in so many lacks something in a county that is not well off, down to none of it.
POOR_COUNTIES, POOR_SCHOOLS = 0.6, 0.15
# What the spread does not read, filled as an office fills it: column -> least and most per pupil.
OTHERS = {
    "certified_teachers": (0.05, 0.08),
    "trained_360h_teachers": (0.04, 0.07),
    "operating_budget": (900.0, 1400.0),
    "operating_final": (900.0, 1400.0),
    "training_budget": (50.0, 120.0),
    "training_spent": (50.0, 120.0),
    "approved_operating_fund": (800.0, 1200.0),
    "heating_fund": (100.0, 160.0),
    "boarding_fund": (0.0, 300.0),
    "entry_grade7": (0.1, 0.35),
    "graduates": (0.1, 0.35),
    "transfers_in": (0.0, 0.03),
    "transfers_out": (0.0, 0.03),
    "deaths": (0.0, 0.001),
    "suspended": (0.0, 0.002),
    "returned": (0.0, 0.002),
}
Row = dict[str, object]


def schools(count: int, counties: int, seed: int = SEED) -> Iterator[Row]:
    """Yield the rows of `count` schools, county by county; the first county is uneven and poor."""
    for at in range(counties):
        luck = random.Random(seed + at)  # noqa: S311 (nothing is secret)
        mood = _mood(luck, always=at == 0)
        for place in range(count * at // counties, count * (at + 1) // counties):
            number = place - count * at // counties
            yield _school(at, number, luck, mood)


def _mood(luck: random.Random, *, always: bool) -> dict[str, object]:
    """Return what is wrong with a county: the resource that is uneven, and whether schools lack something."""
    resource = luck.choice((*PEOPLE, *THINGS))
    uneven, poor = luck.random() < UNEVEN_COUNTIES, luck.random() < POOR_COUNTIES
    return {"uneven": resource if uneven or always else None, "poor": poor or always}


def _school(county: int, number: int, luck: random.Random, mood: dict[str, object]) -> Row:
    kind, location, *sizes = SKETCHES[number % len(SKETCHES)]
    pupils = {stage: luck.randint(*size) if size else 0 for stage, size in zip((*STAGES, "senior"), sizes, strict=True)}
    row = _names(county, number, kind, location, luck)
    row |= {f"{stage}_pupils": count or None for stage, count in pupils.items()}
    for stage in STAGES:
        row |= _people(stage, pupils[stage], luck)
    row |= _things(pupils, luck) | _others(sum(pupils.values()), luck)
    _trouble(row, luck, mood)
    _fit(row)
    return row | {"note": INVENTED}


def _names(county: int, number: int, kind: str, location: str, luck: random.Random) -> Row:
    code = f"{990000 + county:06d}"
    return {
        "county_code": code,
        "county_name": f"测速县{county + 1}（虚构）",
        "school_code": f"{code}{number:06d}",
        "school_name": f"测速县{county + 1}第{number + 1}学校",
        "school_type": kind,
        "sponsor_code": "7",
        "location_code": location,
        "teaching_language": "汉语",
        "is_boarding": luck.choice(("是", "否")),
        "parent_school_code": None,
        "built_year": luck.randint(1986, 2021),
        "dense_city_core": "否",
    }


def _people(stage: str, pupils: int, luck: random.Random) -> Row:
    names = ("classes", "teachers", "in_zone_pupils", "new_pupils", "new_in_zone_pupils", "grades", *PEOPLE)
    if not pupils:
        return {f"{stage}_{name}": None for name in names}
    needs = JUNIOR_NEEDS if stage == "junior" else 1.0
    counted = {
        # A small school's last teacher is a whole person: small ones have more per pupil.
        name: 1 + round(pupils * share * needs * luck.uniform(0.92, 1.2))
        for name, share in PEOPLE.items()
    }
    new = round(pupils / (3 if stage == "junior" else 6))
    rest = (-(-pupils // 42), counted["above_required_teachers"] + 2, round(pupils * 0.95), new, round(new * 0.95), 6)
    return {f"{stage}_{name}": count for name, count in (dict(zip(names, rest, strict=False)) | counted).items()}


def _things(pupils: dict[str, int], luck: random.Random) -> Row:
    """Return what the stages share, for the school's pupils weighted as the split weights them."""
    lowest = next(stage for stage in pupils if pupils[stage])
    needs = JUNIOR_NEEDS if lowest == "junior" else 1.12 if pupils["junior"] else 1.0
    weighted = needs * sum(count * WEIGHTS[stage] / WEIGHTS[lowest] for stage, count in pupils.items())
    row: Row = {name: round(weighted * per * luck.uniform(0.95, 1.3), 2) for name, per in THINGS.items()}
    indoor = round(weighted * luck.choice((0.0, 0.3, 0.6)), 2)
    row["teaching_area"] = round(_number(row["teaching_area"]) + indoor, 2)
    row["indoor_sports_area"] = indoor
    row["multimedia_rooms"] = 1 + round(_number(row["multimedia_rooms"]))
    return row


def _others(pupils: int, luck: random.Random) -> Row:
    drawn = {name: pupils * luck.uniform(*bounds) for name, bounds in OTHERS.items()}
    whole = {"migrant_pupils": round(pupils * luck.uniform(0.05, 0.3)), "kindergarten_pupils": None}
    return whole | {name: round(value, 2) if name.endswith(MONEY) else round(value) for name, value in drawn.items()}


MONEY = ("_budget", "_final", "_spent", "_fund")


def _trouble(row: Row, luck: random.Random, mood: dict[str, object]) -> None:
    """Give some schools a multiple of the uneven resource, and others less than they need."""
    if mood["uneven"] and luck.random() < UNEVEN_SCHOOLS:
        _multiply(row, str(mood["uneven"]), luck.uniform(*MULTIPLE))
    if mood["poor"] and luck.random() < POOR_SCHOOLS:
        for resource in luck.sample((*PEOPLE, *THINGS), luck.choice((1, 1, 2))):
            _multiply(row, resource, luck.uniform(0.35, 0.75))


def _multiply(row: Row, resource: str, factor: float) -> None:
    columns = [f"{stage}_{resource}" for stage in STAGES] if resource in PEOPLE else [resource]
    for column in columns:
        if row[column] is not None:
            value = _number(row[column]) * factor
            row[column] = round(value) if isinstance(row[column], int) else round(value, 2)


def _fit(row: Row) -> None:
    """Let no part be more than its whole: such a school could not hand in."""
    for stage in (one for one in STAGES if row[f"{one}_teachers"] is not None):
        parts = (row[f"{stage}_{name}"] for name in ("teachers", *PEOPLE))
        row[f"{stage}_teachers"] = max(map(_count, parts))
    teachers = sum(_count(row[f"{stage}_teachers"] or 0) for stage in STAGES)
    for name in ("certified_teachers", "trained_360h_teachers"):
        row[name] = min(_count(row[name]), teachers)
    came = _count(row["entry_grade7"]) + _count(row["transfers_in"]) + _count(row["returned"])
    row["graduates"] = min(_count(row["graduates"]), came - _count(row["transfers_out"]) - _count(row["deaths"]))


def _count(value: object) -> int:
    return int(str(value))


def _number(value: object) -> float:
    return float(str(value))


PERIOD: Row = {
    "school_year": "2025-2026",
    "counting_date": "2025-09-01",
    "basis": "census",
    "source": INVENTED,
    "note": INVENTED,
}


def write(folder: Path, count: int, counties: int, seed: int = SEED) -> None:
    """Write the two tables as UTF-8 CSV into `folder`, row by row."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in {"schools": schools(count, counties, seed), "period": iter([PERIOD])}.items():
        first = next(rows)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(first), lineterminator="\n")
            writer.writeheader()
            writer.writerow(first)
            writer.writerows(rows)


def main() -> None:
    """Read the arguments and write one folder of facts."""
    parser = argparse.ArgumentParser(description="facts of invented schools, for the benchmarks")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--schools", type=int, default=30)
    parser.add_argument("--counties", type=int, default=1)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    write(options.folder, options.schools, options.counties, options.seed)


if __name__ == "__main__":
    main()
