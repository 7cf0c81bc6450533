"""Bookmarks of a PDF, added at its end: the library that puts pages together does not write them.

Only files that `pypdfium2` has saved are read here: one table of objects, one flat list of pages.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

TAIL = 2048
ENTRY = 20


@dataclass(slots=True)
class Mark:
    """One bookmark: its words, the page that it leads to (from 0), and those under it."""

    words: str
    page: int
    below: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """What has to be known of a file: where its table is, how many objects, its catalogue, the objects of its pages."""

    table: int
    size: int
    root: int
    catalogue: bytes
    pages: tuple[int, ...]


def bookmarks_add(file: Path, marks: Sequence[Mark]) -> None:
    """Add bookmarks to a PDF that `pypdfium2` has saved."""
    if not marks:
        return
    known = _read(file)
    objects = _objects(marks, known)
    changed = known.catalogue.replace(b"<<", b"<</Outlines %d 0 R/PageMode/UseOutlines" % known.size, 1)
    start = file.stat().st_size
    with file.open("ab") as out:
        out.write(_update(known, {known.root: changed, **objects}, start))


def _read(file: Path) -> _Known:
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        tail = content[-TAIL:]
        table = int(_only(rb"startxref\s+(\d+)\s+%%EOF", tail))
        root = int(_only(rb"/Root (\d+) 0 R", tail))
        size = int(_only(rb"/Size (\d+)", tail))
        catalogue = _object(content, table, root)
        kids = _only(rb"/Kids\s*\[([^\]]*)\]", _object(content, table, int(_only(rb"/Pages (\d+) 0 R", catalogue))))
        pages = tuple(int(number) for number in re.findall(rb"(\d+) 0 R", kids))
    return _Known(table, size, root, catalogue, pages)


def _only(pattern: bytes, content: bytes) -> bytes:
    found = re.findall(pattern, content)
    if not found:
        raise ValueError(f"not a PDF that was put together here: {pattern!r}")
    return bytes(found[-1])


def _object(content: mmap.mmap, table: int, number: int) -> bytes:
    """Return an object by the table, in which all stand from the first to the last."""
    first = content.find(b"00000", table)
    place = int(content[first + ENTRY * number : first + ENTRY * number + 10])
    begins = content.find(b"obj", place) + len(b"obj")
    return content[begins : content.find(b"endobj", begins)].strip()


def _objects(marks: Sequence[Mark], known: _Known) -> dict[int, bytes]:
    """Return the objects of all bookmarks by their numbers: the root of them first."""
    out: dict[int, bytes] = {}
    numbers = iter(range(known.size + 1, known.size + 1 + _many(marks)))
    first, last = _level(marks, known.size, known, numbers, out)
    out[known.size] = b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (first, last, len(marks))
    return out


def _many(marks: Sequence[Mark]) -> int:
    return sum(1 + _many(mark.below) for mark in marks)


def _level(marks: Sequence[Mark], above: int, known: _Known, numbers: object, out: dict[int, bytes]) -> tuple[int, int]:
    """Write the bookmarks of one level and those under them; return the first's number and the last's."""
    own = [next(numbers) for _ in marks]
    for at, (number, mark) in enumerate(zip(own, marks, strict=True)):
        told = [b"/Title<feff%s>" % mark.words.encode("utf-16-be", "replace").hex().encode()]
        told.append(b"/Parent %d 0 R/Dest[%d 0 R/Fit]" % (above, known.pages[mark.page]))
        if at:
            told.append(b"/Prev %d 0 R" % own[at - 1])
        if at + 1 < len(own):
            told.append(b"/Next %d 0 R" % own[at + 1])
        if mark.below:
            first, last = _level(mark.below, number, known, numbers, out)
            told.append(b"/First %d 0 R/Last %d 0 R/Count -%d" % (first, last, len(mark.below)))
        out[number] = b"<<%s>>" % b"".join(told)
    return own[0], own[-1]


def _update(known: _Known, objects: dict[int, bytes], start: int) -> bytes:
    """Return what stands at the end of the file: the objects, a table of them, and where the former table is."""
    out, places = bytearray(b"\n"), {}
    for number, content in sorted(objects.items()):
        places[number] = start + len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = start + len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n\r\n" % (number, place)
    size = max(known.size, max(objects) + 1)
    out += b"trailer\n<</Size %d/Root %d 0 R/Prev %d>>\n" % (size, known.root, known.table)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)
