"""The PDF itself: pages of words and lines, in fonts that offices have. Nothing is embedded.

Each font is known by name; a reader without it draws the next best Chinese one. Chinese signs are as wide as the type
is high, Latin ones half as wide, whatever the reader draws.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595.28, 841.89
# By short name: the font's own, and whether it is a serif (2) on top of being symbolic (4).
FONTS = {
    "body": ("FangSong", 6),
    "black": ("SimHei", 4),
    "kai": ("KaiTi", 6),
    "title": ("FZXiaoBiaoSong-B05S", 6),
    "song": ("SimSun", 6),
}
RED, BLACK = "0.902 0 0.071", "0 0 0"
ASCII_LAST = 0x7E
HALF = 0.5
# Objects that every file begins with: the catalogue, the list of pages, and three for each font.
FIXED = 2 + 3 * len(FONTS)


@dataclass(slots=True)
class Page:
    """One page: what is drawn on it, in the order in which it is drawn. Places count from its lower left corner."""

    drawn: list[str] = field(default_factory=list)
    width: float = WIDTH
    height: float = HEIGHT

    def text(self, x: float, y: float, size: float, words: str, font: str = "body", *, gap: float = 0.0) -> None:
        """Write words with their left end at a place, with so much more room after each sign."""
        self._text(x, y, size, words, font, gap, BLACK)

    def red(self, x: float, y: float, size: float, words: str, font: str) -> None:
        """Write words in red."""
        self._text(x, y, size, words, font, 0.0, RED)

    def _text(self, x: float, y: float, size: float, words: str, font: str, gap: float, colour: str) -> None:
        coded = words.encode("utf-16-be", "replace").hex()
        at = f"1 0 0 1 {x:.2f} {y:.2f} Tm {gap:.3f} Tc"
        self.drawn.append(f"{colour} rg BT /{font} {size:.1f} Tf {at} <{coded}> Tj ET")

    def coloured(self, x: float, y: float, size: float, words: str, font: str, colour: str) -> None:
        """Write words in a colour, such as #1f2937."""
        self._text(x, y, size, words, font, 0.0, _parts(colour))

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle, whose lower left corner is named."""
        self.drawn.append(f"{_parts(colour)} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def path(self, points: Sequence[tuple[float, float]], thick: float, colour: str, *, dashed: bool = False) -> None:
        """Draw a line through points."""
        (x, y), *others = points
        way = f"{x:.2f} {y:.2f} m" + "".join(f" {to_x:.2f} {to_y:.2f} l" for to_x, to_y in others)
        before, after = ("[4 3] 0 d ", " [] 0 d") if dashed else ("", "")
        self.drawn.append(f"{before}{_parts(colour)} RG {thick:.2f} w {way} S{after}")

    def line(self, x: float, y: float, to_x: float, to_y: float, thick: float = 0.5, *, red: bool = False) -> None:
        """Draw a line."""
        colour = RED if red else BLACK
        self.drawn.append(f"{colour} RG {thick:.2f} w {x:.2f} {y:.2f} m {to_x:.2f} {to_y:.2f} l S")


def _parts(colour: str) -> str:
    """Return a colour as PDF writes it: three parts of one."""
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))


def width_of(words: str) -> float:
    """Return how wide words are, in the size of the type."""
    return sum(HALF if ord(sign) <= ASCII_LAST else 1.0 for sign in words)


def pdf_bytes(pages: Sequence[Page], title: str) -> bytes:
    """Return pages as a PDF; the same pages are the same bytes."""
    numbers = [FIXED + 2 + 2 * at for at in range(len(pages))]
    objects = [*_catalogue(numbers), *(one for name, flags in FONTS.values() for one in _font(name, flags))]
    objects = _with_fonts(objects)
    objects.append(b"<</Title<feff%s>>>" % title.replace("\n", "").encode("utf-16-be").hex().encode())
    resources = "/Font<<" + "".join(f"/{name} {3 + 3 * at} 0 R" for at, name in enumerate(FONTS)) + ">>"
    for number, page in zip(numbers, pages, strict=True):
        content = zlib.compress("\n".join(page.drawn).encode("ascii"), 9)
        box = f"/MediaBox[0 0 {page.width} {page.height}]/Resources<<{resources}>>/Contents {number + 1} 0 R"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}>>".encode())
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content))
    return _file(objects)


def _catalogue(pages: Sequence[int]) -> list[bytes]:
    kids = " ".join(f"{page} 0 R" for page in pages)
    return [
        b"<</Type/Catalog/Pages 2 0 R/Lang(zh-CN)>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
    ]


def _font(name: str, flags: int) -> list[bytes]:
    info = "<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    widths = "/DW 1000/W[1 95 500]"
    box = "/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 60"
    return [
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/UniGB-UTF16-H/DescendantFonts[NEXT1 0 R]>>".encode(),
        f"<</Type/Font/Subtype/CIDFontType0/BaseFont/{name}/CIDSystemInfo{info}{widths}"
        "/FontDescriptor NEXT1 0 R>>".encode(),
        f"<</Type/FontDescriptor/FontName/{name}/Flags {flags}{box}>>".encode(),
    ]


def _with_fonts(objects: Sequence[bytes]) -> list[bytes]:
    """Let each part of a font point to the object after it."""
    return [one.replace(b"NEXT1", b"%d" % (number + 1)) for number, one in enumerate(objects, 1)]


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.6\n%\xe4\xb8\xad\xe6\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    out += trailer % (len(objects) + 1, FIXED + 1, start)
    return bytes(out)
