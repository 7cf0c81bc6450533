"""An owner's own lines that the other list lacks, found on his own machine by the row numbers of a comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from junheng.facts.grids import Grid
from junheng.facts.problems import unusable
from junheng.facts.workbook import read_grids
from junheng.matching.comparing import OWNERS
from junheng.matching.keys import Key
from junheng.matching.listing import Listing, read_listing
from junheng.matching.results import KEY, LISTS, MARKS, ONLY, POSSIBLE, TWICE
from junheng.matching.sealing import list_mark

LACKING = "对方名单里没有"
SHEET, ROW, ABOUT = "要核对的", "名单行号", "为什么"
FIRST_ROW = 3


def own_lines(
    path: str | Path,
    differences: str | Path,
    key: Key,
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> tuple[Listing, dict[int, str]]:
    """Return the owner's list, and of his rows that want a look, by row number, why.

    Raises `Unusable` where the list is not the one that was sealed (it was changed, or is the other's), or where the
    key or the workbook is another one: row numbers would then point at somebody else.
    """
    listing, file = read_listing(path, columns, sheet), Path(differences)
    if not file.is_file():
        raise unusable(str(file), "没有这个文件", "请给出 junheng match compare 写出的工作簿")
    grids = {one.name: one for one in read_grids(file)}
    if not {MARKS, POSSIBLE, TWICE, *ONLY} <= grids.keys():
        raise unusable(file.name, "不是对照的结果", "请给出 junheng match compare 写出的工作簿")
    at = _side(listing, key, {line[0]: line[1] for line in grids[MARKS].cells if len(line) > 1}, file)
    try:
        about = _about(grids, at)
    except (ValueError, IndexError) as error:
        raise unusable(file.name, f"行号读不出来，对照的结果改动过（{error}）", "请重新对照一次") from error
    if lost := [row for row in about if row not in listing.lines]:
        raise unusable(file.name, f"名单里没有第 {lost[0]} 行，对照的结果改动过", "请重新对照一次")
    return listing, {row: "；".join(about[row]) for row in sorted(about)}


def _side(listing: Listing, key: Key, marks: Mapping[str, str], file: Path) -> int:
    """Return which of the two lists this is: 0 or 1."""
    if marks.get(KEY) != key.fingerprint:
        reason = f"这把钥匙（指纹 {key.fingerprint}）不是密封时用的（指纹 {marks.get(KEY) or '没有写明'}）"
        raise unusable(file.name, reason, "请用密封时的钥匙文件")
    mark = list_mark(listing, key)
    found = [at for at, name in enumerate(LISTS) if marks.get(name) == mark]
    if not found:
        reason = "不是密封时的那份名单，或者密封以后保存过，行号会指错人"
        raise unusable(listing.named, reason, "请用密封时的文件（一个字也不改）；找不到了，请重新密封、重新对照")
    return found[0]


def _about(grids: Mapping[str, Grid], at: int) -> dict[int, list[str]]:
    found = defaultdict[int, list[str]](list)
    for line in _lines(grids[ONLY[at]]):
        found[int(line[0])].append(LACKING)
    for line in _lines(grids[POSSIBLE]):
        for row in line[at].split("、"):
            found[int(row)].append(f"与对方第 {line[1 - at]} 行姓名和出生日期相同，可能是同一人")
    for line in _lines(grids[TWICE]):
        rows = line[1].split("、")
        for row in rows[1:] if line[0] == OWNERS[at] else ():
            found[int(row)].append(f"与第 {rows[0]} 行是同一个身份证号")
    return dict(found)


def _lines(grid: Grid) -> Iterator[tuple[str, ...]]:
    """Yield what stands below the heading."""
    return (line for line in grid.cells[FIRST_ROW - 1 :] if any(line))


def write_own_lines(listing: Listing, about: Mapping[int, str], file: Path) -> None:
    """Write those lines as they stand in the list, each with its row number and why, for its owner alone."""
    import xlsxwriter

    from junheng.output.workbook.pen import Pen, Styles

    with xlsxwriter.Workbook(str(file)) as book:
        pen = Pen(book, SHEET, Styles(book, 0, 0))
        pen.texts(0, 0, [ROW, ABOUT, *listing.headings], "head")
        for at, (row, why) in enumerate(about.items(), 1):
            pen.text(at, 0, str(row), "code")
            pen.text(at, 1, why)
            pen.texts(at, 2, list(listing.lines[row]), "code")
        pen.widths(10, 44, *[20] * len(listing.headings))
        pen.finish(0, "", 2)
