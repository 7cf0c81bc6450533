"""What changed between two answers: terminal tables, JSON, and the JSON Schema that it keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.engine.comparison import Change, Comparison, Side, place
from junheng.engine.display import shown
from junheng.engine.result import STATUS_LABELS, VERDICT_LABELS

SCHEMA = Path(__file__).with_name("compare.schema.json")
LABELS = {**VERDICT_LABELS, **STATUS_LABELS, "in": "进样本", "out": "不进样本", "unknown": "不知是否进样本"}
FIGURES_SHOWN = 40
CAUSES_SHOWN = 4
DECIMALS = {"spread": 3, "indicator": 2}


def comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `comparison_to_json`."""
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


def comparison_to_json(one: Comparison, indent: int | None = 2) -> str:
    """Return the comparison as JSON text. Without `indent` it is one line."""
    return json.dumps(comparison_as_dict(one), ensure_ascii=False, indent=indent, allow_nan=False)


def comparison_as_dict(one: Comparison) -> dict[str, Any]:
    """Return the comparison as plain values."""
    return {
        "county": {"code": one.county_code, "name": one.county_name},
        "before": _side(one.before),
        "after": _side(one.after),
        "rules": [asdict(cause) for cause in one.rules],
        "schools_added": list(one.schools_added),
        "schools_gone": list(one.schools_gone),
        "changes": [{**asdict(change), "turned": change.turned} for change in one.changes],
        "cells": [asdict(cell) for cell in one.cells],
    }


def _side(side: Side) -> dict[str, Any]:
    counted = None if side.counted is None else side.counted.isoformat()
    return {**asdict(side), "as_of": side.as_of.isoformat(), "counted": counted}


def print_comparison(one: Comparison, console: Console) -> None:
    """Print the two verdicts, the rules and schools that changed, then what turned, then mere figures."""
    console.print(_headline(one), end="")
    turned = [change for change in one.changes if change.turned]
    figures = [change for change in one.changes if not change.turned]
    if turned:
        console.print(_table(one, f"\n结论变了 {len(turned)} 处", turned))
    if figures:
        console.print(_table(one, f"\n数值变了、结论没变 {len(figures)} 处", figures[:FIGURES_SHOWN]))
    if len(figures) > FIGURES_SHOWN:
        console.print(f"…另有 {len(figures) - FIGURES_SHOWN} 处，见 --format json", style="dim")
    if not one.changes:
        console.print(f"没有变化（数据有 {len(one.cells)} 格不同）" if one.cells else "没有变化", style="green")


def _headline(one: Comparison) -> Text:
    text = Text(f"{one.county_name or one.county_code or '（未写县名）'}\n", style="bold")
    for label, side in (("先前", one.before), ("后来", one.after)):
        counted = f"统计时点 {side.counted}，" if side.counted else ""
        told = f"{label}：{VERDICT_LABELS[side.verdict]}（{counted}{side.standard} {side.as_of} 的规则）\n"
        text.append(told, style="not bold")
    for label, codes in (("新增学校", one.schools_added), ("不再有的学校", one.schools_gone)):
        if codes:
            text.append(f"{label}：{'、'.join(one.names[code] for code in codes)}\n", style="not bold")
    for cause in one.rules:
        text.append(f"规则：{cause.message}\n", style="yellow")
    return text


def _table(one: Comparison, title: str, changes: list[Change]) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0)
    )
    table.add_column("哪里", min_width=12, max_width=34, overflow="fold")
    table.add_column("变化", min_width=14, max_width=34, overflow="fold")
    table.add_column("为什么", min_width=20, overflow="fold")
    for change in changes:
        table.add_row(place(one.names, change), _changed(change), "；".join(_why(change)))
    return table


def _changed(change: Change) -> Text:
    parts = []
    if change.turned:
        parts.append(f"{_word(change.before)} → {_word(change.after)}")
    if change.value_before != change.value_after:
        parts.append(f"{_figure(change, change.value_before)} → {_figure(change, change.value_after)}")
    style = {"pass": "green", "met": "green", "fail": "bold red", "below": "bold red"}.get(change.after or "", "")
    return Text("，".join(parts) or "背后的数变了", style=style if change.turned else "")


def _word(code: str | None) -> str:
    return "没有" if code is None else LABELS[code]


def _figure(change: Change, value: float | None) -> str:
    if value is None:
        return "—"
    return shown(value, 0 if value == int(value) and change.what == "requirement" else DECIMALS.get(change.what, 4))


def _why(change: Change) -> Iterator[str]:
    yield from (cause.message for cause in change.why[:CAUSES_SHOWN])
    if len(change.why) > CAUSES_SHOWN:
        yield f"等 {len(change.why)} 处"
