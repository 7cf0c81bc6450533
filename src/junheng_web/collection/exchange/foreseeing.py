"""What the checks would find in a ledger after an import, and did not find before it: told before one agrees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from junheng import api as jh
from junheng.facts.schema import TABLES
from junheng_web.collection.handing.checking import checked, home_of, placed
from junheng_web.collection.ledger.gathering import Unfolded, facts_from, unfolded
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.saving import Change
from junheng_web.collection.ledger.subjects import subjects, visible
from junheng_web.collection.ledger.values import Key, column_of
from junheng_web.organisation.scopes import Scope


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A finding that an import would bring: in which form, at which cell, how grave, and what to do."""

    form: str
    label: str
    value: str
    severity: str
    message: str
    expected: str
    remedy: str


def foreseen(scope: Scope, ledger: Ledger, changes: Iterable[Change]) -> list[Foreseen]:
    """Return the findings that changes would bring, the gravest first, in the forms that one may see.

    A cell that is found again with another value is told again: what was said of it held for the old one.
    """
    home = home_of([one for one in subjects(ledger) if visible(scope, one)])
    known = {_named(key, each) for key, each in placed(ledger)}
    after = _after(ledger, changes)
    found = checked(ledger, facts_from(ledger, after), after)
    new = ((key, each) for key, each in found if _named(key, each) not in known)
    return [_told(one.name, key, each) for key, each in new if (one := home(key)) is not None]


def _after(ledger: Ledger, changes: Iterable[Change]) -> Mapping[str, Any]:
    """Return a ledger's cells as they would be; what does not change is shared with the cells as they are."""
    now = unfolded(ledger)
    then = Unfolded(now.head, now.sequence, {name: dict(rows) for name, rows in now.tables.items()})
    copied: set[tuple[str, str]] = set()
    for change in changes:
        table, row, _ = change.key
        if table in TABLES and (table, row) not in copied:
            then.tables[table][row] = dict(then.tables[table].get(row, {}))
            copied.add((table, row))
        then.put(change.key, change.kept)
    return then.tables


def _named(key: Key, each: jh.Finding) -> tuple[Key, str, str | None, str | None]:
    return key, each.check.id, each.stage, each.value


def _told(form: str, key: Key, each: jh.Finding) -> Foreseen:
    try:
        label = column_of(key).label
    except KeyError:
        label = key[2]
    return Foreseen(form, label, each.value or "", each.severity, each.message, each.expected, each.remedy)
