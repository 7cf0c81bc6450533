"""Local copies of contents that lie elsewhere: programs that read and draw want a file, not a stream."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# What somebody reads has a name of its own; who was killed left it behind.
IN_USE, LEFT_AFTER = "use-", 24 * 3600


@dataclass(frozen=True, slots=True)
class Cache:
    """Copies below a folder, so many bytes of them; those not used for longest go first.

    Whoever uses a copy holds another link to it: what goes meanwhile goes under its name here only.
    """

    folder: Path
    most: int

    def take(self, digest: str) -> Path | None:
        """Return a copy of one's own, to be removed after use; none where it has to be fetched."""
        own = self._own()
        try:
            os.link(self.folder / digest, own)
        except FileNotFoundError:
            return None
        os.utime(own)
        return own

    def fetch(self, digest: str, chunks: Iterable[bytes]) -> Path:
        """Return a copy of one's own of what is fetched, and keep it for the next; a half one stays nowhere."""
        own = self._own()
        try:
            with own.open("xb") as file:
                file.writelines(chunks)
        except BaseException:
            own.unlink(missing_ok=True)
            raise
        self.add(digest, own)
        return own

    def add(self, digest: str, file: Path) -> None:
        """Keep another link to a file whose content has this SHA-256, unless it is larger than all that is kept."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if file.stat().st_size <= self.most:
            with contextlib.suppress(FileExistsError):
                os.link(file, self.folder / digest)
            self._trim()

    def _own(self) -> Path:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.folder / f"{IN_USE}{secrets.token_hex(8)}"

    def _trim(self) -> None:
        """Remove what was used longest ago until the rest is no more than is kept."""
        left = self.most
        for file, known in sorted(self._found(), key=lambda one: one[1].st_mtime, reverse=True):
            if file.name.startswith(IN_USE):
                gone = known.st_mtime + LEFT_AFTER < time.time()
            else:
                left -= known.st_size
                gone = left < 0
            if gone:
                file.unlink(missing_ok=True)

    def _found(self) -> Iterable[tuple[Path, os.stat_result]]:
        for file in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                yield file, file.stat()
