"""What is reached on each basis: of what is approved today, and of the census run that is official today.

A value that is not known counts neither for nor against: the year that is opened anew takes nothing back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from junheng_web.assessment import recomputing, selectors
from junheng_web.assessment.models import Declaration, Run, Snapshot
from junheng_web.assessment.telling import Judged
from junheng_web.assessment.then import APPROVED, judged_then, stood
from junheng_web.collection.ledger.moments import approved_at, moment_at
from junheng_web.collection.models import Ledger, Period
from junheng_web.organisation.models import Area
from junheng_web.rectification.gaps import Key, Standing
from junheng_web.rectification.models import Issue


@dataclass(frozen=True)
class Standings:
    """Both bases of a county as they are now; each is worked out when it is asked for."""

    county: Area

    @cached_property
    def census(self) -> Standing | None:
        """The official run of the census; None where none is official."""
        run = official_census(self.county)
        return run and standing_of(run)

    @cached_property
    def presents(self) -> tuple[tuple[Period, Standing], ...]:
        """What is approved of the present state, the newest period first; one without an approved form is left out."""
        return tuple(_presents(self.county))

    def present(self, issue: Issue) -> str:
        """Return whether an issue's target is reached by approved values: of the newest year that can tell."""
        key = key_of(issue)
        for period, standing in self.presents:
            if issue.period is None or period.counting_date >= issue.period.counting_date:
                reached = standing.reached(key)
                if reached:
                    return reached
        return Issue.Reached.UNKNOWN

    def counted(self, issue: Issue) -> str:
        """Return whether an issue's target is reached in the official census of its own year or a later one."""
        one = self.census
        day = issue.period.counting_date.isoformat() if issue.period else ""
        if one is None or (one.judged.run.snapshot.counting_date or timezone.localdate()).isoformat() < day:
            return Issue.Reached.UNKNOWN
        return one.reached(key_of(issue))


def key_of(issue: Issue) -> Key:
    """Return the key of the gap that an issue was raised from."""
    return Key(issue.school.code if issue.school else "", issue.stage, issue.indicator, issue.target)


def official_census(county: Area) -> Run | None:
    """Return the census run that was declared official last and still is; inside a service, of a resolved county."""
    said = {one.run_id: one for one in Declaration.objects.of(county).order_by("id")}
    standing = sorted((one.id, run) for run, one in said.items() if one.official)
    runs = Run.objects.of(county).filter(snapshot__basis=Snapshot.Basis.CENSUS)
    known = (
        runs.select_related("county", "snapshot", "rules")
        .defer("answer", "rules__content")
        .in_bulk([run for _, run in standing])
    )
    return next((known[run] for _, run in reversed(standing) if run in known), None)


def standing_of(run: Run) -> Standing:
    """Return a run with what its answer leaves out."""
    judged = Judged(run.county, run, selectors.answer_of(run), selectors.rules_of(run), pinned=False)
    return Standing(judged, recomputing.assessed(judged))


def _presents(county: Area) -> Iterator[tuple[Period, Standing]]:
    ledgers = Ledger.objects.of(county).filter(basis=Ledger.Basis.CURRENT).select_related("county", "period")
    for ledger in ledgers.order_by("-period__code"):
        moment = moment_at(ledger, timezone.now())
        if any(approved_at(moment)):
            one = stood(moment, APPROVED)
            if one:
                yield ledger.period, Standing(judged_then(ledger, one), one.assessment)
