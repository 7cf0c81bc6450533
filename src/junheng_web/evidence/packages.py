"""Whether a zip, or a document that is one, may be opened at all: told from its directory, before it is unpacked."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

MOST_MEMBERS = 3000
MOST_BYTES = 2 * 2**30
# Text packs well, but nothing that people write packs a thousand times.
MOST_RATIO, SMALL = 1000, 2**20
DOS_NAMES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
# What reading a zip that was damaged, or made to do damage, may raise.
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
ENCRYPTED, UTF8 = 0x1, 0x800


class Dangerous(Exception):
    """A package that is not opened; says why, and what to do."""


def members(file: Path) -> list[zipfile.ZipInfo]:
    """Return what a package says that it holds, without folders. Raises Dangerous where it must not be unpacked."""
    try:
        with zipfile.ZipFile(file) as package:
            listed = [one for one in package.infolist() if not one.is_dir()]
    except BROKEN:
        raise Dangerous("压缩包坏了，或不是普通的 zip；请重新压缩再交") from None
    for why in _faults(file, listed):
        raise Dangerous(why)
    return listed


def _faults(file: Path, listed: list[zipfile.ZipInfo]) -> Iterator[str]:
    if len(listed) > MOST_MEMBERS:
        yield f"里面有 {len(listed)} 个文件，超过 {MOST_MEMBERS} 个；请拆成几包"
    if sum(one.file_size for one in listed) > MOST_BYTES:
        yield f"解开以后超过 {MOST_BYTES // 2**30} GB；请拆成几包"
    for one in listed:
        yield from _member(one)
    if _overlap(listed, file.stat().st_size):
        yield "里面的文件互相重叠，是做了手脚的压缩包；请重新压缩再交"


def _member(one: zipfile.ZipInfo) -> Iterator[str]:
    if one.flag_bits & ENCRYPTED:
        yield "设有打开密码；请取消密码，重新压缩再交"
    if one.file_size > SMALL and one.file_size > MOST_RATIO * max(one.compress_size, 1):
        yield "解开以后大得不合常理，像是压缩炸弹；请直接交文件"
    if stat.S_ISLNK(one.external_attr >> 16):
        yield f"里面的“{one.filename}”是一个链接，不是文件；请换成文件本身"
    if not _stays_inside(one.filename):
        yield f"里面的“{one.filename}”指向压缩包以外；请重新压缩再交"


def _stays_inside(name: str) -> bool:
    """Whether a member's name leads into the package's own folder on every system."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\0" in name or ":" in name:
        return False
    return not any(part.split(".")[0].strip().lower() in DOS_NAMES for part in path.parts)


def _overlap(listed: list[zipfile.ZipInfo], size: int) -> bool:
    """Whether members share bytes, as those of a bomb do, or claim more than there is."""
    places = sorted((one.header_offset, one.header_offset + one.compress_size) for one in listed)
    ends = [0, *(end for _, end in places)]
    return any(start < before for (start, _), before in zip(places, ends, strict=False)) or max(ends) > size


def named(one: zipfile.ZipInfo) -> str:
    """Return a member's own name, without folders; programs of Chinese Windows write it in GBK and do not say so."""
    name = one.filename
    if not one.flag_bits & UTF8:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = one.filename
    return PurePosixPath(name.replace("\\", "/")).name
