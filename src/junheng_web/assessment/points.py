"""The points of a trend: for each school year the best answer that there is, and what kind of answer it is.

An official run comes first; then what the approved forms come to, and what the drafts come to, for those who may see
previews; last a run that is not official. A year between two others of which nothing is known is a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from junheng.facts.clocks import school_year_of
from junheng_web.assessment import selectors, then
from junheng_web.assessment.models import Run, Snapshot
from junheng_web.assessment.telling import Judged, address
from junheng_web.collection.ledger.moments import approved_at
from junheng_web.collection.models import Ledger
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope

MOST = 6
PREVIEW = "collection.preview"
KINDS: Mapping[str, str] = {
    "official": "正式评估",
    "approved": "只用审定的数",
    "live": "预演，含没有审定的数",
    "trial": "试算",
    "none": "没有数据",
}
BASES = tuple(Snapshot.Basis.choices)


@dataclass(frozen=True)
class Point:
    """A school year of a trend, with its answer; `judged` is None in a gap, and `url` leads to where it comes from."""

    year: int
    kind: str
    judged: Judged | None = None
    url: str = ""

    @property
    def label(self) -> str:
        """The school year."""
        return f"{self.year}-{self.year + 1} 学年"


def points(scope: Scope, county: Area, basis: str) -> list[Point]:
    """Return the points of a basis by school year, the last few years, gaps among them."""
    runs, ledgers = _runs(scope, county, basis), _ledgers(scope, county, basis)
    years = sorted({*runs, *ledgers})
    every = range(years[0], years[-1] + 1) if years else ()
    made = [_point(county, year, runs.get(year), ledgers.get(year)) for year in every]
    return _between_gaps(made)[-MOST:]


def _between_gaps(made: list[Point]) -> list[Point]:
    """Leave out the gaps before the first point and after the last."""
    there = [at for at, one in enumerate(made) if one.judged]
    return made[there[0] : there[-1] + 1] if there else []


def first_basis(scope: Scope, county: Area) -> str:
    """Return the basis of which there is an official run, that of the application first."""
    official = {run.snapshot.basis for run in selectors.runs_of(scope, county) if run.official}
    return next((basis for basis, _ in BASES if basis in official), BASES[0][0])


def _runs(scope: Scope, county: Area, basis: str) -> dict[int, Run]:
    """Return for each school year the run that was declared official last, or else the newest."""
    found: dict[int, Run] = {}
    for run in _dated(scope, county, basis).order_by("id"):
        year = school_year_of(run.snapshot.counting_date)
        if year not in found or (run.declared or 0) >= (found[year].declared or 0):
            found[year] = run
    return found


def _dated(scope: Scope, county: Area, basis: str) -> QuerySet[Run]:
    return selectors.runs_of(scope, county).filter(snapshot__basis=basis, snapshot__counting_date__isnull=False)


def _ledgers(scope: Scope, county: Area, basis: str) -> dict[int, Ledger]:
    """Return for each school year its ledger, where something is in it and one may see previews."""
    if not allowed(PREVIEW, scope, county):
        return {}
    found = Ledger.objects.visible_to(scope).of(county).filter(basis=basis, sequence__gt=0)
    return {school_year_of(one.period.counting_date): one for one in found.select_related("county", "period")}


def _point(county: Area, year: int, run: Run | None, ledger: Ledger | None) -> Point:
    if run and run.official:
        return _of_run(county, year, "official", run)
    return next(_of_ledger(year, ledger), None) or (_of_run(county, year, "trial", run) if run else Point(year, "none"))


def _of_run(county: Area, year: int, kind: str, run: Run) -> Point:
    judged = Judged(county, run, selectors.answer_of(run), selectors.rules_of(run), pinned=True)
    return Point(year, kind, judged, address(county, "overview", run=run.code))


def _of_ledger(year: int, ledger: Ledger | None) -> Iterator[Point]:
    """Yield what a ledger comes to, of approved forms if there are any, else of drafts."""
    if ledger is None:
        return
    moment = then.now(ledger)
    kind = then.APPROVED if any(approved_at(moment)) else then.LIVE
    if one := then.stood(moment, kind):
        url = address(ledger.county, "then", ledger.period.code, ledger.basis, of=kind)
        yield Point(year, kind, then.judged_then(ledger, one), url)
