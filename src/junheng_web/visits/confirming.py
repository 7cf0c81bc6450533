"""A county's grade is confirmed: only then does it stand in the ledger, with the visits on which it rests (P3, P20)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from junheng.facts.schema import JUDGED, JUDGEMENTS
from junheng_web.collection.handing.approving import may_fill, open_for_entry
from junheng_web.collection.ledger.saving import Change, Locked, Place, cells_save, locked_ledger
from junheng_web.collection.ledger.subjects import Subject, subjects
from junheng_web.collection.ledger.values import keep, row_of
from junheng_web.collection.models import Cell, Ledger, Period, Submission, Write
from junheng_web.organisation import audit, events
from junheng_web.organisation.scopes import Scope
from junheng_web.visits.models import Grading
from junheng_web.visits.results import COUNTY, Item, Seen, items_of, ledger_of

KEPT_IN_EVIDENCE = 400


def owner_of(ledger: Ledger, requirement: str) -> Subject:
    """Return the form of whoever owns the county's grade of a requirement."""
    row = row_of(COUNTY, requirement)
    units = (one for one in subjects(ledger) if one.kind == Submission.Kind.UNIT)
    return next(one for one in units if row in one.items)


def may_confirm(scope: Scope, ledger: Ledger, requirement: str) -> bool:
    """Whether one may confirm a grade: the office, and the desk that owns it."""
    return may_fill(scope, owner_of(ledger, requirement))


@transaction.atomic
def grade_confirm(
    *, by: Scope, period: Period, requirement: str, grade: str, reason: str, seen: str, today: dt.date
) -> Grading:
    """Put the grades of a requirement into the ledger of the present state; a blank grade leaves the county's alone.

    `seen` is the digest of what whoever confirms has looked at. Raises PermissionDenied, Locked where something was
    seen since, or the owner's form has been handed in, ValidationError for another grade than the rule's without a
    reason, KeyError for what is not judged.
    """
    ledger = locked_ledger(ledger_of(period), by=by, kind=Submission.Kind.UNIT)
    if not may_confirm(by, ledger, requirement):
        raise PermissionDenied
    item = items_of(period, {requirement})[requirement]
    if seen_of(ledger, item) != seen:
        raise Locked("刚有新的查看或更正，建议可能变了；什么也没有写，请再看一遍")
    _reasoned(item, grade, reason)
    open_for_entry(owner_of(ledger, requirement))
    return _written(by, ledger, item, grade, reason.strip()[:400], today)


def seen_of(ledger: Ledger, item: Item) -> str:
    """Return what whoever confirms has looked at: all that was seen, and which grade stands in the ledger."""
    cell = standing(ledger, item.requirement.id)
    return f"{item.digest}-{cell.revision if cell else 0}"


def _reasoned(item: Item, grade: str, reason: str) -> None:
    if grade not in {"", *item.rubric.grades}:
        labels = "、".join(JUDGEMENTS[one] for one in item.rubric.grades)
        raise ValidationError(f"评定应当是 {labels} 之一，或暂不定")
    proposed = item.proposal.grade or ""
    if grade != proposed and not reason.strip():
        told = JUDGEMENTS[proposed] if proposed else "暂不定"
        raise ValidationError(f"按规则是“{told}”；定为别的等级要写明理由")
    if not grade and not item.seen:
        raise ValidationError("还没有完成的查看，没有可以记的等级")


def _written(by: Scope, ledger: Ledger, item: Item, grade: str, reason: str, today: dt.date) -> Grading:
    id, county = item.requirement.id, ledger.county
    changes = list(_changes(item, grade, str(by.acting or by.account), today))
    saved = cells_save(by=by, ledger=ledger, changes=changes, kind=Write.Kind.VISITED)
    told = {"proposed": item.proposal.grade or "", "grade": grade, "reason": reason, "visits": item.codes}
    write = saved.write.code if saved.write else ""
    known = {"county": county, "period": ledger.period, "requirement": id, "write": write}
    made = Grading.objects.create(**known, **told, **audit.signed(by))
    audit.record("grade.confirm", by=by, county=county, of=("requirement", id), **told, write=write)
    events.announce("grade.confirmed", county=county, of=("requirement", f"{ledger.period.code}:{id}"))
    return made


def _changes(item: Item, grade: str, who: str, today: dt.date) -> Iterator[Change]:
    """Yield the cells: the county's grade, and, where schools are judged, that of each school that has one."""
    id = item.requirement.id
    if grade:
        codes = item.codes
        named = f"{len(codes)} 份查看记录：{'、'.join(codes)}" if codes else "没有查看记录"
        given = {"judgement": grade, "judged_by": who, "date": today, "evidence": named[:KEPT_IN_EVIDENCE]}
        yield from _cells(row_of(COUNTY, id), given, f"{id} 的评定")
    if item.requirement.level == "school":
        for place, one in item.seen.items():
            if place and one.graded.grade:
                yield from _cells(row_of(place, id), _given(one), f"查看记录 {one.visit.code}")


def _given(one: Seen) -> dict[str, Any]:
    visit = one.visit
    told = {"judgement": one.graded.grade, "judged_by": visit.post.name, "date": visit.date}
    return told | {"evidence": f"查看记录 {visit.code}"}


def _cells(row: str, given: dict[str, Any], sheet: str) -> Iterator[Change]:
    for name, value in given.items():
        yield Change((JUDGED.name, row, name), keep(value, JUDGED.column(name)), None, Place(sheet=sheet))


def standing(ledger: Ledger, requirement: str) -> Cell | None:
    """Return the county's grade as it stands in the ledger, whoever put it there."""
    key = {"table": JUDGED.name, "row": row_of(COUNTY, requirement), "column": "judgement"}
    return Cell.objects.filter(ledger=ledger, reported=True, **key).select_related("entry__write").first()
