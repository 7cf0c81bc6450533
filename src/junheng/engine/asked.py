"""What is asked beside B1-B7 on the rules' day: the parts in force with their lines, as tables that the SQL reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pyarrow as pa

from junheng.facts.items import ITEMS
from junheng.facts.schema import MEASURES, SCHOOLS, STAGES, Column, Kind, per_stage
from junheng.standard.model import Rules, TransitionClause
from junheng.standard.requirements import Part, Requirement


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of a requirement with the line that is in force, and the rules by which it is judged."""

    requirement: Requirement
    part: Part
    line: Fraction
    rules: Rules

    @property
    def easing(self) -> tuple[TransitionClause, ...]:
        """The clauses in force, any of which puts another line, or other areas of rooms, in the place of these."""
        relaxed = self.part.relaxed
        return tuple(self.rules.clauses[id] for id in relaxed.clauses if id in self.rules.clauses) if relaxed else ()

    @property
    def key(self) -> dict[str, str]:
        """The names under which every table knows the part."""
        return {"requirement": self.requirement.id, "part": self.part.id}


def asked(rules: Rules) -> list[Asked]:
    """Return the parts that are asked for on the rules' day, in the document's order.

    Each requirement's own parts come first, then what its other readings would ask, then its own as they would be
    eased if past transition clauses were still in force: judged beside, never counted.
    """
    longer = rules.with_clauses()
    past = set(longer.clauses) - set(rules.clauses)
    parts = [
        *((one, part, rules) for one in rules.requirements.values() for part in one.every_part),
        *((one, part, longer) for one in rules.requirements.values() for part in _eased_parts(one, past)),
    ]
    lines = ((one, part, part.line(rules.day), by) for one, part, by in parts)
    return [Asked(one, part, line, by) for one, part, line, by in lines if line is not None]


def eased_id(part: str) -> str:
    """Return the id under which a part is judged as past transition clauses would ease it."""
    return f"{part}~eased"


def _eased_parts(requirement: Requirement, past: set[str]) -> Iterator[Part]:
    for part in requirement.parts:
        if part.relaxed and past.intersection(part.relaxed.clauses):
            yield replace(part, id=eased_id(part.id))


def items_table(known: Mapping[str, int | bool]) -> pa.Table:
    """Return every item with its amount as a whole number, a yes being 1; null where it is not reported."""
    amounts = [int(known[name]) if name in known else None for name in ITEMS]
    return pa.table({"item": list(ITEMS), "amount": pa.array(amounts, pa.int64())})


def asked_tables(rules: Rules) -> dict[str, pa.Table]:
    """Return what the statements read of the parts, by name; a part's rows find its line in `asked_parts`."""
    every = asked(rules)
    return {
        "asked_parts": pa.Table.from_pylist([_part(one) for one in every], ASKED_PARTS),
        "asked_items": pa.Table.from_pylist([row for one in every for row in _items(one)], ASKED_ITEMS),
        "asked_judged": pa.Table.from_pylist([row for one in every for row in _judged(one)], ASKED_JUDGED),
        "asked_rooms": pa.Table.from_pylist([row for one in every for row in _rooms(one)], ASKED_ROOMS),
    }


def _schema(texts: str, numbers: str = "", flags: str = "") -> pa.Schema:
    kinds = ((texts, pa.string()), (numbers, pa.int64()), (flags, pa.bool_()))
    return pa.schema([(name, kind) for names, kind in kinds for name in names.split()])


# The line of every part, and the one to which a transition clause in force eases it.
ASKED_PARTS = _schema("requirement part relation", "line_top line_bottom eased_line_top")


def _part(one: Asked) -> dict[str, Any]:
    eased = one.part.relaxed.line or one.line if one.part.relaxed else None
    return one.key | {
        "relation": one.part.relation,
        "line_top": one.line.numerator,
        "line_bottom": one.line.denominator,
        "eased_line_top": int(eased * one.line.denominator) if eased else None,
    }


# Which items the parts about the county ask for, in which role, by which factor.
ASKED_ITEMS = _schema("requirement part item role only_if", "factor", "blanks")


def _items(one: Asked) -> Iterator[dict[str, Any]]:
    part = one.part
    if not part.of_county:
        return
    shared: dict[str, Any] = one.key | {"only_if": part.only_if, "blanks": part.blanks_allowed}
    for item in part.items:
        yield shared | {"item": item, "role": "entered", "factor": scale(item)}
    for role, items, others in (("top", part.top, part.bottom), ("bottom", part.bottom, part.top)):
        for item in items:
            sign = -1 if item.startswith("-") else 1
            yield shared | {"item": item.removeprefix("-"), "role": role, "factor": sign * scale(others[0])}


# Whose grade is asked for, and which grades are accepted.
ASKED_JUDGED = _schema("requirement part level accepts")


def _judged(one: Asked) -> Iterator[dict[str, Any]]:
    if one.part.kind == "all_judged":
        yield one.key | {"level": one.requirement.level, "accepts": ",".join(["", *one.part.accept, ""])}


# Which rooms count for a part from which area on, and from which where a clause eases it.
ASKED_ROOMS = _schema("requirement part kind", "area eased_area")


def _rooms(one: Asked) -> Iterator[dict[str, Any]]:
    eased = one.part.relaxed.rooms if one.part.relaxed else {}
    unit = MEASURES[Kind.AREA].scale
    for kind, area in one.part.rooms.items():
        yield one.key | {"kind": kind, "area": area * unit, "eased_area": eased.get(kind, area) * unit}


def scale(fact: str) -> int:
    """Return how many of the smallest unit, in which facts are held, make one of the unit in which a fact is told."""
    column = _column(fact.removeprefix("-"))
    return column.measure.scale if column.kind in MEASURES else 1


def _column(name: str) -> Column:
    return ITEMS.get(name) or SCHOOLS.by_name.get(name) or SCHOOLS.column(f"{STAGES[0]}_{name}")


def summed_facts(rules: Rules) -> list[str]:
    """Return what the parts read of a school as the sum of what its stages report."""
    classes = ("classes" for one in asked(rules) if one.part.classes)
    shares = (fact.removeprefix("-") for one in asked(rules) for fact in (*one.part.top, *one.part.bottom))
    return list(dict.fromkeys([*classes, *(fact for fact in shares if is_summed(fact))]))


def is_summed(fact: str) -> bool:
    """Whether a fact is reported once a stage, and so of a school only as a sum."""
    return fact not in SCHOOLS.by_name and fact not in ITEMS and per_stage(fact)
