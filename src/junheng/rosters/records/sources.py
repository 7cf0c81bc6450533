"""Where the rosters stand: which files hold which table, in which parts, of which years, and what is missing.

    schools.csv                                        everything in one part
    pupils/province=15/year=2025/any-name.parquet      a part for each province
    pupils/province=15/league=1506/year=2025/…         a finer part: all keys but the year

Parts are counted one by one. Where any of the tables that schools are counted from stands in no parts, all is one part.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from junheng.facts.problems import Problem, Unusable, unusable
from junheng.rosters.records.schema import TABLES
from junheng.sql.files import CSV, PARQUET

FORMS = {".parquet": PARQUET, ".csv": CSV}
YEAR = "year"
# Size and time of every file under a folder, by path.
State = Mapping[str, tuple[int, int]]
# What may stand apart from the parts: moves tell of pupils wherever they went.
APART = ("moves",)


@dataclass(frozen=True, slots=True)
class Found:
    """One file of a table: its part and year as its folders say, the year None where they do not."""

    table: str
    path: str
    part: str
    year: int | None
    form: str

    @property
    def file(self) -> Path:
        """The path, made where it is asked for: of a nation's thousands that takes as long as to find them."""
        return Path(self.path)


@dataclass(frozen=True)
class Rosters:
    """Every file of the rosters under `folder`."""

    folder: Path
    files: tuple[Found, ...]

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """The tables that there are, in the order of the data dictionary."""
        return tuple(name for name in TABLES if any(one.table == name for one in self.files))

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts in which the rosters are counted."""
        return tuple(sorted({one.part for one in self.files if one.table not in APART}))

    @property
    def years(self) -> frozenset[int]:
        """The years of the pupils, where their folders say them."""
        return frozenset(one.year for one in self.files if one.table == "pupils" and one.year is not None)

    def of(self, table: str, part: str, years: frozenset[int] | None = None) -> list[Found]:
        """Return the files of a table in a part, only those of `years` where folders tell years."""
        own = self._placed.get((table, "" if table in APART else part), ())
        return [one for one in own if years is None or one.year is None or one.year in years]

    def named(self, files: Iterable[Found]) -> dict[str, str]:
        """Return the paths of some files by what each is called below the folder."""
        above = "" if self.folder == Path() else f"{self.folder}{os.sep}"
        return {one.path.removeprefix(above): one.path for one in files}

    @cached_property
    def _placed(self) -> Mapping[tuple[str, str], list[Found]]:
        """The files by table and part: a nation has thousands, and each part asks for its own."""
        found: dict[tuple[str, str], list[Found]] = {}
        for one in self.files:
            found.setdefault((one.table, "" if one.table in APART else one.part), []).append(one)
        return found


def find_rosters(folder: Path, seen: State | None = None) -> Rosters:
    """Return the rosters under a folder, whose files may have been `seen` just now.

    Raises `Unusable` naming what is missing.
    """
    try:
        if not folder.is_dir():
            raise unusable(str(folder), "没有这个文件夹", "请给出存放名册的文件夹")
        places = _places(seen) if seen else None
        found = tuple(one for name in TABLES for one in _of_table(folder, name, places))
    except OSError as error:
        raise unusable(str(folder), f"文件夹打不开（{error.strerror}）", "请检查路径和权限") from error
    rosters = _in_parts(Rosters(folder, found))
    if problems := [*_no_tables(rosters), *_mixed(rosters), *_holes(rosters)]:
        raise Unusable(problems)
    return rosters


def _places(seen: State) -> dict[str, list[str]]:
    """Return the names of files by the folder in which they stand."""
    found: dict[str, list[str]] = {}
    for path in seen:
        place, _, name = path.rpartition(os.sep)
        found.setdefault(place, []).append(name)
    return found


def _of_table(folder: Path, name: str, places: Mapping[str, list[str]] | None) -> Iterator[Found]:
    label = TABLES[name].label
    for stem in (name, label):
        for suffix, form in FORMS.items():
            if (file := folder / f"{stem}{suffix}").is_file():
                yield Found(name, str(file), "", None, form)
        own = str(folder / stem)
        below = files_under(own) if places is None else _under(own, places)
        yield from _in_folders(below, len(folder.parts), name)


def _under(folder: str, places: Mapping[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    below = f"{folder}{os.sep}"
    yield from ((place, names) for place, names in places.items() if f"{place}{os.sep}".startswith(below))


def _in_folders(places: Iterable[tuple[str, list[str]]], above: int, name: str) -> Iterator[Found]:
    for place, names in sorted(places):
        keys = [part for part in place.split(os.sep)[above:] if "=" in part]  # noqa: PTH206 (as `file`)
        years = [key.partition("=")[2] for key in keys if key.startswith(f"{YEAR}=")]
        year = int(years[0]) if years and years[0].isdigit() else None
        part = "/".join(key for key in keys if not key.startswith(f"{YEAR}="))
        for one in sorted(names):
            form = next((form for suffix, form in FORMS.items() if one.lower().endswith(suffix)), None)
            if form and not one.startswith((".", "_")):
                yield Found(name, f"{place}{os.sep}{one}", part, year, form)


def state(folder: Path) -> State:
    """Return what tells the files under a folder from what they were: their sizes and times, by path."""
    found: dict[str, tuple[int, int]] = {}
    # As paths below the folder are written: where that is the one in which the program runs, without it.
    above = f"{Path()}{os.sep}" if folder == Path() else ""
    for place, names in files_under(str(folder)):
        for path in (f"{place}{os.sep}{one}".removeprefix(above) for one in names):
            with suppress(FileNotFoundError):
                found[path] = look(path)
    return found


def look(file: str) -> tuple[int, int]:
    """Return size and time of a file."""
    seen = os.stat(file)  # noqa: PTH116 (a nation has thousands of files, which are looked at every second)
    return seen.st_size, seen.st_mtime_ns


def files_under(folder: str) -> Iterator[tuple[str, list[str]]]:
    """Yield a folder and all below it that hold files, with their names: `os.walk` takes half as long again.

    Links to folders are not followed. What is not there is no roster; what cannot be opened must not pass for nothing,
    and raises OSError.
    """
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        names = []
        try:
            with os.scandir(place) as found:
                for one in found:
                    if not one.is_dir():
                        names.append(one.name)
                    elif not one.is_symlink():
                        waiting.append(f"{place}{os.sep}{one.name}")
        except (FileNotFoundError, NotADirectoryError):
            continue
        if names:
            yield place, names


def _in_parts(rosters: Rosters) -> Rosters:
    """Return the rosters in parts if every table but those apart stands in the same kind of parts, else in one."""
    kinds = {_keys(one.part) for one in rosters.files if one.table not in APART}
    if len(kinds) == 1:
        return rosters
    whole = (Found(one.table, one.path, "", one.year, one.form) for one in rosters.files)
    return Rosters(rosters.folder, tuple(whole))


def _keys(part: str) -> tuple[str, ...]:
    return tuple(key.partition("=")[0] for key in part.split("/")) if part else ()


def _no_tables(rosters: Rosters) -> Iterator[Problem]:
    for name in ("schools", "pupils"):
        if name not in rosters.tables:
            remedy = f"请放入 {name}.csv、{name}.parquet，或名为 {name} 的文件夹"
            yield Problem(str(rosters.folder), f"没有{TABLES[name].label}（{name}）", remedy)


def _mixed(rosters: Rosters) -> Iterator[Problem]:
    for name in rosters.tables:
        if len({one.form for one in rosters.files if one.table == name}) > 1:
            yield Problem(str(rosters.folder / name), "同一张表既有 CSV 又有 Parquet", "请只留一种")


def _holes(rosters: Rosters) -> Iterator[Problem]:
    """Yield what one part has and another lacks: a table, or a year of the pupils."""
    asked = {(one.table, one.year) for one in rosters.files if one.table not in APART}
    have = {(one.table, one.year, one.part) for one in rosters.files}
    for part in rosters.parts:
        for table, year in sorted(asked, key=str):
            if (table, year, part) not in have:
                place = f"{table}/{part}" + (f"/{YEAR}={year}" if year is not None else "")
                yield Problem(place, "缺少这个分区，别的分区都有", "请补上这个分区的文件，或整个去掉这一年、这个地方")
