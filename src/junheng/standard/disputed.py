"""Points that sources leave open, read from a rule file: every reading with its source, exactly one in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from junheng.facts.nodes import Node
from junheng.standard.model import EFFECTS, Disputed, Reading
from junheng.standard.requirements import Part

ReadPart = Callable[[Node], Part]


def read_disputed(node: Node, part: ReadPart | None = None, *, effects: bool = False) -> tuple[Disputed, ...]:
    """Return the disputed points under `disputed`; an absent key is none.

    `part` reads what a reading of a requirement would ask instead; `effects` lets a reading of a document name one.
    """
    keys = ("replaces", "parts") if part else ("effect",) if effects else ()
    return tuple(_question(child, part, keys) for child in node.nodes("disputed"))


def _question(node: Node, part: ReadPart | None, keys: Sequence[str]) -> Disputed:
    node.only("question", "readings")
    nodes = node.nodes("readings")
    readings = tuple(_reading(child, part, keys) for child in nodes)
    if sum(reading.in_force for reading in readings) != 1:
        raise node.refusal("readings", "生效的读法应当恰好一种", "请只给一种读法写 in_force: true")
    for child, reading in zip(nodes, readings, strict=True):
        _say_what_it_changes(child, reading)
    return Disputed(node.text("question"), readings)


def _reading(node: Node, part: ReadPart | None, keys: Sequence[str]) -> Reading:
    node.only("reading", "source", "in_force", "uncomputed", *keys)
    return Reading(
        node.text("reading"),
        node.text("source"),
        node.get("in_force", bool, "true 或 false"),
        replaces=tuple(node.texts("replaces")),
        parts=tuple(part(child) for child in node.nodes("parts")) if part else (),
        effect=node.one_of("effect", EFFECTS) if "effect" in node.values else "",
        uncomputed=node.get("uncomputed", str, "文字", default=""),
    )


def _say_what_it_changes(node: Node, found: Reading) -> None:
    """Refuse a reading in force that would change something, and another of which nobody knows what it changes."""
    told = bool(found.uncomputed)
    if found.in_force and (found.computed or told):
        remedy = "请删去 replaces、parts、effect、uncomputed，改写在正文里"
        raise node.refusal("in_force", "生效的读法不能再写会改变什么", remedy)
    if not found.in_force and found.computed == told:
        remedy = "请写 replaces、parts 或 effect；算不出来的，在 uncomputed 里写明缺什么，二者只写一种"
        raise node.refusal("uncomputed", "没有写明这种读法会改变什么，或者写了两种", remedy)
