"""An owner's list as it stands in his file: the sheet, its heading, its lines, and which columns name a person."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from junheng.facts.grids import Grid, bare
from junheng.facts.headings import TITLE_ROWS
from junheng.facts.problems import Problem, unusable
from junheng.facts.sheets import EXAMPLE_MARK, NO_DATA, csv_lines
from junheng.facts.workbook import SUFFIXES, read_grids

NUMBER, NAME, BIRTH, TOWNSHIP = "身份证号", "姓名", "出生日期", "乡镇"
# How offices head each column. What stands in the second row holds an ID number too, and is used where the first lacks.
HEADINGS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    NUMBER: (
        (
            "身份证号",
            "身份证号码",
            "公民身份号码",
            "居民身份证号",
            "居民身份证号码",
            "身份证件号",
            "身份证件号码",
            "证件号码",
        ),
        ("残疾人证号", "残疾人证号码", "残疾证号", "学籍号", "全国学籍号", "国家学籍号"),
    ),
    NAME: (("姓名", "学生姓名", "残疾人姓名", "儿童姓名"),),
    BIRTH: (("出生日期", "出生年月日", "出生时间"),),
    TOWNSHIP: (("乡镇", "苏木乡镇", "苏木镇", "街道", "乡镇街道", "所在乡镇", "所属乡镇"),),
}
BRACKETS = re.compile(r"[（(][^（()）]*[)）]$|[*＊]$")
COLUMNS_REMEDY = "请用 --columns 指明，如 --columns 身份证号=证件号 姓名=学生"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: its file and sheet, the heading, where each thing stands in a line (from 0), the lines by row number."""

    file: str
    sheet: str
    headings: tuple[str, ...]
    header: int
    at: Mapping[str, int]
    lines: Mapping[int, tuple[str, ...]]
    faults: tuple[Problem, ...]
    digest: str

    @property
    def named(self) -> str:
        """What messages call it."""
        return f"{self.file}·{self.sheet}" if self.sheet else self.file

    def cell(self, row: int, role: str) -> str:
        """Return what stands in a row for one of HEADINGS; nothing where the list has no such column."""
        at = self.at.get(role)
        line = self.lines[row]
        return line[at].strip() if at is not None and at < len(line) else ""

    def heading(self, role: str) -> str:
        """Return how the list heads that column."""
        return self.headings[self.at[role]]


def read_listing(path: str | Path, columns: Mapping[str, str] | None = None, sheet: str | None = None) -> Listing:
    """Read a list from .xlsx, .xls or .csv. `columns` says how the list heads 身份证号, 姓名, 出生日期, 乡镇.

    Raises `Unusable` where the file cannot be read, or where it is not clear which sheet or column is meant.
    """
    file, asked = Path(path), dict(columns or {})
    if unknown := [role for role in asked if role not in HEADINGS]:
        raise unusable("--columns", "不认识等号左边的名称", f"可以写：{'、'.join(HEADINGS)}", unknown[0])
    if not file.is_file():
        raise unusable(str(file), "没有这个文件，或不是普通的文件", "请给出名单的 .xlsx、.xls 或 .csv 文件")
    grids = _grids(file, asked)
    grid = _chosen(file, grids, asked, sheet)
    header = _header(grid.cells, asked)
    at = _places(grid, header, asked)
    return Listing(
        file=file.name,
        sheet=grid.sheet,
        headings=tuple(cell.strip() for cell in grid.cells[header - 1]),
        header=header,
        at=at,
        lines=dict(_lines(grid, header)),
        faults=tuple(one for (row, column), one in grid.faults.items() if row > header and column - 1 in at.values()),
        digest=hashlib.sha256(file.read_bytes()).hexdigest(),
    )


def _grids(file: Path, asked: Mapping[str, str]) -> list[Grid]:
    suffix = file.suffix.lower()
    if suffix == ".csv":
        lines = csv_lines(file, lambda top: max((_known(line, asked) for line in top), default=0))
        return [Grid(file.name, tuple(map(tuple, lines)))]
    if suffix not in SUFFIXES:
        reason = f"不认识这种文件（{file.suffix or '没有扩展名'}）"
        raise unusable(file.name, reason, "请在 WPS 或 Excel 里另存为 .xlsx")
    return [Grid(one.name, one.cells, one.spans, one.faults, one.name) for one in read_grids(file)]


