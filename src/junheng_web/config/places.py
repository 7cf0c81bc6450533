"""Where the platform keeps what it must not lose: one data folder, given by JUNHENG_DATA."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

DATA = Path(os.environ.get("JUNHENG_DATA") or Path.cwd() / "data").resolve()
SECRET_BYTES = 50
OWNER_ONLY = 0o600


def made(folder: Path) -> Path:
    """Return the folder, made where it is not yet, closed to other users."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(data: Path) -> str:
    """Return the installation's secret key; the first call makes it, readable by its owner alone."""
    file = made(data) / "secret.key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as new:
        new.write(key := secrets.token_urlsafe(SECRET_BYTES))
    return key
