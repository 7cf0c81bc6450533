"""Rosters to facts, and facts to every county's row: the two jobs of a nation, without what else the api loads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junheng.standard.load import load_standard

if TYPE_CHECKING:
    import pyarrow as pa

    from junheng.rosters.records.sources import State


def aggregate(
    rosters: str | Path,
    output: str | Path,
    *,
    year: int | None = None,
    engine: str = "duckdb",
    form: str = "parquet",
    duplicates: bool = True,
    memory: str | None = None,
    threads: int | None = None,
    master: str | None = None,
    standard: str = "national-2017",
    told: Callable[[str, int, int], None] | None = None,
) -> dict[str, Any]:
    """Count rosters (pupils, teachers, rooms, schools, moves) into tables of facts in `output`; return the manifest.

    The newest `year` is counted, or the one asked for. A part whose files have not changed is not counted again; an
    interrupted run goes on where it was. `memory` is DuckDB's limit ("512MB"); `master` a Spark cluster's address.
    `told` hears what is done, how far, of how much. Raises `Unusable` with every problem; nothing is then half written.
    """
    from junheng.rosters.records.run import aggregate_rosters
    from junheng.sql.files import Means

    means = Means(threads=threads, memory=memory, master=master)
    how: dict[str, Any] = {"year": year, "engine": engine, "form": form, "duplicates": duplicates, "told": told}
    return aggregate_rosters(Path(rosters), Path(output), load_standard(standard), means=means, **how)


def bring(database: str, rosters: str | Path, *, told: Callable[[str, int, int], None] | None = None) -> list[Path]:
    """Bring the rosters that stand in PostgreSQL (a libpq address) into a folder for `aggregate`; return the files.

    Tables are named as in the data dictionary, and so are their columns; no others leave the database. Raises
    `Unusable` where it cannot be read, or where the folder holds something else; nothing is then changed.
    """
    from junheng.rosters.records.postgres import bring_rosters

    return bring_rosters(database, Path(rosters), told)


def lay_out(
    rosters: str | Path,
    output: str | Path,
    *,
    memory: str | None = None,
    threads: int | None = None,
    standard: str = "national-2017",
    told: Callable[[str, int, int], None] | None = None,
) -> dict[str, Any]:
    """Lay out rosters in `output`, by grade, school and class, with their counts kept; return what was laid out.

    `aggregate` reads them as any others, to the same facts, in a part of the time. Only parts whose files are others
    than last time are laid out again. Raises `Unusable` with every problem; no half part is left.
    """
    from junheng.rosters.records.run import lay_out_rosters
    from junheng.sql.files import Means

    means = Means(threads=threads, memory=memory)
    return lay_out_rosters(Path(rosters), Path(output), load_standard(standard), means=means, told=told)


def nation(
    facts: str | Path,
    standard: str = "national-2017",
    *,
    as_of: dt.date | None = None,
    engine: str = "duckdb",
    memory: str | None = None,
    threads: int | None = None,
    master: str | None = None,
    told: Callable[[str, int, int], None] | None = None,
) -> pa.Table:
    """Return a row for every county of what `aggregate` wrote: verdicts, spreads, statuses, the cohort's retention.

    Counties whose facts and rules have not changed since the last call are not judged again. Raises `Unusable` where
    the folder is not whole.
    """
    from junheng.engine.nation import assess_nation
    from junheng.sql.files import Means

    means = Means(threads=threads, memory=memory, master=master)
    return assess_nation(Path(facts), load_standard(standard), as_of, engine=engine, means=means, told=told)


@contextmanager
def following(
    rosters: str | Path,
    output: str | Path,
    *,
    year: int | None = None,
    as_of: dt.date | None = None,
    memory: str | None = None,
    threads: int | None = None,
    standard: str = "national-2017",
) -> Iterator[Callable[..., pa.Table]]:
    """Give what counts the rosters and judges every county whenever it is called: `aggregate` and `nation` in one.

    For a program that stays while rosters come in: what was kept and the engine stay with it, so that after one
    county's change it takes less than the two do. Duplicates are not looked for; `aggregate` does that once all are
    in. What is called may be given what has just been `seen` of the rosters' files and `told`, raises `Unusable` with
    every problem, and may be called again.
    """
    from junheng.engine.nation import assess_nation
    from junheng.rosters.records.standing import standing
    from junheng.sql.files import Means

    rules, means = load_standard(standard), Means(threads=threads, memory=memory)
    with standing(Path(rosters), Path(output), rules, year=year, means=means) as own:

        def again(seen: State | None = None, told: Callable[[str, int, int], None] | None = None) -> pa.Table:
            manifest = own.count(seen, told)
            how: dict[str, Any] = {"means": means, "session": own.session, "told": told}
            return assess_nation(own.output, rules, as_of, manifest=manifest, **how)

        yield again
