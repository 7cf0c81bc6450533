"""What stood at a moment: what a ledger's drafts came to then, what its approved forms came to, which run was official.

A ledger is judged by the rule book as it reads today; a run that was made then keeps its own rules, and stands beside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import timezone

from junheng import api as jh
from junheng_web.assessment import selectors
from junheng_web.assessment.models import Run, Snapshot
from junheng_web.assessment.telling import Judged, address
from junheng_web.collection.handing.approving import DEEDS
from junheng_web.collection.ledger.gathering import facts_from, schools_of, unfolded_at
from junheng_web.collection.ledger.lineage import steps_until
from junheng_web.collection.ledger.moments import Moment, approved_at, days, moment_at, statuses_at, write_of
from junheng_web.collection.ledger.origins import writer
from junheng_web.collection.ledger.subjects import Subject, subjects
from junheng_web.collection.models import Ledger, Submission
from junheng_web.organisation.scopes import Scope

KEPT = 4
LIVE, APPROVED = "live", "approved"
OF: Mapping[str, str] = {LIVE: "那时填着的数", APPROVED: "只用那时审定的数"}
Approved = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Stood:
    """An answer, and the same as a page reads it; neither is to be changed."""

    assessment: jh.Assessment
    answer: selectors.Answer


def of_snapshot(snapshot: Snapshot) -> Moment | None:
    """Return the moment at which a snapshot froze its ledger; None where nobody's entries stand behind it."""
    return snapshot.ledger and Moment(snapshot.ledger, snapshot.at, snapshot.sequence, "")


def stood(moment: Moment, of: str) -> Stood | None:
    """Return what a ledger came to at a moment, of its drafts or of what was approved; None without any school."""
    schools = schools_of(moment.ledger)
    if not schools:
        return None
    approved = approved_at(moment) if of == APPROVED else None
    return judged_at(moment.ledger.id, moment.sequence, moment.code, approved, schools)


@lru_cache(maxsize=KEPT)
def judged_at(
    ledger_id: int, sequence: int, code: str, approved: Approved | None, schools: tuple[tuple[str, ...], ...]
) -> Stood:
    """Judge a ledger as it was after a write; code and schools are asked for because they tell apart its states."""
    ledger = Ledger.objects.select_related("county", "period").get(id=ledger_id)
    only, items = approved or (None, None)
    facts = facts_from(ledger, unfolded_at(ledger, sequence, code).tables, only, items)
    period = ledger.period
    assessment = jh.assess(facts, period.standard, as_of=period.counting_date, county=ledger.county.code)
    return Stood(assessment, jh.as_dict(assessment))


def judged_then(ledger: Ledger, one: Stood) -> Judged:
    """Return an answer in the form in which the pages of a run speak; it is no run, and no page leads to it."""
    return Judged(ledger.county, Run(code=""), one.answer, selectors.rules_today(ledger.period.standard), pinned=False)


def then(scope: Scope, moment: Moment, of: str) -> dict[str, Any]:
    """Return what the page of a moment shows beside the answer itself: which moment it is, and what stood where."""
    approved, every = _approved(moment), len(subjects(moment.ledger))
    official = selectors.official_at(scope, moment.ledger.county, moment.at)
    return {
        "ledger": moment.ledger,
        **placed(moment),
        "approved": approved,
        "every": every,
        "results": [_result(moment, name, of) for name in OF if name == LIVE or approved],
        "official": official and {"run": official, "url": _run_url(official)},
        "days": [{**day, "url": url(moment.ledger, day["day"].isoformat(), of=of)} for day in days(moment.ledger)],
    }


def _approved(moment: Moment) -> int:
    return sum(status == Submission.Status.APPROVED for status in statuses_at(moment).values())


def _run_url(run: Run) -> str:
    return address(run.county, "overview", run=run.code)


def _result(moment: Moment, name: str, of: str) -> dict[str, Any]:
    one = stood(moment, name)
    status = one.answer["verdict"] if one else ""
    return {"title": OF[name], "status": status, "url": url(moment.ledger, named(moment), of=name), "here": name == of}


def placed(moment: Moment) -> dict[str, Any]:
    """Return which write a moment shows, by whom, and where the ones before and after it are."""
    last = write_of(moment)
    newest = moment.ledger.writes.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    return {
        "at": timezone.localtime(moment.at),
        "number": moment.sequence,
        "write": last and writer(last),
        "since": newest - moment.sequence,
        "before": url(moment.ledger, str(moment.sequence - 1)) if moment.sequence > 1 else "",
        "after": url(moment.ledger, str(moment.sequence + 1)) if moment.sequence < newest else "",
    }


def named(moment: Moment) -> str:
    """Return the text that names a moment in an address."""
    return timezone.localtime(moment.at).isoformat()


def url(ledger: Ledger, at: str, **query: str) -> str:
    """Return the address of the page of a ledger's moment."""
    return address(ledger.county, "then", ledger.period.code, ledger.basis, at=at, **query)


def form_then(moment: Moment, one: Subject) -> dict[str, Any]:
    """Return how far a form was at a moment, and by whose steps."""
    status = statuses_at(moment).get((one.kind, one.code), Submission.Status.DRAFT)
    steps = steps_until(moment.ledger, one.kind, one.code, moment.at)
    return {
        **placed(moment),
        "subject": one,
        "status": Submission.Status(status).label,
        "steps": [(DEEDS[step.deed].label, f"{step.by_name or '系统'} {_time(step.at)}") for step in steps],
    }


def _time(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def now(ledger: Ledger) -> Moment:
    """Return a ledger's moment now."""
    return moment_at(ledger, timezone.now())
