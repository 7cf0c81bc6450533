"""A drawing is a list of shapes on a white sheet; here it becomes SVG. Lengths are in pixels, angles do not occur."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

FONTS = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif'
INK, FAINT, LINE, BLUE, GREEN, RED, AMBER = "#1f2937", "#6b7280", "#d1d5db", "#1677ff", "#389e0d", "#cf1322", "#d48806"
SERIES = ("#1677ff", "#389e0d", "#d48806", "#722ed1", "#08979c", "#cf1322", "#597ef7", "#7cb305", "#874d00", "#6b7280")
BREADTH = {True: 58, False: 100}
"""How broad a character is, in hundredths of its size: ASCII, and Chinese."""
BEND = 24
# Signs of screens that fonts for print lack, with those that they have.
PRINTED = str.maketrans({"✓": "√", "✗": "×"})


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points; dashed where it only marks something."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 1
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A disc; hollow where it stands for what was."""

    x: float
    y: float
    radius: float
    colour: str
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text on its base line; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    size: int = 14
    anchor: str = "start"
    colour: str = INK
    bold: bool = False


Shape = Box | Path | Dot | Words


@dataclass(slots=True)
class Drawing:
    """A sheet with a title, which also is what a screen reader says of it."""

    width: int
    height: int
    title: str
    shapes: list[Shape] = field(default_factory=list)

    def add(self, *shapes: Shape) -> None:
        """Put shapes on the sheet, over those that lie there."""
        self.shapes.extend(shapes)


def breadth(text: str, size: int) -> float:
    """Return about how broad a text is, so that room can be left for it."""
    return sum(BREADTH[one.isascii()] for one in text) * size / 100


def shortened(text: str, size: int, room: float) -> str:
    """Return a text that fits the room, its end left out where it does not."""
    if breadth(text, size) <= room:
        return text
    kept = text
    while kept and breadth(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept}…"


def curve(start: tuple[float, float], end: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """Return the points of a line that leaves and arrives level."""
    (x, y), (to_x, to_y) = start, end
    eased = [(at / BEND, (at / BEND) ** 2 * (3 - 2 * at / BEND)) for at in range(BEND + 1)]
    return tuple((x + (to_x - x) * along, y + (to_y - y) * across) for along, across in eased)


def as_svg(drawing: Drawing) -> str:
    """Return a drawing as one SVG element, which needs nothing beside it."""
    size = f'viewBox="0 0 {drawing.width} {drawing.height}" width="{drawing.width}" height="{drawing.height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{escape(FONTS)}">'
    title = f"<title>{escape(drawing.title)}</title>"
    sheet = f'<rect width="{drawing.width}" height="{drawing.height}" fill="#ffffff"></rect>'
    return f"{head}{title}{sheet}{''.join(_elements(drawing.shapes))}</svg>"


def _elements(shapes: Sequence[Shape]) -> Iterator[str]:
    for one in shapes:
        match one:
            case Box():
                place = f'x="{_n(one.x)}" y="{_n(one.y)}" width="{_n(one.width)}" height="{_n(one.height)}"'
                yield f'<rect {place} fill="{one.fill}"></rect>'
            case Path():
                points = " ".join(f"{_n(x)},{_n(y)}" for x, y in one.points)
                dashes = ' stroke-dasharray="5 4"' if one.dashed else ""
                stroke = f'stroke="{one.colour}" stroke-width="{_n(one.width)}"{dashes}'
                yield f'<polyline points="{points}" fill="none" {stroke}></polyline>'
            case Dot():
                fill = "#ffffff" if one.hollow else one.colour
                place = f'cx="{_n(one.x)}" cy="{_n(one.y)}" r="{_n(one.radius)}"'
                yield f'<circle {place} fill="{fill}" stroke="{one.colour}" stroke-width="2"></circle>'
            case Words():
                yield _words(one)


def _words(one: Words) -> str:
    weight = ' font-weight="bold"' if one.bold else ""
    place = f'x="{_n(one.x)}" y="{_n(one.y)}" font-size="{one.size}" text-anchor="{one.anchor}"'
    return f'<text {place} fill="{one.colour}"{weight}>{escape(one.text)}</text>'


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
