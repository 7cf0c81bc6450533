"""Readers: a workbook, or a folder of .csv or .parquet files, as `Facts`; or every reason why it cannot be used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from junheng.facts.cells import Place, convert
from junheng.facts.headings import Heading, read_heading, read_item
from junheng.facts.model import ARROW_TYPES, Facts, Origin, arrow_schema
from junheng.facts.plan_schema import PLAN_TABLES
from junheng.facts.problems import Problem, Unusable, unusable
from junheng.facts.schema import COUNTY, MEASURES, PERIOD, SCHOOLS, TABLES, Column, Table
from junheng.facts.sheets import Sheet, read_csv, read_parquet
from junheng.facts.workbook import SUFFIXES, read_workbook

FILE_READERS: Mapping[str, Callable[[Path, Table], Sheet]] = {".csv": read_csv, ".parquet": read_parquet}


# A device, a pipe or a loop of links: reading it might never end.
NO_FILE = ("不是普通的文件", "请换成真正的数据文件")


@dataclass(slots=True)
class Reading:
    """What has been read so far: tables, what makes the input unusable, and what is only worth a remark."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)


def load(path: str | Path) -> Facts:
    """Read the facts at `path`: a workbook (.xlsx, .xls), or a folder with one .csv or .parquet file per table.

    A folder of such folders named key=value, as `aggregate` writes for rosters in parts, is read as one. Raises
    `Unusable` with every problem in every table; a table without rows is usable.

    >>> import junheng as jh
    >>> facts = jh.load("examples/shili/facts")
    >>> facts.counting_date, facts.counties
    (datetime.date(2025, 9, 1), {'150699': '示例旗（虚构）'})
    >>> len(facts.tables["schools"])
    30
    """
    source = Path(path)
    if parts := _part_folders(source):
        return _together(source, [load(part) for part in parts])
    reading = Reading()
    sheets = _read_tables(source, TABLES, reading)
    if SCHOOLS.name not in sheets and not reading.problems:
        reading.problems.append(
            Problem(source.name, "没有学校表", "请放入 schools.csv，或在工作簿里加一张“学校”工作表")
        )
    items = _items(reading, sheets.get(COUNTY.name))
    if reading.problems:
        raise Unusable(reading.problems)
    return Facts(reading.tables, str(source), items, tuple(reading.remarks), reading.origins)


def _part_folders(source: Path) -> list[Path]:
    """Return the folders of facts under folders named key=value; none where the source has facts of its own."""
    try:
        inside = sorted(source.iterdir()) if source.is_dir() else []
    except OSError:
        return []
    if any(_table_of(file, TABLES) for file in inside):
        return []
    keyed = [one for one in inside if "=" in one.name and one.is_dir()]
    return [part for one in keyed for part in (_part_folders(one) or [one])]


def _together(source: Path, parts: Sequence[Facts]) -> Facts:
    """Return the facts of several parts as one; the period is the same in all of them."""
    names = [name for name in TABLES if name not in (PERIOD.name, COUNTY.name)]
    tables = {name: pa.concat_tables(part.tables[name] for part in parts) for name in names}
    tables |= {name: parts[0].tables[name] for name in (PERIOD.name, COUNTY.name)}
    return Facts(tables, str(source), remarks=tuple(remark for part in parts for remark in part.remarks))


@dataclass(frozen=True, slots=True)
class Loaded:
    """One table that stands alone: its rows, where they stood, and what the reader only asks about."""

    rows: pa.Table
    origin: Origin
    remarks: tuple[Problem, ...] = ()


def load_table(path: str | Path, table: Table) -> Loaded:
    """Read one table that stands alone, such as a register: a workbook with a sheet of its name, or a single file.

    Raises `Unusable` with every problem.
    """
    file, reading = Path(path), Reading()
    if file.suffix.lower() in FILE_READERS:
        sheets = {table.name: _file_sheet(file, table)}
    else:
        sheets = _workbook_sheets(file, {table.name: table}, reading)
    if table.name not in sheets:
        raise unusable(file.name, f"没有名为“{table.label}”的工作表", f"请把放数据的工作表改名为“{table.label}”")
    _read_table(table, sheets[table.name], reading)
    if reading.problems:
        raise Unusable(reading.problems)
    return Loaded(reading.tables[table.name], reading.origins[table.name], tuple(reading.remarks))


