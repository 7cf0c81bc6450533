"""DuckDB in memory. It sees registered Arrow tables only: no file, no ATTACH, no network."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from threading import Lock
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

_starting = Lock()


@cache
def _database(process: int) -> duckdb.DuckDBPyConnection:
    """Return a process's one database: starting another for a county would take a fifth of the time of judging it.

    A child that is forked has none of the threads of its parent's, so it starts its own. One thread each: a county's
    tables are too small to be shared out, and 20,000 schools take as long with two (decision 22).
    """
    return duckdb.connect(":memory:", config={"enable_external_access": False, "threads": 1})


class DuckSession:
    """A connection of its own: what it registers and defines is temporary, and no other connection sees it."""

    def __init__(self, *, small: bool = False) -> None:
        with _starting:
            self._connection = _database(os.getpid()).cursor()
        if small:
            # To look for better plans takes a fifth of a county's time, and saves nothing even of 20,000 schools.
            self._connection.execute("PRAGMA disable_optimizer").fetchall()

    def register(self, name: str, table: pa.Table) -> None:
        """Make `table` readable as `name`, without a copy."""
        self._connection.register(name, table)

    def define(self, name: str, statement: str) -> None:
        """Compute `statement` once and keep its answer as the table `name`."""
        self._connection.execute(f"CREATE TEMP TABLE {name} AS {statement}")

    def fetch(self, statement: str) -> pa.Table:
        """Return the answer of `statement`."""
        return self._connection.sql(statement).to_arrow_table()

    def first(self, statement: str) -> Mapping[str, Any]:
        """Return the first row of the answer of `statement`, by column; it is planned once, for Arrow it is twice."""
        answer = self._connection.execute(statement)
        names = [column[0] for column in answer.description or ()]
        # A result that is not read to its end keeps the connection from other work.
        return dict(zip(names, answer.fetchall()[0], strict=True))

    def close(self) -> None:
        """Drop everything that was registered or defined."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
