"""A slow, obvious judge of B1-B7: plain Python and fractions over plain rows, written from the document.

Rows hold the columns of `schools` in the smallest units (persons, 0.01 m2, fen). The numbers of the standard stand
here once more on purpose. Whatever this and the engine say differently, one of them is wrong.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations
from math import ceil
from typing import Any

Row = dict[str, Any]
F = Fraction
STAGES = ("primary", "junior")
OWN = {
    "primary": ("primary",),
    "teaching_point": ("primary",),
    "junior": ("junior",),
    "nine_year": ("primary", "junior"),
    "complete_secondary": ("junior", "senior"),
    "twelve_year": ("primary", "junior", "senior"),
    "special": (),
    "vocational": (),
}
WEIGHTS = {"primary": F(1), "junior": F(11, 10), "senior": F(132, 100)}
THRESHOLDS = {
    "B1": (F("4.2"), F("5.3")),
    "B2": (F(1), F(1)),
    "B3": (F("0.9"), F("0.9")),
    "B4": (F("4.5"), F("5.8")),
    "B5": (F("7.5"), F("10.2")),
    "B6": (F(2000), F(2500)),
    "B7": (F("2.3"), F("2.4")),
}
LIMITS = {"primary": F(1, 2), "junior": F(45, 100)}
CLAUSES = (dt.date(2019, 10, 1), dt.date(2022, 10, 1))


@dataclass(frozen=True)
class Section:
    """One stage of one school, judged: values, what reaches which line, gaps, the verdict."""

    school: str
    stage: str
    pupils: int | None
    in_sample: bool | None
    excluded_because: str | None
    values: dict[str, Fraction | None]
    status: dict[str, str]
    gaps: dict[str, tuple[int | None, int | None]]
    met: int
    verdict: str


def pupils(school: Row, stage: str) -> int | None:
    """Return a stage's pupils; an empty cell means none where the type has no such stage, else not reported."""
    reported: int | None = school[f"{stage}_pupils"]
    if reported is None and school["school_type"] and stage not in OWN[school["school_type"]]:
        return 0
    return reported


def exists(school: Row, stage: str) -> bool:
    """Whether the school has the stage: by its type, by its pupils, or because nobody knows."""
    own = OWN.get(school["school_type"], ())
    here = pupils(school, stage)
    return stage in own or bool(here) or (school["school_type"] is None and here is None)


def membership(school: Row, stage: str) -> tuple[bool | None, str | None]:
    """Return whether a section is in the sample, and why it is not."""
    here, kind = pupils(school, stage), school["school_type"]
    if here == 0:
        return False, "no_pupils"
    if kind in ("special", "vocational"):
        return False, f"{kind}_school"
    if kind == "teaching_point" and here is not None and here < 50:
        return False, "small_teaching_point"
    return (None if kind is None or (kind == "teaching_point" and here is None) else True), None


def place(school: Row) -> str | None:
    """Return urban, town or rural, by the statistical code first."""
    code = school["location_code"] or ""
    return {"11": "urban", "12": "town", "21": "rural", "22": "rural"}.get(code[:2]) or school["location"]


def claimed(amount: int | None, conditions: list[bool | None]) -> int | None:
    """Return what a clause lets count: nothing claimed is 0; None while its conditions are unknown."""
    if not amount or False in conditions:
        return 0
    return None if None in conditions else amount


def resources(school: Row, stage: str, day: dt.date) -> dict[str, tuple[int | None, ...]]:
    """Return the terms of each indicator's numerator."""
    relaxed = CLAUSES[0] <= day < CLAUSES[1]
    here, where = pupils(school, stage), place(school)
    small = None if here is None else 50 <= here < 100
    rural = None if where is None else where == "rural"
    visiting = claimed(school[f"{stage}_visiting_pe_arts_teachers"], [rural, small]) if relaxed else 0
    extra = claimed(school["extra_sports_area"], [school["dense_city_core"]]) if relaxed else 0
    indoor = school["indoor_sports_area"]
    return {
        "B1": (school[f"{stage}_above_required_teachers"],),
        "B2": (school[f"{stage}_backbone_teachers"],),
        "B3": (school[f"{stage}_pe_arts_teachers"], visiting),
        "B4": (school["teaching_area"], None if indoor is None else -indoor),
        "B5": (school["sports_ground_area"], indoor, extra),
        "B6": (school["equipment_value"],),
        "B7": (school["multimedia_rooms"],),
    }