def load_plan_tables(path: str | Path) -> dict[str, pa.Table]:
    """Read the planner's own tables (prices, limits, distances) beside the facts at `path`; those not there are empty.

    Raises `Unusable` with every problem in every table; a column that is not known is one: a price must not be passed
    over.
    """
    reading = Reading()
    _read_tables(Path(path), PLAN_TABLES, reading)
    _refuse_unread(reading.problems, reading.remarks)
    return reading.tables


def load_plan_table(path: str | Path, name: str) -> pa.Table:
    """Read one of the planner's tables from a file or folder of its own. Raises `Unusable` with every problem."""
    table = PLAN_TABLES[name]
    if _is_folder(Path(path)):
        return load_plan_tables(path)[name]
    loaded = load_table(path, table)
    _refuse_unread([], loaded.remarks)
    return loaded.rows


def _refuse_unread(problems: Sequence[Problem], remarks: Sequence[Problem]) -> None:
    """Refuse what is wrong, and every column or cell that would be passed over; sheets of other things are not ours."""
    if refused := [*problems, *(remark for remark in remarks if remark.column is not None)]:
        raise Unusable(refused)


def _read_tables(source: Path, wanted: Mapping[str, Table], reading: Reading) -> dict[str, Sheet]:
    """Read the `wanted` tables at `source` into `reading`, empty where they are not there; return those that are."""
    find = _folder_sheets if _is_folder(source) else _workbook_sheets
    sheets = find(source, wanted, reading)
    for table in wanted.values():
        if table.name in sheets:
            _read_table(table, sheets[table.name], reading)
        else:
            reading.tables[table.name] = arrow_schema(table).empty_table()
    return sheets


def _is_folder(path: Path) -> bool:
    try:
        if not path.exists():
            raise unusable(str(path), "没有这个文件或文件夹", "请给出数据工作簿，或存放各表的文件夹")
        return path.is_dir()
    except OSError as error:
        raise unusable(str(path), f"打不开（{error.strerror}）", "请检查路径和权限") from error


def _items(reading: Reading, sheet: Sheet | None) -> dict[str, int | bool]:
    """Return the county's items that hold a value; a value of the wrong kind is a problem, an unknown item a remark."""
    found: dict[str, int | bool] = {}
    rows = zip(reading.tables[COUNTY.name].to_pylist(), sheet.rows if sheet else [], strict=False)
    for row, number in rows:
        file, item = sheet.file if sheet else "", row["item"]
        heading = read_item(item)
        if heading is None:
            reading.remarks.append(Problem(file, "没有读这一项，数据字典里没有它", "请按模板改项目名", number, item))
            continue
        place = Place(file, item, [number], heading.factor)
        converted = convert(pa.array([row["value"]], pa.string()), heading.column, place)
        reading.problems += converted.problems
        reading.remarks += converted.remarks
        if heading.column.name in found:
            reading.problems.append(Problem(file, "这一项前面已经填过", "请只留一行", number, item))
        if (value := converted.values[0].as_py()) is not None:
            found[heading.column.name] = value
    if COUNTY.name in reading.origins:
        _leave_filled_in(reading)
    return found


def _leave_filled_in(reading: Reading) -> None:
    """Take out the items that the template lists and nobody has filled in."""
    county, origin = reading.tables[COUNTY.name], reading.origins[COUNTY.name]
    filled = pc.or_(pc.is_valid(county["value"]), pc.is_valid(county["note"]))
    rows = tuple(row for row, kept in zip(origin.rows, filled.to_pylist(), strict=True) if kept)
    reading.tables[COUNTY.name] = county.filter(filled)
    reading.origins[COUNTY.name] = replace(origin, rows=rows)


def _workbook_sheets(file: Path, wanted: Mapping[str, Table], reading: Reading) -> dict[str, Sheet]:
    suffix = file.suffix.lower()
    if suffix == ".et":
        raise unusable(file.name, "是 WPS 表格自己的格式", "请在 WPS 里另存为 .xlsx 文件")
    if suffix in FILE_READERS:
        raise unusable(file.name, "是单独一个文件", "请把各表的文件放进一个文件夹，给出这个文件夹")
    if suffix not in SUFFIXES:
        reason = f"不认识这种文件（{file.suffix or '没有扩展名'}）"
        raise unusable(file.name, reason, "请给出 .xlsx 或 .xls 工作簿，别的表格文件请另存为 .xlsx")
    if not file.is_file():
        raise unusable(file.name, *NO_FILE)
    sheets, others = read_workbook(file, wanted)
    reading.remarks += [
        Problem(name, "没有读这张工作表，它不是数据表", "如果是数据，请把名称改为表名") for name in others
    ]
    return sheets


