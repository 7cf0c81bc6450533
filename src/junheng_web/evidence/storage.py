"""The one door to contents: on the disk, or in a bucket where JUNHENG_S3 names one. What is stored stays as it is."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings

from junheng_web.evidence import buckets, folders

CHUNK = folders.CHUNK


class TooLarge(Exception):
    """More came than is taken in."""


class Place(Protocol):
    """Where contents lie, each under its SHA-256: a folder or a bucket."""

    def keep(self, file: Path, digest: str) -> None:
        """Store a file that has this SHA-256, whole or not at all."""

    def opened(self, digest: str) -> IO[bytes]:
        """Open a content to be read. Raises FileNotFoundError."""

    def local(self, digest: str) -> AbstractContextManager[Path]:
        """Give a content as a file on this disk, only to be read."""

    def holds(self, digest: str) -> bool:
        """Return whether something stands under this SHA-256."""

    def intact(self, digest: str) -> bool:
        """Return whether the content is there and still has this SHA-256."""

    def digests(self) -> Iterator[str]:
        """Yield the SHA-256 of every content that stands here."""

    def remove(self, digest: str) -> None:
        """Take a content away."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Content that has arrived, whole, but is not stored yet: where it lies, its SHA-256 and its size."""

    path: Path
    digest: str
    size: int

    def store(self) -> None:
        """Put it in its place; content that is there already stays as it is. Raises Unavailable."""
        current().keep(self.path, self.digest)


def current() -> Place:
    """Return where this installation's contents lie."""
    return buckets.there() if settings.S3 else folders.here()


def opened(digest: str) -> IO[bytes]:
    """Open a content to be read. Raises FileNotFoundError; where it lies in a bucket also Unavailable, Damaged."""
    return current().opened(digest)


def local(digest: str) -> AbstractContextManager[Path]:
    """Give a content as a file on this disk, for programs that want one; it is only read. Raises as `opened`."""
    return current().local(digest)


def holds(digest: str, files: Path | None = None) -> bool:
    """Return whether something stands under a SHA-256: in the installation, or among the files of a backup."""
    return _among(files).holds(digest)


def intact(digest: str, files: Path | None = None) -> bool:
    """Return whether the content with this SHA-256 is there and still has it; all of it is read."""
    return _among(files).intact(digest)


def _among(files: Path | None) -> Place:
    return folders.Folder(files) if files else current()


@contextmanager
def incoming(chunks: Iterable[bytes], most: int | None = None) -> Iterator[Incoming]:
    """Take in content, to be looked at and stored; what is not stored leaves no trace. Raises TooLarge."""
    Path(settings.FILES).mkdir(mode=0o700, parents=True, exist_ok=True)
    total, size = hashlib.sha256(), 0
    handle, part = tempfile.mkstemp(dir=settings.FILES, prefix="part-")
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                total.update(chunk)
                size += file.write(chunk)
                if most is not None and size > most:
                    raise TooLarge
            file.flush()
            os.fsync(file.fileno())
        yield Incoming(Path(part), total.hexdigest(), size)
    finally:
        Path(part).unlink(missing_ok=True)
