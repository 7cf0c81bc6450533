"""What does not depend on the plan: classes that are too large become more classes, and rooms for them are counted.

New classes raise the number of music and art rooms that a school needs. Which parts of which requirements ask for this
is read from the rule book by their kind.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from junheng.engine.asked import Asked, asked
from junheng.engine.result import Assessment
from junheng.facts.model import Facts
from junheng.facts.plan_schema import DEEDS
from junheng.facts.schema import MEASURES, STAGES, Kind
from junheng.planner.case import Short
from junheng.standard.model import Rules

Places = Mapping[tuple[str, str], int]
CLASS_ROOM, HIRE = "class_room", "hire"


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of a school's stage in which a class is too large: its pupils, its classes, how many it takes."""

    school: str
    stage: str
    grade: int | None
    pupils: int
    classes: int
    needed: int


def of_kind(rules: Rules, kind: str, of: str = "") -> tuple[Asked, ...]:
    """Return the parts in force of one kind; not those of readings that do not hold."""
    return tuple(
        one for one in asked(rules) if one.part in one.requirement.parts and one.part.kind == kind and one.part.of == of
    )


def crowded(answer: Assessment, facts: Facts) -> Iterator[Grade]:
    """Yield every grade in which a class is larger than its line allows."""
    classes: dict[tuple[str, str, int | None], list[int]] = defaultdict(list)
    for row in facts.tables["classes"].to_pylist():
        classes[row["school_code"], row["stage"], row["grade"]].append(row["pupils"] or 0)
    for one in of_kind(answer.rules, "none_over", "classes"):
        failing = _failing(answer, one)
        for (school, stage, grade), sizes in classes.items():
            if stage == one.part.stage and school in failing and max(sizes) > one.line:
                pupils = sum(sizes)
                yield Grade(school, stage, grade, pupils, len(sizes), max(len(sizes), -(-pupils // int(one.line))))


def new_classes(answer: Assessment, facts: Facts) -> dict[tuple[str, str], int]:
    """Return how many classes more each crowded section needs, by school code and stage."""
    found: Counter[tuple[str, str]] = Counter()
    for one in crowded(answer, facts):
        found[one.school, one.stage] += one.needed - one.classes
    return dict(found)


def shorts(
    answer: Assessment, facts: Facts, classes: Places, planned: Collection[tuple[str, str]]
) -> dict[str, tuple[Short, ...]]:
    """Return what schools lack in any case: a room for each new class, and rooms of a kind for every so many classes.

    A new class outside the `planned` sections needs its teacher here too; within them the model hires one.
    """
    found: dict[str, list[Short]] = defaultdict(list)
    ids = tuple(dict.fromkeys(one.requirement.id for one in of_kind(answer.rules, "none_over", "classes")))
    for (school, stage), number in classes.items():
        if number:
            found[school].append(Short(CLASS_ROOM, number, ids, stage))
        if number and (school, stage) not in planned:
            found[school].append(Short(HIRE, number, ids, stage))
    for one in of_kind(answer.rules, "per_n_classes"):
        for school, short in _rooms(answer, facts, classes, one):
            found[school].append(short)
    return {school: tuple(own) for school, own in found.items()}


def _rooms(answer: Assessment, facts: Facts, classes: Places, one: Asked) -> Iterator[tuple[str, Short]]:
    (kind, area), *_ = one.part.rooms.items()
    enough = Counter(
        row["school_code"]
        for row in facts.tables["rooms"].to_pylist()
        if row["kind"] == kind and (row["area"] or 0) >= area * MEASURES[Kind.AREA].scale
    )
    item = next(item for item, deed in DEEDS.items() if deed.room == kind)
    listed = set(facts.tables["rooms"]["school_code"].to_pylist())
    failing = _failing(answer, one)
    for row in facts.tables["schools"].to_pylist():
        code, more = row["school_code"], sum(classes.get((row["school_code"], stage), 0) for stage in STAGES)
        number = sum(row[f"{stage}_classes"] or 0 for stage in STAGES) + more
        lacking = -(-number // one.part.classes) - enough[code]
        if code in failing | ({code} if more and code in listed else set()) and lacking > 0:
            yield code, Short(item, lacking, (one.requirement.id,), area=area)


def _failing(answer: Assessment, one: Asked) -> set[str]:
    parts = {part.id: part for part in answer.requirements[one.requirement.id].parts}
    return {row.school_code for row in parts[one.part.id].open_rows if row.state == "failing"}
