"""Reads the texts of the QR codes of a scan that comes on standard input: a process of its own, bounded."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image

MOST_MEMORY = 1 << 30
MOST_PAGES = 20
SCALE, MOST_DOTS = 200 / 72, 3000
MOST_PIXELS = 80_000_000
PDF = b"%PDF"


def texts(content: bytes) -> list[str]:
    """Return the texts of the codes, in the order of the pages; what cannot be read has none."""
    found: list[str] = []
    try:
        for page in _pages(content) if content.startswith(PDF) else _picture(content):
            found += [one.text for one in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)]
    except (OSError, ValueError, MemoryError, pypdfium2.PdfiumError, Image.DecompressionBombError):
        return found
    return found


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


def bounded() -> None:
    """Bound the memory that this process may take, where the system can."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    bounded()
    print(json.dumps(texts(sys.stdin.buffer.read())))
