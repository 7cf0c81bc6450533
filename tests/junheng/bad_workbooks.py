"""Workbooks that are broken, disguised or too much, made from a good one."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

HEADINGS = ["学校标识码", "学校名称", "小学在校生数", "教学及辅助用房面积（平方米）"]
SHEET, BOOK, RELATIONS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# Ten of ten of ten...: a few lines that stand for ten thousand million letters.
ENTITIES = (
    '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + at)} "{("&" + chr(97 + at) + ";") * 10}">' for at in range(9))
    + "]>"
)


def good(file: Path) -> Path:
    """Write a workbook with one school of 12 pupils and 100.5 m2."""
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("学校")
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ["A", "甲", 12, 100.5])
    return file


def changed(file: Path, parts: Mapping[str, tuple[str, str] | None]) -> Path:
    """Write a good workbook to `file` in which a text of each part is another, or the part is missing."""
    whole = good(file.with_name("good.xlsx"))
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = parts.get(name, ("", ""))
            if change is not None:
                text = old.read(name).decode("utf-8")
                assert change[0] in text, "the test no longer changes anything"
                new.writestr(name, text.replace(*change, 1))
    return file


def bomb(file: Path, megabytes: int) -> Path:
    """Write a workbook whose sheet unfolds to so many megabytes of blanks."""
    whole = good(file.with_name("good.xlsx"))
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        head, tail = old.read(SHEET).split(b"</sheetData>")
        for name in set(old.namelist()) - {SHEET}:
            new.writestr(name, old.read(name))
        with new.open(SHEET, "w") as part:
            part.write(head)
            for _ in range(megabytes):
                part.write(b" " * 10**6)
            part.write(b"</sheetData>" + tail)
    return file
