"""What an engine offers to run statements, and the two that there are."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Protocol, Self

import pyarrow as pa

ENGINES = ("duckdb", "spark")


class EngineMissing(Exception):
    """The engine that was asked for is not there: its packages, or the Java that Spark needs."""


class Session(Protocol):
    """A place where named Arrow tables stand, statements are run over them, and answers come back as Arrow."""

    def register(self, name: str, table: pa.Table) -> None:
        """Make `table` readable as `name`."""

    def define(self, name: str, statement: str) -> None:
        """Make the answer of `statement` readable as `name`."""

    def fetch(self, statement: str) -> pa.Table:
        """Return the answer of `statement`."""

    def first(self, statement: str) -> Mapping[str, Any]:
        """Return the first row of the answer of `statement`, by column; for answers of one row, sooner than `fetch`."""

    def close(self) -> None:
        """Let go of everything that was registered or defined."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_session(engine: str, *, small: bool = False) -> Session:
    """Return a new session on `engine`, "duckdb" or "spark"; neither is imported before it is asked for.

    `small` says that the tables are small (a county's schools, its teachers): statements run as they are written.
        Raises ValueError for another name, `EngineMissing` where Spark's packages or its Java are not installed.
    """
    if engine == "duckdb":
        from junheng.sql.duck import DuckSession

        return DuckSession(small=small)
    if engine == "spark":
        return _spark()
    raise ValueError(f"engine must be one of {ENGINES}, not {engine!r}")


def _spark() -> Session:
    try:
        from pyspark.errors import PySparkRuntimeError

        from junheng.sql.spark import SparkSQLSession
    except ImportError as error:
        raise EngineMissing(str(error)) from error
    try:
        return SparkSQLSession()
    except (PySparkRuntimeError, OSError) as error:
        raise EngineMissing(str(error)) from error
