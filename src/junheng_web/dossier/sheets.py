"""Pages of text of a binder as PDF: the cover, the catalogue, dividers, labels. Chinese without a font file.

The font is one that every reader of PDF in Chinese offices knows by name (STSong-Light); nothing is embedded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

# A4 in points, and the margins; the left one is wide enough to be punched.
WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT, TOP, BOTTOM = 79.0, 57.0, 70.0, 57.0
ASCII_LAST = 0x7E
HALF = 0.5
# Objects that every file begins with: catalogue, list of pages, font and what it is made of.
FIXED = 5


@dataclass(slots=True)
class Sheet:
    """One page: what is drawn on it, in the order in which it is drawn."""

    width: float = WIDTH
    height: float = HEIGHT
    drawn: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, size: float, words: str) -> None:
        """Write words with their left end at a place; y counts from the bottom."""
        coded = words.encode("utf-16-be", "replace").hex()
        self.drawn.append(f"BT /F {size:.1f} Tf 1 0 0 1 {x:.1f} {y:.1f} Tm <{coded}> Tj ET")

    def centred(self, y: float, size: float, words: str) -> None:
        """Write words in the middle of the page."""
        self.text((self.width - width_of(words) * size) / 2, y, size, words)

    def line(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """Draw a thin line."""
        self.drawn.append(f"0.6 w {x:.1f} {y:.1f} m {to_x:.1f} {to_y:.1f} l S")

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """Draw the edge of a box."""
        self.drawn.append(f"0.8 w {x:.1f} {y:.1f} {width:.1f} {height:.1f} re S")


def width_of(words: str) -> float:
    """Return how wide words are, in the size of the type: a Latin letter takes half of what a Chinese sign takes."""
    return sum(HALF if ord(sign) <= ASCII_LAST else 1.0 for sign in words)


def wrapped(words: str, most: float) -> list[str]:
    """Return words in lines that are no wider than so many Chinese signs."""
    lines, line, width = [], "", 0.0
    for sign in words:
        wide = width_of(sign)
        if width + wide > most:
            lines.append(line)
            line, width = "", 0.0
        line, width = line + sign, width + wide
    return [*lines, line]


def pdf_of(sheets: Sequence[Sheet]) -> bytes:
    """Return pages as a PDF."""
    pages = [FIXED + 1 + 2 * at for at in range(len(sheets))]
    objects = [*_fixed(pages)]
    for at, sheet in enumerate(sheets):
        content = "\n".join(sheet.drawn).encode("ascii")
        size = f"/MediaBox[0 0 {sheet.width:.0f} {sheet.height:.0f}]"
        told = f"<</Type/Page/Parent 2 0 R{size}/Resources<</Font<</F 3 0 R>>>>/Contents {pages[at] + 1} 0 R>>"
        objects += [told.encode(), b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)]
    return _file(objects)


def _fixed(pages: Sequence[int]) -> list[bytes]:
    kids = " ".join(f"{page} 0 R" for page in pages)
    info = "<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[4 0 R]>>",
        f"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo{info}/DW 1000/W[1 95 500]"
        "/FontDescriptor 5 0 R>>".encode(),
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 60>>",
    ]


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.6\n%\xe4\xb8\xad\xe6\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
