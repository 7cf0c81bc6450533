"""Spark over files: the same statements, on a cluster by its master URL or on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from os.path import commonpath
from pathlib import Path
from typing import Self

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from junheng.sql.files import CSV, PARQUET, Broken, Means
from junheng.sql.spark import SparkSQLSession, local, to_spark

# Spark's names of types, as DuckDB calls them.
TYPES = {"string": "VARCHAR", "bigint": "BIGINT", "int": "INTEGER", "boolean": "BOOLEAN", "double": "DOUBLE"}
TYPES |= {"smallint": "SMALLINT", "tinyint": "TINYINT", "float": "FLOAT"}


class SparkFiles(SparkSQLSession):
    """Views over files in the Spark session that is running, in a cluster's, or in a local one."""

    def __init__(self, means: Means) -> None:
        self._spark = SparkSession.getActiveSession() or local(means.master, means.threads)
        self._views = {}

    def read(self, name: str, files: Sequence[Path], form: str = PARQUET) -> None:
        """Make the rows of `files` readable as `name`; folders named key=value give columns. CSV cells are text."""
        with told():
            reader = self._spark.read.option("basePath", _base(files))
            paths = [str(file) for file in files]
            if form == CSV:
                frame = reader.option("header", "true").option("encoding", "utf-8").csv(paths)
            else:
                frame = reader.option("mergeSchema", "true").parquet(*paths)
            self._keep(name, frame)

    def view(self, name: str, statement: str) -> None:
        """Make `statement` readable as `name` without computing it."""
        with told():
            self._keep(name, self._spark.sql(to_spark(statement)))

    def columns(self, name: str) -> Mapping[str, str]:
        """Return the columns of `name` with their types, as DuckDB calls them."""
        return {one: TYPES.get(kind, kind.upper()) for one, kind in self._views[name].dtypes}

    def fetch(self, statement: str) -> pa.Table:
        """Return the answer of `statement`."""
        with told():
            return super().fetch(statement)

    def define(self, name: str, statement: str) -> None:
        """Keep the answer of `statement` as the view `name`, computed at most once."""
        with told():
            self._keep(name, self._spark.sql(to_spark(statement)).persist())

    def keep(self, name: str, statement: str) -> pa.Table:
        """Make the answer of `statement` readable as `name`, which stays where the engine is, and return it."""
        self.define(name, statement)
        return self.fetch(f"SELECT * FROM {name}")

    def beside(self, *, small: bool = False) -> Self:
        """Return this session: Spark shares out its own work."""
        return self


def _base(files: Sequence[Path]) -> str:
    """Return the folder under which the folders named key=value begin."""
    common = Path(commonpath([str(file.parent) for file in files]))
    keyed = [at for at, part in enumerate(common.parts) if "=" in part]
    return str(Path(*common.parts[: keyed[0]]) if keyed else common)


@contextmanager
def told() -> Iterator[None]:
    """Turn what Spark says of files into what a job can tell."""
    try:
        yield
    except PySparkException as error:
        text = str(error)
        full = "No space left" in text or "File too large" in text
        raise Broken("space" if full else "file", text.splitlines()[0]) from error
