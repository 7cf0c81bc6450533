"""A workbook in the shape of 附件3 as rows and items; what cannot be read, or does not add up, is a problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.core.exceptions import ValidationError

from junheng.api import Problem
from junheng.facts.grids import Grid, bare
from junheng.facts.plan_schema import DEEDS
from junheng.facts.workbook import read_grids
from junheng_web.funding.amounts import LARGEST, LARGEST_TOTAL, quantity_of, wan_told, yuan_of_wan
from junheng_web.funding.calling import Names, unmarked
from junheng_web.funding.footing import COLUMNS, TOTAL, Footing, Row, foot
from junheng_web.funding.models import LONGEST, SHORTER, Item
from junheng_web.funding.sheets import BELOW, HEADINGS, ITEM_HEADINGS, ITEMS, SHAPE, SHEET
from junheng_web.organisation.models import School
from junheng_web.rectification.gaps import Key

# The headings are looked for in so many lines from the top: titles and the unit stand above them.
TOP = 8
LABELS = dict((*Item.Column.choices, (TOTAL, BELOW)))
LONG = {"name": 120, "scale": SHORTER, "lacks": LONGEST, "works_text": LONGEST, "remark": SHORTER}
COLUMN_OF = {label: column for column, label in Item.Column.choices}
DEED_OF = {one.label: id for id, one in DEEDS.items()}


@dataclass(frozen=True, slots=True)
class Written:
    """A row of a file: whose it is, its texts, and its sums; `name` is what it is called (`Names.called`)."""

    name: str
    school: School | None
    texts: Mapping[str, str]
    sums: Row


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """A line of the sheet of items: its code, or nothing for a new one, and what it says."""

    code: str
    name: str
    school: School | None
    told: Mapping[str, object]


@dataclass(slots=True)
class Book:
    """What a file holds; `items` is None where it has no sheet of items."""

    rows: list[Written] = field(default_factory=list)
    items: list[WrittenItem] | None = None
    footing: Footing | None = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class At:
    """A line of a sheet, and where its problems go."""

    sheet: str
    number: int
    problems: list[Problem]

    def wrong(self, column: str, value: str, reason: str, remedy: str) -> None:
        """Say what is wrong in one of its cells, and what to do."""
        self.problems.append(Problem(self.sheet, reason, remedy, self.number, column, value))


def book_of(names: Names, file: Path) -> Book:
    """Return what a file holds. Raises Unusable for a workbook that cannot be opened."""
    made, grids = Book(), {one.name.strip(): one for one in read_grids(file)}
    grid = grids.get(SHEET) or (next(iter(grids.values())) if len(grids) == 1 else None)
    if grid is None:
        made.problems.append(Problem(file.name, f"没有“{SHEET}”这张工作表", "请用导出的工作簿，工作表名不要改"))
        return made
    _read_table(grid, names, made)
    if ITEMS in grids:
        made.items = list(_items(grids[ITEMS], names, made.problems))
    return made


def _read_table(grid: Grid, names: Names, made: Book) -> None:
    top = _heading(grid)
    if not top:
        wanted = "、".join(HEADINGS)
        made.problems.append(Problem(grid.name, "找不到表头那一行", f"应当有一行依次是 {wanted}；请用导出的工作簿", 1))
        return
    stated = None
    for number in range(top + 1, grid.height + 1):
        at = At(grid.name, number, made.problems)
        own = _own(grid, number)
        if _is_below(grid.own(number, 1), own["name"]):
            stated = _sums(at, own)
            _nothing_under(grid, number, made)
            break
        if any(text for name, text in own.items() if name):
            _add(at, own, names, made)
    made.footing = foot((one.sums for one in made.rows), stated)
    _footed(grid.name, made)


def _own(grid: Grid, number: int) -> dict[str, str]:
    return {name: grid.own(number, column) for column, (_, name, _) in enumerate(SHAPE, 1)}


def _is_below(place: str, name: str) -> bool:
    """Whether a line is that of the totals: rows have a number in front, even one that somebody called 合计."""
    return bare(place) == BELOW or (not place and bare(name) == BELOW)


def _nothing_under(grid: Grid, below: int, made: Book) -> None:
    """Say where money stands under the totals: it would be left out, and nobody would see it. Notes may stand there."""
    for number in range(below + 1, grid.height + 1):
        own = _own(grid, number)
        if any(own[name] for name in (*COLUMNS, TOTAL)):
            remedy = "请把这一行移到合计行上面；这一行如果就叫“合计”，请在前面写上序号"
            At(grid.name, number, made.problems).wrong("学校名称", own["name"], "写在合计行下面，没有算进去", remedy)


def _heading(grid: Grid) -> int:
    """Return the number of the line with the headings; 0 where there is none."""
    columns = range(1, len(HEADINGS) + 1)
    found = (row for row in range(1, TOP + 1) if [bare(grid.text(row, one)) for one in columns] == list(HEADINGS))
    return next(found, 0)


def _add(at: At, own: Mapping[str, str], names: Names, made: Book) -> None:
    if not own["name"]:
        at.wrong("学校名称", "", "没有填", "每一行写是哪所学校；不属于哪所学校的，写这一行叫什么")
        return
    _short_enough(at, own)
    school, called = names.meant(own["name"])
    if called in {one.name for one in made.rows}:
        at.wrong("学校名称", own["name"], "同一所学校写了两行", "请并成一行")
        return
    texts = {"scale": own["scale"], "lacks": own["lacks"], "works": own["works_text"], "remark": own["remark"]}
    sums = _sums(at, own)
    if sums.off:
        told = f"设备、维修改造、其他加起来是 {wan_told(sums.total)}，合计写的是 {wan_told(sums.stated)}"
        at.wrong(BELOW, own[TOTAL], told, "请核对这一行的四个数")
    made.rows.append(Written(called, school, texts, sums))


def _short_enough(at: At, own: Mapping[str, str]) -> None:
    headings = {text: heading for heading, text, _ in SHAPE}
    for name, longest in LONG.items():
        if len(unmarked(own[name]) if name == "name" else own[name]) > longest:
            at.wrong(headings[name], own[name][:20], f"超过 {longest} 个字", "请写短一些")


def _sums(at: At, own: Mapping[str, str]) -> Row:
    """Return the sums of a line, in 元; what is no sum is a problem."""
    found = {name: _yuan(at, LABELS[name], own[name], LARGEST_TOTAL) for name in (*COLUMNS, TOTAL)}
    cells = {name: found[name] for name in COLUMNS if found[name]}
    return Row(cells, found[TOTAL])


def _yuan(at: At, column: str, text: str, most: Decimal = LARGEST) -> Decimal | None:
    if not text:
        return None
    try:
        return yuan_of_wan(text, most)
    except ValidationError as why:
        at.wrong(column, text, "".join(why.messages), "请写一个数，单位万元；没有的留空")
        return None


def _footed(sheet: str, made: Book) -> None:
    """Say where the row of totals is not what the rows come to."""
    if made.footing is None or any(one.reason.startswith("“") for one in made.problems):
        return
    for name, off in made.footing.off.items():
        if off:
            come = made.footing.across if name == TOTAL else made.footing.down[name]
            reason = f"“{LABELS[name]}”一栏各行加起来是 {wan_told(come)}，最下面写的是 {wan_told(come + off)}"
            made.problems.append(Problem(sheet, reason, "请核对各行和合计行", None, LABELS[name]))


def _items(grid: Grid, names: Names, problems: list[Problem]) -> Iterator[WrittenItem]:
    columns = range(1, len(ITEM_HEADINGS) + 1)
    if [grid.text(1, column) for column in columns] != list(ITEM_HEADINGS):
        problems.append(Problem(ITEMS, "第一行的列名变了", f"应当是 {'、'.join(ITEM_HEADINGS)}；请用导出的工作簿", 1))
        return
    for number in range(2, grid.height + 1):
        cells = [grid.own(number, column) for column in columns]
        if any(cells):
            yield _item(At(ITEMS, number, problems), dict(zip(ITEM_HEADINGS, cells, strict=True)), names)


def _item(at: At, own: Mapping[str, str], names: Names) -> WrittenItem:
    for heading in ("学校名称", "哪一栏", "内容", "金额（万元）"):
        if not own[heading]:
            at.wrong(heading, "", "没有填", "每个项目都要有学校（或这一行的名称）、哪一栏、内容和金额")
    told = {
        "column": _one_of(at, "哪一栏", own, COLUMN_OF),
        "name": own["内容"],
        "deed": _one_of(at, "办什么", own, DEED_OF),
        "quantity": _quantity(at, own["数量"]),
        "amount": _yuan(at, "金额（万元）", own["金额（万元）"]) or Decimal(0),
        "key": _key(at, own["缺口"]),
        "unit": names.units.get(own["责任单位"]),
        "remark": own["说明"][:SHORTER],
    }
    if own["责任单位"] and told["unit"] is None:
        at.wrong("责任单位", own["责任单位"], "本县没有这个单位", "请写单位的名称，或留空")
    school, called = names.meant(own["学校名称"])
    return WrittenItem(own["编号"], called, school, told)


def _one_of(at: At, heading: str, own: Mapping[str, str], known: Mapping[str, str]) -> str:
    text = own[heading]
    if text and text not in known:
        at.wrong(heading, text, "不是列出的一种", f"请写 {'、'.join(known)} 之一，或留空")
    return known.get(text, "")


def _quantity(at: At, text: str) -> Decimal | None:
    if not text:
        return None
    try:
        return quantity_of(text)
    except ValidationError as why:
        at.wrong("数量", text, "".join(why.messages), "请写一个数，或留空")
        return None


def _key(at: At, text: str) -> str:
    try:
        return str(Key.of(text)) if text else ""
    except ValueError:
        at.wrong("缺口", text, "不是缺口的编号", "请照“资金和缺口”页面上的写，或留空")
        return ""
