"""Makes the facts of 示例旗, a county that does not exist: every school, person and figure here is invented.

    python examples/shili/make.py            # writes examples/shili/facts and shili.xlsx, the same bytes every time

The county is drawn to be worth looking at. Most schools pass. A few fail, each in a way of its own (`FACTORS`). Two new
schools were equipped all at once, so that one spread lies just above its limit. One school has not reported one number,
so that another spread is open. The survey has not been held. What each school shows is told in tests/junheng/
test_the_example.py, which fails when the story is no longer true.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator
from itertools import combinations, groupby
from math import hypot
from pathlib import Path
from typing import Any

import junheng as jh
from junheng.facts.plan_schema import PLAN_TABLES
from junheng.facts.plan_template import add_plan_sheets
from junheng.facts.sheets import EXPLANATION_SHEET
from junheng.facts.template import EXPLANATION

SEED = 20250901
INVENTED = "虚构数据，仅供演示"
COUNTY = {"county_code": "150699", "county_name": "示例旗（虚构）"}

# name, type, town, location code, primary, junior, senior pupils
Sketch = tuple[str, str, str, str, int, int, int]
Row = dict[str, Any]
SCHOOLS: tuple[Sketch, ...] = (
    ("示例旗第一小学", "primary", "示例镇", "121", 1480, 0, 0),
    ("示例旗第二小学", "primary", "示例镇", "121", 1260, 0, 0),
    ("示例旗第三小学", "primary", "示例镇", "121", 985, 0, 0),
    ("示例旗第四小学", "primary", "示例镇", "122", 1120, 0, 0),
    ("示例旗蒙古族小学", "primary", "示例镇", "121", 640, 0, 0),
    ("示例旗实验小学", "primary", "示例镇", "121", 1890, 0, 0),
    ("示例旗实验小学东校区", "primary", "示例镇", "122", 410, 0, 0),
    ("示例旗民办启明小学", "primary", "示例镇", "122", 356, 0, 0),
    ("青柳镇中心小学", "primary", "青柳镇", "121", 522, 0, 0),
    ("白泉镇中心小学", "primary", "白泉镇", "121", 438, 0, 0),
    ("石桥苏木中心小学", "primary", "石桥苏木", "210", 187, 0, 0),
    ("沙湾苏木中心小学", "primary", "沙湾苏木", "210", 143, 0, 0),
    ("南滩苏木中心小学", "primary", "南滩苏木", "210", 96, 0, 0),
    ("北梁苏木中心小学", "primary", "北梁苏木", "210", 118, 0, 0),
    ("红柳嘎查小学", "primary", "北梁苏木", "220", 74, 0, 0),
    ("芦草嘎查教学点", "teaching_point", "石桥苏木", "220", 58, 0, 0),
    ("清水嘎查教学点", "teaching_point", "沙湾苏木", "220", 31, 0, 0),
    ("黄花嘎查教学点", "teaching_point", "南滩苏木", "220", 12, 0, 0),
    ("青柳镇九年一贯制学校", "nine_year", "青柳镇", "121", 468, 312, 0),
    ("白泉镇九年一贯制学校", "nine_year", "白泉镇", "121", 354, 241, 0),
    ("东河镇九年一贯制学校", "nine_year", "东河镇", "122", 276, 198, 0),
    ("示例旗第一中学初中部", "junior", "示例镇", "121", 0, 1620, 0),
    ("示例旗第二中学", "junior", "示例镇", "121", 0, 1340, 0),
    ("示例旗第三中学", "junior", "示例镇", "122", 0, 865, 0),
    ("示例旗蒙古族中学", "complete_secondary", "示例镇", "121", 0, 480, 560),
    ("示例旗第四中学", "complete_secondary", "示例镇", "121", 0, 720, 1180),
    ("示例旗民办博雅学校", "twelve_year", "示例镇", "122", 388, 342, 265),
    ("石桥苏木初级中学", "junior", "石桥苏木", "210", 0, 286, 0),
    ("沙湾苏木初级中学", "junior", "沙湾苏木", "210", 0, 174, 0),
    ("示例旗特殊教育学校", "special", "示例镇", "121", 46, 21, 0),
)
PARENTS = {
    "示例旗实验小学东校区": "1506990006",
    "芦草嘎查教学点": "1506990011",
    "清水嘎查教学点": "1506990012",
    "黄花嘎查教学点": "1506990013",
}
# What makes the county instructive: school -> column -> a factor on what it would have had.
FACTORS: dict[str, dict[str, float]] = {
    # New in 2022 and 2023 and equipped all at once: nothing is wrong, but the spread of equipment is too wide.
    "示例旗第三小学": {"equipment_value": 3.01},
    "示例旗实验小学东校区": {"equipment_value": 2.7},
    # Passes with one value between the floor and the threshold.
    "示例旗第二小学": {"primary_backbone_teachers": 0.6},
    "示例旗第四中学": {"sports_ground_area": 0.74},
    # Fails by one value under the floor: too many pupils for the ground.
    "示例旗实验小学": {"sports_ground_area": 0.62},
    # Fails by two values, each above its floor.
    "示例旗第四小学": {"primary_pe_arts_teachers": 0.55, "teaching_area": 0.66},
    # Fails by one person: a small school without a backbone teacher.
    "沙湾苏木中心小学": {"primary_backbone_teachers": 0.0},
    # Its primary part passes, its junior part fails.
    "东河镇九年一贯制学校": {
        **{"junior_above_required_teachers": 0.5, "sports_ground_area": 1.05, "equipment_value": 1.08},
    },
    # B26: less than 5 % of the budget for training.
    "红柳嘎查小学": {"training_budget": 0.7, "training_spent": 0.7},
}
MISSING = {("沙湾苏木初级中学", "equipment_value")}
# What is simply so: school -> column -> value.
GIVEN: dict[str, Row] = {
    "示例旗第三小学": {"built_year": 2023},
    "示例旗实验小学东校区": {"built_year": 2022},
    "石桥苏木中心小学": {"kindergarten_pupils": 46},
    "清水嘎查教学点": {"approved_operating_fund": 31 * 720},  # B13: funded for its 31 pupils, not for 100
}
UNTRAINED = "白泉镇中心小学"  # B16: one of its teachers has not finished the 360 hours
# The thresholds' neighbourhood: what a school of the stage has per pupil before luck, in written units.
PER_PUPIL = {
    "primary": {
        "above": 0.060,
        "backbone": 0.014,
        "arts": 0.0125,
        "teaching": 5.9,
        "sports": 9.6,
        "money": 2350,
        "rooms": 0.029,
    },
    "junior": {
        "above": 0.072,
        "backbone": 0.014,
        "arts": 0.0125,
        "teaching": 7.4,
        "sports": 12.9,
        "money": 3000,
        "rooms": 0.030,
    },
}
SPLIT = {"primary": 1.0, "junior": 1.1, "senior": 1.32}


def schools() -> Iterator[Row]:
    """Yield one row of the schools table for each sketch."""
    luck = random.Random(SEED)
    for number, sketch in enumerate(SCHOOLS, 1):
        name, row = sketch[0], _school(number, sketch, luck)
        row |= {column: _scaled(row[column], factor) for column, factor in FACTORS.get(name, {}).items()}
        row |= GIVEN.get(name, {}) | {column: None for school, column in MISSING if school == name}
        row["trained_360h_teachers"] -= name == UNTRAINED
        yield row


def _scaled(value: float, factor: float) -> float:
    return round(value * factor) if isinstance(value, int) else round(value * factor, 2)


def _school(number: int, sketch: Sketch, luck: random.Random) -> Row:
    name, kind, _, location, primary, junior, senior = sketch
    pupils = {"primary": primary, "junior": junior, "senior": senior}
    most_migrants = 0.12 if location.startswith("1") else 0.03
    row: Row = {
        **COUNTY,
        "school_code": f"15069900{number:02d}",
        "school_name": name,
        "school_type": kind,
        "sponsor_code": "10" if "民办" in name else "7",
        "location_code": location,
        "teaching_language": "蒙古语" if "蒙古族" in name else "汉语",
        "is_boarding": "是" if location.startswith("2") or "九年" in name else "否",
        "parent_school_code": PARENTS.get(name),
        "built_year": luck.randint(1986, 2021),
        "dense_city_core": "否",
        **{f"{stage}_pupils": count or None for stage, count in pupils.items()},
        "kindergarten_pupils": None,
        "migrant_pupils": round(sum(pupils.values()) * luck.uniform(0.0, most_migrants)),
    }
    for stage in STAGES:
        row |= _people(stage, pupils[stage], luck)
    return row | _things(pupils, luck) | _money_and_moves(row, sum(pupils.values()), luck) | {"note": INVENTED}


def _money_and_moves(row: Row, pupils: int, luck: random.Random) -> Row:
    """Budgets and retention, from which B13, B16, B19, B23 and B26 are judged."""
    teachers = sum(row.get(f"{stage}_teachers", 0) for stage in STAGES)
    budget = max(pupils, 100) * luck.randint(900, 1100)
    money = {
        "certified_teachers": teachers,
        "trained_360h_teachers": teachers,
        "operating_budget": budget,
        "operating_final": round(budget * luck.uniform(0.95, 1.0), 2),
        "training_budget": round(budget * luck.uniform(0.055, 0.07), 2),
        "training_spent": round(budget * luck.uniform(0.048, 0.055), 2),
        "approved_operating_fund": max(pupils, 100) * QUOTAS["junior" if row["junior_pupils"] else "primary"],
    }
    return money | _graduates(row["junior_pupils"] or 0, luck)


def _graduates(junior: int, luck: random.Random) -> Row:
    if not junior:
        return {}
    entry = junior // 3
    moved_in, moved_out, lost = luck.randint(0, 6), luck.randint(0, 6), entry // 60
    return {
        "entry_grade7": entry,
        "graduates": entry + moved_in - moved_out - lost,
        "transfers_in": moved_in,
        "transfers_out": moved_out,
        "deaths": 0,
    }


def class_sizes(stage: str, pupils: int) -> list[tuple[int, int]]:
    """Return the classes of so many pupils as grade and size: none too large, the youngest grades first."""
    grades = GRADES[stage]
    number = max(-(-pupils // CLASS_SIZE[stage]), min(len(grades), pupils // SMALLEST_CLASS))
    taught = min(number, len(grades))
    return [
        (grades[at * taught // number], (at + 1) * pupils // number - at * pupils // number) for at in range(number)
    ]


def _people(stage: str, pupils: int, luck: random.Random) -> Row:
    if not pupils:
        return {}
    per = PER_PUPIL[stage]
    # A small school's last teacher is a whole person: small ones have more per pupil, as they do in life.
    counted = {name: 1 + round(pupils * per[name] * luck.uniform(0.92, 1.2)) for name in ("above", "backbone", "arts")}
    classes = class_sizes(stage, pupils)
    new = sum(size for grade, size in classes if grade == GRADES[stage][0])
    return {
        f"{stage}_classes": len(classes),
        f"{stage}_teachers": counted["above"] + round(pupils * luck.uniform(0.004, 0.012)),
        f"{stage}_above_required_teachers": counted["above"],
        f"{stage}_backbone_teachers": counted["backbone"],
        f"{stage}_pe_arts_teachers": counted["arts"],
        f"{stage}_in_zone_pupils": max(new, round(pupils * luck.uniform(0.9, 1.0))),
        f"{stage}_new_pupils": new,
        f"{stage}_new_in_zone_pupils": new,
        f"{stage}_grades": len({grade for grade, _ in classes}),
    }


def _things(pupils: dict[str, int], luck: random.Random) -> Row:
    per = PER_PUPIL["junior"] if not pupils["primary"] else PER_PUPIL["primary"]
    base = "junior" if not pupils["primary"] else "primary"
    counted = sum(pupils[stage] * SPLIT[stage] / SPLIT[base] for stage in pupils)
    sports = counted * per["sports"] * luck.uniform(0.95, 1.35)
    indoor = round(sports * luck.choice((0.0, 0.05, 0.08)), 2)
    return {
        "teaching_area": round(counted * per["teaching"] * luck.uniform(0.92, 1.3) + indoor, 2),
        "indoor_sports_area": indoor,
        "sports_ground_area": round(sports - indoor, 2),
        "equipment_value": round(counted * per["money"] * luck.uniform(0.95, 1.2), 2),
        "multimedia_rooms": 1 + round(counted * per["rooms"] * luck.uniform(0.95, 1.25)),
    }


def classes() -> Iterator[Row]:
    """Yield the classes of every school, of even size; one class of each stage is too large."""
    for row in schools():
        for stage in STAGES:
            crowded = CROWDED.get((row["school_name"], stage), 0)
            moved = {0: crowded, 1: -crowded}
            sizes = class_sizes(stage, row[f"{stage}_pupils"] or 0)
            for at, (grade, size) in enumerate(sizes):
                number = 1 + at - [one for one, _ in sizes].index(grade)
                named = {"stage": stage, "grade": grade, "class_name": f"{GRADE_NAMES[grade - 1]}年级{number}班"}
                yield {"school_code": row["school_code"], **named, "pupils": size + moved.get(at, 0), "note": INVENTED}


def rooms() -> Iterator[Row]:
    """Yield music and art rooms, one for every twelve classes begun; one school's art room is too small."""
    for row in schools():
        number = sum(row.get(f"{stage}_classes", 0) for stage in STAGES)
        for kind, area in (("music", 98.5), ("art", 92.0)):
            small = 68.0 if (row["school_name"], kind) == SMALL_ROOM else area
            for _ in range(-(-number // 12)):
                yield {"school_code": row["school_code"], "kind": kind, "area": small, "note": INVENTED}


def cohorts() -> Iterator[Row]:
    """Yield this year's pupils of each school and grade, then each town's births and net migration, year by year.

    Children born in 2019 are in grade 1 now. Births fall; the banner's seat gains children and the sumu lose them.
    """
    towns = {f"15069900{number:02d}": sketch[2] for number, sketch in enumerate(SCHOOLS, 1)}
    first: dict[str, int] = dict.fromkeys(towns.values(), 0)
    for (code, grade), own in groupby(classes(), lambda row: (row["school_code"], row["grade"])):
        pupils = sum(row["pupils"] for row in own)
        first[towns[code]] += pupils if grade == GRADES["primary"][0] else 0
        yield {
            "school_code": code,
            "town": towns[code],
            "year": YEAR,
            "grade": grade,
            "pupils": pupils,
            "note": INVENTED,
        }
    for town, pupils in first.items():
        drawn = 0.12 if town == "示例镇" else -0.15 if town.endswith("苏木") else -0.02
        for age in range(6, -1, -1):
            births = round(pupils / (1 + drawn) * 0.95 ** (6 - age))
            moved = round(births * drawn)
            yield {"town": town, "year": YEAR - age, "births": births, "migration": moved, "note": INVENTED}


def judged() -> Iterator[Row]:
    """Yield the county's grades; one school's is only fair, one indicator has not been judged yet."""
    for indicator in ("B8", "B9", "B17", "B22", "B25", "B27", "B29", "B30"):
        yield _grade(indicator, None, "met")
    for row in schools():
        yield _grade("B28", row["school_code"], "fair" if row["school_name"] == "南滩苏木中心小学" else "good")


def _grade(indicator: str, school: object, judgement: str) -> Row:
    given = {"judged_by": "虚构责任督学", "date": "2025-10-20", "evidence": "虚构佐证"}
    return {"indicator": indicator, "school_code": school, "judgement": judgement, **given, "note": INVENTED}


def county() -> Iterator[Row]:
    """Yield the county's items; the survey has not been held yet, and one share falls short."""
    for item, value in {**ITEMS, **_migrants()}.items():
        yield {"item": item, "value": value, "note": INVENTED}
    for item in ("survey_valid", "survey_satisfied"):
        yield {"item": item, "value": None, "note": f"{INVENTED}；认可度调查尚未进行"}


def _migrants() -> dict[str, int]:
    """Return the migrant children of the compulsory stages; half of those in private schools are paid for."""
    counted = {"public": 0, "private": 0}
    for row in schools():
        pupils = {stage: row[f"{stage}_pupils"] or 0 for stage in SPLIT}
        own = round(row["migrant_pupils"] * (1 - pupils["senior"] / sum(pupils.values())))
        counted["private" if row["sponsor_code"] == "10" else "public"] += own
    return {
        "eligible_migrant_children": sum(counted.values()),
        "migrant_children_public": counted["public"],
        "migrant_children_purchased": counted["private"] // 2,
    }


# Invented too: what things cost in a county that does not exist. item: unit, fixed and yearly price (yuan), months
PRICES: dict[str, tuple[float, int, int, int]] = {
    "hire": (3000, 0, 92000, 10),
    "hire_pe_arts": (3000, 0, 92000, 10),
    "transfer": (500, 0, 7200, 2),
    "transfer_km": (0, 0, 60, 0),
    "qualification": (12000, 0, 0, 24),
    "backbone": (6000, 0, 1200, 8),
    "teaching_area": (3400, 80000, 0, 16),
    "sports_ground_area": (420, 40000, 0, 7),
    "equipment_value": (1, 0, 0, 4),
    "multimedia_rooms": (46000, 0, 1500, 4),
    "music_room": (85000, 0, 0, 3),
    "art_room": (72000, 0, 0, 3),
    "class_room": (160000, 0, 0, 5),
}
# item: school (empty: the county, or each), at least, at most
BOUNDS: tuple[tuple[str, str, int | None, int | None], ...] = (
    ("hires", "", None, 24),
    ("transfers", "", None, 40),
    ("transfers_out", "", None, 6),
    ("distance", "", None, 60),
    ("backbone", "", None, 12),
    ("footprint", "", None, 40),
    ("land", "", None, 1500),
    ("land", "1506990004", None, 260),
    ("land", "1506990006", None, 900),
    ("exempt", "", 2, None),
    ("margin", "", 3, None),
    ("years", "", None, 3),
)
# Where the towns lie on the plain (km), so that roads between schools can be told.
PLACES = {
    **{"示例镇": (0, 0), "青柳镇": (18, 9), "白泉镇": (-21, 6), "东河镇": (7, -16)},
    **{"石桥苏木": (33, -8), "沙湾苏木": (-30, -24), "南滩苏木": (12, 38), "北梁苏木": (-9, 44)},
}
WINDING = 1.3


def prices() -> Iterator[Row]:
    """Yield the price of everything that can be done, with a source that says that it is invented."""
    for item, (unit, fixed, yearly, months) in PRICES.items():
        money = {"unit_price": unit, "fixed_price": fixed or None, "yearly_price": yearly or None}
        told = {"lead_months": months or None, "source": "虚构价格", "date": "2025-10-15", "note": INVENTED}
        yield {"item": item, **money, **told}


def limits() -> Iterator[Row]:
    """Yield what the county can do at most, and must do at least."""
    for item, school, least, most in BOUNDS:
        yield {"item": item, "school_code": school or None, "at_least": least, "at_most": most, "note": INVENTED}


def distances() -> Iterator[Row]:
    """Yield the road between any two schools: within a town 2 km, else by the crow with bends."""
    towns = {f"15069900{number:02d}": PLACES[sketch[2]] for number, sketch in enumerate(SCHOOLS, 1)}
    for (one, (x, y)), (other, (u, v)) in combinations(towns.items(), 2):
        km = round(max(2.0, WINDING * hypot(x - u, y - v)), 1)
        yield {"from_school_code": one, "to_school_code": other, "km": km, "note": INVENTED}


YEAR = 2025
STAGES = ("primary", "junior")
CLASS_SIZE, SMALLEST_CLASS = {"primary": 42, "junior": 47}, 10
# B12: the first class is too large, because so many of the second one's pupils have been moved into it.
CROWDED = {("示例旗实验小学", "primary"): 5, ("示例旗第一中学初中部", "junior"): 5}
SMALL_ROOM = ("北梁苏木中心小学", "art")
GRADES = {"primary": (1, 2, 3, 4, 5, 6), "junior": (7, 8, 9)}
GRADE_NAMES = "一二三四五六七八九"
QUOTAS = {"primary": 720, "junior": 940}
ITEMS: Row = {
    "operating_quota_primary": QUOTAS["primary"],
    "operating_quota_junior": QUOTAS["junior"],
    "special_operating_fund": 496000,
    "special_pupils": 67,
    "teacher_average_pay": 118600,
    "civil_servant_average_pay": 117900,
    "rotation_eligible_teachers": 412,
    "rotated_teachers": 46,
    "rotated_backbone_teachers": 10,
    "key_high_school_places": 900,
    "allotted_places": 540,
    "allotted_rural_places": 210,
    "disabled_children": 92,
    "disabled_children_enrolled": 89,
    "monitoring_sampled": "否",
    **{f"veto_{kind}": "否" for kind in ("exam_admission", "school_choice", "key_classes", "unfilled_posts")},
    **{f"veto_{kind}": "否" for kind in ("major_accident", "falsification", "burden")},
    "basic_certified_years": 9,
    "basic_indicators_kept": "是",
    "basic_primary_cv": 0.412,
    "basic_junior_cv": 0.357,
    "serious_incident": "否",
}

PERIOD = {
    "school_year": "2025-2026",
    "counting_date": "2025-09-01",
    "basis": "census",
    "source": INVENTED,
    "note": INVENTED,
}


TABLES = {
    "schools": schools,
    "period": lambda: [PERIOD],
    "classes": classes,
    "rooms": rooms,
    "cohorts": cohorts,
    "judged": judged,
    "county": county,
    "prices": prices,
    "limits": limits,
    "distances": distances,
}


def write(folder: Path) -> None:
    """Write each table as UTF-8 CSV into `folder`/facts, and all of them as `folder`/shili.xlsx."""
    facts = folder / "facts"
    facts.mkdir(parents=True, exist_ok=True)
    for name, make_rows in TABLES.items():
        rows = list(make_rows())
        columns = list(dict.fromkeys(column for row in rows for column in row if column != "note"))
        with (facts / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*columns, "note"], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    jh.write_workbook(jh.load(facts), folder / "shili.xlsx", add=_say_invented)


def _say_invented(book: Any) -> None:
    """Say in the workbook's properties and on its explaining sheet that nothing in it is real; add a plan's terms."""
    told = (
        f"示例旗不存在：本工作簿里的学校、人员和数字全部虚构，仅供演示。由 examples/shili/{Path(__file__).name} 生成。"
    )
    book.set_properties({"title": "示例旗（虚构）", "comments": told, "created": dt.datetime(2025, 9, 1)})  # noqa: DTZ001
    red = book.add_format({"bold": True, "font_color": "#C00000"})
    book.get_worksheet_by_name(EXPLANATION_SHEET).write_string(len(EXPLANATION) + 1, 0, told, red)
    add_plan_sheets(book, {name: list(TABLES[name]()) for name in PLAN_TABLES})


if __name__ == "__main__":
    write(Path(__file__).parent)
