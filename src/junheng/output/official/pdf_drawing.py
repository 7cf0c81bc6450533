"""Draws a chart on a page of a PDF: the shapes of the drawing that pages show as SVG, to the scale of the page."""

from __future__ import annotations

from math import cos, pi, sin

from junheng.output.charts.drawing import PRINTED, Box, Dot, Drawing, Path, Shape, Words
from junheng.output.official.pdf_file import Page, width_of

SHIFTS = {"start": 0.0, "middle": 0.5, "end": 1.0}
ROUND = 16


def draw(page: Page, drawing: Drawing, left: float, upper: float, scale: float) -> None:
    """Draw a chart with its upper left corner at a place; `scale` is how long a pixel of it is."""
    sheet = _Sheet(page, left, upper, scale)
    for shape in drawing.shapes:
        sheet.put(shape)


class _Sheet:
    """A chart's own measures on the page: its places count from its upper left corner."""

    def __init__(self, page: Page, left: float, upper: float, scale: float) -> None:
        self.page, self.left, self.upper, self.scale = page, left, upper, scale

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.left + x * self.scale, self.upper - y * self.scale

    def put(self, shape: Shape) -> None:
        match shape:
            case Box():
                x, y = self.at(shape.x, shape.y + shape.height)
                self.page.box(x, y, shape.width * self.scale, shape.height * self.scale, shape.fill)
            case Path():
                points = [self.at(*point) for point in shape.points]
                self.page.path(points, shape.width * self.scale, shape.colour, dashed=shape.dashed)
            case Dot():
                angles = (2 * pi * turn / ROUND for turn in range(ROUND + 1))
                circle = [(shape.x + shape.radius * cos(one), shape.y + shape.radius * sin(one)) for one in angles]
                self.page.path([self.at(*point) for point in circle], shape.radius * self.scale, shape.colour)
            case Words():
                self._words(shape)

    def _words(self, one: Words) -> None:
        words, size = one.text.translate(PRINTED), one.size * self.scale
        x, y = self.at(one.x, one.y)
        begin = x - width_of(words) * size * SHIFTS[one.anchor]
        self.page.coloured(begin, y, size, words, "black" if one.bold else "song", one.colour)
