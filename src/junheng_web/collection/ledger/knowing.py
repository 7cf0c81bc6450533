"""What an import has brought into the census is known: the present form does not ask for it again (P1).

The value is put into the present's cell as well, naming the census' entry, wherever nobody has said what is so today:
in an empty cell, over last year's that nobody has confirmed, and over what was put there the same way before. Whoever
finds that it has changed since the counting date opens the cell and types.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

from django.db import transaction
from django.db.models import Q

from junheng.facts.schema import CLASSES, ROOMS
from junheng_web.collection.ledger.entries import Cell, Write
from junheng_web.collection.ledger.fields import item_of
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.saving import Change, Locked, cells_save, locked_ledger
from junheng_web.collection.ledger.subjects import Kind, subjects
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.collection.ledger.values import NOTHING, Key, kept_of, subject_of
from junheng_web.organisation.scopes import Scope

# Whose values give way to what the census says: they are nobody's word on what is so today.
GIVES_WAY = frozenset({Write.Kind.KNOWN, Write.Kind.CARRIED})
LISTED = frozenset({CLASSES.name, ROOMS.name})
FEW_SCHOOLS = 50
# A list stands or falls as a whole.
Whole = tuple[str, str]


@transaction.atomic
def census_known(*, by: Scope | None, census: Ledger, cells: Mapping[Key, Cell], file: tuple[str, str]) -> int:
    """Put what an import wrote into the census into the present's cells that are free, and return how many there were.

    Forms that were handed in, and a ledger that takes nothing in, are left as they are.
    """
    if census.basis != Ledger.Basis.CENSUS:
        return 0
    current = census.period.ledgers.select_related("county", "period").get(basis=Ledger.Basis.CURRENT)
    with suppress(Locked), transaction.atomic():
        # Held before it is looked at: what somebody types, or hands in, meanwhile comes before or after.
        held = locked_ledger(current, by=by, kind=Submission.Kind.SCHOOL)
        saved = cells_save(by=by, ledger=held, changes=list(_free(held, cells)), kind=Write.Kind.KNOWN, file=file)
        return len(saved.cells)
    return 0


def _free(current: Ledger, cells: Mapping[Key, Cell]) -> Iterator[Change]:
    away, kinds = _handed_in(current), _kinds(current, cells)
    taken = {_whole(key) for key, kind in kinds.items() if key[0] in LISTED and kind not in GIVES_WAY}
    replaced = {_whole(key) for key in cells if key[0] in LISTED} - taken
    for key, cell in cells.items():
        held = kinds.get(key)
        if _place(key) not in away and (held is None or held in GIVES_WAY) and _whole(key) not in taken:
            yield Change(key, kept_of(cell), source=cell.entry_id, confirms=held == Write.Kind.CARRIED)
    # Last year's rows that the census' list no longer has.
    for key in kinds:
        if key not in cells and _whole(key) in replaced and _place(key) not in away:
            yield Change(key, NOTHING)


def _kinds(current: Ledger, keys: Collection[Key]) -> dict[Key, str]:
    """Return how the present's cells came by what they hold: those of the keys, and all of the lists among them."""
    wanted, whole = set(keys), {_whole(key) for key in keys if key[0] in LISTED}
    cells = Cell.objects.filter(_near(wanted), ledger=current, table__in={table for table, _, _ in wanted})
    found = cells.values_list("table", "row", "column", "entry__write__kind").iterator(chunk_size=5000)
    held = (((table, row, column), kind) for table, row, column, kind in found)
    return {key: kind for key, kind in held if key in wanted or _whole(key) in whole}


def _near(keys: Collection[Key]) -> Q:
    """Return the rows to look at: of a few schools theirs alone, of many all that there are."""
    codes = {subject_of(key) for key in keys} - {""}
    if len(codes) > FEW_SCHOOLS:
        return Q()
    return Q(school__in=codes) | Q(row__in={key[1] for key in keys if not subject_of(key)})


def _whole(key: Key) -> Whole:
    return key[0], subject_of(key)


def _place(key: Key) -> str:
    """Return whose form a cell stands in: a school's code, or the name under which the county's item is owned."""
    return subject_of(key) or key[1]


def _handed_in(current: Ledger) -> set[str]:
    """Return whose cells stand in a form that is on its way: schools' codes, and items of the county."""
    away = current.submissions.exclude(status=Submission.Status.DRAFT)
    codes = {kind: {code for own, code in away.values_list("kind", "subject") if own == kind} for kind in Kind.values}
    owned = (one for one in (subjects(current) if codes[Kind.UNIT] else ()) if one.kind == Kind.UNIT)
    items = {item_of(field) for one in owned if one.code in codes[Kind.UNIT] for field in one.fields}
    return codes[Kind.SCHOOL] | items
