"""Writes of the room: the checklist comes from the rule book, the office adds to it, changes and ends items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from junheng_web.dossier.expected import expected_of, names_of
from junheng_web.dossier.models import Item
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.organisation.scopes import Scope


class Stale(Exception):
    """Somebody else wrote meanwhile; what was typed is not thrown away."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an item asks for: the words, whose it is where the office names somebody, until when."""

    text: str
    note: str = ""
    unit: Unit | None = None
    school: School | None = None
    due: dt.date | None = None
    lasting: bool = False

    @property
    def told(self) -> dict[str, object]:
        """What the audit says of it."""
        whose = {"unit": self.unit.code if self.unit else "", "school": self.school.code if self.school else ""}
        words = {"text": self.text, "note": self.note, "lasting": self.lasting}
        return {**words, **whose, "due": self.due.isoformat() if self.due else ""}


def held(county: Area) -> None:
    """Hold a county's checklist until the transaction ends, so that what is written has an order."""
    Area.objects.select_for_update().get(id=county.id)


@transaction.atomic
def checklist_take(*, by: Scope | None, county: Area, due: dt.date | None = None) -> int:
    """Take in what the county's rule book asks to be shown, and return how many items are new.

    Again, it adds only what the rules name and the checklist never had: what the office ended does not come back.
    """
    held(county)
    known = set(Item.objects.of(county).filter(origin=Item.Origin.RULES).values_list("indicator", "text"))
    new = [(one.indicator, text) for one in expected_of(county) for text in one.things]
    new = [pair for pair in new if pair not in known]
    for indicator, text in new:
        _create(county, indicator, Asked(text, due=due), Item.Origin.RULES)
    if new:
        audit.record("checklist.take", by=by, county=county, of=("checklist", county.code), items=len(new))
    return len(new)


def _create(county: Area, indicator: str, asked: Asked, origin: str) -> Item:
    last = Item.objects.of(county).filter(indicator=indicator).aggregate(last=Max("number"))["last"]
    known = {name: getattr(asked, name) for name in Asked.__dataclass_fields__}
    return Item.objects.create(county=county, indicator=indicator, number=(last or 0) + 1, origin=origin, **known)


@transaction.atomic
def items_add(*, by: Scope | None, county: Area, indicator: str, asked: Sequence[Asked]) -> list[Item]:
    """Add items to the checklist, one for each that is asked for. Raises LookupError for no such indicator."""
    if indicator not in names_of(county):
        raise LookupError(indicator)
    held(county)
    made = [_create(county, indicator, one, Item.Origin.OFFICE) for one in asked]
    for item, one in zip(made, asked, strict=True):
        audit.record("item.add", by=by, county=county, of=("item", item.code), **one.told)
    return made


@transaction.atomic
def item_change(*, by: Scope, item: Item, asked: Asked, revision: int) -> Item:
    """Change what an item asks for, whose it is or until when. Raises Stale where another change came first."""
    now = locked(item, revision)
    for name in Asked.__dataclass_fields__:
        setattr(now, name, getattr(asked, name))
    return _saved(by, now, "item.change", **asked.told)


@transaction.atomic
def item_end(*, by: Scope, item: Item, day: dt.date, because: str, revision: int) -> Item:
    """Say that an item is not asked for any more; its papers stay. Raises Stale, ValidationError without a reason."""
    if not because.strip():
        raise ValidationError("请写为什么不再要这一项，例如“与 B10-2 重复”")
    now = locked(item, revision)
    now.ended, now.ended_because = day, because.strip()
    return _saved(by, now, "item.end", because=now.ended_because)


def locked(item: Item, revision: int) -> Item:
    """Return an item as it stands now, held. Raises Stale where it is not what was read, or was ended."""
    now = Item.objects.select_for_update(of=("self",)).select_related("county").get(id=item.id)
    if now.revision != revision or now.ended:
        raise Stale("您打开以后，别人改了这一项；您填的还在下面，请对照着再存一次")
    return now


def _saved(by: Scope, item: Item, action: str, **told: object) -> Item:
    item.revision += 1
    item.save()
    audit.record(action, by=by, county=item.county, of=("item", item.code), **told)
    return item
