"""Rosters laid out once, when they are handed in: each part in one file a table and year, its rows in one order.

Pupils stand by grade, school and class, so that whoever reads one grade reads little else. What each part comes to is
counted then and there (`run`), and known by the SHA-256 of the laid out files: who counts them reads no pupil again.
Ids stay what they are (decision 124). A part whose files are those of last time is not laid out again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from junheng.rosters.records.job import Told
from junheng.rosters.records.keeping import DRAFTS, KEPT, Keeper, signature, write_table
from junheng.rosters.records.reading import check_cells, read_people, refusing
from junheng.rosters.records.schema import PEOPLE, TABLES
from junheng.rosters.records.sources import APART, YEAR, Found, Rosters
from junheng.sql.files import CSV, FileSession

# Raised whenever the same rosters are laid out otherwise.
VERSION = 2
LAID = "laid"
# Small enough that a grade of a league fills some groups by itself.
ROWS_OF_A_GROUP = 32_768
ORDER: Mapping[str, tuple[str, ...]] = {
    "pupils": (YEAR, "grade", "school_code", "class_name", "stage", "pupil_id", "in_zone", "migrant"),
    "teachers": (
        "school_code",
        "stage",
        "teacher_id",
        "qualification",
        "backbone",
        "subject",
        "certified",
        "training_hours",
    ),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """What is laid out, where, and who hears how far it is."""

    rosters: Rosters
    output: Path
    session: FileSession
    told: Told | None = None

    def run(self) -> list[str]:
        """Lay out every part that is others than last time, take away those that are no more; return the former."""
        keeper = Keeper(self.output)
        before = keeper.read(LAID) or {}
        now = self._signed(keeper)
        done = {part: one for part, one in before.items() if now.get(part) == one}
        keeper.write(LAID, done)
        for part in before.keys() - now.keys():
            self._take_away(part)
        stale = sorted(now.keys() - done.keys())
        for at, part in enumerate(stale, 1):
            self._lay_out(part)
            done[part] = now[part]
            keeper.write(LAID, done)
            if self.told:
                self.told("排名册", at, len(stale))
        return stale

    def _signed(self, keeper: Keeper) -> dict[str, str]:
        """Return what tells the files of each part from others; those that stand apart are a part of their own."""
        found = self.rosters.files
        names = self.rosters.named(found)
        hashes = keeper.hashes(names, self.rosters.folder, "handed")
        own: dict[str, list[tuple[str, str]]] = {}
        for name, one in zip(names, found, strict=True):
            own.setdefault(self._place(one), []).append((name, hashes[name]["sha256"]))
        return {part: signature(VERSION, sorted(files)) for part, files in own.items()}

    @staticmethod
    def _place(one: Found) -> str:
        return one.table if one.table in APART else one.part

    def _lay_out(self, part: str) -> None:
        """Write a part beside its places, then name every file; what stood there before is gone."""
        drafts = self.output / KEPT / DRAFTS
        shutil.rmtree(drafts, ignore_errors=True)
        files = [one for one in self.rosters.files if self._place(one) == part]
        for table, year in sorted({(one.table, one.year) for one in files}, key=str):
            some = [one for one in files if (one.table, one.year) == (table, year)]
            target = drafts / table / _part_of(some[0]) / (f"{YEAR}={year}" if year is not None else "")
            target.mkdir(parents=True, exist_ok=True)
            self._write(table, some, target)
        self._take_away(part)
        for draft in sorted(one for one in drafts.rglob("*") if one.is_file()):
            place = self.output / draft.relative_to(drafts)
            place.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(place)
        shutil.rmtree(drafts, ignore_errors=True)

    def _write(self, table: str, found: list[Found], target: Path) -> None:
        """Write people in order; what is small, as it was handed in."""
        if table not in ORDER:
            for at, one in enumerate(found):
                shutil.copyfile(one.file, target / f"{at:04d}{one.file.suffix.lower()}")
            return
        people = read_people(self.session, table, found)
        if found[0].form == CSV:
            check_cells(self.session, people)
        told = () if found[0].year is None else (YEAR,)
        names = [one.name for one in PEOPLE[table].columns if one.name in people.headings and one.name not in told]
        order = ", ".join(name for name in ORDER[table] if name in names)
        with refusing(people.files):
            rows = self.session.fetch(f"SELECT {', '.join(names)} FROM {table} ORDER BY {order}")
        write_table(rows, target / "rows.parquet", ROWS_OF_A_GROUP, "zstd")

    def _take_away(self, part: str) -> None:
        apart = part in APART
        for name in (part,) if apart else TABLES.keys() - set(APART):
            for file in _files(self.output / name / ("" if apart else part)):
                file.unlink()


def _part_of(one: Found) -> str:
    return "" if one.table in APART else one.part


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of one part: in its folder, and by year."""
    for pattern in ("*", f"{YEAR}=*/*"):
        yield from (one for one in folder.glob(pattern) if one.is_file())


def summary(laid: list[str], totals: Mapping[str, int]) -> dict[str, Any]:
    """Return what a job tells that laid out rosters: which parts, and how much all of them hold."""
    return {"what": "junheng aggregate --lay-out", "laid_out": laid, "counts": dict(totals)}
