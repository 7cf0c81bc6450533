"""A small builder of HTML: what is not markup is text, and text is always escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from junheng.engine.result import VERDICT_LABELS


class Markup(str):
    """HTML that was built here; any other string is text."""

    __slots__ = ()


Child = str | int
NOTHING = Markup("")
SHORT = 8
VOID = {"meta", "br", "hr", "col", "input"}


def tag(element: str, /, *children: Child, **attributes: str | None) -> Markup:
    """Return an element. `class_` is the class; an attribute that is None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if element in VOID:
        return Markup(f"<{element}{written}>")
    return Markup(f"<{element}{written}>{join(children)}</{element}>")


def join(children: Iterable[Child]) -> Markup:
    """Return markup and text one after the other, the text escaped."""
    return Markup("".join(one if isinstance(one, Markup) else escape(str(one)) for one in children))


def table(caption: str, headings: Sequence[Child], rows: Iterable[Markup], class_: str | None = None) -> Markup:
    """Return a table that scrolls sideways by itself where the screen is narrow; a heading may be a `th` already."""
    head = tag("thead", tag("tr", *(one if _is_cell(one) else tag("th", one, scope="col") for one in headings)))
    whole = tag("table", tag("caption", caption), head, tag("tbody", *rows), class_=class_)
    return tag("div", whole, class_="scroll")


def row(*cells: Child, class_: str | None = None) -> Markup:
    """Return a row; a cell that is no `td` or `th` yet becomes a `td`."""
    return tag("tr", *(one if _is_cell(one) else _words(one) for one in cells), class_=class_)


def _words(text: Child) -> Markup:
    """Return a cell that keeps room for a sentence, also on a telephone."""
    return tag("td", text, class_="words" if len(str(text)) > SHORT else None)


def number(text: Child) -> Markup:
    """Return a cell that stands to the right, as figures do."""
    return tag("td", text, class_="number")


def bullets(items: Iterable[Child]) -> Markup:
    """Return a list."""
    return tag("ul", *(tag("li", one) for one in items))


def verdict_cell(verdict: str) -> Markup:
    """Return a verdict as a coloured cell."""
    return tag("td", VERDICT_LABELS[verdict], class_=f"verdict {verdict}")


def _is_cell(one: Child) -> bool:
    return isinstance(one, Markup) and one.startswith(("<td", "<th"))
