"""What an import has brought into the census is known: the present form does not ask for it again (P1).

The value is put into the present's cell as well, naming the census' entry, wherever nobody has said what is so today:
in an empty cell, over last year's that nobody has confirmed, and over what was put there the same way before. Whoever
finds that it has changed since the counting date opens the cell and types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from django.db import transaction

from junheng.facts.schema import CLASSES, ROOMS
from junheng_web.collection.entries import Cell, Write
from junheng_web.collection.fields import item_of
from junheng_web.collection.periods import Ledger
from junheng_web.collection.saving import Change, Locked, cells_save, current_cells
from junheng_web.collection.subjects import Kind, subjects
from junheng_web.collection.submissions import Submission
from junheng_web.collection.values import NOTHING, Key, kept_of, subject_of
from junheng_web.organisation.scopes import Scope

# Whose values give way to what the census says: they are nobody's word on what is so today.
GIVES_WAY = frozenset({Write.Kind.KNOWN, Write.Kind.CARRIED})
LISTED = frozenset({CLASSES.name, ROOMS.name})
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
    changes = list(_free(current, cells))
    if not changes:
        return 0
    with suppress(Locked), transaction.atomic():
        saved = cells_save(by=by, ledger=current, changes=changes, kind=Write.Kind.KNOWN, file=file)
        return len(saved.cells)
    return 0


def _free(current: Ledger, cells: Mapping[Key, Cell]) -> Iterator[Change]:
    away, kinds = _handed_in(current), _kinds(current, cells)
    taken = {_whole(key) for key, kind in kinds.items() if key[0] in LISTED and kind not in GIVES_WAY}
    given = {_whole(key) for key in cells if key[0] in LISTED}
    for key, cell in cells.items():
        held = kinds.get(key)
        if _place(key) not in away and (held is None or held in GIVES_WAY) and _whole(key) not in taken:
            yield Change(key, kept_of(cell), source=cell.entry_id, confirms=held == Write.Kind.CARRIED)
    # Last year's rows that the census' list no longer has.
    for key in kinds:
        if key not in cells and _whole(key) in given - taken and _place(key) not in away:
            yield Change(key, NOTHING)


def _kinds(current: Ledger, cells: Iterable[Key]) -> dict[Key, str]:
    """Return how the present's cells came by what they hold: those of the keys, and all of the lists among them."""
    keys = list(cells)
    found = Cell.objects.filter(id__in=[cell.id for cell in current_cells(current, keys).values()])
    told = ("table", "row", "column", "entry__write__kind")
    kinds = {(table, row, column): kind for table, row, column, kind in found.values_list(*told)}
    whole = {_whole(key) for key in keys if key[0] in LISTED}
    for table, row, column, kind in Cell.objects.filter(ledger=current, table__in=LISTED).values_list(*told):
        if (table, subject_of((table, row, column))) in whole:
            kinds[table, row, column] = kind
    return kinds


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
