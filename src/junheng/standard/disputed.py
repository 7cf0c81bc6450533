"""Points that sources leave open, read from a rule file: every reading with its source, exactly one in force."""

from __future__ import annotations

from junheng.standard.model import Disputed, Reading
from junheng.standard.nodes import Node


def read_disputed(node: Node) -> tuple[Disputed, ...]:
    """Return the disputed points under `disputed`; an absent key is none."""
    return tuple(_question(child) for child in node.nodes("disputed"))


def _question(node: Node) -> Disputed:
    node.only("question", "readings")
    readings = tuple(_reading(child) for child in node.nodes("readings"))
    if sum(reading.in_force for reading in readings) != 1:
        raise node.refusal("readings", "生效的读法应当恰好一种", "请只给一种读法写 in_force: true")
    return Disputed(node.text("question"), readings)


def _reading(node: Node) -> Reading:
    node.only("reading", "source", "in_force")
    return Reading(node.text("reading"), node.text("source"), node.get("in_force", bool, "true 或 false"))
