"""What a job keeps in the output's `.kept`, so that it goes on where it was stopped, and counts anew only what changed.

    .kept/files.json                       size, time and SHA-256 of every file of the rosters that was read
    .kept/parts/<part>/<signature>/…       what one part came to, whole or not there
    .kept/link/…                           the linked cohort, and the signatures of the parts that it was linked from

Everything is written beside its place and takes its name once it is whole.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from junheng.facts.problems import unusable
from junheng.rosters.records.linking import LINKED
from junheng.rosters.records.sieve import Folded, may_hold, read_sieve, write_sieve
from junheng.rosters.records.sources import State, look

# Where drafts of facts stand until all of them are whole: those of one process.
DRAFTS = f"drafts-{os.getpid()}"
FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
KEPT, PARTS, WHOLE = ".kept", "parts", "_whole"
IDS = ("pupil_id", "teacher_id")
TOTALS = ("pupils", "teachers", "classes", "schools", "rooms")
TOLD, FILES = "told.json", "files"
# What a part's facts are put together from.
OF_FACTS = ("school_rows", "pupil_facts", "teacher_facts")
# Tables of facts that stand as they are since a part was counted, in the units in which facts are written.
SETTLED = ("classes", "rooms")
# What no statement reads from its file.
READ_BY_US = (*OF_FACTS, "cohort_years")


class Keeper:
    """The `.kept` folder of an output."""

    def __init__(self, output: Path) -> None:
        self.folder = output / KEPT
        # What has been read or written stays in memory: a program that stays asks for it again.
        self._values: dict[str, Any] = {}
        self._tables: dict[str, pa.Table] = {}
        self._sieves: dict[str, Folded | None] = {}

    def part(self, part: str, signature: str) -> Path:
        """Return where the counts of a part stand."""
        return Path(self._place(part, signature))

    def _place(self, part: str, signature: str) -> str:
        """Return the same as text: a nation has hundreds of parts, which are looked for several times in a run."""
        own = part.replace("/", "+").replace("=", "-") or WHOLE
        return f"{self.folder}{os.sep}{PARTS}{os.sep}{own}{os.sep}{signature}"

    def holds(self, part: str, signature: str) -> bool:
        """Whether the counts of a part are kept."""
        return os.path.isdir(self._place(part, signature))  # noqa: PTH112

    def may_hold(self, part: str, signature: str, wanted: Folded | None) -> bool:
        """Whether a part may hold some of the ids that `folded` gave."""
        place = self._place(part, signature)
        if place not in self._sieves:
            self._sieves[place] = read_sieve(place)
        return may_hold(self._sieves[place], wanted)

    def keep_part(self, part: str, signature: str, tables: Mapping[str, pa.Table], told: Mapping[str, Any]) -> None:
        """Write the counts of a part and what else is told of it, whole or not at all."""
        target = self.part(part, signature)
        draft = target.with_name(f".{signature}.{os.getpid()}")
        shutil.rmtree(draft, ignore_errors=True)
        try:
            draft.mkdir(parents=True)
            for name, table in tables.items():
                write = write_rows if name in READ_BY_US else write_table
                write(table, kept_file(draft, name))
            write_sieve((tables[name]["pupil_id"] for name in LINKED if name in tables), draft)
            write_text(orjson.dumps(told).decode(), draft / TOLD)
            draft.replace(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def take_over(self, part: str, signature: str, root: Path) -> bool:
        """Take what laid out rosters under `root` keep of a part; return whether they keep it.

        Files under their names are never changed, so one file may stand in both places.
        """
        source, target = Keeper(root).part(part, signature), self.part(part, signature)
        if not source.is_dir():
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{signature}.{os.getpid()}")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(source, draft, copy_function=_linked)
        draft.replace(target)
        return True

    def told(self, part: str, signature: str) -> dict[str, Any]:
        """Return what is told of a part beside its tables."""
        found: dict[str, Any] = orjson.loads((self.part(part, signature) / TOLD).read_bytes())
        return found

    def forget_others(self, signatures: Mapping[str, str]) -> None:
        """Take away the counts of parts that are no more, or are others now."""
        kept = {self._place(part, signature) for part, signature in signatures.items()}
        self._sieves = {place: one for place, one in self._sieves.items() if place in kept}
        for folder in _folders(self.folder / PARTS):
            held = _folders(folder)
            for one in held:
                if one not in kept:
                    shutil.rmtree(one, ignore_errors=True)
            if kept.isdisjoint(held):
                Path(folder).rmdir()

    def read(self, name: str) -> Any:
        """Return what was kept as JSON under a name, None where nothing was or it cannot be read; not to be changed."""
        if name not in self._values:
            try:
                self._values[name] = orjson.loads((self.folder / f"{name}.json").read_bytes())
            except (OSError, ValueError):
                return None
        return self._values[name]

    def write(self, name: str, value: Any) -> None:
        """Keep a value as JSON under a name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_text(orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode(), self.folder / f"{name}.json")
        self._values[name] = value

    def table(self, name: str) -> pa.Table | None:
        """Return a table that was kept, None where none was or it cannot be read."""
        if name not in self._tables:
            try:
                self._tables[name] = read_rows(self.folder / f"{name}.arrow")
            except (OSError, pa.ArrowException):
                return None
        return self._tables[name]

    def keep_table(self, name: str, table: pa.Table) -> None:
        """Keep a table under a name; the one that is kept already is not written again."""
        if self._tables.get(name) is not table:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_rows(table, self.folder / f"{name}.arrow")
            self._tables[name] = table

    def hashes(
        self, files: Mapping[str, str], root: Path, name: str = FILES, seen: State | None = None
    ) -> dict[str, dict[str, Any]]:
        """Return size and SHA-256 of files, by name; one as large and as old as before is not read.

        Rosters that were laid out bring what was known under their `root` then. Whoever has just `seen` the files
        need not look at them again.
        """
        own = self.read(name)
        known = own or Keeper(root).read(name) or {}
        seen = seen or {}
        found = {one: _told(file, known.get(one), seen.get(file) or look(file)) for one, file in files.items()}
        if found != own:
            self.write(name, found)
        return found


