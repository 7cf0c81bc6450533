"""Where a job begins and how it ends badly: the folder is looked at first, and what stops it is told in words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from junheng.facts.problems import unusable
from junheng.rosters.records.job import Job, Told, asked_of
from junheng.rosters.records.keeping import DRAFTS, KEPT, PARTS, alone, telling_of_the_disk
from junheng.rosters.records.layout import LAID, Layout, summary
from junheng.rosters.records.manifest import MANIFEST
from junheng.rosters.records.sources import find_rosters
from junheng.sql import EngineMissing
from junheng.sql.files import FileSession, Means, open_files, spilling
from junheng.standard.model import Standard

# Only laid out rosters have it.
LAYOUT = f"{KEPT}/{LAID}.json"


def aggregate_rosters(
    rosters: Path,
    output: Path,
    standard: Standard,
    *,
    year: int | None = None,
    engine: str = "duckdb",
    form: str = "parquet",
    means: Means | None = None,
    duplicates: bool = True,
    told: Told | None = None,
) -> dict[str, Any]:
    """Count the rosters in a folder into the tables of facts in another, and return the manifest.

    Raises `Unusable` with every problem found. What was finished until then is kept, and the next run goes on from it;
    files under their final names are of one whole run.
    """
    refuse_output(rosters, output)
    found, means = find_rosters(rosters), means or Means()
    with working(output, engine, means) as session:
        asked = asked_of(found, session, year, type_stages(standard))
        threads = means.pieces_at_once(engine)
        with alone(output):
            return Job(found, output, asked, session, form, threads, duplicates=duplicates, told=told).run()


def lay_out_rosters(
    rosters: Path, output: Path, standard: Standard, *, means: Means | None = None, told: Told | None = None
) -> dict[str, Any]:
    """Lay out the rosters in a folder in another, count them there, and return what was laid out.

    Raises `Unusable` with every problem found; the parts that were finished until then are kept.
    """
    refuse_output(rosters, output, MANIFEST)
    found, means = find_rosters(rosters), means or Means()
    with working(output, "duckdb", means) as session, alone(output):
        laid = Layout(found, output, session, told).run()
        own = find_rosters(output)
        asked = asked_of(own, session, None, type_stages(standard))
        totals = Job(own, output, asked, session, threads=means.pieces_at_once("duckdb"), told=told).count()
        return summary(laid, totals)


def type_stages(standard: Standard) -> dict[str, frozenset[str]]:
    """Return which stages each type of school has."""
    return {name: frozenset(one.stages) for name, one in standard.school_types.items()}


@contextmanager
def working(output: Path, engine: str, means: Means) -> Iterator[FileSession]:
    """Give a session that may spill into the output; afterwards nothing stands there that nobody asked for."""
    fresh = not output.exists()
    means = replace(means, spill=output / KEPT)
    try:
        with (
            telling_of_the_disk(output),
            spilling(means) as spill,
            open_files(engine, replace(means, spill=spill)) as session,
        ):
            output.mkdir(parents=True, exist_ok=True)
            yield session
    except EngineMissing as error:
        reason = f"用不了这个引擎（{str(error).splitlines()[0]}）"
        raise unusable(
            "--engine", reason, "请安装 junheng 的 spark 组件和 Java 17，或改用 duckdb", value=engine
        ) from error
    finally:
        _leave_nothing(output, fresh=fresh)


def refuse_output(rosters: Path, output: Path, foreign: str = LAYOUT) -> None:
    """Refuse an output that would be written into what was handed in, or over something else (`foreign` marks it)."""
    source, target = rosters.resolve(), output.resolve()
    if source == target or target.is_relative_to(source) or source.is_relative_to(target):
        raise unusable(str(output), "输出在名册的文件夹里（或反过来）", "请换一个文件夹，原件不改动")
    if target.exists() and not target.is_dir():
        raise unusable(str(output), "这是一个文件", "请给出一个文件夹")
    own = (target / KEPT).is_dir() and not (target / foreign).exists()
    if target.is_dir() and any(target.iterdir()) and not own:
        raise unusable(str(output), "文件夹里有别的东西", "请换一个空的文件夹，或以前由 junheng aggregate 写的文件夹")


def _leave_nothing(output: Path, *, fresh: bool) -> None:
    """Take away drafts; and a folder that is new and in which no part was finished."""
    shutil.rmtree(output / KEPT / DRAFTS, ignore_errors=True)
    if fresh and output.is_dir() and not any((output / KEPT / PARTS).glob("*/*/*")):
        shutil.rmtree(output, ignore_errors=True)
