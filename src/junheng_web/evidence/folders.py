"""Contents on the disk: each a file under its SHA-256 in the data folder, or in that of a backup."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

CHUNK = 1 << 20
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Folder:
    """Contents below a folder. What is stored once is never written again."""

    files: Path

    def place(self, digest: str) -> Path:
        """Return where the content with this SHA-256 stands."""
        return self.files / digest[:2] / digest

    def keep(self, file: Path, digest: str) -> None:
        """Put a file of the same disk in its place; content that is there already stays as it is."""
        target = self.place(digest)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not target.exists():
            file.replace(target)

    def opened(self, digest: str) -> IO[bytes]:
        """Open a content to be read. Raises FileNotFoundError."""
        return self.place(digest).open("rb")

    @contextlib.contextmanager
    def local(self, digest: str) -> Iterator[Path]:
        """Give the file itself: whoever gets it only reads."""
        yield self.place(digest)

    def holds(self, digest: str) -> bool:
        """Return whether something stands under this SHA-256."""
        return self.place(digest).exists()

    def intact(self, digest: str) -> bool:
        """Return whether the content with this SHA-256 is there and still has it."""
        try:
            with self.opened(digest) as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == digest  # type: ignore[arg-type]
        except FileNotFoundError:
            return False

    def digests(self) -> Iterator[str]:
        """Yield the SHA-256 of every content that stands here."""
        for file in sorted(self.files.glob("??/*")):
            if DIGEST.fullmatch(file.name) and file.parent.name == file.name[:2]:
                yield file.name

    def remove(self, digest: str) -> None:
        """Take a content away: it stands elsewhere, and has been compared there."""
        self.place(digest).unlink(missing_ok=True)


def here() -> Folder:
    """Return the folder of the installation."""
    return Folder(Path(settings.FILES))
