"""The form as JSON, with the schema that it keeps, and as it is told on a terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junheng.output.form.footing import foot
from junheng.output.form.layout import LAYOUTS, PARTS_TOLD
from junheng.output.form.model import Cell, Form, Open, Table, Value
from junheng.output.json_text import json_text
from junheng.standard.model import Rules

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA = Path(__file__).with_name("form.schema.json")
OPEN_TOLD = {"open": "待填", "missing": "未报"}
LISTED = 40


def form_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `form_to_json`."""
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


def form_to_json(form: Form, rules: Rules) -> str:
    """Return the form as JSON text, with what does not foot and what is still open."""
    return json_text(form_as_dict(form, rules))


def form_as_dict(form: Form, rules: Rules) -> dict[str, Any]:
    """Return the form as plain values: every cell with its value, text, state and source."""
    return {
        "title": form.title,
        "county": {"code": form.county_code, "name": form.county_name},
        "standard": form.standard,
        "as_of": form.as_of.isoformat(),
        "source": form.source,
        "layout": dict(form.layout),
        "invented": form.invented,
        "cover": [_cell(one) for one in form.cover],
        "tables": [_table(one) for one in form.tables.values()],
        "outside": [asdict(one) for one in form.outside],
        "findings": [asdict(one) for one in foot(form, rules)],
        "open": [_open(one) for one in form.open],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": table.title,
        "columns": [
            {"key": one.key, "code": one.code, "group": one.group, "heading": one.heading} for one in table.columns
        ],
        "rows": [
            {
                "key": row.key,
                "stage": row.stage,
                "school_code": row.school_code,
                "cells": [_cell(cell) for cell in row.cells],
            }
            for row in table.rows
        ],
        "counts": [_cell(one) for one in table.counts],
        "notes": [text for text in table.notes if text],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    told: dict[str, Any] = {"text": cell.text, "value": _value(cell.value), "state": cell.state}
    if cell.key:
        told |= {"key": cell.key, "label": cell.label}
    if cell.unit:
        told["unit"] = cell.unit
    if cell.source:
        told["source"] = {name: text for name, text in asdict(cell.source).items() if text}
    if cell.lacking:
        told["lacking"] = list(cell.lacking)
    if cell.fields:
        told["fields"] = [_cell(one) for one in cell.fields]
    return told


def _value(value: Value) -> float | int | bool | str | None:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value


def _open(one: Open) -> dict[str, Any]:
    return asdict(one) | {"lacking": list(one.lacking)}


def print_form(form: Form, rules: Rules, console: Console) -> None:
    """Print every table as it would be printed, what does not foot, and what is still to be filled in."""
    console.print(f"{form.title}　{form.county_name}（{form.as_of}）")
    if form.invented:
        console.print(f"（{form.invented}）")
    for table in form.tables.values():
        _print_table(table, console)
    console.print(f"排版：{'；'.join(f'{PARTS_TOLD[key]}{LAYOUTS[how]}' for key, how in form.layout.items())}。")
    findings = foot(form, rules)
    console.print(f"核对：{len(findings)} 处不符。" if findings else "核对：各表勾稽相符。")
    for one in findings:
        console.print(f"- {one.message}。{one.remedy}。")
    console.print(f"还没有填的：{len(form.open)} 处。")
    for lacking in form.open[:LISTED]:
        told = f"（{'、'.join(lacking.lacking[:3])}）" if lacking.lacking else ""
        console.print(f"- {lacking.where} {lacking.label}：{OPEN_TOLD[lacking.state]}{told}")


def _print_table(table: Table, console: Console) -> None:
    from rich.table import Table as Drawn

    drawn = Drawn(title=table.title, title_justify="left", show_lines=table.id in {"IV", "V"})
    for column in table.columns:
        drawn.add_column(f"{column.code} {column.heading}".strip(), overflow="fold")
    for row in table.rows:
        drawn.add_row(*(cell.text for cell in row.cells))
    console.print(drawn)