def _chosen(file: Path, grids: Sequence[Grid], asked: Mapping[str, str], sheet: str | None) -> Grid:
    """Return the one sheet that is the list."""
    fitting = [one for one in grids if (one.sheet == sheet if sheet else _names_people(one.cells, asked))]
    if len(fitting) == 1 and _names_people(fitting[0].cells, asked):
        return fitting[0]
    if len(fitting) > 1:
        told = "、".join(one.sheet for one in fitting)
        raise unusable(file.name, f"有几张工作表都像名单：{told}", "请用 --sheet 指明一张")
    if sheet and not fitting:
        told = "、".join(one.sheet for one in grids)
        raise unusable(file.name, "没有这张工作表", f"里面有：{told}", sheet)
    reason = f"前 {TITLE_ROWS} 行里找不到“{NUMBER}”列，也没有“{NAME}”和“{BIRTH}”两列"
    raise unusable(file.name, reason, COLUMNS_REMEDY)


def _names_people(lines: Sequence[Sequence[str]], asked: Mapping[str, str]) -> bool:
    header = _header(lines, asked)
    roles = {role for cell in lines[header - 1] for role in _roles(cell, asked)} if lines else set()
    return NUMBER in roles or {NAME, BIRTH} <= roles


def _header(lines: Sequence[Sequence[str]], asked: Mapping[str, str]) -> int:
    """Return the row (from 1) near the top that heads most of what names a person."""
    known = [_known(line, asked) for line in lines[:TITLE_ROWS]]
    return known.index(max(known)) + 1 if known else 1


def _known(line: Sequence[str], asked: Mapping[str, str]) -> int:
    return sum(bool(_roles(cell, asked)) for cell in line)


def _roles(cell: str, asked: Mapping[str, str]) -> set[str]:
    return {role for role in HEADINGS if any(_heads(cell, one) for one in _accepted(role, asked))}


def _accepted(role: str, asked: Mapping[str, str]) -> tuple[str, ...]:
    return (asked[role],) if role in asked else tuple(one for rank in HEADINGS[role] for one in rank)


def _heads(cell: str, heading: str) -> bool:
    plain = bare(cell)
    return bool(plain) and bare(heading) in (plain, BRACKETS.sub("", plain))


def _places(grid: Grid, header: int, asked: Mapping[str, str]) -> dict[str, int]:
    """Return where each thing stands. Raises `Unusable` where two columns would do, or one asked for is not there."""
    found: dict[str, int] = {}
    for role, ranks in HEADINGS.items():
        for rank in ((asked[role],),) if role in asked else ranks:
            line = grid.cells[header - 1]
            fitting = [at for at, cell in enumerate(line) if any(_heads(cell, one) for one in rank)]
            if len(fitting) > 1:
                told = "、".join(f"「{line[at].strip()}」" for at in fitting)
                raise unusable(grid.name, f"有几列都像“{role}”：{told}", COLUMNS_REMEDY)
            if fitting:
                found[role] = fitting[0]
                break
        if role in asked and role not in found:
            told = "、".join(cell.strip() for cell in grid.cells[header - 1] if cell.strip())
            raise unusable(grid.name, f"没有这一列（当作“{role}”）", f"表头有：{told}", asked[role])
    return found


def _lines(grid: Grid, header: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield each line below the heading that is one of the list: no blank row, total, footnote or example."""
    spread = _spread(grid)
    for row, line in enumerate(grid.cells[header:], header + 1):
        first = next((cell.strip() for cell in line if cell.strip()), "")
        if first and not NO_DATA.match(first) and not first.startswith(EXAMPLE_MARK):
            yield row, tuple(spread.get((row, at), cell) for at, cell in enumerate(line))


def _spread(grid: Grid) -> dict[tuple[int, int], str]:
    """Return what merged cells below their first one say: a township is often written once over many rows."""
    return {
        (row, span.left - 1): grid.own(span.top, span.left)
        for span in grid.spans
        for row in range(span.top + 1, min(span.bottom, grid.height) + 1)
    }
