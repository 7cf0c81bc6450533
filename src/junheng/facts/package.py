"""What a workbook file really is, looked at before a reader opens it: another format under its name, or too much in it.

A few bytes can ask for gigabytes: a package that unfolds without end, one cell at the far corner of a sheet, entities
that name each other. Such a file is refused here, where looking costs little.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from junheng.facts.problems import Unusable, unusable

REMEDY = "请在 WPS 或 Excel 里打开，另存为 .xlsx"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"
LOCKED = "EncryptedPackage".encode("utf-16-le")
# How other formats begin that offices meet under the name of a workbook: exports of systems, mostly.
DISGUISES = (
    (re.compile(rb"\s*<(!doctype html|html|table|head|meta)", re.IGNORECASE), "网页（HTML）"),
    (re.compile(rb"\s*<\?xml"), "XML 文件"),
    (re.compile(rb"%PDF"), "PDF 文件"),
    (re.compile(rb"[^\x00-\x08\x0e-\x1f]+$"), "文本文件（像 CSV）"),
)
# 200,000 schools with every column filled are about 700 MB and 12,600,000 cells.
UNFOLDED = 2 * 10**9
CELLS = 40 * 10**6
# Real figures fold 5 to 30 times; blanks, or one thing repeated, many hundred times.
FOLDED_TIMES, FOLDED_FROM = 150, 50 * 10**6
CHUNK = 1 << 22
LONGEST_CELL = 1 << 15
# A cell with something in it: its column and row.
FILLED = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]+)(\d+)["'][^>]*(?<!/)>""")
DECLARED = b"<!DOCTYPE"


def check_package(file: Path) -> None:
    """Refuse a file that is no workbook of the kinds that are read, or that would not stay small when opened."""
    try:
        with file.open("rb") as opened:
            start = opened.read(1024)
            locked = start.startswith(OLE) and LOCKED in opened.read()
    except OSError as error:
        raise unusable(file.name, f"文件打不开（{error.strerror}）", "请检查权限，或先关闭正在使用它的程序") from error
    if locked:
        raise unusable(file.name, "工作簿设有打开密码", "请在 WPS 或 Excel 里取消密码后另存")
    if start.startswith(ZIP):
        _check_zip(file)
    elif not start.startswith(OLE):
        raise unusable(file.name, f"不是能读的工作簿：{_disguise(file, start)}", REMEDY)


def _disguise(file: Path, start: bytes) -> str:
    if not start:
        return "文件是空的"
    really = next((name for shape, name in DISGUISES if shape.match(start)), None)
    return f"扩展名是 {file.suffix}，内容" + (f"其实是{really}" if really else "认不出来")


def _check_zip(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            if "xl/workbook.xml" not in package.namelist():
                raise unusable(file.name, "不是能读的工作簿：压缩包里没有 xlsx 的内容", REMEDY)
            _check_size(file, parts)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_part(file, part, package)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise unusable(file.name, f"不是能读的工作簿：文件不完整或已损坏（{error}）", REMEDY) from error


def _check_size(file: Path, parts: list[zipfile.ZipInfo]) -> None:
    unfolded, folded = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unfolded > UNFOLDED or (unfolded > FOLDED_FROM and unfolded > FOLDED_TIMES * folded):
        reason = f"展开后有 {unfolded // 10**6:,} MB，不像填报的工作簿"
        raise unusable(file.name, reason, "请只把有数据的格子复制到新的工作簿里，另存为 .xlsx")


def _check_part(file: Path, part: zipfile.ZipInfo, package: zipfile.ZipFile) -> None:
    """Read one part to its end (a wrong size or checksum shows there) and refuse what no workbook needs."""
    columns, last = set[bytes](), 0
    for text in chunks(package, part):
        if DECLARED in text:
            raise unusable(file.name, f"{part.filename} 里有实体声明（DOCTYPE），工作簿不该有", REMEDY)
        if part.filename.startswith("xl/worksheets/"):
            for column, row in FILLED.findall(text):
                columns.add(column)
                last = max(last, int(row[:8]))
    if columns and last * max(map(_number, columns)) > CELLS:
        widest = max(columns, key=_number).decode()[:8]
        raise _too_far(file, part, f"{widest} 列、第 {last:,} 行")


def _too_far(file: Path, part: zipfile.ZipInfo, where: str) -> Unusable:
    reason = f"工作表 {part.filename.rsplit('/', 1)[-1]} 的数据一直到{where}，多得不像填报表"
    return unusable(file.name, reason, "请删去右边和下边多余的格子，只留有数据的部分")


def _number(letters: bytes) -> int:
    """Return a column's number: A is 1, AA is 27."""
    number = 0
    for letter in letters[:8]:
        number = number * 26 + letter - ord("A") + 1
    return number


def chunks(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part piece by piece; each begins with the end of the one before, so that no cell is cut in two."""
    tail = b""
    with package.open(part) as opened:
        while piece := opened.read(CHUNK):
            text = tail + piece
            yield text
            at = text.rfind(b"<c ", max(0, len(text) - LONGEST_CELL))
            tail = text[at:] if at >= 0 else text[-len(DECLARED) :]
