"""Where a file that somebody tries is kept meanwhile: a folder of the account's own, gone after a day.

Nothing of it stands in the database. A trial is found only under the account that made it and in the county for
which it was made; whatever else is asked for does not exist.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.utils import timezone

from junheng import api as jh
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

KEPT_FOR = dt.timedelta(days=1)
# So many trials of one account are kept at a time for one purpose; a further one takes the place of the oldest.
MOST = 10
CODE_BYTES = 12
CODE = re.compile(r"[0-9a-f]{24}")
STATE, ANSWER, FINDINGS, FACTS = "trial.json", "answer.json", "findings.json", "facts"


class Gone(LookupError):
    """There is no such trial, or not for this account and county, or not any more."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One file that is tried: its folder, and what is known of it (`state`)."""

    code: str
    folder: Path
    state: dict[str, Any]

    @property
    def name(self) -> str:
        """The file's name as it came."""
        return str(self.state["name"])

    @property
    def file(self) -> Path:
        """The file itself, under a name of ours."""
        return self.folder / f"upload{self.state['suffix']}"

    @property
    def until(self) -> dt.datetime:
        """When it is removed."""
        return dt.datetime.fromisoformat(self.state["at"]) + KEPT_FOR

    def say(self, **known: Any) -> None:
        """Write down what has become known; it is there as a whole or not at all."""
        self.state.update(known)
        self.write(STATE, orjson.dumps(self.state))

    def write(self, name: str, content: bytes) -> None:
        """Write one of the trial's files, whole. Raises Gone where the trial was removed meanwhile."""
        part = self.folder / f"{name}.part"
        try:
            part.write_bytes(content)
            part.replace(self.folder / name)
        except FileNotFoundError:
            raise Gone(self.code) from None

    def read(self, name: str) -> Any:
        """Return what one of the trial's JSON files says."""
        return orjson.loads((self.folder / name).read_bytes())

    def facts(self) -> jh.Facts:
        """Return the facts that were read from the file."""
        return jh.load(self.folder / FACTS)

    def remove(self) -> None:
        """Take the trial away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def root() -> Path:
    """Return the folder of all trials."""
    return Path(settings.FILES) / "trials"


def trial_begin(
    *, by: Scope, county: Area, name: str, chunks: Iterable[bytes], purpose: str = "assess", **known: Any
) -> Trial:
    """Take in a file to be tried, for a purpose: the pages of another one do not know it."""
    own = root() / str(by.account.id)
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    alike = [one for one in _of(own) if one.state["purpose"] == purpose]
    for older in sorted(alike, key=lambda one: one.state["at"], reverse=True)[MOST - 1 :]:
        older.remove()
    code = secrets.token_hex(CODE_BYTES)
    folder = own / code
    folder.mkdir(mode=0o700)
    at = timezone.localtime().isoformat()
    state = {"name": name, "suffix": Path(name).suffix.lower(), "county": county.code, "at": at, "outcome": "waiting"}
    state["purpose"] = purpose
    trial = Trial(code, folder, {**state, **known})
    with trial.file.open("wb") as file:
        file.writelines(chunks)
    trial.say(size=trial.file.stat().st_size)
    return trial


def find(*, account: int, county: str, code: str, purpose: str = "assess") -> Trial:
    """Return an account's trial in a county. Raises Gone."""
    folder = root() / str(account) / code
    if not CODE.fullmatch(code) or not (folder / STATE).is_file():
        raise Gone(code)
    trial = _read(folder)
    known = trial.state["county"], trial.state["purpose"]
    if known != (county, purpose) or trial.until < timezone.now():
        raise Gone(code)
    return trial


def trial_expire(now: dt.datetime | None = None) -> int:
    """Remove every trial whose day is over, and return how many; the scheduler calls it."""
    now, removed = now or timezone.now(), 0
    for own in root().glob("*"):
        for trial in list(_of(own)):
            if trial.until < now:
                trial.remove()
                removed += 1
    return removed


def _of(own: Path) -> Iterator[Trial]:
    for folder in own.iterdir():
        if (folder / STATE).is_file():
            yield _read(folder)


def _read(folder: Path) -> Trial:
    return Trial(folder.name, folder, orjson.loads((folder / STATE).read_bytes()))
