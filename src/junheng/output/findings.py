"""What the checks found: terminal tables, JSON, and the JSON Schema that it keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.facts.schema import TABLES
from junheng.output.json_text import json_text
from junheng.quality.model import SEVERITY_LABELS, Check, Finding, Findings, as_row

SCHEMA = Path(__file__).with_name("check.schema.json")
SEVERITY_STYLES = {"error": "bold red", "warning": "yellow", "hint": "cyan"}
FINDINGS_SHOWN = 200


def findings_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `findings_to_json`."""
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


def findings_to_json(found: Findings, *, indent: bool = True) -> str:
    """Return the findings as JSON text. Without `indent` it is one line."""
    return json_text(findings_as_dict(found), indent=indent)


def findings_as_dict(found: Findings) -> dict[str, Any]:
    """Return the findings as plain values; `row` counts the table's rows of data from 1."""
    return {
        "county": {"code": found.county_code, "name": found.county_name},
        "standard": found.standard,
        "as_of": None if found.as_of is None else found.as_of.isoformat(),
        "counts": found.counts,
        "findings": [{**as_row(one), "row": None if one.row is None else one.row + 1} for one in found.findings],
        "skipped": [check.id for check in found.skipped],
    }


def print_findings(found: Findings, console: Console) -> None:
    """Print how many findings there are, the findings with the gravest first, and what to do about each kind."""
    console.print(_headline(found))
    if found.findings:
        console.print(_table(found))
        for line in _remedies(found):
            console.print(line)
    for lacking, option, checks in _skipped(found):
        console.print(f"没有{lacking}，未查：{'、'.join(check.id for check in checks)}（可加 {option}）", style="dim")


def _skipped(found: Findings) -> Iterator[tuple[str, str, list[Check]]]:
    """Yield what was lacking, the option that gives it, and the checks that it kept from being made."""
    compared = [check for check in found.skipped if check.needs_previous]
    dated = [check for check in found.skipped if not check.needs_previous]
    wanting = [("统计时点", "--as-of", dated), ("上年数据", "--previous", compared)]
    yield from (one for one in wanting if one[2])


def _headline(found: Findings) -> Text:
    text = Text(f"{found.county_name or found.county_code or '（未写县名）'}  ", style="bold")
    if not found.findings:
        return text.append("没有查出问题", style="green")
    for severity, count in found.counts.items():
        text.append(f"{SEVERITY_LABELS[severity]} {count}  ", style=SEVERITY_STYLES[severity] if count else "dim")
    return text


def _table(found: Findings) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 0), header_style="bold")
    table.add_column("级别", no_wrap=True)
    table.add_column("编号", no_wrap=True)
    table.add_column("位置", min_width=10, max_width=30, overflow="fold")
    table.add_column("问题", min_width=20, max_width=80, overflow="fold")
    for one in found.findings[:FINDINGS_SHOWN]:
        label = Text(SEVERITY_LABELS[one.severity], style=SEVERITY_STYLES[one.severity])
        table.add_row(label, one.check.id, Text(place(one)), Text(one.message))
    if len(found.findings) > FINDINGS_SHOWN:
        table.add_row("", "", "", f"…另有 {len(found.findings) - FINDINGS_SHOWN} 条，见 --format json", style="dim")
    return table


def place(one: Finding) -> str:
    """Return where a finding stands, for people: the school, or the table with its row of data."""
    table = TABLES[one.table].label if one.table else "文件"
    if one.row is None:
        return table
    school = one.school_name or one.school_code
    row = f"{table}第 {one.row + 1} 条"
    return row if school is None else school if one.table == "schools" else f"{school}（{row}）"


def _remedies(found: Findings) -> Iterator[Text]:
    yield Text("\n怎么办", style="bold")
    seen: dict[str, Check] = {one.check.id: one.check for one in found.findings}
    for id, check in seen.items():
        yield Text(f"  {id} {check.means}。{check.remedy}。")
