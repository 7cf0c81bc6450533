"""Where a job begins and how it ends badly: the folder is looked at first, and what stops it is told in words."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from junheng.facts.problems import unusable
from junheng.rosters.records.job import Job, Told, asked_of
from junheng.rosters.records.keeping import KEPT, PARTS, telling_of_the_disk
from junheng.rosters.records.sources import find_rosters
from junheng.sql import EngineMissing
from junheng.sql.files import Means, open_files, spilling
from junheng.standard.model import Standard


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
    _refuse(rosters, output)
    found = find_rosters(rosters)
    types = {name: frozenset(one.stages) for name, one in standard.school_types.items()}
    fresh = not output.exists()
    means = replace(means or Means(), spill=output / KEPT)
    try:
        with (
            telling_of_the_disk(output),
            spilling(means) as spill,
            open_files(engine, replace(means, spill=spill)) as session,
        ):
            output.mkdir(parents=True, exist_ok=True)
            asked = asked_of(found, session, year, types)
            threads = (means.threads or 2) if engine == "duckdb" else 1
            job = Job(found, output, asked, session, form, threads, duplicates=duplicates, told=told)
            return job.run()
    except EngineMissing as error:
        reason = f"用不了这个引擎（{str(error).splitlines()[0]}）"
        raise unusable(
            "--engine", reason, "请安装 junheng 的 spark 组件和 Java 17，或改用 duckdb", value=engine
        ) from error
    finally:
        _leave_nothing(output, fresh=fresh)


def _refuse(rosters: Path, output: Path) -> None:
    """Refuse an output that would be written into what was handed in, or over something else."""
    source, target = rosters.resolve(), output.resolve()
    if source == target or target.is_relative_to(source) or source.is_relative_to(target):
        raise unusable(str(output), "输出在名册的文件夹里（或反过来）", "请换一个文件夹，原件不改动")
    if target.exists() and not target.is_dir():
        raise unusable(str(output), "这是一个文件", "请给出一个文件夹")
    if target.is_dir() and any(target.iterdir()) and not (target / KEPT).is_dir():
        raise unusable(str(output), "文件夹里有别的东西", "请换一个空的文件夹，或以前由 junheng aggregate 写的文件夹")


def _leave_nothing(output: Path, *, fresh: bool) -> None:
    """Take away drafts; and a folder that is new and in which no part was finished."""
    shutil.rmtree(output / KEPT / "drafts", ignore_errors=True)
    if fresh and output.is_dir() and not any((output / KEPT / PARTS).glob("*/*/*")):
        shutil.rmtree(output, ignore_errors=True)
