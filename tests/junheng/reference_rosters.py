"""The counts of a register of teachers, written out person by person, with None for what cannot be told."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
Told = bool | None
COUNTED = ("on_duty", "leave", "support", "rotation", "special_post")
BACKBONE = ("county", "city", "province", "national")
ABOVE = {"primary": ("graduate", "bachelor", "college"), "junior": ("graduate", "bachelor")}
# Whose certificate is of another subject than he teaches, and fits it all the same: taught, certified.
ALSO = {
    *{("music", "arts"), ("art", "arts"), ("arts", "music"), ("arts", "art")},
    *{("science", one) for one in ("physics", "chemistry", "biology")},
}
TEACHES = {"primary": ("primary", "junior", "senior"), "junior": ("junior", "senior")}


def counts(rows: list[Row], day: dt.date, reading: str) -> dict[tuple[str | None, str], tuple[int, int]]:
    """Return (school, column) with how many count and of how many it cannot be told."""
    found: dict[tuple[str | None, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        for school, column, told in standings(row, day, reading):
            if column is not None:
                found[school, column][0] += told is True
                found[school, column][1] += told is None
    return {key: (people, unsure) for key, (people, unsure) in found.items()}


def standings(row: Row, day: dt.date, reading: str) -> list[tuple[str | None, str | None, Told]]:
    """Return how one person stands to every figure; None for a column that nobody can name."""
    school, stage, told = school_of(row, day, reading), row["stage"], []
    kinds = {
        "teachers": employed(row, day),
        "above_required_teachers": all_of(
            among(row["degree"], ABOVE, stage), employed(row, day), by(row, "degree_date", day)
        ),
        "backbone_teachers": all_of(backbone(row, day), employed(row, day)),
        "pe_arts_teachers": all_of(arts(row), employed(row, day)),
    }
    told += [(school, stage and f"{stage}_{name}", value) for name, value in kinds.items() if school]
    if reading == "census" and row["teaching_school_code"]:
        own = row["census_school_code"]
        away = None if own is None else row["teaching_school_code"] != own
        visits = all_of(away, arts(row), employed(row, day))
        told.append((row["teaching_school_code"], stage and f"{stage}_visiting_pe_arts_teachers", visits))
    if school:
        certified = all_of(
            employed(row, day), among(row["certificate"], TEACHES, stage), by(row, "certificate_date", day)
        )
        hours = None if row["training_hours"] is None else row["training_hours"] >= 360
        told += [
            (school, "certified_teachers", certified),
            (school, "trained_360h_teachers", all_of(employed(row, day), hours)),
        ]
    moved = in_last_school_year(row["rotation_from"], day)
    due = any_of(None if row["arrived"] is None else row["arrived"] <= day.replace(year=day.year - 6), moved)
    told.append((None, "rotated_teachers", all_of(employed(row, day), moved)))
    told.append((None, "rotated_backbone_teachers", all_of(employed(row, day), moved, backbone(row, day))))
    told.append((None, "rotation_eligible_teachers", all_of(employed(row, day), row["exempt_because"] is None, due)))
    return told


def may_move(row: Row, day: dt.date) -> Told:
    """Whether somebody may go to another school."""
    taught, certified = row["subject"], row["certificate_subject"]
    fits = None if None in (taught, certified) else taught == certified or (taught, certified) in ALSO
    own, here = row["census_school_code"], row["teaching_school_code"]
    at_home = None if own is None else here is None or here == own
    away = None if row["duty"] is None else row["duty"] in ("leave", "support", "rotation")
    return all_of(
        None if own is None or row["stage"] is None else True,
        employed(row, day),
        row["exempt_because"] is None,
        True if not holds(row, day) else None if away is None else not away,
        at_home,
        among(row["certificate"], TEACHES, row["stage"]),
        by(row, "certificate_date", day),
        fits,
    )


def school_of(row: Row, day: dt.date, reading: str) -> str | None:
    """Return in which school somebody counts."""
    if reading == "census" or not holds(row, day):
        return row["census_school_code"]
    return row["teaching_school_code"] or row["census_school_code"]


def holds(row: Row, day: dt.date) -> bool:
    """Whether the state that is written down holds on the day."""
    return (row["duty_from"] is None or row["duty_from"] <= day) and (row["duty_to"] is None or row["duty_to"] >= day)


def employed(row: Row, day: dt.date) -> Told:
    """Whether somebody is a teacher in post, at work and there."""
    duty = row["duty"]
    at_work = True if not holds(row, day) else None if duty is None else duty in COUNTED
    return all_of(None if duty is None else duty != "contract", at_work, by(row, "arrived", day))


def backbone(row: Row, day: dt.date) -> Told:
    """Whether a recognition is in force."""
    level = None if row["backbone"] is None else row["backbone"] in BACKBONE
    until = row["backbone_to"] is None or row["backbone_to"] >= day
    return all_of(level, by(row, "backbone_from", day), until)


def arts(row: Row) -> Told:
    """Whether somebody teaches sports or arts, and has lessons in it."""
    subject = None if row["subject"] is None else row["subject"] in ("sports", "music", "art", "arts")
    return all_of(subject, None if row["lessons"] is None else row["lessons"] >= 1)


def among(value: str | None, codes: Mapping[str, tuple[str, ...]], stage: str | None) -> Told:
    """Whether a value is among those of the stage."""
    return None if value is None or stage is None else value in codes[stage]


def by(row: Row, column: str, day: dt.date) -> bool:
    """Whether a date is not after the day; what is not dated is taken as it is."""
    return row[column] is None or row[column] <= day


def in_last_school_year(date: dt.date | None, day: dt.date) -> bool:
    """Whether a date is in the school year before the day's."""
    year = day.year if day.month >= 9 else day.year - 1
    return date is not None and dt.date(year - 1, 9, 1) <= date < dt.date(year, 9, 1)


def all_of(*told: Told) -> Told:
    """Return what all come to: one that is not so decides."""
    return False if False in told else None if None in told else True


def any_of(*told: Told) -> Told:
    """Return what any comes to."""
    return True if True in told else None if None in told else False
