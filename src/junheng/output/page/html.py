"""Builds HTML: whatever is not markup already is escaped, so that no school's name can become any."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

EMPTY = frozenset({"meta", "br"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str) -> Markup:
    """Return an element; `class_` stands for the attribute `class`, `aria_label` for `aria-label`."""
    named = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(text)}"' for key, text in attributes.items())
    if name in EMPTY:
        return Markup(f"<{name}{named}>")
    return Markup(f"<{name}{named}>{joined(children)}</{name}>")


def joined(children: Iterable[str]) -> Markup:
    """Return children one after the other, escaped where they are no markup."""
    return Markup("".join(one if isinstance(one, Markup) else escape(one) for one in children))


def table(headings: Iterable[str], rows: Iterable[Iterable[Markup]], caption: str) -> Markup:
    """Return a table that can be moved sideways on a narrow screen; `rows` are cells."""
    head = tag("tr", *(tag("th", one, scope="col") for one in headings))
    body = (tag("tr", *row) for row in rows)
    inside = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))
    return tag("div", inside, class_="wide")


def words(text: str, class_: str = "") -> Markup:
    """Return a cell of text."""
    return tag("td", text, class_=class_) if class_ else tag("td", text)


def figure(text: str, class_: str = "") -> Markup:
    """Return a cell with a figure."""
    return tag("td", text, class_=f"figure {class_}".strip())
