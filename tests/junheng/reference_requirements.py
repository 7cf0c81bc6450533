"""A slow, obvious judge of B8-B31, SR, VETO and PRE: plain Python over plain rows, written from the document.

Each function below answers one requirement: "pass", "fail", "undetermined" or "not_applicable". The numbers stand here
once more on purpose; only transition clauses take their dates from the rule book.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any

Row = dict[str, Any]
OWN = {
    "primary": {"primary"},
    "teaching_point": {"primary"},
    "junior": {"junior"},
    "nine_year": {"primary", "junior"},
    "complete_secondary": {"junior"},
    "twelve_year": {"primary", "junior"},
    "special": set(),
    "vocational": set(),
}
ORDINARY = {"primary", "teaching_point", "junior", "nine_year", "complete_secondary", "twelve_year"}
CLAUSES_FROM, CLAUSES_UNTIL = dt.date(2019, 10, 1), dt.date(2022, 10, 1)
SEVENTH_VETO = dt.date(2021, 7, 24)


@dataclass
class County:
    """One county's facts as plain rows, in the smallest units."""

    schools: list[Row]
    items: dict[str, Any] = field(default_factory=dict)
    judged: list[Row] = field(default_factory=list)
    classes: list[Row] = field(default_factory=list)
    rooms: list[Row] = field(default_factory=list)
    day: dt.date = dt.date(2025, 9, 1)

    @property
    def relaxed(self) -> bool:
        """Whether the transition clauses are in force."""
        return CLAUSES_FROM <= self.day < CLAUSES_UNTIL


def pupils(school: Row, stage: str) -> int | None:
    """Return a stage's pupils: none where the type has no such stage and nothing is reported."""
    reported = school[f"{stage}_pupils"]
    if reported is None and school["school_type"] and stage not in OWN[school["school_type"]]:
        return 0
    return reported


def by_stage(school: Row, name: str) -> int | None:
    """Return what both stages report, added up; a stage without pupils reports nothing."""
    total = 0
    for stage in ("primary", "junior"):
        value = school[f"{stage}_{name}"]
        if value is None:
            if pupils(school, stage) != 0:
                return None
            value = 0
        total += value
    return total


def compulsory(school: Row) -> int | None:
    """Return the pupils of the compulsory stages."""
    parts = [pupils(school, stage) for stage in ("primary", "junior")]
    return None if None in parts else sum(part for part in parts if part is not None)


def has_pupils(school: Row) -> bool | None:
    """Whether a school has pupils in the compulsory stages; None where that is not reported."""
    size = compulsory(school)
    return None if size is None else size > 0


def one_of(value: Any, codes: set[Any]) -> bool | None:
    """Whether a code is among some; None where it is not reported."""
    return None if value is None else value in codes


def both(*answers: bool | None) -> bool | None:
    """And, where one may be unknown."""
    return False if False in answers else None if None in answers else True


def place(school: Row) -> str | None:
    """Return urban, town or rural, by the statistical code first."""
    code = school["location_code"] or ""
    return {"11": "urban", "12": "town", "21": "rural", "22": "rural"}.get(code[:2]) or school["location"]


def all_of(states: Iterable[str]) -> str:
    """Return the answer to 'every row': a failing one decides, then a missing one; none at all is not applicable."""
    seen = [state for state in states if state != "outside"]
    if not seen:
        return "not_applicable"
    return "fail" if "failing" in seen else "undetermined" if "missing" in seen else "pass"


def joined(*parts: str) -> str:
    """Return a requirement's answer from its parts'."""
    asked = [part for part in parts if part != "not_applicable"]
    if not asked:
        return "not_applicable"
    return "fail" if "fail" in asked else "undetermined" if "undetermined" in asked else "pass"


