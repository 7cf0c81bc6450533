"""Evidence as tests of signs want it: schools by their figures, drawn honest counties, and what is found in them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from junheng import api as jh
from junheng.facts.model import arrow_schema
from junheng.facts.schema import SCHOOLS, TABLES
from junheng_web.scrutiny.declared import declared
from junheng_web.scrutiny.evidence import Evidence, Found, Sign
from junheng_web.scrutiny.looking import look

DAY = dt.date(2025, 9, 1)
Row = dict[str, Any]
KINDS = {one.id: one for one in declared()}
# Types of schools in turn, with their kind of place and the fewest and most pupils of each stage.
SKETCHES = (
    ("primary", "121", (800, 1800), None),
    ("primary", "210", (90, 400), None),
    ("junior", "121", None, (500, 1500)),
    ("nine_year", "210", (120, 400), (90, 300)),
    ("primary", "220", (50, 180), None),
    ("teaching_point", "220", (10, 80), None),
)
PEOPLE = {"teachers": 0.075, "above_required_teachers": 0.062, "backbone_teachers": 0.014, "pe_arts_teachers": 0.012}
THINGS = {"teaching_area": 650, "sports_ground_area": 1100, "equipment_value": 270_000, "multimedia_rooms": 0.03}
LUCK = 0.2


def facts_of(
    rows: Iterable[Row], rooms: Iterable[Row] = (), items: dict[str, int] | None = None, day: dt.date = DAY
) -> jh.Facts:
    """Return facts of one county: a row is a primary school of 1,000 pupils unless it says otherwise."""
    own = {"county_code": "1", "county_name": "甲旗（虚构）", "school_type": "primary", "location_code": "121"}
    blank = dict.fromkeys(SCHOOLS.by_name)
    schools = [
        {**blank, **own, "school_code": f"{at:04}", "school_name": f"第{at}小学", "primary_pupils": 1000, **row}
        for at, row in enumerate(rows)
    ]
    listed = [{**dict.fromkeys(TABLES["rooms"].by_name), "kind": "music", **row} for row in rooms]
    made = {
        "schools": schools,
        "rooms": listed,
        "period": [{**dict.fromkeys(TABLES["period"].by_name), "counting_date": day}],
    }
    tables = {name: pa.Table.from_pylist(made.get(name, []), schema=arrow_schema(TABLES[name])) for name in TABLES}
    return jh.Facts(tables, items=items or {})


def evidence_of(facts: jh.Facts, previous: jh.Facts | None = None, *, check: bool = False, **history: Any) -> Evidence:
    """Return facts as evidence, with what was done to cells; where asked, or beside last year's, with what is found."""
    answer = jh.assess(facts, as_of=DAY)
    findings = jh.check(facts, as_of=DAY, previous=previous).findings if check or previous else ()
    codes = facts.tables["schools"]["school_code"].to_pylist()
    placed = [one for one in findings if one.table == SCHOOLS.name and one.row is not None]
    found = tuple(Found((SCHOOLS.name, codes[one.row], one.column or ""), one) for one in placed)
    return Evidence(facts, answer, found, previous=previous, **history)


def signs(evidence: Evidence, *ids: str) -> list[Sign]:
    """Return the signs of some declarations; without any, of all."""
    return list(look(evidence, tuple(KINDS[id] for id in ids) if ids else None).signs)


def marks(evidence: Evidence, *ids: str) -> list[tuple[str, str]]:
    """Return where they are: school and mark."""
    return [(one.school, one.mark) for one in signs(evidence, *ids)]


def honest(seed: int, many: int) -> list[Row]:
    """Draw schools whose figures differ by luck alone: a fifth (log-normal) about what schools have for a pupil."""
    luck = random.Random(seed)
    return [_school(luck, *SKETCHES[at % len(SKETCHES)]) for at in range(many)]


def _school(luck: random.Random, kind: str, place: str, *sizes: Sequence[int] | None) -> Row:
    pupils = {
        stage: luck.randint(*size) if size else None for stage, size in zip(("primary", "junior"), sizes, strict=True)
    }
    row: Row = {"school_type": kind, "location_code": place}
    for stage, count in pupils.items():
        row[f"{stage}_pupils"] = count
        row |= {f"{stage}_{name}": _drawn(luck, each * count) for name, each in PEOPLE.items()} if count else {}
    total = sum(count or 0 for count in pupils.values())
    return row | {name: _drawn(luck, each * total) for name, each in THINGS.items()}


def _drawn(luck: random.Random, about: float) -> int:
    return round(about * luck.lognormvariate(0, LUCK))


def counties(many: int, schools: int) -> Iterator[Evidence]:
    """Yield honest counties, each with its last year: people a twentieth more or less, and of things a little more."""
    for seed in range(many):
        luck, rows = random.Random(seed), honest(seed, schools)
        now = [
            {**row, **{name: _drifted(luck, name, row[name]) for name in row if _counted(row[name])}} for row in rows
        ]
        yield evidence_of(facts_of(now), facts_of(rows, day=DAY.replace(year=DAY.year - 1)))


def _counted(value: Any) -> bool:
    return isinstance(value, int)


def _drifted(luck: random.Random, name: str, value: int) -> int:
    return round(value * luck.uniform(1 if name in THINGS else 0.95, 1.05))
