"""Rosters counted again and again by a program that stays: the engine and what was kept last time stay with it."""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from junheng.rosters.records.checking import TypeStages
from junheng.rosters.records.job import Job, Told, asked_of
from junheng.rosters.records.keeping import Keeper, alone, telling_of_the_disk
from junheng.rosters.records.manifest import MANIFEST
from junheng.rosters.records.run import refuse_output, type_stages, working
from junheng.rosters.records.sources import Rosters, State, find_rosters
from junheng.sql.files import FileSession, Means
from junheng.standard.model import Standard


@dataclass(slots=True)
class Standing:
    """What stays between two counts of the rosters in a folder.

    `left` tells the manifest that was written last from another; `found` are the rosters of last time, of the files
    at `paths`, and `files` those of each part (`Job`).
    """

    rosters: Path
    output: Path
    year: int | None
    types: TypeStages
    threads: int
    session: FileSession
    keeper: Keeper
    left: tuple[int, ...] | None = None
    found: Rosters | None = None
    paths: Set[str] = frozenset()
    files: dict[str, dict[str, str]] = field(default_factory=dict)

    def count(self, seen: State | None = None, told: Told | None = None) -> dict[str, Any]:
        """Count what has changed since the last time into the tables of facts; return the manifest.

        Whoever has just `seen` the rosters' files (`state`) spares looking at each of them again.
        Raises `Unusable` with every problem found; the next call goes on from what was finished.
        """
        with telling_of_the_disk(self.output), self.session.beside() as session:
            found = self._found(seen)
            asked = asked_of(found, session, self.year, self.types)
            job = Job(found, self.output, asked, session, threads=self.threads, duplicates=False, told=told, seen=seen)
            job.files = self.files
            with alone(self.output):
                job.keeper = self._keeper()
                manifest = job.run()
                self.left, self.files = _seen(self.output / MANIFEST), job.files
                return manifest

    def _found(self, seen: State | None) -> Rosters:
        """Return the rosters: those of last time where there are the same files, whatever stands in them."""
        if self.found is None or seen is None or seen.keys() != self.paths:
            self.found = find_rosters(self.rosters, seen)
            self.paths, self.files = frozenset(seen or ()), {}
        return self.found

    def _keeper(self) -> Keeper:
        """Return what was kept last time, from memory unless somebody else has counted into the folder since."""
        if _seen(self.output / MANIFEST) != self.left:
            self.keeper = Keeper(self.output)
        return self.keeper


@contextmanager
def standing(
    rosters: Path,
    output: Path,
    standard: Standard,
    *,
    year: int | None = None,
    means: Means | None = None,
) -> Iterator[Standing]:
    """Give what counts the rosters in a folder as often as it is asked, and judges may share the engine of.

    Duplicates are not looked for: that is to compare everybody with everybody. Raises `Unusable` where the folders
    cannot be used.
    """
    refuse_output(rosters, output)
    means = means or Means()
    with working(output, "duckdb", means) as session:
        threads = means.pieces_at_once("duckdb")
        yield Standing(rosters, output, year, type_stages(standard), threads, session, Keeper(output))


def _seen(file: Path) -> tuple[int, ...] | None:
    """Return what tells a file from another in its place, None where there is none."""
    try:
        told = file.stat()
    except FileNotFoundError:
        return None
    return told.st_ino, told.st_mtime_ns, told.st_size
