"""Between what is typed, what is kept, and what is shown: one cell at a time, by the data dictionary's own reader."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from junheng import api as jh
from junheng.facts.cells import Place, convert
from junheng.facts.items import ITEMS
from junheng.facts.schema import COUNTY, MEASURES, SCHOOLS, TABLES, Column, Kind
from junheng.facts.writers import plain, scaled
from junheng_web.collection.ledger.entries import SEPARATOR, Value

Key = tuple[str, str, str]
"""Table, row, column. A row of a school begins with its code, then `|` where the table has several of a school."""

WAN = 10_000
INTEGERS = {*MEASURES, Kind.FLAG}
FEW_DIGITS = re.compile(r"[0-9]{1,9}")
LONGEST_TEXT = 400


@dataclass(frozen=True, slots=True)
class Kept:
    """What a cell holds, as the database keeps it."""

    reported: bool
    integer: int | None = None
    text: str = ""


NOTHING = Kept(reported=False)


def kept_of(value: Value) -> Kept:
    """Return what a cell or entry holds."""
    return Kept(value.reported, value.integer, value.text)


def column_of(key: Key) -> Column:
    """Return the data dictionary's column of a cell; of the county's items, the item. KeyError for no such cell."""
    table, row, column = key
    return ITEMS[row] if table == COUNTY.name and column == "value" else TABLES[table].column(column)


def row_of(*parts: object) -> str:
    """Return a row's name, from the school's code on."""
    return SEPARATOR.join(map(str, parts))


def subject_of(key: Key) -> str:
    """Return the code of the school to which a cell belongs; of the county's items, nothing."""
    return "" if key[0] == COUNTY.name else key[1].split(SEPARATOR)[0]


def choices_of(column: Column) -> Mapping[str, str]:
    """Return what may be chosen in a column, by code; nothing where it is typed."""
    return {"1": "是", "0": "否"} if column.kind is Kind.FLAG else column.choices


def factor_of(key: Key) -> int:
    """Return how many yuan one of the unit in which a sum is typed is: schools type 万元, the county's items 元."""
    return WAN if column_of(key).kind is Kind.MONEY and key[0] == SCHOOLS.name else 1


def unit_of(key: Key) -> str:
    """Return the unit in which a cell is typed and shown."""
    return "万元" if factor_of(key) == WAN else column_of(key).unit


@dataclass(frozen=True, slots=True)
class Read:
    """What a text means in a cell; or the problem for which it means nothing; or what is only asked about it."""

    kept: Kept = NOTHING
    problem: jh.Problem | None = None
    remark: jh.Problem | None = None


def read(key: Key, text: str) -> Read:
    """Return what `text` means in a cell. Blank is not reported."""
    column = column_of(key)
    if column.kind is Kind.TEXT and len(text) > LONGEST_TEXT:
        return Read(problem=jh.Problem("", f"超过 {LONGEST_TEXT} 个字", "请写短一些", None, column.label, None))
    if (whole := _whole(key, column, text)) is not None:
        return Read(keep(whole, column))
    got = convert(pa.array([text], pa.string()), column, Place("", column.label, [0], factor_of(key)))
    if got.problems:
        return Read(problem=got.problems[0])
    return Read(keep(got.values[0].as_py(), column), remark=next(iter(got.remarks), None))


def _whole(key: Key, column: Column, text: str) -> int | None:
    """Return what a few digits mean in a cell of numbers, which nearly every text is; None for whatever needs a look.

    To read a single cell as a column of one takes twenty times as long.
    """
    if column.kind not in MEASURES or not FEW_DIGITS.fullmatch(text):
        return None
    number, factor = int(text), factor_of(key)
    return number * column.measure.scale * factor if number <= column.measure.maximum // factor else None


def keep(value: Any, column: Column) -> Kept:
    """Return a value of the engine's as the database keeps it."""
    if value is None:
        return NOTHING
    if column.kind in INTEGERS:
        return Kept(reported=True, integer=int(value))
    return Kept(reported=True, text=str(value))


def value_of(kept: Kept, column: Column) -> Any:
    """Return what a cell holds as the engine reads it; None where it is not reported."""
    if not kept.reported:
        return None
    if column.kind is Kind.FLAG:
        return bool(kept.integer)
    if column.kind is Kind.DATE:
        return dt.date.fromisoformat(kept.text)
    return kept.integer if column.kind in INTEGERS else kept.text


def typed(kept: Kept, key: Key) -> str:
    """Return what a cell holds as it is typed: a choice by its code, a sum in the unit of `unit_of`."""
    column, value = column_of(key), value_of(kept, column_of(key))
    if value is not None and column.kind is Kind.MONEY:
        return scaled(value, factor_of(key) * column.measure.scale)
    return plain(value, column)


def shown(kept: Kept | None, key: Key) -> str:
    """Return what a cell holds in words: a choice by its label, 是 or 否, nothing where it is not reported."""
    if kept is None or not kept.reported:
        return ""
    told = typed(kept, key)
    return choices_of(column_of(key)).get(told, told)
