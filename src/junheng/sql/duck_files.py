"""DuckDB over files, in a database of its own: it reads what it is pointed at, spills within its folder, no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from junheng.sql.files import CSV, PARQUET, Broken, Means

# What a job may hold where nothing is said: the whole process stays within a gigabyte, and more made nothing faster.
MEMORY = "500MB"
# What Ctrl+C comes to while a statement runs in the main thread.
INTERRUPTED = "Query interrupted"
NO_SPACE = ("no space left", "file too large", "could not write", "disk")


class DuckFiles:
    """A connection of its own; what it reads and defines is temporary, and no other connection sees it."""

    def __init__(self, database: duckdb.DuckDBPyConnection, *, small: bool = False) -> None:
        self._database = database
        self._connection = database.cursor()
        if small:
            # As for one county; of a whole nation's pieces better plans save a fifth.
            self._connection.execute("PRAGMA disable_optimizer").fetchall()

    @classmethod
    def opened(cls, means: Means) -> Self:
        """Return a session over a new database within `means`."""
        config: dict[str, Any] = {"memory_limit": means.memory or MEMORY, "autoinstall_known_extensions": False}
        # Whoever needs an order asks for it: to keep that of the files takes a twentieth more.
        config |= {"preserve_insertion_order": False}
        # Several statements read the same files: a nation has thousands, whose footers are then read once. The setting
        # is known here because nothing may be installed (`autoinstall_known_extensions`): Parquet is then built in.
        config |= {"parquet_metadata_cache": True}
        config |= {"threads": means.threads} if means.threads else {}
        config |= {"temp_directory": str(means.spill)} if means.spill else {}
        return cls(duckdb.connect(":memory:", config=config))

    def read(self, name: str, files: Sequence[Path], form: str = PARQUET) -> None:
        """Make the rows of `files` readable as `name`; folders named key=value give columns. CSV cells are text."""
        listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        how = {
            PARQUET: "read_parquet([{}], hive_partitioning = true, union_by_name = {})",
            CSV: "read_csv([{}], all_varchar = true, header = true, hive_partitioning = true, union_by_name = {})",
        }[form]
        source = how.format(listed, str(len(files) > 1).lower())
        with told():
            self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {source}")

    def view(self, name: str, statement: str) -> None:
        """Make `statement` readable as `name` without computing it."""
        with told():
            self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {statement}")

    def columns(self, name: str) -> Mapping[str, str]:
        """Return the columns of `name` with their types, as DuckDB calls them."""
        with told():
            return {row[0]: row[1] for row in self._connection.execute(f"DESCRIBE {name}").fetchall()}

    def register(self, name: str, table: pa.Table) -> None:
        """Make `table` readable as `name`, without a copy."""
        self._connection.register(name, table)

    def define(self, name: str, statement: str) -> None:
        """Compute `statement` once and keep its answer as the table `name`."""
        with told():
            self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {statement}")

    def keep(self, name: str, statement: str) -> pa.Table:
        """Make the answer of `statement` readable as `name`, without a copy, and return it."""
        answer = self.fetch(statement)
        self.register(name, answer)
        return answer

    def fetch(self, statement: str) -> pa.Table:
        """Return the answer of `statement`."""
        with told():
            # A result that is executed first and then made Arrow is planned once, and loses its order on the way.
            return self._connection.sql(statement).to_arrow_table()

    def first(self, statement: str) -> Mapping[str, Any]:
        """Return the first row of the answer of `statement`, by column."""
        row: dict[str, Any] = self.fetch(statement).slice(0, 1).to_pylist()[0]
        return row

    def beside(self, *, small: bool = False) -> Self:
        """Return a session of its own over the same database; `small` says that its tables are."""
        return type(self)(self._database, small=small)

    def close(self) -> None:
        """Drop everything that was registered or defined."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def told() -> Iterator[None]:
    """Turn what DuckDB says of files, memory and space into what a job can tell."""
    try:
        yield
    except RuntimeError as error:
        if INTERRUPTED in str(error):
            raise KeyboardInterrupt from error
        raise
    except (duckdb.ParserException, duckdb.CatalogException):
        raise
    except duckdb.Error as error:
        raise Broken(_kind(error), str(error)) from error


def _kind(error: duckdb.Error) -> str:
    """Return what kind of thing is broken; broken pages of a Parquet file are told as errors of no kind."""
    said = str(error).lower()
    if isinstance(error, duckdb.OutOfMemoryException):
        return "space" if "temp" in said and "director" in said else "memory"
    if isinstance(error, duckdb.IOException):
        return "space" if any(word in said for word in NO_SPACE) else "file"
    if isinstance(error, (duckdb.ConversionException, duckdb.BinderException, duckdb.OutOfRangeException)):
        return "value"
    return "file"