def share(school: Row, stage: str, indicator: str) -> Fraction | None:
    """Return the part of a resource that one pupil of the stage has: by weighted pupils where stages share it."""
    here = pupils(school, stage)
    if not here:
        return None
    if indicator in ("B1", "B2", "B3"):
        return F(1, here)
    counts = {name: pupils(school, name) for name in WEIGHTS}
    if None in counts.values():
        return None
    return WEIGHTS[stage] / sum(weight * (counts[name] or 0) for name, weight in WEIGHTS.items())


def value(school: Row, stage: str, indicator: str, terms: tuple[int | None, ...], more: int = 0) -> Fraction | None:
    """Return an indicator's value in its own unit, with `more` buying units of the resource added."""
    part = share(school, stage, indicator)
    if part is None or None in terms:
        return None
    scale = 100 if indicator in ("B4", "B5", "B6") else 1
    per = 1 if indicator in ("B4", "B5", "B6") else 100
    return (F(sum(term or 0 for term in terms), scale) + more) * part * per


def section(school: Row, stage: str, day: dt.date) -> Section:
    """Judge one section."""
    terms = resources(school, stage, day)
    values = {id: value(school, stage, id, terms[id]) for id in THRESHOLDS}
    lines = {id: THRESHOLDS[id][STAGES.index(stage)] for id in THRESHOLDS}
    status = {id: reached(values[id], lines[id]) for id in THRESHOLDS}
    gaps = {
        id: (gap(school, stage, id, terms[id], lines[id]), gap(school, stage, id, terms[id], lines[id] * F(85, 100)))
        for id in THRESHOLDS
    }
    seen = list(status.values())
    member, why = membership(school, stage)
    return Section(
        school["school_code"], stage, pupils(school, stage), member, why, values, status, gaps,
        seen.count("met"), section_verdict(seen),
    )  # fmt: skip


def reached(amount: Fraction | None, line: Fraction) -> str:
    """Return met, floor (85 %), below or missing."""
    if amount is None:
        return "missing"
    return "met" if amount >= line else "floor" if amount >= line * F(85, 100) else "below"


def gap(school: Row, stage: str, indicator: str, terms: tuple[int | None, ...], line: Fraction) -> int | None:
    """Return the least whole number of buying units with which the value, worked out anew, reaches the line."""
    now, one_more = (value(school, stage, indicator, terms, more) for more in (0, 1))
    if now is None or one_more is None:
        return None
    needed = max(0, ceil((line - now) / (one_more - now)))
    with_it = value(school, stage, indicator, terms, needed)
    assert with_it is not None
    assert with_it >= line
    return needed


def section_verdict(seen: list[str]) -> str:
    """Six of seven met and the remaining one at 85 %: given while nothing that is missing could change it."""
    if "below" in seen or seen.count("floor") > 1:
        return "fail"
    return "undetermined" if "missing" in seen else "pass"


Member = tuple[int | None, Fraction | None]


def cv_squared(sample: list[tuple[int, Fraction]]) -> Fraction | None:
    """Return CV squared, pupil-weighted and of the population; None where every value is 0."""
    whole = sum(p for p, _ in sample)
    mean = sum(p * x for p, x in sample) / F(whole)
    return sum(p * (x - mean) ** 2 for p, x in sample) / whole / mean**2 if mean else None


