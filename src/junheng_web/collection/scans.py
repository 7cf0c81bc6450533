"""Reading the mark from a scanned form: from its pages as pictures, without a network."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image

from junheng_web.collection.marks import Mark, mark_in

MOST_PAGES = 20
# A page of A4 at 200 dots an inch; a picture is brought down to so many dots: a QR code of 28 mm has 200 of them.
SCALE, MOST_DOTS = 200 / 72, 3000
# A4 scanned at 600 dots an inch has 35 million; of more than this nothing is unfolded.
MOST_PIXELS = 80_000_000
PDF = b"%PDF"


def marks_in(content: bytes) -> list[Mark]:
    """Return the marks on a scan's pages, in their order; none where there is none, or it cannot be read."""
    found: dict[Mark, None] = {}
    try:
        for page in _pages(content) if content.startswith(PDF) else _picture(content):
            for code in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode):
                if mark := mark_in(code.text):
                    found[mark] = None
    except (OSError, ValueError, pypdfium2.PdfiumError, Image.DecompressionBombError):
        return list(found)
    return list(found)


def _pages(content: bytes) -> Iterator[Any]:
    document = pypdfium2.PdfDocument(content)
    try:
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            longest = max(page.get_size()) * SCALE
            yield page.render(scale=SCALE * min(1, MOST_DOTS / longest), grayscale=True).to_pil()
    finally:
        document.close()


def _picture(content: bytes) -> Iterator[Any]:
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            return
        picture.draft("L", (MOST_DOTS, MOST_DOTS))
        picture.thumbnail((MOST_DOTS, MOST_DOTS))
        yield picture.convert("L")
