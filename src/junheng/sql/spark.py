"""Spark. The same statements, put into Spark's words by sqlglot; needs the extra `spark` and Java."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import sqlglot
from pyspark.sql import DataFrame, SparkSession


class SparkSQLSession:
    """Views in the Spark session that is running, or in a local one that is started (and left for the next)."""

    def __init__(self) -> None:
        self._spark = SparkSession.getActiveSession() or local()
        self._views: dict[str, DataFrame] = {}

    def register(self, name: str, table: pa.Table) -> None:
        """Make `table` readable as `name`."""
        self._keep(name, self._spark.createDataFrame(table))

    def define(self, name: str, statement: str) -> None:
        """Keep the answer of `statement` as the view `name`, computed at most once."""
        self._keep(name, self._spark.sql(to_spark(statement)).persist())

    def fetch(self, statement: str) -> pa.Table:
        """Return the answer of `statement`."""
        return self._spark.sql(to_spark(statement)).toArrow()

    def first(self, statement: str) -> Mapping[str, Any]:
        """Return the first row of the answer of `statement`, by column."""
        row: dict[str, Any] = self.fetch(statement).slice(0, 1).to_pylist()[0]
        return row

    def close(self) -> None:
        """Drop the views; the Spark session goes on, since others may use it."""
        for name, frame in self._views.items():
            frame.unpersist()
            self._spark.catalog.dropTempView(name)
        self._views.clear()

    def _keep(self, name: str, frame: DataFrame) -> None:
        before = self._views.get(name)
        frame.createOrReplaceTempView(name)
        self._views[name] = frame
        # The same statement again is the same frame to Spark: to forget it would be to forget the new one.
        if before is not None and not before.sameSemantics(frame):
            before.unpersist()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def to_spark(statement: str) -> str:
    """Return a statement of DuckDB's in Spark's words."""
    return sqlglot.transpile(statement, read="duckdb", write="spark")[0]


def local(master: str | None = None, threads: int | None = None) -> SparkSession:
    """Return a Spark session on this machine, or of the cluster at `master`, whose own settings then hold."""
    if master:
        return SparkSession.builder.master(master).appName("junheng").getOrCreate()
    settings: dict[str, bool | float | int | str | None] = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Facts of schools are small: a table is one partition, and planning between stages costs more than it saves.
        "spark.default.parallelism": "1",
        "spark.sql.leafNodeDefaultParallelism": "1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "ERROR",
    }
    return SparkSession.builder.master(f"local[{threads or 2}]").appName("junheng").config(map=settings).getOrCreate()
