"""What a comparison says: in tables, as a workbook with row numbers for both owners, as a summary of counts alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from junheng.matching.comparing import LEAST_TOLD, OWNERS, Match, Side, told
from junheng.matching.sealed import GROUPS
from junheng.output.json_text import json_text
from junheng.output.official.docx import write_paper_docx
from junheng.output.official.model import Block, Grid, OfficialPaper, Text
from junheng.output.official.pdf import write_paper_pdf

TITLE = "名单对照结果"
RESULT, POSSIBLE, TWICE, MARKS = "对照结果", "可能是同一人", "重复", "核对用"
ONLY = tuple(f"{name}独有" for name in OWNERS)
ROW = "行号"
KEY, LISTS = "钥匙的指纹", tuple(f"{name}名单的标记" for name in OWNERS)
NOTES = (
    "人数：身份证号相同的几行算一个人，没有身份证号的一行算一个人。",
    "“可能是同一人”只是姓名和出生日期相同，没有合并，仍算在“只在这份名单”里，请两家核对。",
    f"分组里少于 {LEAST_TOLD} 人的不写数，能由相减得出的也不单列。",
)
# What a long hash is divided into, so that two people can read it to each other.
SPOKEN = 8


@dataclass(frozen=True, slots=True)
class Told:
    """A table of the result, as it is shown everywhere."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(match: Match) -> Iterator[Told]:
    """Yield the counts of both lists, then those by group, in which small figures are covered."""
    headings = ("", *(f"{name} {side.owner}" if side.owner != name else name for name, side in _named(match)))
    yield Told(TITLE, headings, tuple(_counts(match)))
    for name, side in _named(match):
        for kind, groups in side.groups.items():
            title = f"{name if side.owner == name else side.owner}的名单，按{GROUPS[kind]}"
            rows = tuple((group, *figures) for group, figures in told(groups).items())
            yield Told(title, (GROUPS[kind], "人数", "两边都有", "只在这份名单"), rows)


def _named(match: Match) -> Iterator[tuple[str, Side]]:
    yield from zip(OWNERS, match.sides, strict=True)


def _counts(match: Match) -> Iterator[tuple[str, ...]]:
    sides, may_be = match.sides, [sum(len(pair[at]) for pair in match.possible) for at in (0, 1)]
    if days := sides[0].sealed.born:
        yield _figures(f"没有算的行（不是 {days[0]} 至 {days[1]} 出生）", [one.sealed.left_out for one in sides])
    yield _figures("行数", [len(one.sealed.rows) for one in sides])
    yield _figures("没有身份证号的行", [one.without_number for one in sides])
    yield _figures("重复的行", [sum(len(rows) - 1 for rows in one.twice) for one in sides])
    yield _figures("人数", [one.counted.people for one in sides])
    yield _figures("两边都有", [one.counted.both for one in sides])
    yield _figures("只在这份名单", [one.counted.only for one in sides])
    yield _figures("可能是同一人的行", may_be)


def _figures(label: str, figures: Sequence[int]) -> tuple[str, ...]:
    return (label, *(f"{one:,}" for one in figures))


def write_differences(match: Match, file: Path) -> None:
    """Write the counts, and the row numbers of each list that the other lacks, as a workbook; no name, no number."""
    import xlsxwriter

    from junheng.output.workbook.pen import Pen, Styles

    with xlsxwriter.Workbook(str(file)) as book:
        styles = Styles(book, 0, 0)
        _write_result(match, Pen(book, RESULT, styles))
        for sheet, (name, side) in zip(ONLY, _named(match), strict=True):
            owner = name if side.owner == name else f"{name}（{side.owner}）"
            said = f"{owner}的名单里这几行，另一家的名单里没有"
            _write_rows(Pen(book, sheet, styles), said, (ROW,), [(str(row),) for row in side.only])
        pairs = [(rows_told(one), rows_told(other)) for one, other in match.possible]
        said = "姓名和出生日期相同，身份证号没有对上"
        _write_rows(Pen(book, POSSIBLE, styles), said, tuple(f"{name}{ROW}" for name in OWNERS), pairs)
        twice = [(name, rows_told(rows)) for name, side in _named(match) for rows in side.twice]
        _write_rows(Pen(book, TWICE, styles), "身份证号相同的行", ("名单", ROW), twice)
        _write_marks(match, Pen(book, MARKS, styles))


