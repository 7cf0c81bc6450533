"""Writes of gates: an item goes through them in their order, does without one, or is taken back from the last."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from junheng_web.funding.gates import ACCEPTED, BOOKED, Gate, Way, gates, way_of
from junheng_web.funding.models import GateStep, Item
from junheng_web.funding.rising import added_by
from junheng_web.funding.selectors import at_school, works_on
from junheng_web.funding.services import Moved, item_held, reason_checked, step_write
from junheng_web.notices.services import notice_send
from junheng_web.organisation import audit
from junheng_web.organisation.models import Post, Unit
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision.selectors import AT_SCHOOL

Deed = GateStep.Deed


def passable(by: Scope, item: Item) -> frozenset[str]:
    """Return the gates of which one may say something: who works on the item of all, its school's head of some."""
    if works_on(by, item):
        return frozenset(gates())
    return frozenset(id for id, one in gates().items() if one.school) if at_school(by, item) else frozenset()


def may_pass(by: Scope, item: Item, gate: Gate) -> bool:
    """Whether one may say that an item is through a gate."""
    return gate.id in passable(by, item)


def _held(by: Scope | None, item: Item, gate: Gate) -> tuple[Item, Way]:
    """Return the item, held, and its way. Raises PermissionDenied, Moved where it was dropped."""
    if by is not None and not may_pass(by, item, gate):
        raise PermissionDenied
    kept = item_held(item)
    if kept.dropped:
        raise Moved(f"{kept.code} 已经取消，不能办手续")
    return kept, way_of(kept)


@transaction.atomic
def gate_pass(
    *,
    by: Scope | None,
    item: Item,
    gate: str,
    day: dt.date,
    today: dt.date,
    unit: Unit | None = None,
    document: str = "",
    note: str = "",
) -> GateStep:
    """Say that an item went through a gate on a day, with the document that says so.

    Raises KeyError for no such gate, PermissionDenied, Moved, and ValidationError where a gate before it is open, or
    the day is before that of an earlier gate or still to come.
    """
    one = gates()[gate]
    kept, way = _held(by, item, one)
    if way.at(gate).through:
        raise Moved(f"“{one.label}”已经办过了：请刷新页面看看")
    if open_before := [each.gate.label for each in way.before(gate) if not each.through]:
        raise ValidationError(f"前面还有没办的：{'、'.join(open_before)}；办了或注明“不需要”，才能办{one.label}")
    _day_fits(way, gate, day, today)
    told = {"day": day, "unit": unit, "document": document.strip(), "note": note.strip()}
    made = _written(by, kept, one, Deed.PASS, **told)
    if by is not None:
        # What is loaded as having happened is no news.
        _tell_school(by, kept, made)
    return made


def _tell_school(by: Scope, item: Item, made: GateStep) -> None:
    """Tell the school that an item may be put into its form, once the last of what that takes is there."""
    if not gates()[made.gate].marks or item.line.school is None or added_by(item) is None or not way_of(item).counts:
        return
    posts = Post.objects.filter(area=item.county, school=item.line.school, role__in=AT_SCHOOL)
    text = f"{item.code} {item.name}已经验收、入账，可以加进填报表"
    url = reverse("funding:rise", args=[item.county.code, item.line.school.code])
    notice_send(by=by, county=item.county, posts=posts, key=f"{item.code}:{made.id}", text=text, url=url)


def _day_fits(way: Way, gate: str, day: dt.date, today: dt.date) -> None:
    if day > today:
        raise ValidationError("日期还没有到；请填实际办的那一天")
    earlier = [one for one in way.before(gate) if one.done and one.step.day > day]
    if earlier:
        last = earlier[-1]
        raise ValidationError(f"{day} 早于“{last.gate.label}”的 {last.step.day}；请核对文件上的日期")


@transaction.atomic
def gates_skip(*, by: Scope | None, item: Item, named: list[str], note: str) -> list[GateStep]:
    """Say that an item does without some gates, and why; those that it is through stay as they are."""
    reason_checked(note)
    kept, way = item, way_of(item)
    made = []
    for id in named:
        kept, way = _held(by, item, gates()[id])
        if not way.at(id).through:
            made.append(_written(by, kept, gates()[id], Deed.SKIP, note=note.strip()))
    return made


@transaction.atomic
def gate_undo(*, by: Scope | None, item: Item, gate: str, why: str) -> GateStep:
    """Take an item back from a gate.

    Raises ValidationError where a later gate was gone through, or the item was put into the school's form already.
    """
    one = gates()[gate]
    kept, way = _held(by, item, one)
    reason_checked(why)
    if not way.at(gate).through:
        raise Moved(f"“{one.label}”现在没有办：请刷新页面看看")
    if later := [each.gate.label for each in way.after(gate) if each.done]:
        raise ValidationError(f"后面的{'、'.join(later)}已经办了；请从最后一道往回退")
    if one.marks in (ACCEPTED, BOOKED) and kept.rises.filter(undone="").exists():
        raise ValidationError("这个项目的数已经加进填报表；请先在填报表里改回，并撤回“加进填报表”")
    return _written(by, kept, one, Deed.UNDO, note=why.strip())


def _written(by: Scope | None, item: Item, gate: Gate, deed: str, **told: object) -> GateStep:
    made = GateStep.objects.create(county=item.county, item=item, gate=gate.id, deed=deed, **told, **audit.signed(by))
    words = "，".join(filter(None, (str(made.day or ""), str(made.unit or ""), made.document, made.note)))
    step_write(item, f"gate_{deed}", by=by, note=f"{gate.label}{f'：{words}' if words else ''}")
    detail = {"gate": gate.id, "day": str(made.day or ""), "document": made.document, "note": made.note}
    audit.record(f"funding.gate_{deed}", by=by, county=item.county, of=("funding_item", item.code), **detail)
    return made
