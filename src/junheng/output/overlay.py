"""An overlay's table as it is printed, and what two documents ask differently, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.engine.display import YES_OR_NO, with_unit
from junheng.facts.items import ITEMS
from junheng.output.json_text import json_text
from junheng.standard.differences import Asked, Difference, compared, units, vetoes
from junheng.standard.model import Standard
from junheng.standard.overlay import Overlay
from junheng.standard.requirements import Part

KINDS = {
    "equal": "相同",
    "stricter": "更严",
    "looser": "更宽",
    "only_first": "只有前者要求",
    "only_second": "只有后者要求",
}


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
    console.print(f"\n目标与国家标准的比较：junheng standard diff {overlay.base} {overlay.id}", style="dim")


def differences_to_json(first: Standard, second: Standard) -> str:
    """Return what two documents ask as JSON text; a line is a plain number, null where it is not asked."""
    every = [(one, _as_dict(one)) for one in compared(first, second)]
    told = {
        "first": first.id,
        "second": second.id,
        "differences": [row for one, row in every if one.kind != "equal"],
        "equal": [row for one, row in every if one.kind == "equal"],
        "vetoes": {"first": list(vetoes(first)), "second": list(vetoes(second))},
        "units": [
            {"indicator": id, "first": list(one), "second": list(other)}
            for id, (one, other) in units(first, second).items()
        ],
    }
    return json_text(told)


def _as_dict(one: Difference) -> dict[str, Any]:
    return {
        "indicator": one.indicator,
        "part": one.part,
        "name": one.name,
        "first": None if one.first is None else float(one.first.line),
        "second": None if one.second is None else float(one.second.line),
        "kind": one.kind,
        "first_told": asked_line(one.first),
        "second_told": asked_line(one.second),
        "kind_told": KINDS[one.kind],
    }


def print_differences(first: Standard, second: Standard, console: Console) -> None:
    """Print what the second document asks otherwise than the first, what it asks alike, and of which units."""
    every = compared(first, second)
    different = [one for one in every if one.kind != "equal"]
    if not different and not units(first, second):
        console.print(f"{first.id} 与 {second.id} 的要求相同")
        return
    console.print(_differences_table(first, second, different))
    counts = [len(vetoes(one)) for one in (first, second)]
    if counts[0] != counts[1]:
        console.print(f"\n一票否决事项：{first.id} {counts[0]} 项，{second.id} {counts[1]} 项")
    console.print(_equals_table([one for one in every if one.kind == "equal"]))
    console.print(_units_table(first, second))


def _differences_table(first: Standard, second: Standard, rows: Sequence[Difference]) -> Table:
    title = f"{second.id} 与 {first.id} 的不同"
    table = _titled(title, "指标", "条件", first.id, second.id, f"{second.id} 相比")
    for one in rows:
        table.add_row(one.indicator, one.name, asked_line(one.first), asked_line(one.second), KINDS[one.kind])
    return table


def _equals_table(rows: Sequence[Difference]) -> Table:
    table = _titled("\n相同的要求", "指标", "条件", "要求")
    for one in rows:
        table.add_row(one.indicator, one.name, asked_line(one.first))
    return table


def _units_table(first: Standard, second: Standard) -> Table:
    """Return the units as each document prints them, in its order, which names no lead."""
    table = _titled("\n责任部门的不同（照原件的次序）", "指标", first.id, second.id)
    for id, pair in units(first, second).items():
        table.add_row(id, *(" ".join(one) or "—" for one in pair))
    return table


def _titled(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def asked_line(one: Asked | None) -> str:
    """Return a condition's line in its unit; a dash where it is not asked."""
    if one is None:
        return "—"
    return part_line(one.part, one.line) if one.part else with_unit(float(one.line), one.unit)


def part_line(part: Part, line: Fraction) -> str:
    """Return the line of a requirement's part; where rows are counted, the unit is the rows' and not the line's."""
    if part.kind == "all_judged":
        return "评定"
    if part.kind == "entered" and part.unit != YES_OR_NO:
        return with_unit(float(line), ITEMS[part.items[0]].unit)
    if not part.each or part.kind == "entered":
        return with_unit(float(line), part.unit)
    return with_unit(float(line), "%" if part.kind == "share_at_least" else "")
