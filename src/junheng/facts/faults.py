"""Cells without a value, which readers take for blanks: a formula that failed, or one that was never worked out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

from junheng.facts.package import OLE, chunks
from junheng.facts.problems import Problem

ERROR = ("单元格里是公式错误", "请改正公式，或直接填数值，没有数据就留空")
UNKNOWN = ("单元格里的公式还没有算出结果", "请在 WPS 或 Excel 里打开，保存一次再用，或直接填数值")
CELL = rb"""<c\b(?=[^>]*\br="([A-Z]+)(\d+)")"""
FORMULA = rb"<f\b[^>]*(?:/>|>[^<]*</f>)"
ERROR_CELL = re.compile(CELL + rb"""[^>]*\bt="e"[^>]*>(?:""" + FORMULA + rb""")?<v>([^<]*)</v>""")
# A text that a formula left empty is an answer; a number that is not there is none.
UNKNOWN_CELL = re.compile(CELL + rb"""(?![^>]*\bt="str")[^>]*>""" + FORMULA + rb"""(?:<v\s*/>|<v></v>)?()</c>""")
# A text to look for first, which is quick; what a fault looks like; and what is said of it.
FAULTS = ((b't="e"', ERROR_CELL, ERROR), (b"<f", UNKNOWN_CELL, UNKNOWN))
NAMESPACES = {
    "main": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "rel": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
# The older .xls keeps an error as a record: BOOLERR (0x0205), or a FORMULA (0x0006) whose result is an error.
CODES = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
CODE = b"([" + b"".join(re.escape(bytes([code])) for code in CODES) + b"])"
RECORDS = (
    re.compile(rb"\x05\x02\x08\x00(..)(..).." + CODE + rb"\x01", re.DOTALL),
    re.compile(rb"\x06\x00..(..)(..)..\x02." + CODE + rb"...\xff\xff", re.DOTALL),
)


def faults(file: Path) -> Mapping[str, list[Problem]]:
    """Return a problem for each faulty cell, by sheet; those of an .xls, which does not say where, under its name."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as package:
            return {name: _in_sheet(name, package, part) for name, part in _sheet_parts(package)}
    content = file.read_bytes()
    return {file.name: list(_in_records(file.name, content))} if content.startswith(OLE) else {}


def _in_sheet(sheet: str, package: zipfile.ZipFile, part: str) -> list[Problem]:
    found: dict[tuple[int, str], Problem] = {}
    for text in chunks(package, package.getinfo(part)):
        for mark, pattern, said in FAULTS:
            for column, row, value in pattern.findall(text) if mark in text else ():
                at = (int(row), column.decode())
                found[at] = Problem(sheet, *said, at[0], f"{at[1]} 列", value.decode("utf-8", "replace") or None)
    return list(found.values())


def _in_records(file: str, content: bytes) -> Iterator[Problem]:
    from xlsxwriter.utility import xl_col_to_name

    for pattern in RECORDS:
        for row, column, code in pattern.findall(content):
            at, letters = int.from_bytes(row, "little") + 1, xl_col_to_name(int.from_bytes(column, "little"))
            yield Problem(file, *ERROR, at, f"{letters} 列", CODES[code[0]])


def _sheet_parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield each sheet's name and the file inside the workbook that holds it."""
    names = set(package.namelist())
    if "xl/_rels/workbook.xml.rels" not in names:
        return
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 (no DOCTYPE: see package)
    targets = {one.attrib["Id"]: one.attrib["Target"] for one in relations}
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))  # noqa: S314
    for sheet in book.iterfind("main:sheets/main:sheet", NAMESPACES):
        target = targets.get(sheet.attrib.get(f"{{{NAMESPACES['rel']}}}id", ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            yield sheet.attrib["name"], part
