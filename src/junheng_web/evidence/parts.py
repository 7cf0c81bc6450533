"""A large file on its way in, part by part: what has arrived is kept over a killed server, and seen by nobody.

Nothing of it stands in the database; a folder of the account's own holds the content so far and how much of it counts.
The bytes of a part count once they are on the disk: what was written after that is cut off when the next part comes.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from junheng_web.evidence.endings import ending_of
from junheng_web.evidence.services import own_name
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

LARGEST = 2 * 2**30
PART = 4 * 2**20
KEPT_FOR = dt.timedelta(days=3)
MOST = 500
CODE = re.compile(r"[0-9a-f]{24}")
STATE, CONTENT = "state.json", "content"
CHUNK = 1 << 20


class Gone(LookupError):
    """There is no such upload, or not of this account and county, or not any more."""


class Elsewhere(Exception):
    """A part that does not begin where the last one ended; `received` says where that is."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way in: its folder, and what is known of it."""

    code: str
    folder: Path
    state: dict[str, Any]

    @property
    def received(self) -> int:
        """How many bytes of it are safe."""
        return int(self.state["received"])

    @property
    def whole(self) -> bool:
        """Whether all of it has arrived."""
        return self.received == self.state["size"]

    @property
    def name(self) -> str:
        """The name that it came under."""
        return str(self.state["name"])

    @property
    def content(self) -> Path:
        """Where the content lies so far."""
        return self.folder / CONTENT

    def chunks(self) -> Iterator[bytes]:
        """Yield what has arrived."""
        with self.content.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def remove(self) -> None:
        """Take it away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def root() -> Path:
    """Return the folder of all uploads; a backup leaves out what is called so."""
    return Path(settings.FILES) / "part-uploads"


def upload_begin(*, by: Scope, county: Area, name: str, size: int, mark: str = "") -> Upload:
    """Begin to take in a file, or go on with the one that the same account began: of this name, size and mark.

    Raises ValidationError where the file would not be taken in whole.
    """
    name = own_name(name)
    ending_of(name)
    if not 0 < size <= LARGEST:
        raise ValidationError(f"{name}：是空的，或超过 {LARGEST // 2**30} GB；请压缩或拆开再交")
    told = {"county": county.code, "name": name, "size": size, "mark": mark[:80]}
    own = root() / str(by.account.id)
    found = list(_of(own))
    for one in found:
        if told.items() <= one.state.items():
            return one
    if len(found) >= MOST:
        raise ValidationError(f"您还有 {len(found)} 个文件没有传完；请先传完，或过三天再传新的")
    return _begun(own, told)


def _begun(own: Path, told: dict[str, Any]) -> Upload:
    code = secrets.token_hex(12)
    folder = own / code
    folder.mkdir(mode=0o700, parents=True)
    one = Upload(code, folder, {**told, "received": 0, "at": timezone.localtime().isoformat()})
    one.content.touch(mode=0o600)
    _say(one, 0)
    return one


def find(*, by: Scope, county: Area, code: str) -> Upload:
    """Return an account's upload. Raises Gone."""
    folder = root() / str(by.account.id) / code
    if not CODE.fullmatch(code) or not (folder / STATE).is_file():
        raise Gone(code)
    one = _read(folder)
    if one.state["county"] != county.code:
        raise Gone(code)
    return one


def part_put(one: Upload, at: int, content: bytes) -> int:
    """Add a part at the place where the last one ended, and return how much is safe now.

    Raises Elsewhere for another place, and for more than was said.
    """
    if at != one.received or at + len(content) > one.state["size"] or len(content) > PART:
        raise Elsewhere(one.received)
    with one.content.open("r+b") as file:
        file.truncate(at)
        file.seek(at)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _say(one, at + len(content))
    return one.received


def _say(one: Upload, received: int) -> None:
    """Write down how much counts: there as a whole or not at all."""
    one.state["received"] = received
    part = one.folder / f"{STATE}.part"
    part.write_bytes(orjson.dumps(one.state))
    part.replace(one.folder / STATE)


def uploads_expire(now: dt.datetime | None = None) -> int:
    """Remove what nobody went on with for some days, and return how many; the scheduler calls it."""
    now, removed = now or timezone.now(), 0
    for own in root().glob("*"):
        for one in list(_of(own)):
            if dt.datetime.fromisoformat(one.state["at"]) + KEPT_FOR < now:
                one.remove()
                removed += 1
    return removed


def _of(own: Path) -> Iterator[Upload]:
    for folder in own.iterdir() if own.is_dir() else ():
        if (folder / STATE).is_file():
            yield _read(folder)


def _read(folder: Path) -> Upload:
    return Upload(folder.name, folder, orjson.loads((folder / STATE).read_bytes()))
