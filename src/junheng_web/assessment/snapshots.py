"""Facts at rest: a folder of Parquet files in the contract's tables, addressed by what it holds."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from junheng import api as jh

KEPT_OPEN = 4


def folder_of(digest: str, files: Path | None = None) -> Path:
    """Return where the snapshot with this digest stands: among the installation's files, or those of a backup."""
    return Path(files or settings.FILES) / "snapshots" / digest[:2] / digest


def digest_of(facts: jh.Facts) -> str:
    """Return the digest that facts would have as a snapshot, and keep nothing."""
    with tempfile.TemporaryDirectory() as folder:
        jh.write_parquet(facts, Path(folder))
        return _digest(Path(folder))


def keep(facts: jh.Facts) -> str:
    """Store facts and return their digest. The folder appears whole; the same facts are stored once."""
    above = Path(settings.FILES) / "snapshots"
    above.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=above, prefix="part-"))
    try:
        jh.write_parquet(facts, part)
        target = folder_of(digest := _digest(part))
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if not target.exists():
            part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return digest


@lru_cache(maxsize=KEPT_OPEN)
def open_facts(digest: str) -> jh.Facts:
    """Return the facts of a snapshot; those used last stay open, since a snapshot never changes."""
    return jh.load(folder_of(digest))


def holds(digest: str, files: Path | None = None) -> bool:
    """Return whether something stands where a snapshot belongs."""
    return folder_of(digest, files).exists()


def intact(digest: str, files: Path | None = None) -> bool:
    """Return whether a snapshot still holds what its digest says."""
    folder = folder_of(digest, files)
    return folder.is_dir() and _digest(folder) == digest


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        total.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        total.update(file.read_bytes())
    return total.hexdigest()