def _folder_sheets(folder: Path, wanted: Mapping[str, Table], reading: Reading) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {}
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise unusable(str(folder), f"文件夹打不开（{error.strerror}）", "请检查权限") from error
    for file in files:
        table = _table_of(file, wanted)
        if table and table.name in sheets:
            reason = f"与 {sheets[table.name].file} 是同一张表（{table.label}）"
            reading.problems.append(Problem(file.name, reason, "请只留一个文件"))
        elif table:
            try:
                sheets[table.name] = _file_sheet(file, table)
            except Unusable as error:
                reading.problems += error.problems
    return sheets


def _file_sheet(file: Path, table: Table) -> Sheet:
    if not file.is_file():
        raise unusable(file.name, *NO_FILE)
    return FILE_READERS[file.suffix.lower()](file, table)


def _table_of(file: Path, wanted: Mapping[str, Table]) -> Table | None:
    if file.suffix.lower() not in FILE_READERS:
        return None
    return next((table for table in wanted.values() if file.stem in (table.name, table.label)), None)


def _read_table(table: Table, sheet: Sheet, reading: Reading) -> None:
    headings = _headings(table, sheet, reading)
    reading.remarks += sheet.remarks
    found = Reading()
    arrays = [_column(column, headings.get(column.name), sheet, found) for column in table.columns]
    arrow = _keys_filled(table, pa.Table.from_arrays(arrays, schema=arrow_schema(table)))
    key = "+".join(sheet.headings[headings[name][0]] for name in table.key if name in headings)
    found.problems += _duplicate_keys(table, arrow, sheet, key)
    reading.problems += sorted(found.problems, key=lambda problem: problem.row or 0)
    reading.remarks += sorted(found.remarks, key=lambda remark: remark.row or 0)
    reading.tables[table.name] = arrow
    where = {name: sheet.headings[at] for name, (at, _) in headings.items()}
    reading.origins[table.name] = Origin(sheet.file, tuple(sheet.rows), where)


def _headings(table: Table, sheet: Sheet, reading: Reading) -> dict[str, tuple[int, Heading]]:
    """Return where each known column stands; a column that stands twice is a problem, an unknown one a remark."""
    found: dict[str, tuple[int, Heading]] = {}
    for at, text in enumerate(sheet.headings):
        heading = read_heading(text, table)
        if heading is None:
            if text:
                reading.remarks.append(_unread(sheet, text))
        elif heading.column.name in found:
            first = sheet.headings[found[heading.column.name][0]]
            reading.problems.append(Problem(sheet.file, f"与「{first}」列重复", "请只留一列", sheet.header, text))
        else:
            found[heading.column.name] = (at, heading)
    return found


def _unread(sheet: Sheet, text: str) -> Problem:
    return Problem(sheet.file, "没有读这一列，数据字典里没有它", "如果是数据，请按模板改列名和单位", sheet.header, text)


def _column(column: Column, found: tuple[int, Heading] | None, sheet: Sheet, reading: Reading) -> pa.Array:
    if found is None:
        return pa.nulls(len(sheet.rows), ARROW_TYPES[column.kind])
    at, heading = found
    converted = convert(sheet.columns[at], column, Place(sheet.file, sheet.headings[at], sheet.rows, heading.factor))
    reading.problems += converted.problems
    reading.remarks += converted.remarks
    return converted.values


def _keys_filled(table: Table, arrow: pa.Table) -> pa.Table:
    """Return the table with an empty text where a part of its key is not reported, so that rows can be told apart."""
    for name in (one for one in table.key if table.column(one).kind not in MEASURES):
        at = arrow.schema.get_field_index(name)
        arrow = arrow.set_column(at, arrow.schema.field(at), arrow[name].combine_chunks().fill_null(""))
    return arrow


def _duplicate_keys(table: Table, arrow: pa.Table, sheet: Sheet, headings: str) -> Iterator[Problem]:
    if not table.key:
        return
    rows = defaultdict(list)
    for row, key in zip(sheet.rows, zip(*(arrow[name].to_pylist() for name in table.key), strict=True), strict=True):
        rows[key].append(row)
    labels = "+".join(table.column(name).label for name in table.key)
    for key, places in rows.items():
        for row in places[1:]:
            reason = f"{labels}与第 {places[0]} 行相同"
            yield Problem(
                sheet.file,
                reason,
                "请删去一行或改正代码",
                row,
                headings,
                "+".join(str(part) for part in key if part not in (None, "")),
            )
