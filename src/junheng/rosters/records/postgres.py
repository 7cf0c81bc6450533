"""Rosters that stand in PostgreSQL, brought into a folder as files: from there on they are counted as any others.

The one place of the core that speaks with another program, and only when a database is named. What is brought is a
copy of one moment: every table is read in one transaction. People are streamed into Parquet, a part and year after
another, so that memory does not grow with them; schools and rooms are few and stand as CSV. Only the columns of the
data dictionary leave the database: names and numbers of identity cards stay where they are.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from junheng.facts.headings import read_heading
from junheng.facts.problems import unusable
from junheng.facts.schema import Table
from junheng.rosters.records.keeping import IDS, telling_of_the_disk
from junheng.rosters.records.schema import PEOPLE, TABLES
from junheng.rosters.records.sources import APART, YEAR

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    Connection = psycopg.Connection[Any]

# Folders are named by these columns, as far as every table that is counted has them, from the largest area down.
PLACES = ("province", "league", "county")
# A folder that was brought from a database, and may be brought again.
MARK = ".brought"
BLOCK = 8_000_000
# PostgreSQL's numbers of its types: yes or no, and whole numbers. Everything else is read as text.
BOOLEAN, WHOLE = 16, (20, 21, 23)
Value = str | int | None


@dataclass(frozen=True, slots=True)
class Source:
    """A table of the database: which columns are brought, of which types, and those that name its parts."""

    table: Table
    types: Mapping[str, int]
    places: tuple[str, ...]

    @property
    def columns(self) -> dict[str, int]:
        """The columns that are brought: what folders name stands in no row."""
        return {name: one for name, one in self.types.items() if name not in self.keys}

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that name a folder."""
        return (*self.places, *((YEAR,) if self.table.name == "pupils" and YEAR in self.types else ()))


def bring_rosters(database: str, folder: Path, told: Callable[[str, int, int], None] | None = None) -> list[Path]:
    """Bring the rosters of a database (a libpq address) into `folder`, in the place of what was brought before.

    Return the files. Raises `Unusable` where the database cannot be reached or read, or where the folder holds
    something else; what stood in the folder is then as it was.
    """
    _refuse(folder)
    draft = folder.with_name(f".{folder.name}.brought")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        with telling_of_the_disk(draft), _reading(database) as connection:
            draft.mkdir(parents=True)
            (draft / MARK).touch()
            files = [file.relative_to(draft) for file in _bring_all(connection, draft, told)]
        with telling_of_the_disk(folder):
            _take_the_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return [folder / file for file in files]


def _refuse(folder: Path) -> None:
    if folder.exists() and not (folder.is_dir() and ((folder / MARK).exists() or not any(folder.iterdir()))):
        raise unusable(str(folder), "这里有别的东西，不是以前从数据库取来的名册", "请换一个空的文件夹")


def _take_the_place(draft: Path, folder: Path) -> None:
    before = folder.with_name(f".{folder.name}.before")
    shutil.rmtree(before, ignore_errors=True)
    if folder.exists():
        folder.replace(before)
    draft.replace(folder)
    shutil.rmtree(before, ignore_errors=True)


@contextmanager
def _reading(database: str) -> Iterator[Connection]:
    """Give a transaction that only reads, in which every table is of one moment; tell in words what goes wrong."""
    try:
        import psycopg
    except ImportError as error:
        raise unusable("--from-postgres", "没有装 PostgreSQL 的组件", "请安装 junheng 的 postgres 组件") from error
    try:
        connection = psycopg.connect(database)
    except psycopg.Error as error:
        remedy = "请核对地址、用户和密码（密码写在 PGPASSWORD 或 ~/.pgpass 里）"
        raise unusable("--from-postgres", f"连不上数据库（{_first(error)}）", remedy) from error
    try:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield connection
    except psycopg.Error as error:
        remedy = "请核对表、权限和连接后重新运行"
        raise unusable("--from-postgres", f"读不出来（{_first(error)}）", remedy) from error
    finally:
        connection.close()


def _first(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _bring_all(connection: Connection, folder: Path, told: Callable[[str, int, int], None] | None) -> Iterator[Path]:
    sources = list(_sources(connection))
    asked = [(one, keys) for one in sources for keys in _parts(connection, one)]
    for done, (source, keys) in enumerate(asked, 1):
        place = folder / source.table.name
        place = place.joinpath(*(f"{name}={value}" for name, value in zip(source.keys, keys, strict=True)))
        place.mkdir(parents=True, exist_ok=True)
        bring = _people if source.table.name in PEOPLE else _things
        yield bring(connection, source, keys, place)
        if told:
            told("取名册", done, len(asked))


def _sources(connection: Connection) -> Iterator[Source]:
    """Yield the tables that there are, under their English names or labels."""
    found = {one.name: have for one in TABLES.values() if (have := _columns(connection, one))}
    counted = [have for name, have in found.items() if name not in APART]
    places = tuple(name for name in PLACES if counted and all(name in have for have in counted))
    for name, have in found.items():
        own = () if name in APART else places
        kept = {one: type for one, type in have.items() if one in own or read_heading(one, TABLES[name])}
        yield Source(TABLES[name], kept, own)


def _columns(connection: Connection, table: Table) -> dict[str, int]:
    from psycopg import sql

    exists = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f'"{table.name}"',)).fetchone()
    if not exists or not exists[0]:
        return {}
    found = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier(table.name)))
    return {one.name: one.type_code for one in found.description or ()}


