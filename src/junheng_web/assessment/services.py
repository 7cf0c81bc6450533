"""Writes of the room: a snapshot is kept, a run judges it, the office says which is official and when it all ends."""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib

import orjson
from django.db import transaction

from junheng import api as jh
from junheng_web.assessment import selectors, snapshots
from junheng_web.assessment.models import Declaration, ReviewDate, RuleBook, Run, Snapshot
from junheng_web.assessment.summing import summary_of
from junheng_web.collection.models import Ledger
from junheng_web.organisation import audit, events
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

CODE_LENGTH = 12


def snapshot_keep(
    *,
    by: Scope | None,
    county: Area,
    facts: jh.Facts,
    label: str,
    invented: bool = False,
    ledger: Ledger | None = None,
) -> Snapshot:
    """Store a county's facts and return their snapshot; the same facts are the same snapshot.

    With a ledger they are its approved ones, as of the place up to which it has been written.
    """
    digest = snapshots.keep(facts)
    period = (facts.tables["period"].to_pylist() or [{}])[0]
    known = {
        "label": label,
        "basis": period.get("basis") or Snapshot.Basis.CENSUS,
        "counting_date": facts.counting_date,
        "school_year": period.get("school_year") or "",
        "invented": invented,
        "ledger": ledger,
        "sequence": ledger.sequence if ledger else 0,
    }
    with transaction.atomic():
        snapshot, new = Snapshot.objects.get_or_create(county=county, digest=digest, defaults=known)
        if new:
            audit.record("snapshot.keep", by=by, county=county, of=("snapshot", digest), label=label)
    return snapshot


def run_make(
    *,
    by: Scope | None,
    county: Area,
    snapshot: Snapshot,
    standard: str,
    as_of: dt.date | None = None,
) -> Run:
    """Judge a snapshot and keep the result; judging the same again returns the run that stands."""
    facts = snapshots.open_facts(snapshot.digest)
    answer = jh.assess(facts, standard, as_of=as_of, county=county.code)
    rules, told = _rule_book(standard), jh.to_json(answer, indent=False).encode()
    known = {
        "snapshot": snapshot,
        "rules": rules,
        "engine": answer.engine,
        "as_of": answer.as_of,
        "verdict": answer.verdict,
        "by_name": str(by.account) if by else "",
        "answer": zlib.compress(told),
        "summary": summary_of(orjson.loads(told)),
    }
    code = _code(snapshot.digest, rules.digest, answer.engine, answer.as_of, snapshot.basis)
    with transaction.atomic():
        run, new = Run.objects.get_or_create(county=county, code=code, defaults=known)
        if new:
            audit.record("run.make", by=by, county=county, of=("run", code), verdict=answer.verdict, standard=standard)
            events.announce("run.made", county=county, of=("run", code))
    return run


@transaction.atomic
def run_declare(*, by: Scope | None, run: Run, note: str = "") -> bool:
    """Declare a run the county's official one, and return whether it was not so already; what was so, stays so."""
    if not _decided(run, by, official=True, note=note):
        return False
    events.announce("run.declared", county=run.county, of=("run", run.code))
    return True


@transaction.atomic
def run_withdraw(*, by: Scope | None, run: Run, note: str) -> bool:
    """Take back that a run is official, and return whether it was; the run itself stays."""
    if not _decided(run, by, official=False, note=note):
        return False
    events.announce("run.withdrawn", county=run.county, of=("run", run.code))
    return True


def _decided(run: Run, by: Scope | None, *, official: bool, note: str) -> bool:
    # The run is the lock: of two who decide at once, the second finds it decided.
    Run.objects.select_for_update().only("id").get(id=run.id)
    last = run.declarations.first()
    if bool(last and last.official) == official:
        return False
    Declaration.objects.create(county=run.county, run=run, official=official, note=note, **audit.signed(by))
    action = "run.declare" if official else "run.withdraw"
    told = {"verdict": run.verdict, "basis": run.snapshot.basis, "note": note}
    audit.record(action, by=by, county=run.county, of=("run", run.code), **told)
    return True


@transaction.atomic
def review_date_set(*, by: Scope | None, county: Area, day: dt.date | None) -> ReviewDate:
    """Set the day on which the county plans to be reviewed by the nation; None takes it back."""
    audit.record("review_date.set", by=by, county=county, of=("county", county.code), day=day and day.isoformat())
    return ReviewDate.objects.create(county=county, day=day, **audit.signed(by))


def _code(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:CODE_LENGTH]


def _rule_book(standard: str) -> RuleBook:
    digest, content = selectors.rules_packed(standard)
    return RuleBook.objects.get_or_create(digest=digest, defaults={"standard": standard, "content": content})[0]
