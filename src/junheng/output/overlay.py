"""An overlay's table as it is printed, and what two documents ask differently, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.engine.display import with_unit
from junheng.output.json_text import json_text
from junheng.standard.differences import Asked, Difference
from junheng.standard.model import Standard
from junheng.standard.overlay import Overlay

KINDS = {"stricter": "更严", "looser": "更宽", "only_first": "只有前者要求", "only_second": "只有后者要求"}


def overlay_as_dict(overlay: Overlay) -> dict[str, Any]:
    """Return the overlay as plain values, row by row in its own order."""
    rows = [
        {
            "indicator": row.indicator,
            "group": row.group,
            "text": row.text,
            "units": list(row.units),
            "targets": {part: float(target) for part, target in row.targets.items()},
        }
        for row in overlay.rows
    ]
    about = {"id": overlay.id, "overlays": overlay.base, "title": overlay.title}
    return about | {"issuer": overlay.issuer, "source": overlay.source, "rows": rows}


def print_overlay(overlay: Overlay, console: Console) -> None:
    """Print the table with its own three columns; units in the printed order, which names no lead."""
    console.print(Text(overlay.title, style="bold"))
    console.print(Text(f"覆盖在 {overlay.base} 之上：只定本县目标和责任部门，认定仍按国家标准。{overlay.source}\n"))
    table = Table(show_lines=True, expand=True)
    for heading, ratio in (("一级指标", 1), ("二级指标", 5), ("责任部门", 2)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for row in overlay.rows:
        table.add_row(row.group, row.text, " ".join(row.units))
    console.print(table)


def differences_to_json(first: Standard, second: Standard, found: Sequence[Difference]) -> str:
    """Return the differences as JSON text; a line is a plain number, null where it is not asked."""
    rows = [
        {
            "indicator": one.indicator,
            "part": one.part,
            "name": one.name,
            "first": None if one.first is None else float(one.first.line),
            "second": None if one.second is None else float(one.second.line),
            "kind": one.kind,
        }
        for one in found
    ]
    return json_text({"first": first.id, "second": second.id, "differences": rows})


def print_differences(first: Standard, second: Standard, found: Sequence[Difference], console: Console) -> None:
    """Print what the second document asks otherwise than the first."""
    if not found:
        console.print(f"{first.id} 与 {second.id} 的要求相同")
        return
    table = Table(title=f"{second.id} 与 {first.id} 的不同", title_justify="left", title_style="bold", box=None)
    for heading in ("指标", "条件", first.id, second.id, f"{second.id} 相比"):
        table.add_column(heading, overflow="fold")
    for one in found:
        table.add_row(one.indicator, one.name, asked_line(one.first), asked_line(one.second), KINDS[one.kind])
    console.print(table)


def asked_line(one: Asked | None) -> str:
    """Return a condition's line in its unit; where rows are counted, the unit is the rows' and not the line's."""
    if one is None:
        return "—"
    counted = one.part is not None and one.part.each and one.part.kind != "entered"
    return with_unit(float(one.line), "" if counted else one.unit)
