"""Makes the facts of 示例旗, a county that does not exist: every school, person and figure here is invented.

    python examples/shili/make.py            # writes examples/shili/facts, the same bytes every time

The county is drawn to be worth looking at: most schools pass, some lack teachers or rooms, one spread is too wide,
and one school has not reported one number.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

SEED = 20250901
INVENTED = "虚构数据，仅供演示"
COUNTY = {"county_code": "150699", "county_name": "示例旗（虚构）"}

# name, type, location code, primary, junior, senior pupils
Sketch = tuple[str, str, str, int, int, int]
SCHOOLS: tuple[Sketch, ...] = (
    ("示例旗第一小学", "primary", "121", 1480, 0, 0),
    ("示例旗第二小学", "primary", "121", 1260, 0, 0),
    ("示例旗第三小学", "primary", "121", 985, 0, 0),
    ("示例旗第四小学", "primary", "122", 1120, 0, 0),
    ("示例旗蒙古族小学", "primary", "121", 640, 0, 0),
    ("示例旗实验小学", "primary", "121", 1890, 0, 0),
    ("示例旗实验小学东校区", "primary", "122", 410, 0, 0),
    ("示例旗民办启明小学", "primary", "122", 356, 0, 0),
    ("青柳镇中心小学", "primary", "121", 522, 0, 0),
    ("白泉镇中心小学", "primary", "121", 438, 0, 0),
    ("石桥苏木中心小学", "primary", "210", 187, 0, 0),
    ("沙湾苏木中心小学", "primary", "210", 143, 0, 0),
    ("南滩苏木中心小学", "primary", "210", 96, 0, 0),
    ("北梁苏木中心小学", "primary", "210", 118, 0, 0),
    ("红柳嘎查小学", "primary", "220", 74, 0, 0),
    ("芦草嘎查教学点", "teaching_point", "220", 58, 0, 0),
    ("清水嘎查教学点", "teaching_point", "220", 31, 0, 0),
    ("黄花嘎查教学点", "teaching_point", "220", 12, 0, 0),
    ("青柳镇九年一贯制学校", "nine_year", "121", 468, 312, 0),
    ("白泉镇九年一贯制学校", "nine_year", "121", 354, 241, 0),
    ("东河镇九年一贯制学校", "nine_year", "122", 276, 198, 0),
    ("示例旗第一中学初中部", "junior", "121", 0, 1620, 0),
    ("示例旗第二中学", "junior", "121", 0, 1340, 0),
    ("示例旗第三中学", "junior", "122", 0, 865, 0),
    ("示例旗蒙古族中学", "complete_secondary", "121", 0, 480, 560),
    ("示例旗第四中学", "complete_secondary", "121", 0, 720, 1180),
    ("示例旗民办博雅学校", "twelve_year", "122", 388, 342, 265),
    ("石桥镇初级中学", "junior", "121", 0, 286, 0),
    ("沙湾镇初级中学", "junior", "121", 0, 174, 0),
    ("示例旗特殊教育学校", "special", "121", 46, 21, 0),
)
PARENTS = {
    "示例旗实验小学东校区": "1506990006",
    "芦草嘎查教学点": "1506990011",
    "清水嘎查教学点": "1506990012",
    "黄花嘎查教学点": "1506990013",
}
# What makes the county instructive: school -> column -> a factor on what it would have had, or None for not reported.
TROUBLES: dict[str, dict[str, float | None]] = {
    "示例旗实验小学": {"sports_ground_area": 0.62, "multimedia_rooms": 0.8},
    "示例旗第三小学": {"equipment_value": 4.6},
    "示例旗第四小学": {"primary_pe_arts_teachers": 0.55, "teaching_area": 0.66},
    "示例旗第二小学": {"primary_backbone_teachers": 0.6},
    "沙湾苏木中心小学": {"primary_backbone_teachers": 0.0},
    "东河镇九年一贯制学校": {"junior_above_required_teachers": 0.7},
    "沙湾镇初级中学": {"equipment_value": None},
    "示例旗第四中学": {"sports_ground_area": 0.84},
}
# The thresholds' neighbourhood: what a school of the stage has per pupil before luck, in written units.
PER_PUPIL = {
    "primary": {
        "above": 0.060,
        "backbone": 0.014,
        "arts": 0.0125,
        "teaching": 5.9,
        "sports": 9.6,
        "money": 2650,
        "rooms": 0.029,
    },
    "junior": {
        "above": 0.072,
        "backbone": 0.014,
        "arts": 0.0125,
        "teaching": 7.4,
        "sports": 12.9,
        "money": 3300,
        "rooms": 0.030,
    },
}
SPLIT = {"primary": 1.0, "junior": 1.1, "senior": 1.32}


def schools() -> Iterator[dict[str, object]]:
    """Yield one row of the schools table for each sketch."""
    luck = random.Random(SEED)
    for number, sketch in enumerate(SCHOOLS, 1):
        row = _school(number, sketch, luck)
        for column, factor in TROUBLES.get(sketch[0], {}).items():
            row[column] = None if factor is None else _scaled(row[column], factor)
        yield row


def _scaled(value: object, factor: float) -> int | float:
    scaled = float(str(value)) * factor
    return round(scaled) if isinstance(value, int) else round(scaled, 2)


def _school(number: int, sketch: Sketch, luck: random.Random) -> dict[str, object]:
    name, kind, location, primary, junior, senior = sketch
    pupils = {"primary": primary, "junior": junior, "senior": senior}
    row: dict[str, object] = {
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
        "migrant_pupils": round(sum(pupils.values()) * luck.uniform(0.05, 0.3)),
    }
    for stage in ("primary", "junior"):
        row |= _people(stage, pupils[stage], luck)
    return row | _things(pupils, luck) | _money_and_moves(row, sum(pupils.values()), luck) | {"note": INVENTED}


def _money_and_moves(row: dict[str, object], pupils: int, luck: random.Random) -> dict[str, object]:
    """Budgets and retention, from which B13, B16, B19, B23 and B26 are judged."""
    teachers = sum(int(str(row.get(f"{stage}_teachers", 0))) for stage in ("primary", "junior"))
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
    return money | _graduates(int(str(row["junior_pupils"] or 0)), luck)


def _graduates(junior: int, luck: random.Random) -> dict[str, object]:
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


def class_number(stage: str, pupils: int) -> int:
    """Return how many classes so many pupils make: none too large, one for each grade where there are enough."""
    return max(-(-pupils // CLASS_SIZE), min(len(GRADES[stage]), pupils // SMALLEST_CLASS))


def _people(stage: str, pupils: int, luck: random.Random) -> dict[str, object]:
    if not pupils:
        return {}
    per = PER_PUPIL[stage]
    # A small school's last teacher is a whole person: small ones have more per pupil, as they do in life.
    counted = {name: 1 + round(pupils * per[name] * luck.uniform(0.92, 1.2)) for name in ("above", "backbone", "arts")}
    return {
        f"{stage}_classes": class_number(stage, pupils),
        f"{stage}_teachers": counted["above"] + round(pupils * luck.uniform(0.004, 0.012)),
        f"{stage}_above_required_teachers": counted["above"],
        f"{stage}_backbone_teachers": counted["backbone"],
        f"{stage}_pe_arts_teachers": counted["arts"],
        f"{stage}_in_zone_pupils": round(pupils * luck.uniform(0.9, 1.0)),
        f"{stage}_new_pupils": pupils // (6 if stage == "primary" else 3),
        f"{stage}_new_in_zone_pupils": pupils // (6 if stage == "primary" else 3),
        f"{stage}_grades": min(class_number(stage, pupils), len(GRADES[stage])),
    }


def _things(pupils: dict[str, int], luck: random.Random) -> dict[str, object]:
    per = PER_PUPIL["junior"] if not pupils["primary"] else PER_PUPIL["primary"]
    base = "junior" if not pupils["primary"] else "primary"
    counted = sum(pupils[stage] * SPLIT[stage] / SPLIT[base] for stage in pupils)
    sports = counted * per["sports"] * luck.uniform(0.95, 1.35)
    indoor = round(sports * luck.choice((0.0, 0.05, 0.08)), 2)
    return {
        "teaching_area": round(counted * per["teaching"] * luck.uniform(0.92, 1.3) + indoor, 2),
        "indoor_sports_area": indoor,
        "sports_ground_area": round(sports - indoor, 2),
        "equipment_value": round(counted * per["money"] * luck.uniform(0.92, 1.35), 2),
        "multimedia_rooms": 1 + round(counted * per["rooms"] * luck.uniform(0.95, 1.25)),
    }


def classes() -> Iterator[dict[str, object]]:
    """Yield the classes of every school, of even size; one class of one school is too large."""
    for row in schools():
        for stage, stage_label in (("primary", "小学"), ("junior", "初中")):
            pupils = int(str(row[f"{stage}_pupils"] or 0))
            number = class_number(stage, pupils)
            for at in range(number):
                size = (at + 1) * pupils // number - at * pupils // number
                named = {
                    "stage": stage,
                    "grade": GRADES[stage][at % len(GRADES[stage])],
                    "class_name": f"{stage_label}{at + 1}班",
                }
                crowded = MOVED.get((row["school_name"], stage, at), 0)
                yield {"school_code": row["school_code"], **named, "pupils": size + crowded, "note": INVENTED}


def rooms() -> Iterator[dict[str, object]]:
    """Yield music and art rooms, one for every twelve classes begun; one school's art room is too small."""
    for row in schools():
        number = sum(class_number(stage, int(str(row[f"{stage}_pupils"] or 0))) for stage in ("primary", "junior"))
        for kind, area in (("music", 98.5), ("art", 92.0)):
            small = 68.0 if (row["school_name"], kind) == SMALL_ROOM else area
            for _ in range(-(-number // 12)):
                yield {"school_code": row["school_code"], "kind": kind, "area": small, "note": INVENTED}


def judged() -> Iterator[dict[str, object]]:
    """Yield the county's grades; one school's is only fair, one indicator has not been judged yet."""
    for indicator in ("B8", "B9", "B17", "B22", "B25", "B27", "B29", "B30"):
        yield _grade(indicator, None, "met")
    for row in schools():
        yield _grade("B28", row["school_code"], "fair" if row["school_name"] == "南滩苏木中心小学" else "good")


def _grade(indicator: str, school: object, judgement: str) -> dict[str, object]:
    given = {"judged_by": "虚构责任督学", "date": "2025-10-20", "evidence": "虚构佐证"}
    return {"indicator": indicator, "school_code": school, "judgement": judgement, **given, "note": INVENTED}


def county() -> Iterator[dict[str, object]]:
    """Yield the county's items; the survey has not been held yet, and one share falls short."""
    for item, value in ITEMS.items():
        yield {"item": item, "value": value, "note": INVENTED}


CLASS_SIZE, SMALLEST_CLASS = 42, 10
# One class is too large, because its neighbour's pupils have been moved into it.
MOVED = {("示例旗实验小学", "primary", 3): 5, ("示例旗实验小学", "primary", 4): -5}
SMALL_ROOM = ("北梁苏木中心小学", "art")
GRADES = {"primary": (1, 2, 3, 4, 5, 6), "junior": (7, 8, 9)}
QUOTAS = {"primary": 720, "junior": 940}
ITEMS: dict[str, object] = {
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
    "eligible_migrant_children": 1310,
    "migrant_children_public": 1204,
    "migrant_children_purchased": 38,
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


def write(folder: Path) -> None:
    """Write each table as UTF-8 CSV into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rows_of = {
        "schools": list(schools()),
        "period": [PERIOD],
        "classes": list(classes()),
        "rooms": list(rooms()),
        "judged": list(judged()),
        "county": list(county()),
    }
    for name, rows in rows_of.items():
        columns = list(dict.fromkeys(column for row in rows for column in row if column != "note"))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*columns, "note"], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    write(Path(__file__).parent / "facts")
