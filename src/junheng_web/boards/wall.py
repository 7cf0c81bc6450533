"""What the boards say. Every figure comes from the room that keeps it; here they are only put side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString

from junheng import api as jh
from junheng_web.assessment import overview as overviews
from junheng_web.assessment import reviewing, trending
from junheng_web.assessment.points import first_basis, points
from junheng_web.assessment.schools import in_sections
from junheng_web.assessment.telling import Judged, Unknown, judged
from junheng_web.collection.shown.waiting import waiting
from junheng_web.dossier.reminding import LACKING
from junheng_web.dossier.selectors import checklist_of
from junheng_web.dossier.states import WORDS
from junheng_web.organisation.models import Area, School
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope
from junheng_web.planning import selectors as planning
from junheng_web.planning.telling import gap_told, wan
from junheng_web.rectification import figures
from junheng_web.rectification.selectors import issues_of
from junheng_web.rectification.telling import ENDED
from junheng_web.supervision.calendars import next_milestone
from junheng_web.supervision.chain import OPEN
from junheng_web.supervision.lights import light
from junheng_web.supervision.selectors import tasks_of

Told = dict[str, Any]
REASONS, ROWS = 5, 8
# A status as a chart tells it: kept, not kept, not known.
KEPT = {"pass": True, "fail": False}


def county_told(scope: Scope, county: Area, today: dt.date) -> Told:
    """Return what the county's board shows: the verdict, spreads, who is late, what comes first, plan and years."""
    run = judged(scope, county)
    told = _verdict(run) | figures.leader_told(scope, county, today)
    told |= {"review": reviewing.review(scope, county, today), "next": next_milestone(county, today)}
    return told | {"plan": _plan(scope, county), "years": _years(scope, county, run) if run else {}}


def _verdict(run: Judged | None) -> Told:
    if run is None:
        return {"cards": [], "reasons": [], "charts": [], "judged": None}
    shown = overviews.overview(run)
    known = {name: shown[name] for name in ("cards", "vetoes")}
    return {**known, "reasons": shown["reasons"][:REASONS], "charts": list(_charts(run)), "judged": run}


def _charts(run: Judged) -> Iterator[SafeString]:
    """Yield each stage's spreads beside their limits."""
    for stage, one in run.answer["stages"].items():
        bars = [
            jh.Bar(f"{id} {run.name(id)}", spread["cv"], spread["cv_limit"], run.spread(spread), _kept(spread))
            for id, spread in one["indicators"].items()
        ]
        yield SafeString(jh.spreads_chart(run.stage(stage), bars).svg())


def _kept(spread: Told) -> bool | None:
    return KEPT.get(spread["status"])


def _plan(scope: Scope, county: Area) -> Told | None:
    """Return the adopted plan: what it costs, and whether it is proven or how far from the best it may be (P25)."""
    if not allowed("planning.view", scope, county):
        return None
    adopted = planning.adoptions_of(scope, county).first()
    return adopted and {"adoption": adopted, "cost": wan(adopted.plan.cost), "gap": gap_told(adopted.plan)}


def _years(scope: Scope, county: Area, run: Judged) -> Told:
    """Return how verdicts and schools that pass went from year to year, on the basis of the run that is shown."""
    basis = run.run.snapshot.basis
    return trending.county(county, points(scope, county, basis), basis)


def unit_told(scope: Scope, county: Area, code: str, today: dt.date) -> Told:
    """Return what a unit's board shows: its own counts, tasks, issues and evidence, what is nearest its day first.

    Raises StopIteration for no such unit.
    """
    own = next(one for one in figures.lines(scope, county, today) if one.unit.code == code)
    unit, at = own.unit, Q(unit=own.unit) | Q(unit__parent=own.unit)
    tasks = tasks_of(scope, county).filter(at, status__in=OPEN).order_by("due", "number")
    issues = issues_of(scope, county).filter(at).exclude(state__in=ENDED).order_by("due", "number")
    gaps = [one for one in checklist_of(scope, county) if one.owner == unit and one.state in LACKING]
    return {
        "unit": unit,
        "counts": [(label, own.counts[name], name in figures.REDS) for name, label in figures.COLUMNS.items()],
        "tasks": [{"task": one, "light": light(one, today)} for one in tasks[:ROWS]],
        "issues": [{"issue": one, "late": one.late_on(today)} for one in issues[:ROWS]],
        "gaps": [{"item": one.item, "told": WORDS[one.state]} for one in gaps[:ROWS]],
        "more": max(0, len(gaps) - ROWS),
    }


def school_told(scope: Scope, school: School, today: dt.date) -> Told:
    """Return what a school's board shows: its verdict and values, what it lacks, what waits for it, how it went."""
    county = school.county
    run, own = judged(scope, county), any(post.school_id == school.id for post in scope.posts_in(county))
    issues = issues_of(scope, county).filter(school=school).exclude(state__in=ENDED).order_by("due", "number")
    return {
        "school": school,
        "judged": run,
        "sections": in_sections(run, school.code) if run else [],
        "issues": [{"issue": one, "late": one.late_on(today)} for one in issues[:ROWS]],
        "own": own,
        "waits": waiting(scope, county, today) if own else [],
        "review": reviewing.review(scope, county, today),
        **_school_years(scope, county, school),
    }


def _school_years(scope: Scope, county: Area, school: School) -> Told:
    try:
        return trending.school(points(scope, county, first_basis(scope, county)), school.code)
    except Unknown:
        return {"years": []}
