"""What a ledger comes to as it is: a preview from drafts, never a run; and the run that is made of what is approved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.db import transaction

from junheng import api as jh
from junheng_web.assessment import snapshots
from junheng_web.assessment.models import Run, Snapshot
from junheng_web.assessment.schools import in_sections
from junheng_web.assessment.selectors import rules_today
from junheng_web.assessment.services import run_make, snapshot_keep
from junheng_web.assessment.telling import Judged
from junheng_web.collection.handing.approving import approved
from junheng_web.collection.ledger.gathering import facts_of, schools_of, unfolded
from junheng_web.collection.ledger.locks import lock_told
from junheng_web.collection.ledger.saving import held_ledger
from junheng_web.collection.ledger.subjects import Subject, subjects
from junheng_web.collection.models import Ledger, Step, Submission
from junheng_web.collection.sealed.seals import unsealed
from junheng_web.organisation.scopes import Scope

KEPT = 4
# The steps of a form that change what is approved.
DECIDES = ("approve", "withdraw")


def live(ledger: Ledger) -> Judged | None:
    """Return what a ledger's drafts come to; None while no school stands on its counting date."""
    schools = schools_of(ledger)
    if not schools:
        return None
    answer = _answer(ledger.id, unfolded(ledger).head, schools)
    return Judged(ledger.county, Run(code=""), answer, rules_today(ledger.period.standard), pinned=False)


@lru_cache(maxsize=KEPT)
def _answer(ledger_id: int, head: str, schools: tuple[tuple[str, ...], ...]) -> dict[str, Any]:
    """Judge a ledger; its head and schools are asked for because they tell apart its states."""
    ledger = Ledger.objects.select_related("county", "period").get(id=ledger_id)
    period = ledger.period
    facts, day = facts_of(ledger), period.counting_date
    return jh.as_dict(jh.assess(facts, period.standard, as_of=day, county=ledger.county.code))


def effect(judged: Judged, one: Subject) -> dict[str, Any]:
    """Return what a form comes to: the county's verdict, and of a school its values with what is still lacking."""
    answer = judged.answer
    return {
        "requirements": list(_requirements(judged, one)),
        "verdict": answer["verdict"],
        "stages": [(judged.stage(stage), told["verdict"]) for stage, told in answer["stages"].items()],
        "sections": in_sections(judged, one.code) if one.kind == Submission.Kind.SCHOOL else [],
    }


def _requirements(judged: Judged, one: Subject) -> Iterator[dict[str, Any]]:
    """Yield the county's indicators that are judged by what a unit fills in, with how each is judged."""
    ids = dict.fromkeys(id for field in one.fields for id in field.indicators if one.kind == Submission.Kind.UNIT)
    for id in ids:
        if found := judged.answer["indicators"].get(id):
            yield {"id": id, "name": judged.name(id), "status": found["status"], "reason": found["reason"]}


def standing(ledger: Ledger) -> dict[str, Any]:
    """Return which forms of a ledger are approved, which are not, which are not sealed, and whether it is locked."""
    codes = approved(ledger)
    every = subjects(ledger)
    lacking = [one for one in every if one.code not in codes[one.kind]]
    counts = {"every": every, "lacking": lacking, "approved": len(every) - len(lacking)}
    waiting = unsealed(ledger)
    papers = [one for one in every if (one.kind, one.code) in waiting]
    return {"ledger": ledger, "lock": lock_told(ledger), "unsealed": papers, **counts}


@transaction.atomic
def approved_run(*, by: Scope, ledger: Ledger) -> Run:
    """Freeze what is approved in a ledger as a snapshot and judge it; what is not approved counts as not reported."""
    held = held_ledger(ledger)
    codes = approved(held)
    facts = _approved_facts(held, codes)
    label = f"{held}，已审定 {sum(map(len, codes.values()))} 份表"
    county = held.county
    snapshot = snapshot_keep(by=by, county=county, facts=facts, label=label, invented=county.invented, ledger=held)
    period = held.period
    return run_make(by=by, county=county, snapshot=snapshot, standard=period.standard, as_of=period.counting_date)


def _approved_facts(ledger: Ledger, codes: Mapping[str, set[str]]) -> jh.Facts:
    items = {item for one in subjects(ledger) if one.code in codes["unit"] for item in one.items}
    return facts_of(ledger, only=codes["school"], items=items)


def overtaken(snapshot: Snapshot) -> bool:
    """Whether what is approved in the snapshot's ledger is by now something else than the snapshot holds.

    A value that was changed and changed back is the same; an approval that came later is not.
    """
    ledger = snapshot.ledger
    if ledger is None:
        return False
    steps = Step.objects.filter(submission__ledger=ledger, deed__in=DECIDES)
    if ledger.sequence == snapshot.sequence and not steps.filter(at__gt=snapshot.at).exists():
        return False
    last = steps.order_by("id").values_list("id", flat=True).last() or 0
    return _digest_now(ledger.id, ledger.head, last, schools_of(ledger)) != snapshot.digest


@lru_cache(maxsize=KEPT)
def _digest_now(ledger_id: int, head: str, last: int, schools: tuple[tuple[str, ...], ...]) -> str:
    """Return the digest of what is approved; the other arguments are asked for because they tell apart its states."""
    ledger = Ledger.objects.select_related("county", "period").get(id=ledger_id)
    return snapshots.digest_of(_approved_facts(ledger, approved(ledger)))
