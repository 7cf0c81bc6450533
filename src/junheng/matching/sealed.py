"""The sealed file: lines of JSON, a heading first and the hash of everything before it last."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from junheng.facts.problems import Unusable, unusable

FORMAT, VERSION = "junheng sealed list", 1
BIRTH_YEAR, TOWNSHIP = "birth_year", "township"
GROUPS: Mapping[str, str] = MappingProxyType({BIRTH_YEAR: "出生年份", TOWNSHIP: "乡镇"})
HASH_SIGNS = 64
REMEDY = "请名单的主人重新密封一次，原样拷来"


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A row of a list: its number in the owner's file, the hash of the ID number, that of name and birth date."""

    row: int
    number: str
    person: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed list; `content` is the file as it stands, `left_out` how many rows were not born between two days."""

    owner: str
    key: str
    mark: str
    groups: tuple[str, ...]
    born: tuple[str, str] | None
    left_out: int
    rows: tuple[SealedRow, ...]
    content: bytes

    def __repr__(self) -> str:
        return f"<Sealed {self.owner}：{len(self.rows)} 行>"

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return hashlib.sha256(self.content).hexdigest()


def sealed_from(
    owner: str,
    key: str,
    mark: str,
    groups: Sequence[str],
    born: tuple[dt.date, dt.date] | None,
    left_out: int,
    rows: Sequence[SealedRow],
) -> Sealed:
    """Return a sealed list of these rows."""
    days = [one.isoformat() for one in born] if born else None
    heading = {"format": FORMAT, "version": VERSION, "owner": owner, "key": key, "list": mark}
    heading |= {"groups": list(groups), "born": days, "left_out": left_out, "rows": len(rows)}
    lines = [_line(heading), *(_line(astuple(one)) for one in rows)]
    body = "".join(lines).encode()
    return _parsed(body + _line({"sha256": hashlib.sha256(body).hexdigest()}).encode())


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def load_sealed(file: str | Path) -> Sealed:
    """Read a sealed file. Raises `Unusable` where it is none, of a later version, cut off or altered."""
    path = Path(file)
    try:
        with path.open("rb") as opened:
            start = opened.read(len(FORMAT) + 20)
            if FORMAT.encode() not in start:
                raise unusable(path.name, "不是密封文件", "请用 junheng match seal 写出的文件")
            content = start + opened.read()
    except OSError as error:
        raise unusable(str(file), f"文件打不开（{error.strerror}）", "请检查文件名和权限") from error
    try:
        return _parsed(content)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise unusable(path.name, f"密封文件不完整，或者改动过（{error}）", REMEDY) from error
    except Unusable as error:
        raise Unusable([unusable(path.name, one.reason, one.remedy).problems[0] for one in error.problems]) from None


def _parsed(content: bytes) -> Sealed:
    """Return what a sealed file holds. Raises ValueError and its kin for what `sealed_from` has not written."""
    at = content.rstrip(b"\n").rfind(b"\n") + 1
    body, last = content[:at], json.loads(content[at:])
    if last != {"sha256": hashlib.sha256(body).hexdigest()}:
        raise ValueError("校验值对不上")
    first, *others = (json.loads(line) for line in body.splitlines())
    if first["format"] != FORMAT or first["version"] != VERSION:
        reason = f"密封文件是第 {first['version']} 版，这个软件只认得第 {VERSION} 版"
        raise unusable(FORMAT, reason, "请两家用同一个版本的软件")
    rows = tuple(_row(one, len(first["groups"])) for one in others)
    if len(rows) != first["rows"] or len({one.row for one in rows}) != len(rows):
        raise ValueError("行数对不上")
    born = (str(first["born"][0]), str(first["born"][1])) if first["born"] else None
    said = (str(first["owner"]), str(first["key"]), str(first["list"]), tuple(map(str, first["groups"])))
    return Sealed(*said, born, int(first["left_out"]), rows, content)


def _row(values: Sequence[Any], groups: int) -> SealedRow:
    row, number, person, in_group = values
    if not isinstance(row, int) or len(in_group) != groups:
        raise ValueError("有一行不合格式")
    if any(one and (len(one) != HASH_SIGNS or set(one) - set("0123456789abcdef")) for one in (number, person)):
        raise ValueError("有一行不合格式")
    return SealedRow(row, str(number), str(person), tuple(map(str, in_group)))
