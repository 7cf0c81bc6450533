"""What accepted and booked items add to a school's figures: proposed beside the form, entered by whoever fills it in.

Nothing here approves anything: the numbers go into the form of the present ledger as typed ones do, are handed in,
signed, reviewed and approved, and only then does an issue move. `Write.Kind.FUNDED` says how they came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from junheng.facts.plan_schema import DEEDS
from junheng.facts.schema import SCHOOLS
from junheng_web.collection.handing.approving import may_fill, status_of
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.entries import Write
from junheng_web.collection.ledger.saving import Locked, current_cells
from junheng_web.collection.ledger.subjects import Subject, subject
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.collection.ledger.values import Kept, Key, column_of, shown, typed, unit_of
from junheng_web.collection.models import Ledger, Period
from junheng_web.funding.gates import way_of
from junheng_web.funding.models import Item, Rise
from junheng_web.funding.services import item_held, reason_checked, step_write
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area, School
from junheng_web.organisation.scopes import Scope

STALE = "在您看的时候，项目或填报表里的数变了；什么也没有填，请再看一遍"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an item would add to a cell, in the column's smallest unit; `before` is nothing where the cell is empty."""

    item: Item
    key: Key
    added: int
    before: int | None
    revision: int | None

    @property
    def label(self) -> str:
        """What the cell is called."""
        return column_of(self.key).label

    @property
    def unit(self) -> str:
        """The unit in which it is typed and shown."""
        return unit_of(self.key)

    @property
    def after(self) -> int | None:
        """What would stand there."""
        return None if self.before is None else self.before + self.added

    def told(self, value: int | None) -> str:
        """Return a value as the form shows it."""
        return shown(Kept(value is not None, value), self.key) or "未报"

    @property
    def in_words(self) -> tuple[str, str, str]:
        """What stands there, what is added, what would stand there."""
        return self.told(self.before), self.told(self.added), self.told(self.after)


def column_raised(item: Item) -> str:
    """Return the column of a school's form that an item adds to; nothing for one that adds to none."""
    deed = DEEDS.get(item.deed)
    return deed.facts[0] if deed and deed.kind in {"build", "buy"} and deed.facts else ""


def added_by(item: Item) -> int | None:
    """Return how much an item adds, in its column's smallest unit; None where it has no quantity, or a broken one."""
    column = column_raised(item)
    if not column or item.quantity is None:
        return None
    smallest = item.quantity * SCHOOLS.column(column).measure.scale
    return int(smallest) if smallest == smallest.to_integral_value() else None


def newest_form(county: Area, school: School) -> Subject | None:
    """Return a school's form in the present ledger of the newest period; None without one. Raises NoSuchForm."""
    period = Period.objects.of(county).select_related("county").first()
    if period is None:
        return None
    ledger = period.ledgers.select_related("county", "period").get(basis=Ledger.Basis.CURRENT)
    return subject(ledger, Submission.Kind.SCHOOL, school.code)


def waiting(county: Area, school: School) -> list[Item]:
    """Return a school's items that are accepted and in the books, and were not put into its form yet."""
    return waiting_of(county, [school]).get(school.id, [])


def waiting_of(county: Area, schools: Iterable[School]) -> dict[int, list[Item]]:
    """Return the same of several schools by their ids; two queries, however many there are."""
    put = Rise.objects.filter(item=OuterRef("pk"), undone="")
    own = Item.objects.of(county).filter(~Exists(put), line__school__in=[one.id for one in schools], dropped="")
    items = own.select_related("county", "line__school").prefetch_related("gates").order_by("number")
    found: dict[int, list[Item]] = {}
    for one in items:
        if added_by(one) is not None and way_of(one).counts:
            found.setdefault(one.line.school_id, []).append(one)
    return found


def proposals(one: Subject, items: Sequence[Item]) -> list[Proposal]:
    """Return what items would add to a form, one on top of the other where they add to one cell."""
    keys = {item.id: (SCHOOLS.name, one.code, column_raised(item)) for item in items}
    cells = current_cells(one.ledger, list(set(keys.values())))
    reached: dict[Key, int | None] = {key: cell.integer if cell.reported else None for key, cell in cells.items()}
    made = []
    for item in items:
        key, cell = keys[item.id], cells.get(keys[item.id])
        proposal = Proposal(item, key, added_by(item) or 0, reached.get(key), cell.revision if cell else None)
        reached[key] = proposal.after
        made.append(proposal)
    return made


def seal_of(made: Sequence[Proposal]) -> str:
    """Return what tells these proposals from others: what whoever agrees to them has seen."""
    told = [(one.item.code, one.key, one.added, one.before, one.revision) for one in made]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:24]


def fillable(scope: Scope, one: Subject) -> bool:
    """Whether one may put something into a form now."""
    return may_fill(scope, one) and status_of(one) == Submission.Status.DRAFT and not one.period.frozen


@transaction.atomic
def rises_fill(*, by: Scope, one: Subject, school: School, seen: str) -> list[Rise]:
    """Put what a school's waiting items add into its form, as the school's own entry; the form goes its usual way.

    Raises PermissionDenied, and Locked where the form is handed in or what was seen is no longer so.
    """
    if not may_fill(by, one):
        raise PermissionDenied
    items = [item_held(item) for item in waiting(one.ledger.county, school)]
    made = [each for each in proposals(one, items) if one.has(each.key)]
    if seal_of(made) != seen:
        raise Locked(STALE)
    ready = [each for each in made if each.before is not None]
    if not ready:
        raise Locked("填报表里这几格还没有填：请先填上原来的数，再加项目的数")
    saved = form_save(by=by, one=one, texts=_texts(ready), kind=Write.Kind.FUNDED)
    if saved.problems or saved.conflicts:
        raise Locked(STALE)
    return [_written(by, one.period, each) for each in ready]


def _texts(ready: Sequence[Proposal]) -> list[tuple[Key, str, int | None]]:
    """Return for each cell what is to stand there in the end."""
    last: Mapping[Key, Proposal] = {each.key: each for each in ready}
    return [(key, typed(Kept(True, each.after), key), each.revision) for key, each in last.items()]


def _written(by: Scope, period: Period, each: Proposal) -> Rise:
    item = each.item
    told = {"column": each.key[2], "added": each.added, "before": each.before, "after": each.after}
    made = Rise.objects.create(county=item.county, item=item, period=period, **told)
    before, added, after = each.in_words
    note = f"{each.label}：{before} + {added} = {after} {each.unit}，等提交和审定"
    step_write(item, "raise", by=by, note=note)
    audit.record("funding.raise", by=by, county=item.county, of=("funding_item", item.code), **told)
    return made


@transaction.atomic
def rise_withdraw(*, by: Scope, item: Item, why: str) -> None:
    """Say that an item's number does not stand in the form any more; the form itself is changed by whoever fills it.

    Raises ValidationError without a reason, or where it was not put there.
    """
    reason_checked(why)
    kept = item_held(item)
    rise = Rise.objects.filter(item=kept, undone="").first()
    if rise is None:
        raise ValidationError(f"{kept.code} 的数没有加进填报表，不用撤回")
    rise.undone = why.strip()[:400]
    rise.save(update_fields=["undone"])
    step_write(kept, "raise_undo", by=by, note=why.strip())
    audit.record("funding.raise_undo", by=by, county=kept.county, of=("funding_item", kept.code), why=why)


def quantity_in(column: str, smallest: int) -> Decimal:
    """Return a number of a column in the unit in which items count."""
    return Decimal(smallest) / SCHOOLS.column(column).measure.scale