def item_share(
    county: County, top: list[str], bottom: str, line: Fraction, scale: int = 1, of_nothing: str = "not_applicable"
) -> str:
    """Return the answer to a share of the county's items; of nothing, it is mostly not applicable."""
    whole = county.items.get(bottom)
    if whole == 0:
        return of_nothing
    values = [county.items.get(name) for name in top]
    if whole is None or None in values:
        return "undetermined"
    return "pass" if Fraction(sum(values), whole * scale) >= line else "fail"


def school_share(rows: list[tuple[bool | None, int | None, int | None]], line: Fraction) -> str:
    """Return the answer to a share of sums over schools: (is it asked, top, bottom) for each."""
    asked = [row for row in rows if row[0] is not False]
    if not asked:
        return "not_applicable"
    if any(None in row for row in asked):
        return "undetermined"
    bottom = sum(row[2] or 0 for row in asked)
    if bottom == 0:
        return "not_applicable"
    return "pass" if Fraction(sum(row[1] or 0 for row in asked), bottom) >= line else "fail"


def state(asked: bool | None, meets: bool | None) -> str:
    """Return a row's state."""
    if asked is False:
        return "outside"
    if asked is None or meets is None:
        return "missing"
    return "met" if meets else "failing"


def b10(county: County) -> str:
    """Music and art rooms, one for every twelve classes begun; a school without any row has not reported."""
    listed = {room["school_code"] for room in county.rooms}
    answers = []
    for kind, area, old in (("music", 9600, 7300), ("art", 9000, 6700)):
        answers.append(all_of(_rooms(county, school, kind, area, old, listed) for school in county.schools))
    return joined(*answers)


def _rooms(county: County, school: Row, kind: str, area: int, old: int, listed: set[str]) -> str:
    asked = both(one_of(school["school_type"], ORDINARY), has_pupils(school))
    classes = by_stage(school, "classes")
    if asked is False or classes is None or school["school_code"] not in listed:
        return state(asked, None)
    own = [r["area"] for r in county.rooms if (r["school_code"], r["kind"]) == (school["school_code"], kind)]
    needed = ceil(Fraction(classes, 12))
    built_before = None if school["built_year"] is None else school["built_year"] < 2017
    # A room whose area is not reported may be of no use or large enough: one answer for both, or none.
    answers = set()
    for size_of_others in (0, area):
        sizes = [size_of_others if size is None else size for size in own]
        relaxed = _with_clause(county, built_before, sum(size >= old for size in sizes) >= needed)
        answers.add(True if sum(size >= area for size in sizes) >= needed else relaxed)
    return state(asked, answers.pop() if len(answers) == 1 else None)


def _with_clause(county: County, holds: bool | None, meets_the_relaxed: bool) -> bool | None:
    """Return whether a clause saves a row that misses the ordinary line; None while nobody knows if it holds."""
    if not county.relaxed or not meets_the_relaxed:
        return False
    return holds if holds is None else bool(holds)


def b11(county: County) -> str:
    """No school over its size."""
    single = {"primary", "teaching_point", "junior", "complete_secondary"}
    through = {"nine_year", "twelve_year"}
    return joined(
        all_of(_size(county, school, single, 2000, 2400) for school in county.schools),
        all_of(_size(county, school, through, 2500, 3000) for school in county.schools),
    )


def _size(county: County, school: Row, types: set[str], line: int, old: int) -> str:
    asked, size = one_of(school["school_type"], types), compulsory(school)
    if size is None or size <= line:
        return state(asked, None if size is None else True)
    early = None if school["built_year"] is None else school["built_year"] < 2011
    migrants = None if school["migrant_pupils"] is None else school["migrant_pupils"] * 2 > size
    holds = True if True in (early, migrants) else None if None in (early, migrants) else False
    return state(asked, _with_clause(county, holds, size <= old))


def b12(county: County) -> str:
    """No class over its size; a school with pupils and no class has not reported."""
    return joined(*(all_of(_class_states(county, stage, line)) for stage, line in (("primary", 45), ("junior", 50))))


