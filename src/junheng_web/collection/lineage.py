"""Where a frozen state's numbers came from: entries never change, so a place in the ledger's order says all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from junheng_web.collection.entries import Entry
from junheng_web.collection.periods import Ledger
from junheng_web.collection.submissions import Step
from junheng_web.collection.values import Key


def entries_at(ledger: Ledger, sequence: int, keys: Collection[Key]) -> dict[Key, Entry]:
    """Return the entry of each cell as it stood after a place in the ledger's order."""
    asked = Entry.objects.filter(
        ledger=ledger,
        table__in={table for table, _, _ in keys},
        row__in={row for _, row, _ in keys},
        write__sequence__lte=sequence,
    )
    ordered = asked.select_related("write").order_by("revision")
    return {entry.key: entry for entry in ordered if entry.key in set(keys)}


def steps_until(ledger: Ledger, subject: str, moment: dt.datetime) -> list[Step]:
    """Return the steps by which a form was approved: from its last submission up to a moment."""
    found = Step.objects.filter(submission__ledger=ledger, submission__subject=subject, at__lte=moment)
    steps = list(found.order_by("id"))
    begins = [at for at, step in enumerate(steps) if step.deed == "submit"]
    return steps[begins[-1] :] if begins else []
