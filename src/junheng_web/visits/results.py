"""What the finished visits of a period come to: the grade of each place, and the county's by the printed rule.

Of several finished visits that look at a requirement in one place, the last one counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from junheng.facts.schema import STAGES
from junheng.standard.grading import Graded, Proposal, county_grade, place_grade
from junheng.standard.requirements import Requirement
from junheng.standard.rubrics import Rubric
from junheng_web.collection.ledger.fields import rules_of
from junheng_web.collection.ledger.gathering import schools_of, unfolded
from junheng_web.collection.models import Ledger, Period
from junheng_web.visits.models import Observation, Visit
from junheng_web.visits.rubrics import accepted, judged
from junheng_web.visits.selectors import DONE

COUNTY = ""
"""The place that stands for the county's own offices; the others are schools, by their codes."""
Findings = Mapping[str, str]


def ledger_of(period: Period) -> Ledger:
    """Return the ledger in which grades are kept: that of the present state."""
    return period.ledgers.select_related("county", "period__county").get(basis=Ledger.Basis.CURRENT)


def asked_schools(period: Period) -> dict[str, str]:
    """Return the schools that are looked at: names by code; one that reports no pupils in any stage is left out."""
    ledger, types = ledger_of(period), rules_of(period).standard.school_types
    cells = unfolded(ledger).tables["schools"]
    found = {}
    for code, name, type in schools_of(ledger):
        stages = (types[type].stages if type in types else ()) or STAGES
        pupils = [cells.get(code, {}).get(f"{stage}_pupils") for stage in stages if stage in STAGES]
        if not all(count == 0 for count in pupils):
            found[code] = name
    return found


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visit found of a requirement in a place, and the grade that it comes to."""

    visit: Visit
    findings: Findings
    graded: Graded


@dataclass(frozen=True)
class Item:
    """A judged requirement with what was seen of it: by school, and (`COUNTY`) at the county's own offices."""

    requirement: Requirement
    rubric: Rubric
    schools: Mapping[str, str]
    seen: Mapping[str, Seen]

    @property
    def places(self) -> list[str]:
        """Where it is looked at: the county's offices first, then every school that is asked."""
        county = [COUNTY] if self.rubric.at("county") else []
        return [*county, *(self.schools if self.rubric.at("school") else ())]

    def graded(self, place: str) -> Graded:
        """Return the grade of a place; one that nobody has visited has every point unseen."""
        if place in self.seen:
            return self.seen[place].graded
        return place_grade(self.rubric, "school" if place else "county", {})

    @cached_property
    def proposal(self) -> Proposal:
        """The county's grade by the rule."""
        places = {place: self.graded(place) for place in self.places}
        return county_grade(self.rubric, accepted(self.requirement), places)

    @property
    def codes(self) -> list[str]:
        """The codes of the visits on which it rests, in the order of their numbers."""
        visits = {one.visit.number: one.visit.code for one in self.seen.values()}
        return [visits[number] for number in sorted(visits)]

    @property
    def digest(self) -> str:
        """A hash of all that was seen: whoever confirms a grade says what he has looked at."""
        told = {place: [one.visit.code, dict(one.findings)] for place, one in sorted(self.seen.items())}
        return hashlib.sha256(json.dumps([told, self.places], sort_keys=True).encode()).hexdigest()[:16]


def items_of(period: Period, only: Collection[str] | None = None) -> dict[str, Item]:
    """Return what is judged in a period with what was seen; of the requirements in `only` where they are given."""
    schools, visits, findings = asked_schools(period), _finished(period), _findings(period)
    return {
        id: Item(one, rubric, schools, _seen(id, rubric, schools, visits, findings))
        for id, (one, rubric) in judged(period).items()
        if only is None or id in only
    }


def _finished(period: Period) -> list[Visit]:
    """Return the finished visits in the order of their days; the later one of two counts."""
    found = Visit.objects.of(period.county).filter(period=period, status__in=DONE)
    return list(found.select_related("county", "period__county", "school", "post").order_by("date", "number"))


def _findings(period: Period) -> dict[tuple[int, str], dict[str, str]]:
    """Return what finished visits found, by point, under visit and requirement."""
    finished = {"visit__period": period, "visit__status__in": DONE}
    rows = Observation.objects.of(period.county).filter(**finished, column=Observation.Column.FINDING)
    rows = rows.order_by("revision")
    found: dict[tuple[int, str], dict[str, str]] = {}
    for visit, requirement, point, text in rows.values_list("visit", "requirement", "point", "text"):
        found.setdefault((visit, requirement), {})[point] = text
    return found


def _seen(
    id: str,
    rubric: Rubric,
    schools: Collection[str],
    visits: list[Visit],
    findings: Mapping[tuple[int, str], Findings],
) -> dict[str, Seen]:
    found = {}
    for visit in visits:
        place = visit.school.code if visit.school else COUNTY
        told = findings.get((visit.id, id), {})
        if id in visit.items and any(told.values()) and (not place or place in schools):
            found[place] = Seen(visit, told, place_grade(rubric, visit.place, told))
    return found
