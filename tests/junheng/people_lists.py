"""Invented lists of people for the tests of matching: ID numbers of an area that does not exist, names of nobody."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from junheng.matching.people import check_sign

NOWHERE = "999999"
HEADINGS = ("姓名", "身份证号", "出生日期", "乡镇")


def number(serial: int, born: dt.date = dt.date(2014, 3, 15)) -> str:
    """Return the valid ID number of nobody."""
    seventeen = f"{NOWHERE}{born:%Y%m%d}{serial:03d}"
    return seventeen + check_sign(seventeen)


def child(serial: int, year: int = 2014, township: str = "沙湾苏木") -> tuple[str, str, str, str]:
    """Return a row of a list about an invented child."""
    born = dt.date(year, 1 + serial % 12, 1 + serial % 28)
    return f"虚构甲{chr(0x4E00 + serial)}", number(serial % 1000, born), born.isoformat(), township


def write_csv(file: Path, rows: Iterable[Sequence[str]], headings: Sequence[str] = HEADINGS) -> Path:
    """Write a list as CSV."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([headings, *rows])
    return file


def write_xlsx(file: Path, rows: Iterable[Sequence[object]], headings: Sequence[str] = HEADINGS) -> Path:
    """Write a list as a workbook of one sheet."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [headings, *rows]:
        book.active.append(list(row))
    book.save(file)
    return file