def _folders(folder: str | Path) -> list[str]:
    """Return the folders in a folder, as text: a nation has thousands, and paths would cost more than looking."""
    try:
        with os.scandir(folder) as found:
            return [one.path for one in found if one.is_dir()]
    except FileNotFoundError:
        return []


def _told(file: str, known: Mapping[str, Any] | None, seen: tuple[int, int]) -> dict[str, Any]:
    if known and (known["size"], known["time"]) == seen:
        return dict(known)
    return {"size": seen[0], "time": seen[1], "sha256": sha256(Path(file))}


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@contextmanager
def alone(output: Path) -> Iterator[None]:
    """Let no other process count or judge in a folder meanwhile, and take away what one that was killed left there.

    Raises `Unusable` where one does.
    """
    folder = output / KEPT
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("wb") as opened:
        try:
            _lock(opened)
        except BlockingIOError as error:
            remedy = "请等它做完再运行，或换一个文件夹"
            raise unusable(str(output), "别的 junheng 正在用这个文件夹数或判定", remedy) from error
        for left in folder.glob("drafts*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _lock(opened: BinaryIO) -> None:
    """Lock a file until it is closed; BlockingIOError where another process has it. Windows has no such locks."""
    try:
        import fcntl
    except ImportError:
        return
    fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def telling_of_the_disk(folder: Path) -> Iterator[None]:
    """Tell whoever runs a job why a folder cannot be read or written."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            remedy = "请腾出空间，或用 --output 换一个磁盘；已做完的留着，重新运行会接着做"
            raise unusable(str(folder), f"磁盘写满了（{error.strerror}）", remedy) from error
        raise unusable(str(folder), f"文件读写出错（{error}）", "请检查路径和权限") from error


def signature(*told: Any) -> str:
    """Return a short name for plain values, the same for the same."""
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:24]


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def write_table(table: pa.Table, file: Path, rows_of_a_group: int | None = None, compression: str = "snappy") -> None:
    """Write a table as Parquet, whole or not at all; the same table makes the same bytes."""
    # What hardly repeats, as ids do, is written as it stands; looking for repetitions would take longest of all.
    repeats = [one.name for one in table.schema if one.name not in IDS]
    how = {one.name: "none" if one.name in IDS else compression for one in table.schema}
    with _drafted(file) as draft:
        pq.write_table(table, draft, row_group_size=rows_of_a_group, compression=how, use_dictionary=repeats)


def kept_file(folder: Path, name: str) -> Path:
    """Return where a table of a part stands in its folder."""
    return folder / f"{name}.{'arrow' if name in READ_BY_US else 'parquet'}"


def write_rows(table: pa.Table, file: Path) -> None:
    """Write a table as it stands in memory, whole or not at all: Parquet takes five times as long, both ways."""
    with _drafted(file) as draft, pa.OSFile(str(draft), "wb") as opened, pa.ipc.new_file(opened, table.schema) as rows:
        rows.write_table(table)


def read_rows(file: Path, columns: list[str] | None = None) -> pa.Table:
    """Return what `write_rows` wrote; of the file only what is asked for is read."""
    with pa.OSFile(str(file)) as opened, pa.ipc.open_file(opened) as reader:
        if columns is None:
            return reader.read_all()
        chosen = pa.ipc.IpcReadOptions(included_fields=[reader.schema.get_field_index(name) for name in columns])
    with pa.OSFile(str(file)) as opened, pa.ipc.open_file(opened, options=chosen) as reader:
        return reader.read_all().select(columns)


def read_table(file: Path, columns: list[str] | None = None) -> pa.Table:
    """Return the rows of one Parquet file; a data set of one file would take twice as long to open."""
    with pq.ParquetFile(file) as opened:
        return opened.read(columns)


def write_text(text: str, file: Path) -> None:
    """Write a text, whole or not at all."""
    with _drafted(file) as draft:
        draft.write_text(text, encoding="utf-8")


@contextmanager
def _drafted(file: Path) -> Iterator[Path]:
    """Give a file beside its place that takes the name once it is whole."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield draft
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
