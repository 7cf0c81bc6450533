"""Content-addressed files in the data folder: what is stored once is never written again."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def place(digest: str) -> Path:
    """Return where the content with this SHA-256 stands."""
    return Path(settings.FILES) / digest[:2] / digest


def keep(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Store content and return its SHA-256 and size; it appears whole or not at all."""
    Path(settings.FILES).mkdir(mode=0o700, parents=True, exist_ok=True)
    total, size = hashlib.sha256(), 0
    handle, part = tempfile.mkstemp(dir=settings.FILES, prefix="part-")
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                total.update(chunk)
                size += file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = place(total.hexdigest())
        target.parent.mkdir(mode=0o700, exist_ok=True)
        Path(part).replace(target)
    finally:
        Path(part).unlink(missing_ok=True)
    return total.hexdigest(), size
