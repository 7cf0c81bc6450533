"""What a workbook would change in the ledger, shown before anything is changed; then done at once or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng.api import Problem
from junheng_web.funding.amounts import LARGEST, wan_told
from junheng_web.funding.calling import Names, unmarked
from junheng_web.funding.footing import COLUMNS
from junheng_web.funding.models import Item, Line
from junheng_web.funding.reading import LABELS, Book, Written, WrittenItem, book_of
from junheng_web.funding.services import CHANGED, Origin, held, item_add, item_edit, line_edit, line_of, value_told
from junheng_web.funding.sheets import ITEMS, SHEET
from junheng_web.funding.tables import Shown, Table
from junheng_web.organisation.models import Area, School
from junheng_web.organisation.scopes import Scope

NOTHING = Decimal(0)
TEXTS = {"scale": "基本规模", "lacks": "缺额情况", "works": "维修改造内容", "remark": "备注"}
TEXT_OF_COLUMN = {"equipment": "lacks", "works": "works", "other": "remark"}
BROUGHT = "导入的明细表没有写内容"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a file would change: where, what, from what to what; `told` is what the service is given."""

    place: str
    what: str
    before: str
    after: str
    school: School | None = None
    item: Item | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    @property
    def sign(self) -> tuple[object, ...]:
        """What tells it from another one, and from the same one about an item that was changed since."""
        return (
            self.place,
            self.what,
            self.before,
            self.after,
            self.item.code if self.item else "",
            self.item and self.item.version,
        )


@dataclass(slots=True)
class Plan:
    """What a file comes to: its changes, how many rows stay, what cannot be taken in."""

    changes: list[Change] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """What tells this plan from another one."""
        return hashlib.sha256(repr([one.sign for one in self.changes]).encode()).hexdigest()[:24]


def plan(county: Area, table: Table, file: Path) -> Plan:
    """Return what a file would change in a table. Raises Unusable for a workbook that cannot be opened."""
    names, made = Names(county), Plan()
    book = book_of(names, file)
    made.problems = book.problems
    if made.problems:
        return made
    now = {names.called(one.line): one for one in table.rows}
    if book.items is None:
        found = [change for row in book.rows for change in _sums_changed(row, now.get(row.name), made)]
    else:
        found = list(_items_changed(book, table, names, made))
        _fits_the_table(book, now, found, made)
    texts = [change for row in book.rows for change in _texts_changed(row, now.get(row.name), found)]
    made.changes = [*found, *texts]
    touched = {one.place for one in made.changes}
    made.same = sum(row.name not in touched for row in book.rows)
    return made


def _sums_changed(row: Written, now: Shown | None, made: Plan) -> Iterator[Change]:
    """Yield what the sums of a row ask for where a file has no items: a column is one item, or is changed by hand."""
    for column in COLUMNS:
        asked, known = row.sums.cell(column), now.of(column) if now else []
        if asked == sum((one.amount for one in known), NOTHING):
            continue
        if told := _not_one_item(asked, known):
            remedy = f"请用带“{ITEMS}”的工作簿，或在网页上改、取消项目"
            made.problems.append(Problem(SHEET, told, remedy, None, LABELS[column], row.name))
        elif known:
            yield _amount_changed(row, known[0], asked)
        else:
            yield _new_of_row(row, column, asked)


def _not_one_item(asked: Decimal, known: list[Item]) -> str:
    """Say why a sum cannot be that of one item, and so says nothing of the items behind it; nothing where it can."""
    if len(known) > 1 or not asked:
        return f"这一栏现在是 {len(known)} 个项目，共 {wan_told(sum((one.amount for one in known), NOTHING))} 万元"
    if asked > LARGEST:
        return f"一个项目最多 {wan_told(LARGEST)} 万元，这一栏写的是 {wan_told(asked)} 万元"
    return ""


def _amount_changed(row: Written, item: Item, asked: Decimal) -> Change:
    before, after = f"{wan_told(item.amount)} 万元", f"{wan_told(asked)} 万元"
    return Change(row.name, f"{item.code} {item.name}：金额", before, after, row.school, item, {"amount": asked})


def _new_of_row(row: Written, column: str, asked: Decimal) -> Change:
    name = (row.texts[TEXT_OF_COLUMN[column]] or BROUGHT)[:200]
    told = {"column": column, "name": name, "amount": asked}
    return Change(row.name, f"{LABELS[column]}：新项目", "", f"{name}，{wan_told(asked)} 万元", row.school, None, told)


