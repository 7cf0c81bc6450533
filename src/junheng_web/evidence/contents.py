"""What a file really is, by what it holds: its name may say anything."""

from __future__ import annotations

import codecs
import mmap
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import puremagic

HEAD = 8192
# Ending: its media type.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xls": "application/vnd.ms-excel",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
        # What offices send each other, with their seals in it: kept as it is.
        "ofd": "application/ofd",
        "jpg": "image/jpeg",
        "png": "image/png",
        "zip": "application/zip",
        "csv": "text/csv",
    }
)
# What tells the kinds of one container apart: the file inside that holds the content.
PARTS = MappingProxyType({"xl/workbook.xml": "xlsx", "word/document.xml": "docx", "OFD.xml": "ofd"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOOKS = ("Workbook".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
LOCKED = "EncryptedPackage".encode("utf-16-le")
PICTURES_AND_PAGES = ("pdf", "jpg", "png")
ENCODINGS = ("utf-8-sig", "gb18030")


def kind_of(file: Path) -> str:
    """Return the kind of a file's content: one of KINDS, `locked` for a workbook under a password, or nothing."""
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    if head.startswith(b"PK"):
        return _package(file)
    if head.startswith(OLE):
        return _compound(file)
    return _by_signature(head) or ("csv" if _is_text(file) else "")


def _package(file: Path) -> str:
    try:
        with zipfile.ZipFile(file) as package:
            names = set(package.namelist())
    except zipfile.BadZipFile:
        return ""
    return next((kind for part, kind in PARTS.items() if part in names), "zip")


def _compound(file: Path) -> str:
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(LOCKED) >= 0:
            return "locked"
        return "xls" if any(content.find(name) >= 0 for name in BOOKS) else ""


def _by_signature(head: bytes) -> str:
    """Ask what the first bytes are a sign of; the name is not told, since it would be believed."""
    try:
        found = {one.extension.lstrip(".").replace("jpeg", "jpg") for one in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return ""
    return next((kind for kind in PICTURES_AND_PAGES if kind in found), "")


def _is_text(file: Path) -> bool:
    return any(_reads_as(file, encoding) for encoding in ENCODINGS)


def _reads_as(file: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with file.open("rb") as opened:
        try:
            while chunk := opened.read(1 << 20):
                if "\0" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
