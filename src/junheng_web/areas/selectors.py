"""Reads of the room: the counties below an area, and where each of them stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from junheng_web.assessment.models import Run
from junheng_web.assessment.selectors import newest_runs, official_runs, review_days
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope

PREVIEW = "collection.preview"


@dataclass(frozen=True, slots=True)
class Standing:
    """A county with its official run and since when it is so; or with a trial; or with nothing that may be seen."""

    county: Area
    run: Run | None
    since: dt.datetime | None
    review: dt.date | None

    @property
    def official(self) -> Run | None:
        """The run, where it is the county's word."""
        return self.run if self.since else None


def counties_below(scope: Scope, area: Area) -> list[Area]:
    """Return the counties below an area that the scope reaches, by their codes."""
    below = Q(parent=area) | Q(parent__parent=area)
    return list(scope.counties().filter(below).select_related("parent__parent").order_by("code"))


def standings(scope: Scope, area: Area) -> list[Standing]:
    """Return where each county below an area stands: by its official run; a trial only where previews may be seen."""
    counties = counties_below(scope, area)
    official, days = official_runs(scope, counties), review_days(scope, counties)
    without = [one for one in counties if one.id not in official and allowed(PREVIEW, scope, one)]
    trials = newest_runs(scope, without) if without else {}
    return [Standing(one, *official.get(one.id, (trials.get(one.id), None)), days.get(one.id)) for one in counties]


def areas_beside(scope: Scope, area: Area) -> list[Area]:
    """Return the other areas above counties that the scope reaches, by their codes."""
    return list(scope.areas().exclude(id=area.id).order_by("code"))
