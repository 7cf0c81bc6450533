"""An invented county in which everything passes: the ground on which a test changes one thing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import golden

SCHOOL: dict[str, Any] = {
    "county_code": "1",
    "county_name": "某旗",
    "school_name": "某校",
    "school_type": "nine_year",
    "sponsor_code": 7,
    "location_code": 220,
    "is_boarding": "否",
    "built_year": 2001,
    "primary_pupils": 100,
    "junior_pupils": 100,
    "migrant_pupils": 10,
    **{f"{stage}_classes": 3 for stage in ("primary", "junior")},
    **{f"{stage}_teachers": 9 for stage in ("primary", "junior")},
    "primary_above_required_teachers": 6,
    "junior_above_required_teachers": 8,
    **{f"{stage}_backbone_teachers": 2 for stage in ("primary", "junior")},
    **{f"{stage}_pe_arts_teachers": 2 for stage in ("primary", "junior")},
    "teaching_area": 2000,
    "indoor_sports_area": 0,
    "sports_ground_area": 3000,
    "equipment_value": 1_000_000,
    "multimedia_rooms": 9,
    "certified_teachers": 18,
    "trained_360h_teachers": 18,
    "operating_budget": 200_000,
    "training_budget": 12_000,
    "entry_grade7": 30,
    "graduates": 30,
    "transfers_in": 0,
    "transfers_out": 0,
    "deaths": 0,
}
JUDGED = ("B8", "B9", "B17", "B22", "B25", "B27", "B28", "B29", "B30")
VETOES = (
    "exam_admission",
    "school_choice",
    "key_classes",
    "unfilled_posts",
    "major_accident",
    "falsification",
    "burden",
)
ITEMS: dict[str, Any] = {
    "special_operating_fund": 80_000,
    "special_pupils": 10,
    "teacher_average_pay": 100_000,
    "civil_servant_average_pay": 100_000,
    "rotation_eligible_teachers": 100,
    "rotated_teachers": 10,
    "rotated_backbone_teachers": 2,
    "key_high_school_places": 100,
    "allotted_places": 50,
    "eligible_migrant_children": 100,
    "migrant_children_public": 85,
    "migrant_children_purchased": 0,
    "disabled_children": 20,
    "disabled_children_enrolled": 19,
    "monitoring_sampled": "否",
    "survey_valid": 100,
    "survey_satisfied": 85,
    **{f"veto_{kind}": "否" for kind in VETOES},
    "basic_certified_years": 3,
    "basic_indicators_kept": "是",
    "basic_primary_cv": 0.6,
    "basic_junior_cv": 0.5,
    "serious_incident": "否",
}


def schools(*codes: str, **changes: Any) -> list[dict[str, Any]]:
    """Return a row for each code, with `changes` in every one."""
    return [{**SCHOOL, "school_code": code, **changes} for code in codes]


def write(folder: Path, rows: list[dict[str, Any]] | None = None, **items: Any) -> Path:
    """Write the county's tables into `folder`, with other schools or items where they are given."""
    rows = rows if rows is not None else schools("A", "B")
    golden.write_schools(rows, folder)
    for name, table in _tables(rows, {**ITEMS, **items}).items():
        golden.write_table(name, table, folder)
    return folder


def _tables(rows: list[dict[str, Any]], items: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    codes = [row["school_code"] for row in rows]
    sizes = (33, 33, 34)
    return {
        "period": [{"school_year": "2025-2026", "counting_date": "2025-09-01", "basis": "census"}],
        "classes": [
            {"school_code": code, "stage": stage, "grade": 1, "class_name": f"{at}班", "pupils": size}
            for code in codes
            for stage in ("primary", "junior")
            for at, size in enumerate(sizes, 1)
        ],
        "rooms": [{"school_code": code, "kind": kind, "area": 96} for code in codes for kind in ("music", "art")],
        "judged": [{"indicator": indicator, "judgement": "met"} for indicator in JUDGED],
        "county": [{"item": item, "value": value} for item, value in items.items()],
    }