def _class_states(county: County, stage: str, line: int) -> Iterable[str]:
    for school in county.schools:
        kind = school["school_type"]
        asked = None if kind is None else kind not in {"special", "vocational"}
        key = (school["school_code"], stage)
        sizes = [one["pupils"] for one in county.classes if (one["school_code"], one["stage"]) == key]
        for size in sizes:
            yield state(asked, None if size is None else size <= line)
        if not sizes:
            there = None if pupils(school, stage) is None else (pupils(school, stage) or 0) > 0
            yield state(both(asked, there), None)


def b13(county: County) -> str:
    """A school under 100 pupils is funded as if of 100."""
    return all_of(_funded(county, school) for school in county.schools)


def _funded(county: County, school: Row) -> str:
    size = compulsory(school)
    asked = both(one_of(school["school_type"], ORDINARY), None if size is None else 1 <= size < 100)
    fund = school["approved_operating_fund"]
    quota = 0
    for stage in ("primary", "junior"):
        here, each = pupils(school, stage), county.items.get(f"operating_quota_{stage}")
        if here is None or fund is None or (here and each is None):
            return state(asked, None)
        quota += here * (each or 0)
    return state(asked, size is not None and fund * size >= 100 * quota)


def teachers_share(name: str) -> Callable[[County], str]:
    """Return B16 or B19: every teacher of the county."""
    return lambda county: school_share(
        [(has_pupils(school), school[name], by_stage(school, "teachers")) for school in county.schools], Fraction(1)
    )


def b20(county: County) -> str:
    """New pupils from the zone, in public day schools of cities and towns."""
    return joined(
        *(_zone(county, stage, line) for stage, line in (("primary", Fraction(1)), ("junior", Fraction(95, 100))))
    )


def _zone(county: County, stage: str, line: Fraction) -> str:
    rows = []
    for school in county.schools:
        here = pupils(school, stage)
        public = None if school["sponsor_code"] is None else school["sponsor_code"] != "10"
        day = None if school["is_boarding"] is None else not school["is_boarding"]
        asked = both(None if here is None else here > 0, one_of(place(school), {"urban", "town"}), public, day)
        rows.append((asked, school[f"{stage}_new_in_zone_pupils"], school[f"{stage}_new_pupils"]))
    return school_share(rows, line)


def b23(county: County) -> str:
    """Pupils kept over three years of junior school."""
    rows = []
    for school in county.schools:
        here = pupils(school, "junior")
        kind = school["school_type"]
        asked = both(
            None if here is None else here > 0, None if kind is None else kind not in {"special", "vocational"}
        )
        top = [school["graduates"], school["transfers_in"], school["transfers_out"]]
        bottom = [school["entry_grade7"], school["deaths"]]
        rows.append(
            (
                asked,
                None if None in top else top[0] - top[1] + top[2],
                None if None in bottom else bottom[0] - bottom[1],
            )
        )
    return school_share(rows, Fraction(95, 100))


def b26(county: County) -> str:
    """Each school plans 5 % of its operating budget for training."""
    rows = [(has_pupils(school), school["training_budget"], school["operating_budget"]) for school in county.schools]
    return all_of(state(row[0], None if None in row[1:] else row[1] * 20 >= row[2]) for row in rows)


def graded(indicator: str, by_school: bool) -> Callable[[County], str]:
    """Return a judged requirement: every grade accepted, and none missing."""

    def answer(county: County) -> str:
        grades = [one for one in county.judged if one["indicator"] == indicator]
        whole = [one["judgement"] for one in grades if not one["school_code"]]
        states = [_accepted(grade) for grade in whole]
        if not by_school:
            return all_of(states or ["missing"])
        for school in county.schools:
            own = [one["judgement"] for one in grades if one["school_code"] == school["school_code"]]
            states += [_accepted(grade) for grade in own]
            size = compulsory(school)
            if not own and not whole and size != 0:
                states.append("missing")
        return all_of(states)

    return answer