def bounds(sample: list[Member]) -> tuple[Fraction, Fraction | None] | None:
    """Return the lowest and highest CV squared over every value >= 0 of the missing; None where there is no CV."""
    if any(p is None for p, _ in sample):
        return F(0), None
    known = [(p or 0, x) for p, x in sample if x is not None]
    missing = [p or 0 for p, x in sample if x is None]
    if not missing:
        exact = cv_squared(known)
        return None if exact is None else (exact, exact)
    whole = sum(p for p, _ in known) + sum(missing)
    alone = F(whole, min(missing)) - 1
    if not any(x for _, x in known):
        return (F(whole, sum(missing)) - 1 if known else F(0)), alone
    best = sum(p * x * x for p, x in known) / sum(p * x for p, x in known)
    lowest = cv_squared([*known, *((p, best) for p in missing)])
    at_zero = cv_squared([*known, *((p, F(0)) for p in missing)])
    assert lowest is not None
    assert at_zero is not None
    return lowest, max(alone, at_zero)


@dataclass(frozen=True)
class Spread:
    """One indicator's spread: its status, why it is not a number, its bounds (squared), each school's share."""

    status: str
    reason: str | None
    low: Fraction | None
    high: Fraction | None
    shares: dict[str, Fraction]


def spread(sections: list[Section], stage: str, indicator: str) -> Spread:
    """Judge one spread; of sections that may be in the sample, every choice is tried."""
    sure = [one for one in sections if one.in_sample]
    maybe = [one for one in sections if one.in_sample is None]
    if not sure and not maybe:
        return Spread("undetermined", "no_schools", None, None, {})
    choices = chain.from_iterable(combinations(maybe, size) for size in range(len(maybe) + 1))
    cases = [[*sure, *chosen] for chosen in choices]
    found = [bounds([(one.pupils, one.values[indicator]) for one in case]) for case in cases if case]
    real = [case for case in found if case]
    open_ended = any(high is None for _, high in real)
    complete = not maybe and all(one.values[indicator] is not None for one in sure)
    if not real:
        zero = (None, None) if complete else (F(0), F(0))
        return Spread("undetermined" if complete else "pass", "mean_zero" if complete else "missing", *zero, {})
    low, high = min(one for one, _ in real), None if open_ended else max(one or F(0) for _, one in real)
    limit = LIMITS[stage] ** 2
    status = "fail" if low > limit else "pass" if high is not None and high <= limit else "undetermined"
    return Spread(status, None if complete else "missing", low, high, shares(sure, indicator) if complete else {})


def shares(sample: list[Section], indicator: str) -> dict[str, Fraction]:
    """Return each school's share of the squared deviations."""
    pairs = {one.school: (F(one.pupils or 0), one.values[indicator] or F(0)) for one in sample}
    mean = sum(p * x for p, x in pairs.values()) / sum(p for p, _ in pairs.values())
    parts = {code: p * (x - mean) ** 2 for code, (p, x) in pairs.items()}
    whole = sum(parts.values())
    return {code: part / whole if whole else F(0) for code, part in parts.items()}


def worst(verdicts: list[str]) -> str:
    """Return fail before undetermined before pass."""
    return next((one for one in ("fail", "undetermined") if one in verdicts), "pass")


def judge(schools: list[Row], day: dt.date) -> tuple[list[Section], dict[tuple[str, str], Spread], dict[str, str]]:
    """Return a county's sections, spreads by stage and indicator, and verdicts by stage and of its resources."""
    sections = [section(one, stage, day) for one in schools for stage in STAGES if exists(one, stage)]
    spreads, verdicts = {}, {}
    for stage in STAGES:
        own = [one for one in sections if one.stage == stage and one.in_sample is not False]
        spreads |= {(stage, id): spread(own, stage, id) for id in THRESHOLDS}
        sure = ["undetermined" if one.in_sample is None and one.verdict == "fail" else one.verdict for one in own]
        verdicts[stage] = worst([*sure, *(spreads[stage, id].status for id in THRESHOLDS)])
    return sections, spreads, verdicts | {"resources": worst(list(verdicts.values()))}
