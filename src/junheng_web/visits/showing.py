"""The table of schools and items, and one item with what the rule proposes, as their pages show it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from junheng.facts.schema import JUDGEMENTS
from junheng.standard.grading import FINDINGS, Graded
from junheng_web.collection.models import Cell, Ledger, Period
from junheng_web.collection.shown.telling import whose
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.visits.confirming import may_confirm, standing
from junheng_web.visits.models import Grading
from junheng_web.visits.results import COUNTY, Item, Seen, items_of, ledger_of
from junheng_web.visits.rubrics import accepted
from junheng_web.visits.selectors import SEE_ALL
from junheng_web.visits.telling import badge

ONLY = {"": "全部学校", "below": "只看低于要求的", "unseen": "只看没有看完的"}


def results(scope: Scope, period: Period, only: str = "") -> dict[str, Any]:
    """Return what the table shows: a row for each place, a column for each item, and what the rule proposes."""
    items, ledger = items_of(period), ledger_of(period)
    warned = _warned(scope, period)
    every = list(items.values())
    return {
        "period": period,
        "columns": [{"id": id, "name": one.requirement.name} for id, one in items.items()],
        "rows": [row for row in _rows(period, every) if _wanted(row, only)],
        "proposed": [_proposed(ledger, one, warned=warned) for one in every],
        "only": only,
        "offered": [(code, label, code == only) for code, label in ONLY.items()],
    }


def address(period: Period, id: str, name: str = "item") -> str:
    """Return where an item's page is."""
    return reverse(f"visits:{name}", args=[period.county.code, period.code, id])


def _wanted(row: dict[str, Any], only: str) -> bool:
    return not only or any(cell and cell["state"] == only for cell in row["cells"])


def _rows(period: Period, items: list[Item]) -> Iterator[dict[str, Any]]:
    schools = items[0].schools if items else {}
    for place in (COUNTY, *schools):
        cells = [_cell(one, place) if place in one.places else None for one in items]
        yield {"name": schools.get(place) or f"{period.county}县级部门", "cells": cells}


def _cell(item: Item, place: str) -> dict[str, Any]:
    graded, seen = item.graded(place), item.seen.get(place)
    word, tone = badge(graded, item.requirement) if seen else ("还没有", "secondary")
    below = bool(graded.grade) and graded.grade not in accepted(item.requirement)
    state = "below" if below else "unseen" if graded.applies and graded.grade is None else ""
    url, gaps = (seen.visit.url, _gaps(graded)) if seen else ("", "")
    return {"word": word, "tone": tone, "state": state, "url": url, "gaps": gaps}


def _gaps(graded: Graded) -> str:
    """Return how many points are not fully met, and how many nobody has looked at."""
    below = f"{len(graded.below)} 点没有完全达到" if graded.below else ""
    unseen = f"{len(graded.unseen)} 点没有看" if graded.unseen else ""
    return "，".join(filter(None, [below, unseen]))


def _warned(scope: Scope, period: Period) -> bool:
    """Whether one is told that a grade differs without a reason: a note for the county itself (P6)."""
    return bool(SEE_ALL & scope.roles_in(period.county))


def _proposed(ledger: Ledger, item: Item, *, warned: bool) -> dict[str, Any]:
    proposal, cell = item.proposal, standing(ledger, item.requirement.id)
    return {
        "id": item.requirement.id,
        "name": item.requirement.name,
        "url": address(ledger.period, item.requirement.id),
        "grade": JUDGEMENTS[proposal.grade] if proposal.grade else "还定不了",
        "below": len(proposal.below),
        "unseen": len(proposal.unseen),
        "stands": JUDGEMENTS[cell.text] if cell else "未报",
        "differs": warned and differs(ledger, item, cell),
    }


def differs(ledger: Ledger, item: Item, cell: Cell | None) -> bool:
    """Whether the county's grade as it stands is another than the rule's, and nobody has said why."""
    stands, proposed = cell.text if cell else "", item.proposal.grade or ""
    if not stands or not proposed or stands == proposed:
        return False
    last = _gradings(ledger.county, ledger.period, item.requirement.id).first()
    return not (last and last.reason and last.grade == stands and last.proposed == proposed)


def _gradings(county: Area, period: Period, id: str) -> Any:
    return Grading.objects.of(county).filter(period=period, requirement=id)


def item(scope: Scope, period: Period, one: Item) -> dict[str, Any]:
    """Return what the page of an item shows: the proposal with its reasons, what stands, and who confirmed what."""
    id, ledger = one.requirement.id, ledger_of(period)
    proposal, cell = one.proposal, standing(ledger, id)
    named = {COUNTY: f"{period.county}县级部门", **one.schools}
    return {
        "period": period,
        "item": one,
        "id": id,
        "proposed": JUDGEMENTS[proposal.grade] if proposal.grade else "",
        "tone": "green" if proposal.grade in accepted(one.requirement) else "red",
        "asked": "、".join(JUDGEMENTS[grade] for grade in accepted(one.requirement) if grade in one.rubric.grades),
        "below": [_below(one, place, named[place]) for place in proposal.below],
        "unseen": [_unseen(one, place, named[place]) for place in proposal.unseen],
        "graded": len(one.places) - len(proposal.unseen),
        "places": len(one.places),
        "stands": JUDGEMENTS[cell.text] if cell else "",
        "whose": whose(cell),
        "differs": _warned(scope, period) and differs(ledger, one, cell),
        "history": [_grading(made) for made in _gradings(period.county, period, id)],
        "may_confirm": may_confirm(scope, ledger, id),
        "of_schools": one.requirement.level == "school",
    }


def _below(item: Item, place: str, name: str) -> dict[str, Any]:
    seen = item.seen[place]
    return {
        "name": name,
        "grade": JUDGEMENTS[seen.graded.grade or ""],
        "url": seen.visit.url,
        "code": seen.visit.code,
        "points": _points(item, seen),
    }


def _points(item: Item, seen: Seen) -> list[str]:
    texts = {point.id: point.text for point in item.rubric.points}
    return [f"{texts[id]}（{FINDINGS[seen.findings[id]]}）" for id in seen.graded.below]


def _unseen(item: Item, place: str, name: str) -> dict[str, Any]:
    seen = item.seen.get(place)
    return {"name": name, "left": len(seen.graded.unseen) if seen else 0, "url": seen.visit.url if seen else ""}


def _grading(made: Grading) -> dict[str, Any]:
    return {
        "grade": JUDGEMENTS.get(made.grade, "暂不定"),
        "proposed": JUDGEMENTS.get(made.proposed, "还定不了"),
        "reason": made.reason,
        "who": f"{made.by_name}（{made.by_post}）" if made.by_post else made.by_name,
        "at": timezone.localtime(made.at),
        "visits": len(made.visits),
    }
