"""Paints a drawing as PNG, with a Chinese font of the machine. Pillow comes with the extra `png` (and with `web`)."""

from __future__ import annotations

import io
from pathlib import Path as File
from typing import Any

from junheng.facts.problems import unusable
from junheng.output.charts.drawing import PRINTED, Box, Dot, Drawing, Path, Shape, Words

SCALE = 2
DASH, GAP = 5, 4
# Fonts with Chinese characters, as systems name their files; the first that is there is taken.
FONTS = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "msyh.ttc",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "simhei.ttf",
    "simsun.ttc",
    "DroidSansFallbackFull.ttf",
)
# In a collection of fonts, that with the characters of the mainland.
FACES = {"NotoSansCJK-Regular.ttc": 2}
ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def as_png(drawing: Drawing, font: File | None = None) -> bytes:
    """Return a drawing as PNG, twice as fine as on the screen; `font` is a font file to use instead of the machine's.

    Raises `Unusable` where Pillow is absent or no font has Chinese characters.
    """
    try:
        from PIL import Image, ImageDraw
    except ImportError:
        raise unusable("PNG", "画 PNG 图要用 Pillow，这里没有", 'pip install "junheng[png]"，或改存成 .svg') from None
    image = Image.new("RGB", (drawing.width * SCALE, drawing.height * SCALE), "#ffffff")
    brush = _Brush(ImageDraw.Draw(image), font)
    for shape in drawing.shapes:
        brush.paint(shape)
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()


class _Brush:
    """Paints shapes, one over the other."""

    def __init__(self, draw: Any, font: File | None) -> None:
        self.draw, self.file = draw, font
        self.fonts: dict[int, Any] = {}

    def paint(self, shape: Shape) -> None:
        match shape:
            case Box():
                corners = (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
                self.draw.rectangle([one * SCALE for one in corners], fill=shape.fill)
            case Path():
                self._line(shape)
            case Dot():
                self._dot(shape)
            case Words():
                self._words(shape)

    def _line(self, one: Path) -> None:
        points = [(x * SCALE, y * SCALE) for x, y in one.points]
        pieces = _dashes(points) if one.dashed else [points]
        for piece in pieces:
            self.draw.line(piece, fill=one.colour, width=max(1, round(one.width * SCALE)), joint="curve")

    def _dot(self, one: Dot) -> None:
        corners = (one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius)
        fill = "#ffffff" if one.hollow else one.colour
        self.draw.ellipse([each * SCALE for each in corners], fill=fill, outline=one.colour, width=2 * SCALE)

    def _words(self, one: Words) -> None:
        size = one.size * SCALE
        if size not in self.fonts:
            self.fonts[size] = _font(size, self.file)
        place, thick = (one.x * SCALE, one.y * SCALE), int(one.bold)
        self.draw.text(
            place,
            one.text.translate(PRINTED),
            fill=one.colour,
            font=self.fonts[size],
            anchor=ANCHORS[one.anchor],
            stroke_width=thick,
        )


def _dashes(points: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    (x, y), (to_x, to_y) = points[0], points[-1]
    length = max(1.0, ((to_x - x) ** 2 + (to_y - y) ** 2) ** (1 / 2))
    step = (DASH + GAP) * SCALE
    starts = [at * step for at in range(int(length // step) + 1)]
    ends = [(start, min(length, start + DASH * SCALE)) for start in starts]
    return [[(x + (to_x - x) * at / length, y + (to_y - y) * at / length) for at in both] for both in ends]


def _font(size: int, file: File | None) -> Any:
    from PIL import ImageFont

    for name in (str(file),) if file else FONTS:
        try:
            return ImageFont.truetype(name, size, index=FACES.get(name, 0))
        except OSError:
            continue
    reason = f"打不开字体文件 {file}" if file else "这台电脑上没有找到中文字体"
    raise unusable("PNG", reason, "请装一种中文字体（如 Noto Sans CJK），或改存成 .svg")
