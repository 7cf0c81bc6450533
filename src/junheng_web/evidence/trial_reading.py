"""From a file that is tried to facts: a workbook, or a zip of CSV tables that is looked at before it unfolds."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from junheng import api as jh
from junheng.facts.plan_schema import PLAN_TABLES
from junheng.facts.schema import TABLES

SUFFIXES = (".xlsx", ".xls", ".xlsm", ".zip")
LARGEST = 50 * 2**20
# Every table of the data dictionary once, and some room.
MOST_FILES = 40
MOST_UNFOLDED = 300 * 2**20
# Tables of figures fold 5 to 30 times.
FOLDED_TIMES, FOLDED_FROM = 150, 10 * 2**20
LONGEST_NAME = 60
CHUNK = 1 << 20
UTF8_NAMES, ENCRYPTED = 0x800, 0x1
# What a plan is made from may lie beside the facts; it is none of them, and no stranger.
KNOWN = (*TABLES.values(), *PLAN_TABLES.values())
NAMES = frozenset(name for table in KNOWN for name in (table.name, table.label))
CSV = (".csv",)
AGAIN = "请选中各张表的 CSV 文件，直接压缩成 zip 再传"


def read(file: Path, name: str, folder: Path) -> jh.Facts:
    """Return the facts of a file that came under `name`; a zip is unfolded into `folder`.

    Raises Unusable with every problem, in which the file bears the name that its sender knows.
    """
    try:
        if file.suffix == ".zip":
            unfold(file, folder)
            return _remarked(jh.load(folder), folder)
        return jh.load(file)
    except jh.Unusable as error:
        raise jh.Unusable([_named(one, {file.name: name, folder.name: name}) for one in error.problems]) from None


def _remarked(facts: jh.Facts, folder: Path) -> jh.Facts:
    """Say of each file that bears no table's name that it was not read."""
    others = [file.name for file in sorted(folder.iterdir()) if file.stem not in NAMES]
    said = "没有读这个文件，它的名称不是表名", "如果是数据，请按表名命名，例如 学校.csv"
    return replace(facts, remarks=(*facts.remarks, *(jh.Problem(name, *said) for name in others)))


def _named(one: jh.Problem, names: dict[str, str]) -> jh.Problem:
    return jh.Problem(names.get(one.file, one.file), one.reason, one.remedy, one.row, one.column, one.value)


def unfold(file: Path, folder: Path, endings: tuple[str, ...] = CSV, most: int = MOST_FILES) -> None:
    """Unfold a zip into a folder, after a look at it: so many files, of these endings, and no larger than they say.

    Raises Unusable with everything that is wrong with it.
    """
    again = AGAIN if endings == CSV else f"请选中各个 {'、'.join(endings)} 文件，直接压缩成 zip 再传"
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            _look(file, parts, endings, most, again)
            folder.mkdir(exist_ok=True)
            left = MOST_UNFOLDED
            for part in parts:
                left -= _write(package, part, folder / _name(part), left)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise jh.unusable(file.name, f"压缩包不完整或已损坏（{error}）", again) from error


def _look(file: Path, parts: list[zipfile.ZipInfo], endings: tuple[str, ...], most: int, again: str) -> None:
    """Refuse what no zip of such files needs, before anything is unfolded. Raises Unusable."""
    problems = [*_whole(file, parts, most, again)]
    problems += [problem for part in parts[:most] for problem in _one(part, endings, again)]
    names = [_name(part) for part in parts[:most]]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    problems += [jh.Problem(name, "压缩包里有两个同名的文件", "请只留一个") for name in twice]
    if problems:
        raise jh.Unusable(problems)


def _whole(file: Path, parts: list[zipfile.ZipInfo], most: int, again: str) -> Iterator[jh.Problem]:
    unfolded, folded = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if not parts:
        yield jh.Problem(file.name, "压缩包是空的", again)
    if len(parts) > most:
        yield jh.Problem(file.name, f"里面有 {len(parts):,} 个文件，最多 {most} 个", again)
    if unfolded > MOST_UNFOLDED or (unfolded > FOLDED_FROM and unfolded > FOLDED_TIMES * folded):
        yield jh.Problem(file.name, f"展开后有 {unfolded / 2**20:,.0f} MB，不像填报的表", again)


def _one(part: zipfile.ZipInfo, endings: tuple[str, ...], again: str) -> Iterator[jh.Problem]:
    name = _name(part)
    shown = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    if part.is_dir() or "/" in name or "\\" in name or ":" in name or not name.isprintable():
        yield jh.Problem(shown, "压缩包里有文件夹，或文件名里有路径", again)
    elif len(name) > LONGEST_NAME:
        yield jh.Problem(shown, f"文件名超过 {LONGEST_NAME} 个字", "请按表名命名，例如 学校.csv")
    elif Path(name).suffix.lower() not in endings:
        told = "CSV" if endings == CSV else "、".join(endings)
        remedy = "工作簿（.xlsx、.xls）请不要压缩，直接上传" if endings == CSV else again
        yield jh.Problem(shown, f"压缩包里只能放 {told} 文件", remedy)
    if part.flag_bits & ENCRYPTED:
        yield jh.Problem(shown, "压缩包设有密码", "请去掉密码重新压缩")


def _name(part: zipfile.ZipInfo) -> str:
    """Return a member's name; those of Chinese Windows are in GB18030, which a zip has no way to say.

    学校 in GB18030 can be read as UTF-8 as well: the reading that is a table's name is the one that was meant.
    """
    if part.flag_bits & UTF8_NAMES:
        return part.filename
    raw = part.filename.encode("cp437", "replace")
    readings = [text for encoding in ("utf-8", "gb18030") if (text := _decoded(raw, encoding))]
    return next((text for text in readings if Path(text).stem in NAMES), (*readings, part.filename)[0])


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _write(package: zipfile.ZipFile, part: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Unfold one member and return its size; what is said of a size may be a lie, so it is counted."""
    size = 0
    with package.open(part) as folded, target.open("wb") as unfolded:
        while piece := folded.read(CHUNK):
            size += len(piece)
            if size > left:
                raise zipfile.BadZipFile("展开后比说明的大")
            unfolded.write(piece)
    return size
