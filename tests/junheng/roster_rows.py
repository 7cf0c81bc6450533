"""Small rosters written by hand, and rosters counted slowly, row by row, with None for what cannot be told."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
ENTRY = {"primary": 1, "junior": 7}
ABOVE = {"primary": ("doctor", "master", "bachelor", "associate"), "junior": ("doctor", "master", "bachelor")}
ARTS = ("pe", "music", "fine_arts", "art")
HOURS = 360
COUNTY = {"county_code": "150699", "county_name": "虚构旗"}


def write(folder: Path, **tables: Iterable[Row]) -> Path:
    """Write rows as CSV files into a folder, under the names of their tables."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        own = list(rows)
        heads = list(dict.fromkeys(key for row in own for key in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, heads, lineterminator="\n")
            writer.writeheader()
            writer.writerows(own)
    return folder


def school(code: str, kind: str = "nine_year", **more: Any) -> Row:
    """Return a school."""
    return {
        **COUNTY,
        "school_code": code,
        "school_name": f"虚构学校{code}",
        "school_type": kind,
        "sponsor_code": 7,
        **more,
    }


def pupil(id: int, code: str, grade: int, year: int = 2025, **more: Any) -> Row:
    """Return a pupil; the stage follows from the grade."""
    stage = "primary" if grade < 7 else "junior"
    own = {"pupil_id": id, "school_code": code, "stage": stage, "grade": grade, "class_name": "1班", "year": year}
    return {**own, "in_zone": 1, "migrant": 0, **more}


def teacher(id: int, code: str, stage: str = "primary", **more: Any) -> Row:
    """Return a teacher who has everything."""
    own = {"teacher_id": id, "school_code": code, "stage": stage, "qualification": "bachelor", "backbone": 1}
    return {**own, "subject": "pe", "certified": 1, "training_hours": 400, **more}


def counted(pupils: Iterable[Row], teachers: Iterable[Row], year: int) -> dict[str, dict[str, int | None]]:
    """Return every count of each school, person by person. A count of which somebody is unsure is None."""
    found: dict[str, dict[str, int | None]] = defaultdict(dict)
    by_school: dict[str, list[Row]] = defaultdict(list)
    for row in pupils:
        if row["year"] == year:
            by_school[row["school_code"]].append(row)
    for code, rows in by_school.items():
        found[code] |= _of_pupils(rows)
    staff: dict[str, list[Row]] = defaultdict(list)
    for row in teachers:
        staff[row["school_code"]].append(row)
    for code, rows in staff.items():
        found[code] |= _of_teachers(rows)
    return found


def _of_pupils(rows: list[Row]) -> dict[str, int | None]:
    told: dict[str, int | None] = {"migrant_pupils": _sure([row["migrant"] for row in rows])}
    for stage, entry in ENTRY.items():
        own = [row for row in rows if row["stage"] == stage]
        new = [row for row in own if row["grade"] == entry]
        told |= {
            f"{stage}_pupils": len(own),
            f"{stage}_classes": len({(row["grade"], row["class_name"]) for row in own}),
            f"{stage}_grades": len({row["grade"] for row in own}),
            f"{stage}_in_zone_pupils": _sure([row["in_zone"] for row in own]),
            f"{stage}_new_pupils": len(new),
            f"{stage}_new_in_zone_pupils": _sure([row["in_zone"] for row in new]),
        }
    return told


def _of_teachers(rows: list[Row]) -> dict[str, int | None]:
    told: dict[str, int | None] = {
        "certified_teachers": _sure([row["certified"] for row in rows]),
        "trained_360h_teachers": _sure([_at_least(row["training_hours"]) for row in rows]),
    }
    for stage in ENTRY:
        own = [row for row in rows if row["stage"] == stage]
        told |= {
            f"{stage}_teachers": len(own),
            f"{stage}_above_required_teachers": _sure([_among(row["qualification"], ABOVE[stage]) for row in own]),
            f"{stage}_backbone_teachers": _sure([row["backbone"] for row in own]),
            f"{stage}_pe_arts_teachers": _sure([_among(row["subject"], ARTS) for row in own]),
        }
    return told


def _sure(told: list[bool | None]) -> int | None:
    return None if None in told else sum(bool(one) for one in told)


def _among(value: str | None, codes: Iterable[str]) -> bool | None:
    return None if value is None else value in codes


def _at_least(hours: int | None) -> bool | None:
    return None if hours is None else hours >= HOURS


def retention(
    pupils: Iterable[Row], entered: int, last: int, dead: set[Any] = frozenset(), out: set[Any] = frozenset()
) -> dict[str, dict[str, int]]:
    """Return, for each school, its cohort pupil by pupil."""
    rows = list(pupils)
    began = {(row["pupil_id"], row["school_code"]) for row in rows if (row["year"], row["grade"]) == (entered, 7)}
    ended = {(row["pupil_id"], row["school_code"]) for row in rows if (row["year"], row["grade"]) == (last, 9)}
    somewhere = {id for id, _ in ended}
    found: dict[str, dict[str, int]] = defaultdict(Counter)
    for id, code in began:
        found[code]["entry_grade7"] += 1
        if (id, code) in ended:
            continue
        state = "deaths" if id in dead else "transfers_out" if id in somewhere or id in out else "lost"
        found[code][state] += 1
    for pair in ended:
        found[pair[1]]["graduates"] += 1
        found[pair[1]]["transfers_in"] += pair not in began
    return found


def finished(output: Path) -> list[str]:
    """Return the files of an output that are more than what a next run goes on from."""
    return [str(file) for file in output.rglob("*") if file.is_file() and ".kept" not in file.parts]


def contents(output: Path) -> dict[str, bytes]:
    """Return every file of an output."""
    return {str(Path(file).relative_to(output)): Path(file).read_bytes() for file in finished(output)}
