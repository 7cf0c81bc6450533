"""A page of a file as a picture, made in a process of its own; numbers of persons are blackened where that is asked.

python -m junheng_web.evidence.picturing FILE KIND PAGE MASK        writes a PNG to the standard output; MASK is 0 or 1
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from junheng_web.evidence.personal import KEPT, personal_in

WIDTH, LARGEST_SCALE = 1200, 4.0
MARGIN = 2


def picture_of(file: Path, kind: str, page: int, masked: bool) -> bytes:
    """Return a page, from 1, as a PNG. Raises LookupError where there is no such page."""
    picture = _page(file, page, masked) if kind == "pdf" else _photo(file, page)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()


def _photo(file: Path, page: int) -> Image.Image:
    """Return a picture as large as a page, without what the camera wrote beside it (where it was taken)."""
    if page != 1:
        raise LookupError(page)
    with Image.open(file) as opened:
        opened.draft("RGB", (WIDTH, WIDTH))
        picture = opened.convert("RGB")
    picture.thumbnail((WIDTH, WIDTH * 2))
    return picture


def _page(file: Path, number: int, masked: bool) -> Image.Image:
    document = pypdfium2.PdfDocument(file)
    if not 1 <= number <= len(document):
        raise LookupError(number)
    page = document[number - 1]
    scale = min(WIDTH / max(page.get_width(), 1.0), LARGEST_SCALE)
    # A page that is much higher than it is wide would be a picture of any size.
    scale = min(scale, 4 * WIDTH / max(page.get_height(), 1.0))
    bitmap = page.render(scale=scale)
    picture = bitmap.to_pil().convert("RGB")
    if masked:
        _blacken(page, picture, bitmap.get_posconv(page))
    return picture


def _blacken(page: pypdfium2.PdfPage, picture: Image.Image, places: pypdfium2.PdfPosConv) -> None:
    """Draw over each number of a person but for its first signs."""
    words, pen = page.get_textpage(), ImageDraw.Draw(picture)
    text = "".join(words.get_text_range(at, 1) or " " for at in range(words.count_chars()))
    for start, end in personal_in(text):
        for at in range(start + KEPT, end):
            left, bottom, right, top = words.get_charbox(at, loose=True)
            corners = [places.to_bitmap(left, bottom), places.to_bitmap(right, top)]
            xs, ys = zip(*corners, strict=True)
            pen.rectangle((min(xs) - MARGIN, min(ys) - MARGIN, max(xs) + MARGIN, max(ys) + MARGIN), fill="black")


def main(file: str, kind: str, page: str, mask: str) -> None:
    """Write the picture to the standard output."""
    from junheng_web.evidence.extracting import bounded

    bounded()
    sys.stdout.buffer.write(picture_of(Path(file), kind, int(page), mask == "1"))


if __name__ == "__main__":
    main(*sys.argv[1:])
