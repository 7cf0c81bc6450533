"""Headings as people write them: English or Chinese, with a unit in brackets and a star, or below a title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from junheng.facts.items import ITEMS, ITEMS_BY_LABEL
from junheng.facts.schema import Column, Kind, Table

# 教学仪器设备资产值（万元）* -> label, unit
HEADING = re.compile(r"^(?P<label>[^（(]*?)\s*(?:[（(]\s*(?P<unit>[^）)]*?)\s*[）)])?\s*[*＊]?$")
# Other ways to write a unit, and what one of it is in the written unit of the data dictionary.
SQUARE_METRES = ("平方米", "㎡", "m2", "m²")
UNITS = dict.fromkeys((*SQUARE_METRES, "元", "人", "间", "个", "年", "节", "学时", ""), 1) | {"万元": 10_000}
# A table's header stands within so many rows: above it may be a title, merged over several cells.
TITLE_ROWS = 10


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading means: the column, and how many written units one of the numbers below it is."""

    column: Column
    factor: int


def read_heading(text: str, table: Table) -> Heading | None:
    """Return what `text` means in `table`; None for a heading, or a unit, that the data dictionary does not know."""
    parts = HEADING.match(text.strip())
    label, unit = (parts["label"], parts["unit"] or "") if parts else (text, "")
    column = table.by_name.get(label) or table.by_label.get(label)
    if column is None or unit not in UNITS:
        return None
    factor = UNITS[unit]
    return Heading(column, factor) if factor == 1 or column.kind is Kind.MONEY else None


def read_item(text: str) -> Heading | None:
    """Return what `text` means as an item of the county table: its name or label, with or without its unit."""
    parts = HEADING.match(text.strip())
    label, unit = (parts["label"], parts["unit"] or "") if parts else (text, "")
    column = ITEMS.get(label) or ITEMS_BY_LABEL.get(label)
    if column is None:
        return None
    if unit in ("", column.unit):
        return Heading(column, 1)
    return Heading(column, UNITS[unit]) if column.kind is Kind.MONEY and unit in UNITS else None


def _counted(lines: Sequence[Sequence[str]], table: Table) -> list[int]:
    return [sum(read_heading(cell, table) is not None for cell in line) for line in lines[:TITLE_ROWS]]


def header_row(lines: Sequence[Sequence[str]], table: Table) -> int:
    """Return where the header stands: the row near the top with the most known headings, else the first."""
    known = _counted(lines, table)
    return known.index(max(known)) if max(known) else 0


def known_headings(lines: Sequence[Sequence[str]], table: Table) -> int:
    """Return how many headings the best row near the top has that the data dictionary knows."""
    return max(_counted(lines, table), default=0)
