"""DuckDB in memory. It sees registered Arrow tables only: no file, no ATTACH, no network."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa


class DuckSession:
    """One private in-memory database."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:", config={"enable_external_access": False})

    def register(self, name: str, table: pa.Table) -> None:
        """Make `table` readable as `name`, without a copy."""
        self._connection.register(name, table)

    def define(self, name: str, statement: str) -> None:
        """Compute `statement` once and keep its answer as the table `name`."""
        self._connection.execute(f"CREATE TEMP TABLE {name} AS {statement}")

    def fetch(self, statement: str) -> pa.Table:
        """Return the answer of `statement`."""
        return self._connection.sql(statement).to_arrow_table()

    def close(self) -> None:
        """Drop the database."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
