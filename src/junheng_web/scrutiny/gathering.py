"""A ledger as the evidence that signs are computed from, read by a few queries whatever the number of schools."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.db.models import F, Max, Min
from django.utils import timezone

from junheng import api as jh
from junheng.facts.schema import MEASURES, SCHOOLS
from junheng_web.collection.handing.checking import placed, previous_of
from junheng_web.collection.ledger.gathering import facts_of
from junheng_web.collection.ledger.values import Kept, Key, column_of, kept_of
from junheng_web.collection.models import Cell, Entry, Explanation, Ledger, Step
from junheng_web.scrutiny.evidence import Edit, Evidence, Found, Placement, Returned

SENT_BACK = ("return", "withdraw")
AT = ("table", "row", "column")


def gather(ledger: Ledger, hours: int, placements: tuple[Placement, ...] = ()) -> Evidence | None:
    """Return a ledger's evidence; None while no school stands on its counting date.

    `hours` is how long before the deadline edits are of interest; `placements` are those of a register of persons.
    """
    facts, period = facts_of(ledger), ledger.period
    if not facts.counties:
        return None
    answer = jh.assess(facts, period.standard, as_of=period.counting_date, county=ledger.county.code)
    before = previous_of(ledger)
    previous = facts_of(before) if before else None
    return Evidence(
        facts=facts,
        answer=answer,
        found=_found(ledger),
        late=_late(ledger, hours),
        returned=_returned(ledger),
        placements=placements,
        previous=previous if previous and previous.counties else None,
    )


def _found(ledger: Ledger) -> tuple[Found, ...]:
    """Return what the checks found, with what was said of it."""
    told = Explanation.objects.filter(submission__ledger=ledger).values_list("check_id", *AT, "value", "text")
    said = {(check, (table, row, column), value): text for check, table, row, column, value, text in told}
    return tuple(Found(key, one, said.get((one.check.id, key, one.value or ""), "")) for key, one in placed(ledger))


def deadline_of(ledger: Ledger) -> dt.datetime | None:
    """Return the moment at which the ledger's last day ends, where one was set."""
    if ledger.due is None:
        return None
    return timezone.make_aware(dt.datetime.combine(ledger.due + dt.timedelta(days=1), dt.time()))


def _late(ledger: Ledger, hours: int) -> tuple[Edit, ...]:
    """Return the cells whose value was another before the last hours began; what was not reported then is no edit."""
    end = deadline_of(ledger)
    if end is None:
        return ()
    within = Entry.objects.filter(
        ledger=ledger, revision__gt=1, write__at__gte=end - dt.timedelta(hours=hours), write__at__lt=end
    )
    spans = within.values(*AT).annotate(first=Min("revision"), last=Max("revision"), at=Max("write__at"))
    asked = {tuple(one[name] for name in AT): (one["first"] - 1, one["last"], end - one["at"]) for one in spans}
    held = _entries(ledger, asked)
    edits = (Edit(key, held[key, first], held[key, last], left) for key, (first, last, left) in asked.items())
    return tuple(one for one in edits if one.before.reported and one.before != one.after)


def _entries(ledger: Ledger, keys: Collection[Key]) -> Mapping[tuple[Key, int], Kept]:
    """Return what was entered in some cells, by cell and revision."""
    asked = set(keys)
    rows = {row for _, row, _ in asked}
    entries = Entry.objects.filter(ledger=ledger, row__in=rows, column__in={column for _, _, column in asked})
    return {(one.key, one.revision): kept_of(one) for one in entries if one.key in asked}


def _returned(ledger: Ledger) -> tuple[Returned, ...]:
    """Return the numbers of schools that a form was returned for and that are others now, each by its last return."""
    steps = Step.objects.filter(submission__ledger=ledger, deed__in=SENT_BACK).exclude(reasons=[]).order_by("id")
    asked: dict[Key, tuple[dt.datetime, str]] = {}
    for step in steps:
        for reason in step.reasons:
            key = reason["table"], reason["row"], reason["column"]
            if key[0] == SCHOOLS.name and column_of(key).kind in MEASURES:
                asked[key] = step.at, reason["text"]
    return tuple(_changed(ledger, asked))


def _changed(ledger: Ledger, asked: Mapping[Key, tuple[dt.datetime, str]]) -> list[Returned]:
    before: dict[Key, Kept] = {}
    rows = {row for _, row, _ in asked}
    entries = Entry.objects.filter(ledger=ledger, table=SCHOOLS.name, row__in=rows).annotate(when=F("write__at"))
    for one in entries.order_by("revision"):
        if one.key in asked and one.when <= asked[one.key][0]:
            before[one.key] = kept_of(one)
    cells = {one.key: kept_of(one) for one in Cell.objects.filter(ledger=ledger, table=SCHOOLS.name, row__in=rows)}
    pairs = ((key, before.get(key), cells.get(key)) for key in asked)
    return [
        Returned(key, asked[key][1], was.integer, now.integer)
        for key, was, now in pairs
        if was and now and was.integer is not None and now.integer is not None and was.integer != now.integer
    ]