def _parts(connection: Connection, source: Source) -> list[tuple[Value, ...]]:
    """Return what the columns that name folders hold, in order; a row that lacks one is told, not left out."""
    from psycopg import sql

    if not source.keys:
        return [()]
    names = sql.SQL(", ").join(map(sql.Identifier, source.keys))
    asked = sql.SQL("SELECT DISTINCT {names} FROM {table} ORDER BY {names}")
    rows = connection.execute(asked.format(names=names, table=sql.Identifier(source.table.name))).fetchall()
    for row in rows:
        if None in row:
            column = source.keys[row.index(None)]
            reason = f"{source.table.label}里有的行没有{column}，分不到任何分区"
            raise unusable(source.table.name, reason, "请补填这一列，或去掉这一列")
    return rows


def _people(connection: Connection, source: Source, keys: Sequence[Value], folder: Path) -> Path:
    """Stream a part's people into a Parquet file, in one order, so that the same rows make the same bytes."""
    file = folder / "rows.parquet"
    types = {name: _arrow(one) for name, one in source.columns.items()}
    how = pacsv.ConvertOptions(
        column_types=types,
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
    )
    schema = pa.schema(types)
    repeats = [name for name in schema.names if name not in IDS]
    with (
        _copied(connection, source, keys) as stream,
        pq.ParquetWriter(file, schema, compression="zstd", use_dictionary=repeats) as writer,
    ):
        lines = pacsv.ReadOptions(block_size=BLOCK, column_names=schema.names)
        cells = pacsv.ParseOptions(newlines_in_values=True)
        for batch in pacsv.open_csv(stream, lines, cells, how) if stream.peek(1) else ():
            writer.write_batch(batch)
    return file


def _arrow(type: int) -> pa.DataType:
    return pa.bool_() if type == BOOLEAN else pa.int64() if type in WHOLE else pa.string()


def _things(connection: Connection, source: Source, keys: Sequence[Value], folder: Path) -> Path:
    """Write a part's schools or rooms as CSV, as the readers of facts take them."""
    file = folder / "rows.csv"
    with file.open("wb") as opened, _copied(connection, source, keys) as stream:
        opened.write((",".join(source.columns) + "\n").encode())
        shutil.copyfileobj(stream, opened)
    return file


class _Stream(io.RawIOBase):
    """What COPY sends, as a file that is read once."""

    def __init__(self, blocks: Iterator[bytes | bytearray | memoryview]) -> None:
        self._blocks, self._left = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        while not self._left:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._left = bytes(block)
        some = self._left[: len(into)]
        into[: len(some)] = some
        self._left = self._left[len(some) :]
        return len(some)


@contextmanager
def _copied(connection: Connection, source: Source, keys: Sequence[Value]) -> Iterator[io.BufferedReader]:
    """Give the rows of one part as PostgreSQL's CSV."""
    with connection.cursor().copy(_statement(source), tuple(keys)) as copy:
        yield io.BufferedReader(_Stream(iter(copy)), BLOCK // 8)


def _statement(source: Source) -> Any:
    from psycopg import sql

    people = source.table.name in PEOPLE
    cells = [_cell(name, type, people=people) for name, type in source.columns.items()]
    # By school and class first: what repeats stands together, and the ids tell the rest apart.
    order = sorted(range(len(cells)), key=lambda at: list(source.columns)[at] in IDS)
    where = sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in source.keys)
    return sql.SQL("COPY (SELECT {cells} FROM {table} WHERE {where} ORDER BY {order}) TO STDOUT (FORMAT csv)").format(
        cells=sql.SQL(", ").join(cells),
        table=sql.Identifier(source.table.name),
        where=where if source.keys else sql.SQL("TRUE"),
        order=sql.SQL(", ").join(sql.SQL(str(at + 1)) for at in order),
    )


def _cell(name: str, type: int, *, people: bool) -> Any:
    """Return a column as it is copied: a yes is a 1 for the readers of facts, what is no number is a text."""
    from psycopg import sql

    if type in WHOLE or (people and type == BOOLEAN):
        return sql.Identifier(name)
    return sql.SQL("{}::int" if type == BOOLEAN else "{}::text").format(sql.Identifier(name))
