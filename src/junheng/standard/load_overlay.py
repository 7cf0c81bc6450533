"""YAML to an overlay: a table of rows over a document that is loaded already, with the same refusals."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

from junheng.facts.nodes import Node, collect, read_node
from junheng.facts.schema import STAGES
from junheng.standard.load_rubrics import overlaid_rubrics
from junheng.standard.model import Standard
from junheng.standard.overlay import Overlay, Row


def load_overlay(document: Node, folder: Path, base: Standard) -> Standard:
    """Return `base` with the overlay in `folder`, whose top file is `document`, laid over it."""
    document.only("id", "overlays", "title", "issuer", "source")
    table = read_node(folder / "tasks.yaml", f"{folder.name}/tasks.yaml")
    table.only("rows")
    rows = collect([partial(_row, node, base) for node in table.nodes("rows")])
    overlay = Overlay(
        id=document.text("id"),
        base=base.id,
        title=document.text("title"),
        issuer=document.text("issuer"),
        source=document.text("source"),
        rows=tuple(rows),
    )
    requirements = overlaid_rubrics(folder, base.requirements)
    return replace(base, id=overlay.id, requirements=requirements, overlay=overlay)


def _row(node: Node, base: Standard) -> Row:
    node.only("indicator", "group", "text", "units", "targets", "parts")
    indicator = node.one_of("indicator", {**base.indicators, **base.requirements})
    known = set(STAGES) if indicator in base.indicators else {part.id for part in base.requirements[indicator].parts}
    units = tuple(node.texts("units"))
    if not units:
        raise node.refusal("units", "没有责任部门", "请照原件写出责任部门")
    return Row(
        indicator=indicator,
        group=node.get("group", str, "文字"),
        text=node.text("text"),
        units=units,
        targets=_targets(node.node("targets"), known) if "targets" in node.values else {},
        parts=tuple(_known(node, "parts", part, known) for part in node.texts("parts")),
    )


def _targets(node: Node, known: set[str]) -> dict[str, Fraction]:
    return {_known(node, part, part, known): Fraction(node.number(part)) for part in node.values}


def _known(node: Node, key: str, part: str, known: set[str]) -> str:
    if part not in known:
        raise node.refusal(key, f"这项指标没有条件 {part!r}", f"应当是 {'、'.join(sorted(known))} 之一")
    return part
