"""Content-addressed files in the data folder: what is stored once is never written again."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

CHUNK = 1 << 20


class TooLarge(Exception):
    """More came than is taken in."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Content that has arrived, whole, but is not stored yet: where it lies, its SHA-256 and its size."""

    path: Path
    digest: str
    size: int

    def store(self) -> None:
        """Put it in its place; content that is there already stays as it is."""
        target = place(self.digest)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if not target.exists():
            self.path.replace(target)


def place(digest: str, files: Path | None = None) -> Path:
    """Return where the content with this SHA-256 stands: among the installation's files, or those of a backup."""
    return Path(files or settings.FILES) / digest[:2] / digest


@contextmanager
def incoming(chunks: Iterable[bytes], most: int) -> Iterator[Incoming]:
    """Take in content, to be looked at and stored; what is not stored leaves no trace. Raises TooLarge."""
    Path(settings.FILES).mkdir(mode=0o700, parents=True, exist_ok=True)
    total, size = hashlib.sha256(), 0
    handle, part = tempfile.mkstemp(dir=settings.FILES, prefix="part-")
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                total.update(chunk)
                size += file.write(chunk)
                if size > most:
                    raise TooLarge
            file.flush()
            os.fsync(file.fileno())
        yield Incoming(Path(part), total.hexdigest(), size)
    finally:
        Path(part).unlink(missing_ok=True)


def intact(digest: str, files: Path | None = None) -> bool:
    """Return whether the content with this SHA-256 is there and still has it."""
    total = hashlib.sha256()
    try:
        with place(digest, files).open("rb") as file:
            while chunk := file.read(CHUNK):
                total.update(chunk)
    except FileNotFoundError:
        return False
    return total.hexdigest() == digest
