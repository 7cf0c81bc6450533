"""What a file says, read in a process of its own: a file that crashes or stalls its reader takes nobody along.

python -m junheng_web.evidence.extracting FILE KIND        writes JSON: the text of each page, as far as it goes
(`whole`: to the end), and which pages are pictures
"""

from __future__ import annotations

import codecs
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

MOST_PAGES, MOST_SIGNS = 500, 200_000
# A long page is kept in pieces; what stands where two meet stands in both.
PIECE, OVERLAP = 6000, 40
ENCODINGS = ("utf-8-sig", "gb18030")
MEMORY = 2 * 2**30
# A page with no more signs than this, half of which is a picture, is a scan: programs that scan sign their pages.
FEW_SIGNS, MOST_OF_A_PAGE = 40, 0.5
IMAGE_DEPTH = 5
# Where in an OFD a page's words stand.
OFD_PAGE = re.compile(r"(^|/)Pages/Page_\d+/Content\.xml$")
OFD_WORDS = "{http://www.ofdspec.org/2016}TextCode"
# Number of the page, and its words; where there are no pages, from 1 on piece by piece.
Page = tuple[int, str]


def _pdf(file: Path) -> Iterator[Page]:
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    for at in range(len(document)):
        page = document[at]
        yield at + 1, page.get_textpage().get_text_range()
        page.close()


def _document(file: Path) -> Iterator[Page]:
    import docx

    opened = docx.Document(str(file))
    lines = [one.text for one in opened.paragraphs]
    lines += [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    yield from _pieces("\n".join(lines))


def _ofd(file: Path) -> Iterator[Page]:
    """Yield the words on each page of an OFD, in the order of its pages."""
    from xml.etree import ElementTree

    with zipfile.ZipFile(file) as package:
        for at, name in enumerate(sorted(filter(OFD_PAGE.search, package.namelist()), key=_place), 1):
            # What defines entities was refused when it came in, and this process may have so much memory and no more.
            words = [one.text or "" for one in ElementTree.fromstring(package.read(name)).iter(OFD_WORDS)]  # noqa: S314
            yield at, "\n".join(words)


def _place(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", name))


def _workbook(file: Path) -> Iterator[Page]:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(file))
    for at, name in enumerate(book.sheet_names, 1):
        rows = book.get_sheet_by_name(name).to_python()
        yield at, "\n".join([name, *(" ".join(str(cell) for cell in row if cell != "") for row in rows)])


def _text(file: Path) -> Iterator[Page]:
    with file.open("rb") as opened:
        # A sign has four bytes at the most.
        content = opened.read((MOST_SIGNS + 1) * 4)
    decoder = next(one for one in ENCODINGS if _reads(content, one))
    yield from _pieces(content.decode(decoder, "ignore"))


def _reads(content: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(content)
    except UnicodeDecodeError:
        return False
    return True


def _package(file: Path) -> Iterator[Page]:
    with zipfile.ZipFile(file) as package:
        yield 1, "\n".join(package.namelist())


def _picture(file: Path) -> Iterator[Page]:
    from PIL import Image

    with Image.open(file) as picture:
        picture.verify()
    yield 1, ""


def _pieces(text: str) -> Iterator[Page]:
    for at, start in enumerate(range(0, max(len(text), 1), PIECE), 1):
        yield at, text[start : start + PIECE]


READERS: Mapping[str, Callable[[Path], Iterator[Page]]] = MappingProxyType(
    {
        "pdf": _pdf,
        "docx": _document,
        "ofd": _ofd,
        "xlsx": _workbook,
        "xls": _workbook,
        "csv": _text,
        "zip": _package,
        "jpg": _picture,
        "png": _picture,
    }
)


def pages_of(file: Path, kind: str) -> tuple[list[Page], bool]:
    """Return the pages of a file with their words, as many words as are kept, and whether that is all of them.

    Raises whatever its reader raises.
    """
    out: list[Page] = []
    left = MOST_SIGNS
    for many, (at, text) in enumerate(READERS[kind](file)):
        if many == MOST_PAGES or left <= 0:
            return out, False
        kept = text[:left].replace("\0", " ")
        out += [(at, kept[start : start + PIECE + OVERLAP]) for start in range(0, max(len(kept), 1), PIECE)]
        left -= len(text)
    return out, left >= 0


def pictured_in(file: Path, kind: str, pages: Sequence[Page]) -> list[int]:
    """Return which pages are pictures: a photo; of a PDF those with something to see on them and hardly a word."""
    if kind != "pdf":
        return [1] if kind in {"jpg", "png"} else []
    import pypdfium2

    document, said = pypdfium2.PdfDocument(file), dict.fromkeys((at for at, _ in pages), 0)
    for at, text in pages:
        said[at] += len("".join(text.split()))
    return [at for at, signs in said.items() if signs <= FEW_SIGNS and _pictured(document[at - 1], signs)]


def _pictured(page: Any, signs: int) -> bool:
    """Whether a page is a picture: without any word, whatever is drawn there; with a few, pictures over most of it."""
    from pypdfium2 import raw

    if not signs:
        return next(page.get_objects(max_depth=1), None) is not None
    images = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=IMAGE_DEPTH)
    covered = sum((right - left) * (top - bottom) for left, bottom, right, top in (one.get_bounds() for one in images))
    return bool(covered >= MOST_OF_A_PAGE * page.get_width() * page.get_height())


def main(file: str, kind: str) -> None:
    """Write what a file says to the standard output."""
    bounded()
    pages, whole = pages_of(Path(file), kind)
    # An OFD without a word holds pictures: nobody knows what stands on them.
    whole = whole and (kind != "ofd" or any(text.strip() for _, text in pages))
    told = {"pages": pages, "whole": whole, "pictured": pictured_in(Path(file), kind, pages)}
    sys.stdout.buffer.write(json.dumps(told, ensure_ascii=True).encode())


def bounded() -> None:
    """Let this process have so much memory and no more, where the system can say so."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main(*sys.argv[1:])
