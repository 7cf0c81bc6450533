"""Counts of a part to the tables of facts, and these to files that every other command reads."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from junheng.facts.model import arrow_schema
from junheng.facts.schema import MEASURES, STAGES, TABLES
from junheng.facts.writers import in_written_units, plain
from junheng.rosters.records.batch import taken_apart, with_part
from junheng.rosters.records.model import Asked
from junheng.rosters.records.statements import schools_statement
from junheng.sql import Session

Kept = Mapping[str, pa.Table]
"""The counts of one part, by name."""

MONTH, DAY = 9, 1
FORMS = ("parquet", "csv", "jsonl")
ROOMS_BY = [("school_code", "ascending"), ("kind", "ascending"), ("area", "ascending")]
SOURCE = "由名册数出（junheng aggregate）"


def fact_tables(
    session: Session, kept: Mapping[str, Kept], linked: pa.Table, asked: Asked, given: Collection[str]
) -> dict[str, pa.Table]:
    """Return, for each part of `kept`, the facts of schools in the smallest units, ordered.

    Several parts are put together at once: a statement costs as much for one as for twenty. None sees another's rows.
    """
    numbers = {part: at for at, part in enumerate(kept)}
    for name in ("school_rows", "pupil_facts", "teacher_facts"):
        session.register(name, pa.concat_tables(with_part(own[name], numbers[part]) for part, own in kept.items()))
    session.register("link_rows", linked)
    schools = session.fetch(schools_statement(asked.records, given, cohort=asked.cohort is not None))
    schema = arrow_schema(TABLES["schools"])
    return {part: own.cast(schema).combine_chunks() for part, own in taken_apart(schools, numbers).items()}


def settled_tables(class_counts: pa.Table, rooms: pa.Table) -> dict[str, pa.Table]:
    """Return the facts of a part that nothing else changes, ordered, in written units: classes and rooms."""
    classes = class_counts.filter(pc.is_in(class_counts["stage"], pa.array(STAGES)))
    classes = classes.append_column("note", pa.nulls(len(classes), pa.string()))
    schema = arrow_schema(TABLES["classes"])
    own = {"classes": classes.select(schema.names).cast(schema), "rooms": rooms.sort_by(ROOMS_BY)}
    return {name: as_written(name, table) for name, table in own.items()}


def period(year: int) -> pa.Table:
    """Return the facts' table of the period, the same for every part."""
    row = {
        "school_year": f"{year}-{year + 1}",
        "counting_date": dt.date(year, MONTH, DAY),
        "basis": "census",
        "source": SOURCE,
    }
    schema = arrow_schema(TABLES["period"])
    return pa.Table.from_pylist([row | dict.fromkeys(set(schema.names) - set(row))], schema)


def write_facts(tables: Mapping[str, pa.Table], folder: Path, form: str) -> Iterator[Path]:
    """Write each table into `folder` under its name, and yield the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        file = folder / f"{name}.{form}"
        WRITERS[form](name, table, file)
        yield file


def as_written(name: str, table: pa.Table) -> pa.Table:
    """Return a table of facts in the units in which it is written."""
    return pa.table({one.name: in_written_units(table[one.name], one) for one in TABLES[name].columns})


def as_counted(name: str, table: pa.Table) -> pa.Table:
    """Return a table of facts as it was before `as_written`: in whole smallest units."""
    columns = []
    for one in arrow_schema(TABLES[name]):
        column = TABLES[name].by_name[one.name]
        scale = column.measure.scale if column.kind in MEASURES else 1
        values = table[one.name]
        whole = values if scale == 1 else pa.chunked_array([_whole(values, scale)])
        columns.append(whole.cast(one.type))
    return pa.table(columns, schema=arrow_schema(TABLES[name]))


def _whole(values: pa.ChunkedArray, scale: int) -> pa.Array:
    return pa.array([None if one is None else int(one * scale) for one in values.to_pylist()], pa.int64())


def _parquet(name: str, table: pa.Table, file: Path) -> None:
    # Of a part's few rows a stronger compression saves a fifth of the bytes, and takes twice as long.
    texts = [
        one.name for one in TABLES[name].columns if pa.types.is_string(arrow_schema(TABLES[name]).field(one.name).type)
    ]
    pq.write_table(as_written(name, table), file, compression="snappy", use_dictionary=texts)


def _csv(name: str, table: pa.Table, file: Path) -> None:
    columns = TABLES[name].by_name
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(columns)
        for batch in table.to_batches(max_chunksize=10_000):
            writer.writerows([plain(row[one.name], one) for one in columns.values()] for row in batch.to_pylist())


def _jsonl(name: str, table: pa.Table, file: Path) -> None:
    import orjson

    columns = TABLES[name].by_name
    with file.open("wb") as opened:
        for batch in table.to_batches(max_chunksize=10_000):
            for row in batch.to_pylist():
                told = {key: value for key, value in row.items() if value is not None}
                told |= {key: plain(value, columns[key]) for key, value in told.items() if columns[key].unit in SCALED}
                opened.write(orjson.dumps(told) + b"\n")


# In JSON lines what has decimals stands as exact text.
SCALED = ("平方米", "元")
WRITERS = {"parquet": _parquet, "csv": _csv, "jsonl": _jsonl}


def publish(drafts: Mapping[Path, Path]) -> None:
    """Give files that are whole the names under which they are read: renaming takes no space."""
    for draft, target in drafts.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(target)
