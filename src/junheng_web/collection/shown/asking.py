"""What is asked of a text in a cell, for the page's script: the data dictionary's own rules and words.

Many cells are asked the same; a page holds each set of rules once, under a name that its cells bear.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from junheng.facts.cells import BLANKS, NONE_OR_ZERO, THOUSANDS, typed_rules
from junheng.facts.schema import COUNTY
from junheng_web.collection.ledger.values import Key, column_of, factor_of

COLUMNS = 1024
Rules = tuple[tuple[str, bool, int, str], ...]


def asked_name(key: Key) -> str:
    """Return the name of what is asked of a cell; nothing where its text is not looked at."""
    rules = _rules(*_bare(key))
    return f"{zlib.crc32(repr(rules).encode()):08x}" if rules else ""


def asked(keys: Iterable[Key]) -> dict[str, Any]:
    """Return what is asked of these cells, by name, and how a text is made ready to be looked at."""
    found = {asked_name(key): _rules(*_bare(key)) for key in keys}
    told = {name: [_told(*rule) for rule in rules] for name, rules in found.items() if name}
    return {"blanks": [*BLANKS, NONE_OR_ZERO], "thousands": THOUSANDS, "rules": told}


def _told(pattern: str, wanted: bool, maximum: int, said: str) -> dict[str, Any]:
    return {"pattern": pattern, "wanted": wanted, "maximum": maximum, "told": said}


def _bare(key: Key) -> Key:
    """Return a key without its school: every school is asked the same."""
    table, row, column = key
    return table, row if table == COUNTY.name else "", column


@lru_cache(maxsize=COLUMNS)
def _rules(*key: str) -> Rules:
    table, row, column = key
    cell = (table, row, column)
    rules = typed_rules(column_of(cell), factor_of(cell))
    return tuple((one.pattern, one.wanted, one.maximum, f"{one.problem.reason}。{one.problem.remedy}") for one in rules)
