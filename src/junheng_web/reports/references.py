"""References in a text: `{{key}}` stands for a figure of the catalogue. Found, filled, and told apart from words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from junheng_web.reports.figures import Catalogue, Figure, plain

# What our own texts leave to people.
TO_WRITE = re.compile(r"【待写[^】]*】")
REFERENCE = re.compile(r"\{\{([^{}\n]{1,80})\}\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: words, or a reference with its figure; `figure` is None where the catalogue has none."""

    words: str
    key: str = ""
    figure: Figure | None = None

    @property
    def open(self) -> bool:
        """Whether it is a reference that cannot be filled."""
        return bool(self.key) and (self.figure is None or not self.figure.known)


def pieces(text: str, figures: Catalogue) -> Iterator[Piece]:
    """Yield a text piece by piece, its references filled as far as they can be; an open one stays as it was typed."""
    at = 0
    for found in REFERENCE.finditer(text):
        if found.start() > at:
            yield Piece(text[at : found.start()])
        key = plain(found[1])
        one = figures.get(key)
        yield Piece(one.told if one and one.known else found[0], key, one)
        at = found.end()
    if at < len(text):
        yield Piece(text[at:])


def to_write(text: str) -> list[str]:
    """Return what somebody still has to write (【待写：…】)."""
    return TO_WRITE.findall(text)


def filled(text: str, figures: Catalogue) -> str:
    """Return a text with its references filled."""
    return "".join(one.words for one in pieces(text, figures))


def quoted(text: str) -> list[str]:
    """Return the keys that a text quotes, each once, in the order in which they come."""
    return [*dict.fromkeys(plain(found[1]) for found in REFERENCE.finditer(text))]


def paragraphs(text: str, figures: Catalogue) -> list[list[Piece]]:
    """Return a text's paragraphs, each piece by piece; empty lines are left out."""
    return [[*pieces(line, figures)] for line in text.splitlines() if line.strip()]
