"""不适用 is a status (P9): what does not apply in a period, to whom and why, as the engine says, and who confirmed it.

A confirmation holds for the reason that was read. Where the reason changes, the item waits to be confirmed anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import transaction

from junheng.facts.items import ITEMS
from junheng_web.assessment.models import NotApplicable
from junheng_web.assessment.telling import Judged, school_name, who
from junheng_web.collection.ledger.fields import rules_of
from junheng_web.collection.ledger.periods import Period
from junheng_web.organisation import audit
from junheng_web.organisation.scopes import Scope

STATUS = "not_applicable"
NO_SCHOOLS = "no_schools"
Seen = tuple[str, str]
"""The key of an item, and the reason that was read."""
Told = tuple[str, str, str, str, str]
"""The key of an item, what does not apply, to whom, why, and where more is told."""
LONGEST_REASON = 400


@dataclass(frozen=True, slots=True)
class Item:
    """Something that does not apply: what, to whom, why; and by whom that was confirmed, if it was."""

    key: str
    what: str
    whom: str
    reason: str
    url: str = ""
    confirmed: str = ""


def items(judged: Judged, period: Period) -> list[Item]:
    """Return what does not apply, stage by stage, school by school, then by the document's order."""
    said = {(one.key, one.reason): who(one) for one in NotApplicable.objects.of(judged.county).filter(period=period)}
    found = [*_stages(judged), *_schools(judged), *_parts(judged, period)]
    return [Item(*one, said.get((one[0], one[3]), "")) for one in found]


def _stages(judged: Judged) -> Iterator[Told]:
    """Yield the stages in which the county has no school to judge."""
    ids = judged.measured
    for stage, one in judged.answer["stages"].items():
        if all(spread["reason"] == NO_SCHOOLS for spread in one["indicators"].values()):
            what, name = f"{ids[0]}～{ids[-1]}", judged.stage(stage)
            yield f"stage:{stage}", what, f"全县{name}", f"没有一所可判的{name}学校", ""


def _schools(judged: Judged) -> Iterator[Told]:
    """Yield the sections that are outside the sample."""
    what = f"{judged.measured[0]}～{judged.measured[-1]}"
    for one in judged.answer["sections"]:
        if one["in_sample"] is False:
            code, stage = one["school_code"], one["stage"]
            whom = f"{school_name(one)}（{judged.stage(stage)}）"
            yield f"school:{code}:{stage}", what, whom, judged.outside(one)[:LONGEST_REASON], ""


def _parts(judged: Judged, period: Period) -> Iterator[Told]:
    """Yield the conditions that are about nobody in the county, or that an answer of the county switches off."""
    asked = rules_of(period).requirements
    switches = {(id, part.id): part.only_if for id, one in asked.items() for part in one.parts}
    for id, one in judged.answer["indicators"].items():
        for part in one["parts"]:
            if part["status"] == STATUS:
                item = switches.get((id, part["id"]))
                reason = f"“{ITEMS[item].label}”填的是“否”" if item else part["reason"]
                what = f"{id} {part['name']}"
                yield f"part:{id}:{part['id']}", what, "全县", reason[:LONGEST_REASON], judged.url("rule", id)


@transaction.atomic
def applicability_confirm(*, by: Scope, judged: Judged, period: Period, seen: Collection[Seen]) -> int:
    """Confirm what was seen not to apply, and return how many; what has another reason by now is left to be read."""
    waiting = [one for one in items(judged, period) if not one.confirmed and (one.key, one.reason) in seen]
    for one in waiting:
        told = {"period": period, "key": one.key, "reason": one.reason}
        NotApplicable.objects.create(county=period.county, **told, **audit.signed(by))
    if waiting:
        keys = [one.key for one in waiting]
        audit.record("applicability.confirm", by=by, county=period.county, of=("period", period.code), keys=keys)
    return len(waiting)
