"""SQLite in the data folder, or PostgreSQL where JUNHENG_DATABASE names one."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SECONDS_TO_WAIT = 20
# WAL lets pages be read while somebody writes; a write takes its lock at once, so that it never has to be undone.
# A connection lives as long as a request: pages come from the system's memory, not from a cache that is empty at first.
PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; "
    f"PRAGMA mmap_size={256 * 2**20};"
)


def database(address: str, data: Path) -> dict[str, Any]:
    """Return Django's settings for `address` (postgresql://user:password@host:port/name), or for SQLite without one.

    Raises ValueError where the address is of neither.
    """
    if not address:
        return _sqlite(data / "junheng.sqlite3")
    parts = urlsplit(address)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(
            f"JUNHENG_DATABASE：不认识 {parts.scheme}；请写 postgresql://用户:口令@主机:端口/库名，或留空用 SQLite"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def _sqlite(file: Path) -> dict[str, Any]:
    options = {"transaction_mode": "IMMEDIATE", "timeout": SECONDS_TO_WAIT, "init_command": PRAGMAS}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": options}
