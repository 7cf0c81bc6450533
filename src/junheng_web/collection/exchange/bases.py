"""What a workbook of ours was made from: it says so itself, in a property of the document, and whoever reads it asks.

With it a file that comes back after days can be told apart from what others have entered meanwhile. Facts know nothing
of it: the property is no table, and the readers of facts pass it over.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from junheng import api as jh
from junheng_web.collection.ledger.periods import Ledger

PROPERTY, PART = "junheng-base", "docProps/custom.xml"
LARGEST_PART = 1 << 18
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, KeyError, ElementTree.ParseError)
WRITTEN = re.compile(r"([^/]{1,12})/([^/]{1,20})/([^/]{1,20})/([0-9]{1,18})/([0-9a-f]{0,24})")
ALIKE = "会改的格请逐格核对：有没有别人刚改过的"


@dataclass(frozen=True, slots=True)
class Base:
    """A place in the order of a ledger: its county, period and basis, and the last write until then."""

    county: str
    period: str
    basis: str
    sequence: int
    code: str

    def __str__(self) -> str:
        return f"{self.county}/{self.period}/{self.basis}/{self.sequence}/{self.code}"


def base_now(ledger: Ledger) -> Base:
    """Return the place of what was just read of a ledger (`gathering.facts_of` brings its number and code along)."""
    return Base(ledger.county.code, ledger.period.code, ledger.basis, ledger.sequence, ledger.head)


def mark(book: Any, base: Base) -> None:
    """Write into an open workbook what it was made from."""
    book.set_custom_property(PROPERTY, str(base), "text")


def base_in(file: Path) -> Base | None:
    """Return what a workbook says that it was made from; None where it says nothing, or nothing that can be read."""
    try:
        with zipfile.ZipFile(file) as package:
            if package.getinfo(PART).file_size > LARGEST_PART:
                return None
            told = ElementTree.fromstring(package.read(PART))  # noqa: S314
    except BROKEN:
        return None
    found = WRITTEN.fullmatch(next(("".join(one.itertext()) for one in told if one.get("name") == PROPERTY), ""))
    return found and Base(*found.groups()[:3], int(found[4]), found[5])


def base_here(ledger: Ledger, file: Path, name: str) -> tuple[Base | None, list[jh.Problem]]:
    """Return the base of a file that is brought into a ledger; none, with a remark, where it does not hold here."""
    base = base_in(file)
    if base is None:
        return None, []
    if (base.county, base.period, base.basis) != (ledger.county.code, ledger.period.code, ledger.basis):
        return None, [jh.Problem(name, f"这份工作簿不是从“{ledger}”下载的，分不出下载以后谁改过哪一格", ALIKE)]
    if not _known(ledger, base):
        return None, [
            jh.Problem(name, "这里没有这份工作簿下载时的记录（也许恢复过备份），分不出以后谁改过哪一格", ALIKE)
        ]
    return base, []


def _known(ledger: Ledger, base: Base) -> bool:
    """Whether the ledger really was there once: after a backup was restored, numbers are given anew."""
    if not base.sequence:
        return not base.code
    return ledger.writes.filter(sequence=base.sequence, code=base.code).exists()
