"""A list as its keyed hashes: what each row is called under the key, its row number, and nothing else of a person."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from junheng.facts.cells import Place, convert
from junheng.facts.problems import Problem, Unusable
from junheng.facts.schema import Column, Kind
from junheng.matching.keys import Key
from junheng.matching.listing import BIRTH, NAME, NUMBER, TOWNSHIP, Listing, read_listing
from junheng.matching.people import Refused, born_on, id_number, person_name, shown
from junheng.matching.sealed import BIRTH_YEAR, Sealed, SealedRow, sealed_from
from junheng.matching.sealed import TOWNSHIP as BY_TOWNSHIP

LONGEST_TOWNSHIP, MOST_TOWNSHIPS = 20, 100
UNKNOWN = "未填"
# Days between which people are born: the first, the last.
Born = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class _Person:
    """One row of a list, in the forms that are hashed. It is never written anywhere."""

    row: int
    number: str
    name: str
    born: dt.date | None
    township: str


@dataclass(slots=True)
class _Reading:
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


def seal(
    path: str | Path,
    key: Key,
    *,
    owner: str = "",
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    groups: Sequence[str] = (),
    born: Born | None = None,
) -> tuple[Sealed, tuple[Problem, ...]]:
    """Return a list sealed under a key, and what deserves a second look (people who stand twice, dates that differ).

    `columns` says how the list heads 身份证号, 姓名, 出生日期, 乡镇; `groups` are of GROUPS; `born` keeps those born
    between two days. Raises `Unusable` with every cell that cannot be used.
    """
    listing, reading = read_listing(path, columns, sheet), _Reading()
    reading.problems += listing.faults
    if BY_TOWNSHIP in groups and TOWNSHIP not in listing.at:
        reading.problems.append(_lacking(listing))
    people = [one for one in _people(listing, reading) if one]
    kept = _within(people, born, listing, reading) if born else people
    if BY_TOWNSHIP in groups:
        reading.problems += _no_townships(kept, listing)
    if not kept and not reading.problems:
        reading.problems.append(Problem(listing.named, "名单里一个人也没有", "请核对工作表、--born 写的日期"))
    if reading.problems:
        raise Unusable(sorted(reading.problems, key=lambda one: one.row or 0))
    reading.remarks += _twice(kept, listing)
    rows = [_sealed(one, key, groups) for one in kept]
    sealed = sealed_from(owner, key.fingerprint, list_mark(listing, key), groups, born, len(people) - len(kept), rows)
    return sealed, tuple(reading.remarks)


def list_mark(listing: Listing, key: Key) -> str:
    """Return by which a list is known again under its key: one whose rows were moved since has another mark."""
    return key.hashed("list", listing.sheet, listing.digest)


def _sealed(person: _Person, key: Key, groups: Sequence[str]) -> SealedRow:
    in_group = {BIRTH_YEAR: str(person.born.year) if person.born else UNKNOWN, BY_TOWNSHIP: person.township or UNKNOWN}
    weak = key.hashed("person", person.name, person.born.isoformat()) if person.name and person.born else ""
    strong = key.hashed("number", person.number) if person.number else ""
    return SealedRow(person.row, strong, weak, tuple(in_group[one] for one in groups))


def _people(listing: Listing, reading: _Reading) -> Iterator[_Person | None]:
    """Yield each row's person; none for a row with a problem."""
    days = _days(listing, reading)
    for row in listing.lines:
        number, name = _number(listing, row, reading), person_name(listing.cell(row, NAME))
        inside = born_on(number) if number else None
        born = days.get(row) or inside
        if number == "" and not (name and born):
            reason = "既没有身份证号，也没有姓名加出生日期，认不出是谁"
            reading.problems.append(Problem(listing.named, reason, "请补上一样，或从名单里删去这一行", row))
        if inside and born != inside:
            reason = "出生日期与身份证号里的不同，按这一列的日期"
            reading.remarks.append(Problem(listing.named, reason, "请核对", row, listing.heading(BIRTH)))
        township = listing.cell(row, TOWNSHIP)
        yield None if number is None else _Person(row, number, name, born, township)


def _number(listing: Listing, row: int, reading: _Reading) -> str | None:
    """Return a row's ID number, nothing where it has none, None where the cell is refused."""
    cell = listing.cell(row, NUMBER)
    try:
        return id_number(cell)
    except Refused as wrong:
        column = listing.heading(NUMBER)
        reading.problems.append(Problem(listing.named, wrong.reason, wrong.remedy, row, column, shown(cell)))
        return None


def _days(listing: Listing, reading: _Reading) -> dict[int, dt.date]:
    """Return the birth dates that stand in a column of their own."""
    if BIRTH not in listing.at:
        return {}
    rows = list(listing.lines)
    cells = pa.array([listing.cell(row, BIRTH) for row in rows], pa.string())
    found = convert(cells, Column("birth_date", BIRTH, Kind.DATE), Place(listing.named, listing.heading(BIRTH), rows))
    reading.problems += found.problems
    return {row: day for row, day in zip(rows, found.values.to_pylist(), strict=True) if day}


def _within(people: Sequence[_Person], born: Born, listing: Listing, reading: _Reading) -> list[_Person]:
    first, last = born
    for one in people:
        if one.born is None:
            reason = "没有出生日期，不知道是不是在 --born 写的日期之间"
            reading.problems.append(Problem(listing.named, reason, "请补上出生日期", one.row))
    return [one for one in people if one.born and first <= one.born <= last]


def _lacking(listing: Listing) -> Problem:
    return Problem(listing.named, "没有“乡镇”列，不能按乡镇分组", "请用 --columns 乡镇=列名 指明，或不按乡镇分组")


def _no_townships(people: Sequence[_Person], listing: Listing) -> Iterator[Problem]:
    """Refuse texts that are no townships: they go into the sealed file as they stand."""
    if TOWNSHIP not in listing.at:
        return
    column, names = listing.heading(TOWNSHIP), {one.name for one in people if one.name}
    for one in people:
        long = len(one.township) > LONGEST_TOWNSHIP or sum(map(str.isdigit, one.township)) > 2
        if long or person_name(one.township) in names:
            reason = "不像乡镇的名称，像姓名、号码或详细地址，不能写进密封文件"
            remedy = "请指明真正的乡镇列，或不按乡镇分组"
            yield Problem(listing.named, reason, remedy, one.row, column, shown(one.township))
    if (several := len({one.township for one in people})) > MOST_TOWNSHIPS:
        reason = f"这一列有 {several} 种写法，多得不像乡镇"
        yield Problem(listing.named, reason, "请指明真正的乡镇列，或不按乡镇分组", listing.header, column)


def _twice(people: Sequence[_Person], listing: Listing) -> Iterator[Problem]:
    """Tell of people who stand twice by their number, and of those without one who share name and birth date."""
    numbers, names = defaultdict[str, list[int]](list), defaultdict[tuple[str, object], list[int]](list)
    for one in people:
        if one.number:
            numbers[one.number].append(one.row)
        if one.name and one.born:
            names[one.name, one.born].append(one.row)
    for one in people:
        if one.number and (first := numbers[one.number][0]) != one.row:
            yield Problem(listing.named, f"身份证号与第 {first} 行相同", "只算一个人；请核对名单", one.row)
        others = [row for row in names.get((one.name, one.born), ()) if row != one.row]
        if not one.number and others:
            reason = f"没有身份证号，姓名和出生日期与第 {others[0]} 行相同"
            yield Problem(listing.named, reason, "按两个人算；如果是一个人，请从名单里删去一行", one.row)