def rows_told(rows: Sequence[int]) -> str:
    """Return row numbers as one cell tells them."""
    return "、".join(map(str, rows))


def _write_result(match: Match, pen: Any) -> None:
    row = 0
    for table in tables(match):
        pen.text(row, 0, table.title, "title" if row == 0 else "note")
        pen.texts(row + 1, 0, list(table.headings), "head")
        for at, line in enumerate(table.rows, row + 2):
            pen.text(at, 0, line[0])
            pen.texts(at, 1, list(line[1:]), "centre")
        row += len(table.rows) + 3
    for at, note in enumerate(NOTES, row):
        pen.text(at, 0, note, "note")
    pen.widths(44, 22, 22, 22)
    pen.finish(0, "")


def _write_rows(pen: Any, said: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    pen.text(0, 0, said if rows else f"{said}：没有", "note")
    pen.texts(1, 0, list(headings), "head")
    for at, line in enumerate(rows, 2):
        pen.texts(at, 0, list(line), "code")
    pen.widths(*[20] * len(headings))
    pen.finish(1, "")


def _write_marks(match: Match, pen: Any) -> None:
    """Write by what each list, and the key, is known again."""
    pen.text(0, 0, "由软件核对用，请不要改", "note")
    marks = [(KEY, match.key), *zip(LISTS, (one.sealed.mark for one in match.sides), strict=True)]
    sums = [(f"{name}密封文件的 SHA-256", side.sealed.digest) for name, side in _named(match)]
    for at, line in enumerate([*marks, *sums], 1):
        pen.texts(at, 0, list(line), "code")
    pen.widths(30, 76)
    pen.finish(0, "")


def summary_as_dict(match: Match, day: dt.date) -> dict[str, Any]:
    """Return the counts as plain values; groups as they may be shown. No row number is in it."""
    lists = [
        {
            "owner": side.owner,
            "sealed_sha256": side.sealed.digest,
            "born": list(side.sealed.born) if side.sealed.born else None,
            "rows": len(side.sealed.rows),
            "left_out": side.sealed.left_out,
            "without_number": side.without_number,
            "duplicate_rows": sum(len(rows) - 1 for rows in side.twice),
            "people": side.counted.people,
            "only": side.counted.only,
            "groups": {
                kind: {name: dict(zip(("people", "both", "only"), figures, strict=True)) for name, figures in shown}
                for kind, shown in ((kind, told(groups).items()) for kind, groups in side.groups.items())
            },
        }
        for side in match.sides
    ]
    return {"date": day.isoformat(), "both": match.both, "possible": len(match.possible), "lists": lists}


def write_summary(match: Match, file: Path, day: dt.date, form: str = "pdf") -> None:
    """Write the summary to be sealed by both owners and handed in: counts and hashes alone, as pdf, docx or json."""
    if form == "json":
        file.write_text(json_text(summary_as_dict(match, day)) + "\n", encoding="utf-8")
        return
    write = {"pdf": write_paper_pdf, "docx": write_paper_docx}[form]
    write(_paper(match, day), file)


def _paper(match: Match, day: dt.date) -> OfficialPaper:
    owners = [side.owner for side in match.sides]
    said = f"{owners[0]}、{owners[1]}各自把名单密封以后对照，名单没有离开各自单位。本页只有人数，没有姓名和号码。"
    grids = [Grid(one.title, one.headings, one.rows, (2.0, *[1.0] * (len(one.headings) - 1))) for one in tables(match)]
    sums = tuple((side.owner, _spoken(side.sealed.digest)) for side in match.sides)
    hashes = Grid("密封文件的 SHA-256", ("名单", "校验值"), sums, (1.0, 4.0))
    blocks: tuple[Block, ...] = (Text(said), *grids, *(Text(note) for note in NOTES), hashes)
    return OfficialPaper("名单对照摘要", blocks, day=day, signed_by="　".join(f"{one}（盖章）" for one in owners))


def _spoken(digest: str) -> str:
    return " ".join(digest[at : at + SPOKEN] for at in range(0, len(digest), SPOKEN))
