"""Words in lines: numbers and Latin words stay whole, and no line begins with a sign that closes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from junheng.output.official.pdf_file import width_of

# A number with its point and its per cent, a Latin word, or one sign.
PIECES = re.compile(r"[0-9A-Za-z.,:/+-]+%?|.", re.DOTALL)
CLOSING = "。，、；：？！）〕》”’】％…"
OPENING = "（〔《“‘【"
SPACE = " "


def broken(words: str, most: float, indent: float = 0.0) -> list[str]:
    """Return words in lines no wider than `most` signs, the first less wide by `indent`.

    One sign that closes may stand outside, to be squeezed in; what is too long for any line is divided.
    """
    lines: list[str] = []
    line: list[str] = []
    room = most - indent
    for piece in _pieces(words, most):
        wide = width_of("".join((*line, piece)).rstrip())
        # A space never begins a line: where the line is full it stands unseen at its end.
        if piece == SPACE or wide <= room or not line or (piece in CLOSING and wide <= room + 1):
            line.append(piece)
            continue
        kept, moved = _divided(line, piece)
        lines.append("".join(kept).rstrip())
        line, room = [*moved, piece], most
    return [*lines, "".join(line)]


def _divided(line: list[str], piece: str) -> tuple[list[str], list[str]]:
    """Return what stays in a full line, and what goes down with the piece that found no room."""
    at = len(line)
    if piece in CLOSING:
        while at and line[at - 1] in CLOSING + SPACE:
            at -= 1
        at -= 1
    while at > 0 and line[at - 1] in OPENING:
        at -= 1
    return (line, []) if at <= 0 else (line[:at], line[at:])


def _pieces(words: str, most: float) -> Iterator[str]:
    for piece in PIECES.findall(words):
        if width_of(piece) <= most:
            yield piece
        else:
            yield from piece
