"""From what was seen to a place's grade, and from the places' grades to the county's: whole numbers, nothing guessed.

What has not been looked at counts neither for nor against: a grade stands where no possible finding could change it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from junheng.standard.rubrics import Rubric

FINDINGS = {"met": "达到", "partly": "部分达到", "failed": "未达到", "none": "不适用"}
"""What a point can be found to be; a point without any has not been looked at."""
NOT_APPLICABLE = "none"


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade that findings come to (None: not decided yet, or nothing applies), with the points that decide it."""

    grade: str | None
    below: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    applies: bool = True


def place_grade(rubric: Rubric, place: str, findings: Mapping[str, str]) -> Graded:
    """Return the grade of a school, or of the county's own points, from findings by the points' ids (P20)."""
    found = {point.id: findings.get(point.id, "") for point in rubric.at(place)}
    asked = {id: finding for id, finding in found.items() if finding != NOT_APPLICABLE}
    unseen = tuple(id for id, finding in asked.items() if not finding)
    below = tuple(id for id, finding in asked.items() if finding in {"partly", "failed"})
    failed = sum(finding == "failed" for finding in asked.values())
    best = _step(rubric, len(below), failed)
    worst = _step(rubric, len(below) + len(unseen), failed + len(unseen))
    return Graded(best if best == worst and asked else None, below, unseen, bool(asked))


def _step(rubric: Rubric, below: int, failed: int) -> str:
    return next(step.grade for step in rubric.ladder if step.holds(below, failed))


@dataclass(frozen=True, slots=True)
class Proposal:
    """The county's grade by the rule (None: not decided yet), the places under what is asked, and those not graded."""

    grade: str | None
    below: tuple[str, ...]
    unseen: tuple[str, ...]


def county_grade(rubric: Rubric, accept: Collection[str], places: Mapping[str, Graded]) -> Proposal:
    """Return the county's grade from that of each place where it applies: the lowest of them.

    While a place has no grade the county has none either, unless another place already has the lowest there is.
    """
    asked = {place: one.grade for place, one in places.items() if one.applies}
    unseen = tuple(place for place, grade in asked.items() if grade is None)
    order = rubric.grades.index
    known = [grade for grade in asked.values() if grade is not None]
    lowest = max(known, key=order, default=None)
    decided = lowest is not None and (not unseen or lowest == rubric.grades[-1])
    below = tuple(place for place, grade in asked.items() if grade is not None and grade not in accept)
    return Proposal(lowest if decided else None, below, unseen)
