"""Between what the database keeps of a row (JSON), what the engine reads, what is typed, and what is shown."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from junheng import api as jh
from junheng.facts.cells import Place, convert
from junheng.facts.model import arrow_schema
from junheng.facts.schema import MEASURES, Column, Kind, Table
from junheng.facts.writers import plain

Values = Mapping[str, Any]
"""Column to what is kept: an integer, or text (a date as 2025-09-01). What is not reported is not there."""

SEPARATOR = "-"
LONGEST_TEXT = 200
# What a row is named by stands in addresses as well.
CODE = re.compile(r"[0-9A-Za-z_-]{1,30}")
# 18 digits, of which the last may be X: nobody's identity number is kept here.
IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
# The columns that hold a school's code, by register.
SCHOOLS = {"teachers": ("census_school_code", "teaching_school_code"), "staffing": ("school_code",)}
EMPLOYER = "employer_code"


def table_of(name: str) -> Table:
    """Return a register's columns."""
    return jh.REGISTERS[name]


def key_of(table: Table, values: Values) -> str:
    """Return the name of a row within its register."""
    return SEPARATOR.join(str(values.get(name, "")) for name in table.key)


def keep(value: Any) -> Any:
    """Return a value of the engine's as it is kept."""
    return value.isoformat() if isinstance(value, dt.date) else value


def kept(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is reported in a row of the engine's, as it is kept."""
    return {name: keep(value) for name, value in row.items() if value not in (None, "")}


def read_back(table: Table, values: Values) -> dict[str, Any]:
    """Return a row as the engine reads it, with every column."""
    return {column.name: _value(values.get(column.name), column) for column in table.columns}


def _value(value: Any, column: Column) -> Any:
    return dt.date.fromisoformat(value) if value is not None and column.kind is Kind.DATE else value


def arrow_of(table: Table, rows: Iterable[Values]) -> pa.Table:
    """Return rows as the engine reads them."""
    return pa.Table.from_pylist([read_back(table, row) for row in rows], schema=arrow_schema(table))


def typed(value: Any, column: Column) -> str:
    """Return a kept value as it is typed: a choice by its code."""
    return "" if value is None else plain(_value(value, column), column)


def shown(value: Any, column: Column, schools: Mapping[str, str] | None = None) -> str:
    """Return a kept value in words: a choice by its label, a school by its name."""
    told = typed(value, column)
    if schools and column.name.endswith("_code"):
        return schools.get(told, told)
    return column.choices.get(told, told)


def read(column: Column, text: str) -> tuple[Any, jh.Problem | None]:
    """Return what a typed text means in a column, as it is kept, or why it means nothing. Blank is not reported."""
    got = convert(pa.array([text], pa.string()), column, Place("", column.label, [0]))
    if got.problems:
        return None, got.problems[0]
    value = keep(got.values[0].as_py())
    return value, refused(column, value)


def refused(column: Column, value: Any) -> jh.Problem | None:
    """Return why a value is not kept: it is too long, holds an identity number, or no address can name it."""
    if not isinstance(value, str):
        return None
    if IDENTITY.search(value):
        reason, remedy = "像是身份证号；台账不存身份证号", "请改填工号，或删去这串数字"
        return jh.Problem("", reason, remedy, None, column.label, f"{value[:3]}…")
    if column.name == "person_code" and not CODE.fullmatch(value):
        return jh.Problem("", "工号只能用数字、字母和横线，不超过 30 位", "请改正工号", None, column.label, value)
    if len(value) > LONGEST_TEXT:
        return jh.Problem("", f"超过 {LONGEST_TEXT} 个字", "请写短一些", None, column.label)
    return None


def is_number(column: Column) -> bool:
    """Whether a column holds numbers."""
    return column.kind in MEASURES
