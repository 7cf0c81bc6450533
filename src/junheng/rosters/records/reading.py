"""The people of a part, typed: each column as the data dictionary says, or every reason why it cannot be.

Parquet says its types; where one is not what is asked for, the file is refused. A CSV file's cells are text, and those
that mean no number or no yes are told with file and row.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from junheng.facts.headings import read_heading
from junheng.facts.problems import Problem, Unusable, unusable
from junheng.facts.schema import Column, Kind, Table
from junheng.rosters.records.schema import NEEDED, PEOPLE
from junheng.rosters.records.sources import Found
from junheng.sql.files import CSV, Broken, FileSession

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
TEXT, FLAG = "VARCHAR", "BOOLEAN"
YES, NO = ("1", "true", "是"), ("0", "false", "否")
SHOWN = 20
# Who somebody is, is only ever compared: numbers stay numbers, which are compared soonest.
IDS = ("pupil_id", "teacher_id")
KINDS = {Kind.COUNT: "BIGINT", Kind.FLAG: FLAG}
ASKED = {"BIGINT": "整数", FLAG: "是或否", TEXT: "文字"}


@dataclass(frozen=True, slots=True)
class People:
    """A table of people that is readable: where it stands, each column's SQL, and which column of the file that is."""

    table: Table
    found: Sequence[Found]
    cells: Mapping[str, str]
    headings: Mapping[str, str]
    types: Mapping[str, str]

    @property
    def files(self) -> list[Path]:
        """The files that it stands in."""
        return [one.file for one in self.found]


def read_people(session: FileSession, name: str, found: Sequence[Found], part: str = "0") -> People:
    """Make the rows of a table of people readable as `name`, typed. Raises `Unusable` with every problem.

    `part` is the SQL of the number of the part in which a row stands; there is a column of that name.
    """
    table, files, raw = PEOPLE[name], [one.file for one in found], f"raw_{name}"
    with refusing(files):
        session.read(raw, files, found[0].form)
        types = session.columns(raw)
    have = _headings(types, table)
    if problems := [*_missing(table, have, files[0]), *_mistyped(table, have, types, files[0])]:
        raise Unusable(problems)
    trimmed = found[0].form == CSV
    cells = {one.name: _cell(one, have.get(one.name), types, trimmed=trimmed) for one in table.columns}
    with refusing(files):
        columns = ", ".join(
            f"{sql} AS {column}" for column, sql in {**cells, "part": f"CAST({part} AS BIGINT)"}.items()
        )
        session.view(name, f"SELECT {columns} FROM {raw}")
    return People(table, found, cells, have, types)


@contextmanager
def refusing(files: Sequence[Path]) -> Iterator[None]:
    """Tell whoever runs the job why a statement over files could not be finished."""
    try:
        yield
    except Broken as error:
        raise refused(error, files) from error


def _headings(columns: Mapping[str, str], table: Table) -> dict[str, str]:
    """Return which column of the file each of the table's stands in, under its English name or its label."""
    known = ((heading.column.name, name) for name in columns if (heading := read_heading(name, table)))
    return dict(known)


def _missing(table: Table, have: Mapping[str, str], file: Path) -> Iterator[Problem]:
    for name in NEEDED[table.name]:
        if name not in have:
            label = table.column(name).label
            yield Problem(
                _told(file), f"没有「{name}」（{label}）这一列", "请补上这一列，列名用英文名或中文名", column=name
            )


def _mistyped(table: Table, have: Mapping[str, str], types: Mapping[str, str], file: Path) -> Iterator[Problem]:
    for name, heading in have.items():
        asked, kind = KINDS.get(table.column(name).kind, TEXT), types[heading].split("(")[0]
        fits = {"BIGINT": (*WHOLE, TEXT), FLAG: (FLAG, TEXT, *WHOLE), TEXT: (TEXT, *WHOLE)}[asked]
        if kind not in fits:
            reason = f"这一列的类型是 {types[heading]}，应当是{ASKED[asked]}"
            yield Problem(_told(file), reason, "请导出为合适的类型后重新放入", column=heading)


def _cell(column: Column, heading: str | None, types: Mapping[str, str], *, trimmed: bool) -> str:
    """Return a column as SQL, of the type that the data dictionary asks for."""
    asked = KINDS.get(column.kind, TEXT)
    if heading is None:
        return f"CAST(NULL AS {asked})"
    cell, kind = f'"{heading}"', types[heading]
    if kind == TEXT and trimmed:
        cell = f"nullif(trim({cell}), '')"
    if asked == FLAG and kind != FLAG:
        text = f"lower(CAST({cell} AS VARCHAR))"
        return f"CASE WHEN {text} IN ({_quoted(YES)}) THEN TRUE WHEN {text} IN ({_quoted(NO)}) THEN FALSE END"
    if kind == asked or column.name in IDS:
        return cell
    # Engines differ in what they take for a number; a text is one only if it is nothing but digits.
    digits = f"CASE WHEN regexp_matches({cell}, '^[0-9]{{1,9}}$') THEN TRY_CAST({cell} AS BIGINT) END"
    return digits if kind == TEXT and asked != TEXT else f"CAST({cell} AS {asked})"


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def check_cells(session: FileSession, people: People, columns: Collection[str] = ()) -> None:
    """Refuse rows without what they need, codes outside their list, and texts that mean no number or no yes.

    Everything is asked in one pass; only where something is wrong are the files read again for the places. Without
    `columns` every column is looked at.
    """
    wrong = {name: _wrong(people, name) for name in columns or people.headings}
    asked = {name: sql for name, sql in wrong.items() if sql}
    if not asked:
        return
    counts = ", ".join(f"count(CASE WHEN {sql} THEN 1 END) AS {name}" for name, sql in asked.items())
    with refusing(people.files):
        bad = session.first(f"SELECT {counts} FROM raw_{people.table.name}")
    refuse(people, {name: number for name, number in bad.items() if number})


