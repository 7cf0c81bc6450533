"""What is looked at on a visit: the points of the rule book that is in force on the period's counting date."""

from __future__ import annotations

from collections.abc import Mapping

from junheng.standard.needed import judged_needs
from junheng.standard.requirements import Requirement
from junheng.standard.rubrics import Point, Rubric
from junheng_web.collection.ledger.fields import rules_of
from junheng_web.collection.models import Period
from junheng_web.visits.models import Observation, Visit

Key = tuple[str, str, str]
"""Requirement, point and column of what is written at one point of a visit."""


def judged(period: Period) -> Mapping[str, tuple[Requirement, Rubric]]:
    """Return what is judged by points, with its rubric, in the document's order."""
    rules = rules_of(period)
    every = {id: rules.requirements[id] for id in judged_needs(rules)}
    return {id: (one, one.rubric) for id, one in every.items() if one.rubric is not None}


def items_at(period: Period, place: str) -> dict[str, str]:
    """Return what can be looked at in a place (`school` or `county`): names by id."""
    return {id: one.name for id, (one, rubric) in judged(period).items() if rubric.at(place)}


def points_of(visit: Visit) -> list[tuple[Requirement, Rubric, tuple[Point, ...]]]:
    """Return what a visit looks at: each requirement with its rubric and its points in such a place."""
    known = judged(visit.period)
    return [(*known[id], known[id][1].at(visit.place)) for id in known if id in visit.items]


def keys_of(visit: Visit) -> set[Key]:
    """Return everything that can be written on a visit."""
    points = [(one.id, point.id) for one, _, points in points_of(visit) for point in points]
    return {(id, point, column) for id, point in points for column in Observation.Column.values}


def accepted(requirement: Requirement) -> tuple[str, ...]:
    """Return the grades with which a judged requirement is met."""
    return next(part.accept for part in requirement.parts if part.kind == "all_judged")
