"""Sessions that read files too large to be handed over as Arrow: a laptop's DuckDB within a stated memory, or Spark."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import pyarrow as pa

from junheng.sql.session import ENGINES, EngineMissing, Session

PARQUET, CSV = "parquet", "csv"


@dataclass(frozen=True, slots=True)
class Means:
    """What a job may use: threads, memory (as DuckDB writes it, 512MB), a folder to spill into, Spark's master URL."""

    threads: int | None = None
    memory: str | None = None
    spill: Path | None = None
    master: str | None = None

    def pieces_at_once(self, engine: str) -> int:
        """Return how many pieces of a job are worked at beside each other: Spark shares its work out itself."""
        return (self.threads or 2) if engine == "duckdb" else 1


class Broken(Exception):
    """A statement over files that could not be finished: a file that cannot be read, no memory, no space.

    `kind` is "file", "memory", "space" or "value".
    """

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


class FileSession(Session, Protocol):
    """A session over files: what it reads stays where it is."""

    def read(self, name: str, files: Sequence[Path], form: str = PARQUET) -> None:
        """Make the rows of `files` readable as `name`; folders named key=value give columns. CSV cells are text."""

    def view(self, name: str, statement: str) -> None:
        """Make `statement` readable as `name` without computing it."""

    def keep(self, name: str, statement: str) -> pa.Table:
        """Make the answer of `statement` readable as `name`, and return it: where it stands is the engine's affair."""

    def columns(self, name: str) -> Mapping[str, str]:
        """Return the columns of `name` with their types, as DuckDB calls them."""

    def beside(self, *, small: bool = False) -> Self:
        """Return a session of its own over the same engine; `small` says that what it reads is (`open_session`)."""

    def __enter__(self) -> Self: ...


def open_files(engine: str, means: Means) -> FileSession:
    """Return a session that reads files, on "duckdb" or "spark".

    Raises ValueError for another name, `EngineMissing` where Spark's packages or its Java are not installed.
    """
    if engine == "duckdb":
        from junheng.sql.duck_files import DuckFiles

        return DuckFiles.opened(means)
    if engine == "spark":
        return _spark(means)
    raise ValueError(f"engine must be one of {ENGINES}, not {engine!r}")


def _spark(means: Means) -> FileSession:
    try:
        from pyspark.errors import PySparkRuntimeError

        from junheng.sql.spark_files import SparkFiles
    except ImportError as error:
        raise EngineMissing(str(error)) from error
    try:
        return SparkFiles(means)
    except (PySparkRuntimeError, OSError) as error:
        raise EngineMissing(str(error)) from error


@contextmanager
def spilling(means: Means) -> Iterator[Path | None]:
    """Give the folder to spill into, empty, and take it away afterwards."""
    if means.spill is None:
        yield None
        return
    folder = means.spill / f".spill-{os.getpid()}"
    try:
        yield folder
    finally:
        for file in folder.glob("*") if folder.is_dir() else ():
            file.unlink(missing_ok=True)
        if folder.is_dir():
            folder.rmdir()