def _accepted(grade: str | None) -> str:
    return "missing" if grade is None else "met" if grade in {"met", "good"} else "failing"


def b31(county: County) -> str:
    """Levels and spreads of the subjects that were monitored; not sampled is not applicable."""
    subjects = ("chinese", "mathematics", "science", "sports", "arts", "morals")
    sampled = county.items.get("monitoring_sampled")
    if sampled is None:
        return "undetermined"
    if not sampled:
        return "not_applicable"
    levels = [county.items.get(f"monitoring_{one}_level") for one in subjects]
    spreads = [county.items.get(f"monitoring_{one}_spread") for one in subjects]
    return joined(_filled(levels, lambda level: level >= 3), _filled(spreads, lambda spread: spread < 1500))


def _filled(values: list[int | None], meets: Callable[[int], bool]) -> str:
    known = [value for value in values if value is not None]
    return all_of("met" if meets(value) else "failing" for value in known) if known else "undetermined"


def answers_of(*checks: tuple[str, Callable[[int], bool]]) -> Callable[[County], str]:
    """Return a requirement of entered items, each of which must be there and meet its line."""
    return lambda county: all_of(
        state(True, None if county.items.get(item) is None else meets(county.items[item])) for item, meets in checks
    )


def veto(county: County) -> str:
    """Not one of the veto items happened; the seventh is asked for since it was added."""
    names = ["exam_admission", "school_choice", "key_classes", "unfilled_posts", "major_accident", "falsification"]
    names += ["burden"] if county.day >= SEVENTH_VETO else []
    return answers_of(*((f"veto_{name}", lambda value: not value) for name in names))(county)


def b18(county: County) -> str:
    """A tenth of the eligible moved, a fifth of those moved backbone teachers."""
    return joined(
        item_share(county, ["rotated_teachers"], "rotation_eligible_teachers", Fraction(1, 10)),
        item_share(county, ["rotated_backbone_teachers"], "rotated_teachers", Fraction(1, 5)),
    )


def b22(county: County) -> str:
    """85 % of the migrant children in public or paid places, and care for those left behind judged."""
    places = ["migrant_children_public", "migrant_children_purchased"]
    share = item_share(county, places, "eligible_migrant_children", Fraction(85, 100))
    return joined(share, graded("B22", by_school=False)(county))


def _share_of(top: str, bottom: str, line: str, **how: Any) -> Callable[[County], str]:
    return lambda county: item_share(county, [top], bottom, Fraction(line), **how)


REQUIREMENTS: dict[str, Callable[[County], str]] = {
    **{id: graded(id, by_school=False) for id in ("B8", "B9", "B17")},
    "B10": b10,
    "B11": b11,
    "B12": b12,
    "B13": b13,
    "B14": _share_of("special_operating_fund", "special_pupils", "8000", scale=100),
    "B15": _share_of("teacher_average_pay", "civil_servant_average_pay", "1", of_nothing="undetermined"),
    "B16": teachers_share("trained_360h_teachers"),
    "B18": b18,
    "B19": teachers_share("certified_teachers"),
    "B20": b20,
    "B21": _share_of("allotted_places", "key_high_school_places", "0.5"),
    "B22": b22,
    "B23": b23,
    "B24": _share_of("disabled_children_enrolled", "disabled_children", "0.95"),
    **{id: graded(id, by_school=True) for id in ("B25", "B27", "B28", "B29", "B30")},
    "B26": b26,
    "B31": b31,
    "SR": _share_of("survey_satisfied", "survey_valid", "0.85", of_nothing="undetermined"),
    "VETO": veto,
    "PRE": answers_of(
        ("basic_certified_years", lambda years: years >= 3),
        ("basic_indicators_kept", bool),
        ("basic_primary_cv", lambda cv: cv <= 6000),
        ("basic_junior_cv", lambda cv: cv <= 5000),
        ("serious_incident", lambda happened: not happened),
    ),
}