def _items_changed(book: Book, table: Table, names: Names, made: Plan) -> Iterator[Change]:
    known = {one.code: one for row in table.rows for one in row.items}
    for one in book.items or ():
        item = known.get(one.code)
        if one.code and item is None:
            told = "明细表里没有这个编号，或者已经取消"
            made.problems.append(Problem(ITEMS, told, "新项目的编号请留空，由系统编", None, "编号", one.code))
        elif item is not None and names.called(item.line) != one.name:
            told = f"{one.code} 是“{item.line}”的，不能改到别的行"
            made.problems.append(Problem(ITEMS, told, "请取消原来的，另立一个", None, "学校名称", one.name))
        elif item is not None:
            yield from _edited(one, item)
        else:
            words = f"{one.told['name']}，{wan_told(one.told['amount'])} 万元"
            yield Change(one.name, "新项目", "", words, one.school, None, one.told)


def _edited(one: WrittenItem, item: Item) -> Iterator[Change]:
    changed = [name for name, value in one.told.items() if getattr(item, name) != value]
    if changed:
        before = "；".join(f"{CHANGED[name]} {value_told(name, getattr(item, name))}" for name in changed)
        after = "；".join(f"{CHANGED[name]} {value_told(name, one.told[name])}" for name in changed)
        yield Change(one.name, item.code, before, after, one.school, item, one.told)


def _fits_the_table(book: Book, now: Mapping[str, Shown], found: list[Change], made: Plan) -> None:
    """Say where the sheet of items, taken in, would not come to what the table's rows say."""
    sums: dict[tuple[str, str], Decimal] = {}
    changed = {one.item.code: one.told for one in found if one.item}
    standing = [(name, changed.get(item.code), item) for name, row in now.items() for item in row.items]
    told = [
        (name, own["column"] if own else item.column, own["amount"] if own else item.amount)
        for name, own, item in standing
    ]
    told += [(one.place, one.told["column"], one.told["amount"]) for one in found if one.item is None]
    for name, column, amount in told:
        sums[name, column] = sums.get((name, column), NOTHING) + amount
    for row in book.rows:
        for column in COLUMNS:
            come, asked = sums.get((row.name, column), NOTHING), row.sums.cell(column)
            if come != asked:
                reason = f"“{ITEMS}”加起来是 {wan_told(come)}，“{SHEET}”里写的是 {wan_told(asked)}"
                made.problems.append(Problem(SHEET, reason, "请把两张表改成一致", None, LABELS[column], row.name))


def _texts_changed(row: Written, now: Shown | None, found: list[Change]) -> Iterator[Change]:
    """Yield the texts that the row would say otherwise; what is told by itself is no change."""
    for name, label in TEXTS.items():
        own, told = (getattr(now.line, name), now.texts[name]) if now else ("", "")
        asked = row.texts[name]
        if asked in (own, told) or (now is None and _told_by(name, asked, found, row.name)):
            continue
        yield Change(row.name, label, own or f"（自动）{told}", asked, row.school, text=name)


def _told_by(name: str, asked: str, found: list[Change], place: str) -> bool:
    """Whether a text of a new row is what its new items will say by themselves."""
    columns = {text: column for column, text in TEXT_OF_COLUMN.items()}
    names = [one.told["name"] for one in found if one.place == place and one.told.get("column") == columns.get(name)]
    return bool(names) and asked in names


@transaction.atomic
def plan_apply(*, by: Scope | None, county: Area, made: Plan, file: str) -> int:
    """Make every change of a plan, or none, and return how many. Raises ValidationError where one cannot be."""
    held(county)
    why = f"导入 {file}"[:200]
    for one in made.changes:
        _apply(by, county, one, why)
    return len(made.changes)


def _apply(by: Scope | None, county: Area, one: Change, why: str) -> None:
    try:
        if one.text:
            line: Line = line_of(county, one.school, "" if one.school else unmarked(one.place))
            line_edit(by=by, line=line, texts={one.text: one.after}, why=why)
        elif one.item is not None:
            item_edit(by=by, item=one.item, why=why, version=one.item.version, **one.told)
        else:
            place = "" if one.school else unmarked(one.place)
            item_add(by=by, county=county, school=one.school, place=place, origin=Origin.FILE, **one.told)
    except ValidationError as error:
        raise ValidationError(f"{one.place} {one.what}：{''.join(error.messages)}") from None
