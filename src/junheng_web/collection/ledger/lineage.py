"""Where a frozen state's numbers came from: entries never change, so a place in the ledger's order says all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Max, QuerySet

from junheng_web.collection.ledger.entries import Entry
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.submissions import Step, Submission
from junheng_web.collection.ledger.values import SEPARATOR, Key

List = tuple[str, str]
"""A list of a school: table and the school's code."""


def entries_at(ledger: Ledger, sequence: int, keys: Collection[Key]) -> dict[Key, Entry]:
    """Return the entry of each cell as it stood after a place in the ledger's order."""
    asked = Entry.objects.filter(
        ledger=ledger,
        table__in={table for table, _, _ in keys},
        row__in={row for _, row, _ in keys},
        write__sequence__lte=sequence,
    )
    ordered = asked.select_related("write", "ledger__county").order_by("revision")
    return {entry.key: entry for entry in ordered if entry.key in set(keys)}


def lists_at(ledger: Ledger, sequence: int, lists: Collection[List]) -> dict[List, Entry]:
    """Return, for each list of a school, the last entry that was made in it up to a place in the ledger's order."""
    found: dict[List, int] = {}
    tables = {table for table, _ in lists}
    rows = Entry.objects.filter(ledger=ledger, table__in=tables, write__sequence__lte=sequence)
    for table, row, last in rows.order_by("table", "row").values_list("table", "row").annotate(last=Max("id")):
        key = table, row.partition(SEPARATOR)[0]
        found[key] = max(last, found.get(key, 0))
    ids = {found[key]: key for key in lists if key in found}
    return {ids[entry.id]: entry for entry in _written(ids)}


def _written(ids: Collection[int]) -> QuerySet[Entry]:
    return Entry.objects.filter(id__in=ids).select_related("write", "ledger__county")


def steps_until(
    ledger: Ledger, kind: str, subject: str, until: dt.datetime, since: dt.datetime | None = None
) -> list[Step]:
    """Return the steps by which a form was approved: from its last submission up to a moment.

    Before them those that took an approval back after `since`. What was returned or recalled is a working paper.
    """
    asked = Step.objects.filter(submission__ledger=ledger, submission__kind=kind, submission__subject=subject)
    steps = list(asked.filter(at__lte=until).order_by("id"))
    begins = next((at for at in reversed(range(len(steps))) if steps[at].deed == "submit"), len(steps))
    back = [one for one in steps[:begins] if since and one.at > since and one.deed == "withdraw"]
    return [*back, *(one for one in steps[begins:] if one.status != Submission.Status.DRAFT or one.deed == "withdraw")]
