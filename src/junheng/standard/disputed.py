"""Points that sources leave open, read from a rule file: every reading with its source, exactly one in force."""

from __future__ import annotations

from collections.abc import Callable

from junheng.standard.model import EFFECTS, Disputed, Reading
from junheng.standard.nodes import Node
from junheng.standard.requirements import Part

ReadPart = Callable[[Node], Part]


def read_disputed(node: Node, part: ReadPart | None = None) -> tuple[Disputed, ...]:
    """Return the disputed points under `disputed`; an absent key is none.

    `part` reads what a reading of a requirement would ask instead; without it readings are of a whole document.
    """
    return tuple(_question(child, part) for child in node.nodes("disputed"))


def _question(node: Node, part: ReadPart | None) -> Disputed:
    node.only("question", "readings")
    readings = tuple(_reading(child, part) for child in node.nodes("readings"))
    if sum(reading.in_force for reading in readings) != 1:
        raise node.refusal("readings", "生效的读法应当恰好一种", "请只给一种读法写 in_force: true")
    return Disputed(node.text("question"), readings)


def _reading(node: Node, part: ReadPart | None) -> Reading:
    node.only("reading", "source", "in_force", *(("replaces", "parts") if part else ("effect",)))
    found = Reading(
        node.text("reading"),
        node.text("source"),
        node.get("in_force", bool, "true 或 false"),
        replaces=tuple(node.texts("replaces")),
        parts=tuple(part(child) for child in node.nodes("parts")) if part else (),
        effect=node.one_of("effect", EFFECTS) if "effect" in node.values else "",
    )
    if found.in_force and found.computed:
        raise node.refusal("in_force", "生效的读法不能再写会改变什么", "请删去 replaces、parts、effect，改写在正文里")
    return found