def refuse(people: People, bad: Mapping[str, int]) -> None:
    """Refuse a table in which so many cells of columns cannot be used, with places where the files tell them."""
    if bad:
        raise Unusable(_csv_problems(people) or list(_places(people, bad)))


def _wrong(people: People, name: str) -> str:
    column, cell, heading = people.table.column(name), people.cells[name], people.headings.get(name)
    wrong = [f"({cell}) IS NULL"] if name in NEEDED[people.table.name] else []
    wrong += [f"({cell}) NOT IN ({_quoted(list(column.choices))})"] if column.choices else []
    wrong += [f"({cell}) < 0"] if column.kind is Kind.COUNT else []
    if heading and people.types[heading] != FLAG and KINDS.get(column.kind):
        wrong.append(f"({cell}) IS NULL AND nullif(trim(CAST(\"{heading}\" AS VARCHAR)), '') IS NOT NULL")
    return " OR ".join(f"({one})" for one in wrong)


def _places(people: People, bad: Mapping[str, int]) -> Iterator[Problem]:
    for name, number in bad.items():
        column = people.table.column(name)
        choices = f"（{'、'.join(column.choices)}）" if column.choices else ""
        reason = f"{number:,} 行的{column.label}没有填，或不是能用的值"
        yield Problem(_told(people.files[0]), reason, f"请补填或改正{choices}", column=people.headings.get(name, name))


def _csv_problems(people: People) -> list[Problem]:
    """Return the first cells of CSV files that cannot be used, with file and row; of other files nothing."""
    found = (one for file in people.found if file.form == CSV for one in _csv_cells(file.file, people.table))
    return list(islice(found, SHOWN))


def _csv_cells(file: Path, table: Table) -> Iterator[Problem]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        lines = csv.reader(opened)
        heads = [(at, head, read_heading(head, table)) for at, head in enumerate(next(lines, []))]
        for row, line in enumerate(lines, 2):
            for at, head, heading in heads:
                cell = line[at].strip() if at < len(line) else ""
                if heading and (told := _csv_problem(heading.column, cell, table)):
                    yield Problem(_told(file), *told, row, head, cell or None)


def _csv_problem(column: Column, cell: str, table: Table) -> tuple[str, str] | None:
    """Return what is wrong with a cell, and what to do."""
    if not cell:
        return ("没有填", "请补填") if column.name in NEEDED[table.name] else None
    if column.kind is Kind.COUNT and not (cell.isascii() and cell.isdigit()):
        return "应当是整数", "请填整数，没有数据就留空"
    if column.kind is Kind.FLAG and cell.lower() not in (*YES, *NO):
        return "应当是 1 或 0（是、否）", "请改正，没有数据就留空"
    if column.choices and cell not in column.choices:
        return "不在规定的代码之内", f"请改为 {'、'.join(column.choices)} 之一"
    return None


def _told(file: Path) -> str:
    """Return how a file is called: with the folders that name its part."""
    keyed = [at for at, part in enumerate(file.parts) if "=" in part]
    return str(Path(*file.parts[keyed[0] - 1 :])) if keyed else file.name


def refused(error: Broken, files: Sequence[Path]) -> Unusable:
    """Return why a statement over files could not be finished, in words for who runs the job."""
    first = str(error).splitlines()[0]
    if error.kind == "memory":
        return unusable("--memory", f"内存不够（{first}）", "请把 --memory 放大，或把名册分成更小的分区")
    if error.kind == "space":
        return unusable("磁盘", f"磁盘写满了（{first}）", "请腾出空间，或用 --output 换一个磁盘，重新运行会接着做")
    broken = next((file for file in files if _unreadable(file)), files[0] if len(files) == 1 else None)
    where = _told(broken) if broken else _told(files[0].parent)
    if error.kind == "value":
        return unusable(where, f"列的类型与别的文件不一样（{first}）", "请把同一张表的各个文件导出为相同的列和类型")
    return unusable(where, f"文件读不出来，可能已损坏（{first}）", "请重新导出或重新复制这个文件")


def _unreadable(file: Path) -> bool:
    """Whether a file cannot be read to its end."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if file.suffix.lower() != ".parquet":
        return False
    try:
        with pq.ParquetFile(file) as opened:
            for _ in opened.iter_batches():
                pass
    except (OSError, pa.ArrowException):
        return True
    return False
