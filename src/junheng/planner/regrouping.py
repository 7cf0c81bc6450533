"""A stage's pupils in classes anew: what becomes of classes when somebody tries another number of pupils."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow as pa

from junheng.engine.result import Assessment
from junheng.facts.model import Facts
from junheng.planner.after import even_classes
from junheng.planner.rooms import Grade, of_kind

Row = dict[str, Any]


def largest_class(answer: Assessment, stage: str) -> int | None:
    """Return how many pupils a class of a stage may have by the rule book; None where it does not say."""
    lines = [int(one.line) for one in of_kind(answer.rules, "none_over", "classes") if one.part.stage == stage]
    return min(lines, default=None)


def grades_of(facts: Facts, school: str, stage: str, pupils: int) -> dict[int | None, int]:
    """Return so many pupils by grade, in proportion to those in the classes that were reported; {} without any."""
    told: Counter[int | None] = Counter()
    for row in facts.tables["classes"].to_pylist():
        if (row["school_code"], row["stage"]) == (school, stage):
            told[row["grade"]] += row["pupils"] or 0
    whole, before = told.total(), 0
    found: dict[int | None, int] = {}
    for grade, many in told.items() if whole else ():
        found[grade] = (before + many) * pupils // whole - before * pupils // whole
        before += many
    return found


def regrouped(facts: Facts, school: str, stage: str, largest: int) -> list[Row]:
    """Return a stage's classes with its pupils as they are reported, each grade in the fewest that the line allows.

    There are none where no class was reported: nobody knows in which grades the pupils are.
    """
    told = next(row for row in facts.tables["schools"].to_pylist() if row["school_code"] == school)
    grades = grades_of(facts, school, stage, told[f"{stage}_pupils"] or 0)
    every = (Grade(school, stage, grade, many, 0, -(-many // largest)) for grade, many in grades.items())
    return [row for one in every for row in even_classes(one)]


def classes_needed(answer: Assessment, school: str, stage: str) -> tuple[int, int] | None:
    """Return the fewest classes that a stage's pupils take, grade by grade, and how many a class may have at most.

    None where the rule book draws no line, or where the classes or the pupils were not reported.
    """
    largest = largest_class(answer, stage)
    fresh = regrouped(answer.facts, school, stage, largest) if largest else []
    return (len(fresh), largest) if largest and fresh else None


def with_classes(classes: pa.Table, school: str, stage: str, fresh: list[Row]) -> pa.Table:
    """Return a table of classes with others in one stage of a school."""
    kept = [row for row in classes.to_pylist() if (row["school_code"], row["stage"]) != (school, stage)]
    return pa.Table.from_pylist([*kept, *fresh], classes.schema)
