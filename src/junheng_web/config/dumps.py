"""A database as one file, and back: SQLite by its online backup, PostgreSQL by its own programs."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection

PAGES_AT_A_TIME = 4096
# Where Debian keeps each version's programs.
VERSIONS = Path("/usr/lib/postgresql")


class Unusable(Exception):
    """A dump cannot be made or taken in; says what to do."""


def dump(file: Path) -> None:
    """Write the database as it stands into a file, while others go on reading and writing. Raises Unusable."""
    if connection.vendor == "postgresql":
        _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={file}")
        return
    with (
        contextlib.closing(sqlite3.connect(_settings()["NAME"])) as source,
        contextlib.closing(sqlite3.connect(file)) as copy,
    ):
        source.backup(copy, pages=PAGES_AT_A_TIME)
        copy.execute("PRAGMA journal_mode=DELETE")


def fault(file: Path) -> str:
    """Return what is wrong with a dump of this kind of database; empty where nothing is."""
    try:
        if connection.vendor == "postgresql":
            _postgres("pg_restore", "--list", str(file), connected=False)
            return ""
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            told = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except (Unusable, sqlite3.DatabaseError) as why:
        return str(why)
    return "" if told == "ok" else str(told)


def is_empty() -> bool:
    """Return whether the configured database has no table yet."""
    if connection.vendor != "postgresql":
        return not Path(_settings()["NAME"]).exists()
    return not connection.introspection.table_names()


def load(file: Path) -> None:
    """Take a dump into the configured, empty database: wholly, or not at all. Raises Unusable."""
    if connection.vendor == "postgresql":
        _postgres("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(file))
        return
    target = Path(_settings()["NAME"])
    part = target.with_suffix(".part")
    shutil.copyfile(file, part)
    part.chmod(0o600)
    part.rename(target)


def _settings() -> dict[str, Any]:
    return connection.settings_dict


def _postgres(program: str, *arguments: str, connected: bool = True) -> None:
    settings = _settings()
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    known = {name: str(settings[key]) for name, key in names.items() if settings[key]}
    if host := settings["OPTIONS"].get("host"):
        known["PGHOST"] = host
    to = [f"--dbname={settings['NAME']}"] if connected else []
    command = [_program(program), *to, *arguments]
    done = subprocess.run(command, env={**os.environ, **known}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Unusable(f"{program}：{done.stderr.strip()}")


def _program(name: str) -> str:
    found = shutil.which(name)
    newest = sorted(VERSIONS.glob(f"*/bin/{name}"), key=lambda file: int(file.parts[-3]))
    if not found and not newest:
        raise Unusable(f"找不到 {name}；请安装 PostgreSQL 的客户端程序（Debian：postgresql-client），版本不低于服务器")
    return str(newest[-1]) if newest else str(found)
