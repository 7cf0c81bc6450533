"""What a file of a known kind carries beside what it shows: programs, scripts, another file behind it, a bomb."""

from __future__ import annotations

import mmap
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pypdfium2
from PIL import Image, UnidentifiedImageError
from pypdfium2 import raw

from junheng_web.evidence.packages import BROKEN, Dangerous, members

# A sheet of A2 scanned at 400 dots an inch has 60 million.
MOST_PIXELS, MOST_PAGES = 120_000_000, 5000
HEAD = 4096
# Parts of an office document that run, or fetch something from elsewhere.
RUNNING = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml|activeX/|macrosheets/)", re.IGNORECASE)
FETCHED = re.compile(rb"(attachedTemplate|oleObject|frame|subDocument)\"[^>]*TargetMode=\"External\"", re.IGNORECASE)
FETCHED_TURNED = re.compile(
    rb"TargetMode=\"External\"[^>]*(attachedTemplate|oleObject|frame|subDocument)\"", re.IGNORECASE
)
PROGRAMS = (b"MZ", b"\x7fELF", b"#!/")
MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros\0".encode("utf-16-le"))
# A cell that asks a spreadsheet to start a program.
STARTS = re.compile(rb"(?im)(^|[,;\t])\s*\"?[=+@-][^,;\r\n]{0,200}(\|[^,;\r\n]{0,200}!|(?<![a-z])(DDE|EXEC|CALL)\()")
SCRIPTS = re.compile(rb"<\s*(script|\?php|html|svg)[\s>]", re.IGNORECASE)
WITH_SCRIPT = "带脚本；请用打印的办法另存为 PDF 再交"
AGAIN = "请在 WPS 或 Office 里另存为普通的文档（不带宏）再交"


def danger_in(file: Path, kind: str) -> str:
    """Return why a file of this kind is not taken in, and what to do; nothing where it is harmless."""
    try:
        return next(LOOKS[kind](file), "") if kind in LOOKS else ""
    except Dangerous as why:
        return str(why)
    except BROKEN:
        return "里面有读不出的内容，文件坏了；请用原来的程序另存，或重新压缩再交"


def _package(file: Path) -> Iterator[str]:
    """A zip that is kept as it is: what it holds is not opened, but a bomb is not kept either."""
    for one in members(file):
        if RUNNING.search(one.filename):
            yield f"里面的“{one.filename}”带宏；{AGAIN}"
    yield from _program(file)


def _document(file: Path) -> Iterator[str]:
    """A workbook, text or OFD: no macros, nothing fetched from elsewhere, no entities that grow, no program inside."""
    for one in members(file):
        if RUNNING.search(one.filename):
            yield f"带宏或控件；{AGAIN}"
    with zipfile.ZipFile(file) as package:
        for name in package.namelist():
            if name.lower().endswith((".xml", ".rels", ".vml")):
                yield from _xml(package, name)
    yield from _program(file)


def _xml(package: zipfile.ZipFile, name: str) -> Iterator[str]:
    with package.open(name) as part:
        head = part.read(HEAD) if not name.endswith(".rels") else part.read(2**20)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        yield f"里面的定义会自己膨胀，是做了手脚的文档；{AGAIN}"
    if FETCHED.search(head) or FETCHED_TURNED.search(head):
        yield f"打开时会到别处去取模板或对象；{AGAIN}"


def _program(file: Path) -> Iterator[str]:
    """Yield what of a package begins as a program does, whatever it is called."""
    with zipfile.ZipFile(file) as package:
        for one in package.infolist():
            with package.open(one) as part:
                begins = part.read(4)
            if begins.startswith(PROGRAMS):
                yield f"里面的“{one.filename}”是程序；请去掉再交"


def _compound(file: Path) -> Iterator[str]:
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if any(content.find(sign) >= 0 for sign in MACROS):
            yield f"带宏；{AGAIN}"


def _pdf(file: Path) -> Iterator[str]:
    """No second file behind it, nothing that runs or starts when it is opened, no more pages than a shelf holds."""
    yield from _second(file)
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if not content[:HEAD].lstrip(b"\xef\xbb\xbf").startswith(b"%PDF-"):
            yield "开头不是 PDF，前面藏着别的内容；请用打印的办法另存为 PDF 再交"
        if content.find(b"/Launch") >= 0:
            yield "打开时会启动别的程序；请用打印的办法另存为 PDF 再交"
        if content.find(b"/JavaScript") >= 0:
            yield WITH_SCRIPT
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError:
        return
    try:
        yield from _running(document)
    finally:
        document.close()


def _running(document: pypdfium2.PdfDocument) -> Iterator[str]:
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        yield WITH_SCRIPT
    if raw.FPDFDoc_GetAttachmentCount(document) > 0:
        yield "里面夹着别的文件；请把夹着的文件单独交，PDF 用打印的办法另存再交"
    if len(document) > MOST_PAGES:
        yield f"有 {len(document)} 页，超过 {MOST_PAGES} 页；请拆开再交"


def _picture(file: Path) -> Iterator[str]:
    """A picture and nothing else, of a size that a scanner makes."""
    yield from _second(file)
    try:
        with Image.open(file) as picture:
            width, height = picture.size
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, ValueError, SyntaxError):
        yield "图片打不开，或大得不合常理；请重新拍照或扫描再交"
        return
    if width * height > MOST_PIXELS:
        yield f"图片有 {width}×{height} 个点，太大；请缩小再交"


def _second(file: Path) -> Iterator[str]:
    """Yield that something else stands behind or inside what is no package: a file that is two."""
    if zipfile.is_zipfile(file):
        yield "后面还接着一个压缩包，是做了手脚的文件；请重新另存再交"
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if SCRIPTS.search(content):
            yield "里面藏着网页脚本，是做了手脚的文件；请重新另存再交"


def _text(file: Path) -> Iterator[str]:
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if STARTS.search(content):
            yield "里面有会启动程序的公式；请删去以 = 开头的格子再交"


LOOKS: Mapping[str, Callable[[Path], Iterator[str]]] = MappingProxyType(
    {
        "zip": _package,
        "xlsx": _document,
        "docx": _document,
        "ofd": _document,
        "xls": _compound,
        "pdf": _pdf,
        "jpg": _picture,
        "png": _picture,
        "csv": _text,
    }
)
