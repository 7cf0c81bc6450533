"""A backup: the database, every stored file and the secret key in one folder, with a manifest of hashes.

A backup folder appears whole or not at all. It is read back into an empty data folder only.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

MANIFEST, SQLITE, POSTGRES, FILES, SECRET = "manifest.json", "junheng.sqlite3", "junheng.dump", "files", "secret.key"


class Refused(Exception):
    """A backup cannot be made or read here; the message says why and what to do."""


def backup(folder: Path) -> dict[str, str]:
    """Write a backup into `folder`, which must not be there yet, and return its manifest. Raises Refused."""
    if folder.exists():
        raise Refused(f"{folder} 已经存在；请换一个新的文件夹名，以免盖掉原来的备份")
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    try:
        _dump(part)
        if Path(settings.FILES).is_dir():
            shutil.copytree(settings.FILES, part / FILES, ignore=shutil.ignore_patterns("part-*", "trials"))
        shutil.copy2(settings.DATA_FOLDER / SECRET, part / SECRET)
        manifest = dict(_hashes(part))
        (part / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return manifest


def verify(folder: Path) -> list[str]:
    """Return what is wrong with a backup: files changed, missing or added since it was made. Raises Refused."""
    if not (folder / MANIFEST).is_file():
        raise Refused(f"{folder} 不是备份（没有 {MANIFEST}）；请指定 backup 写出的文件夹")
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    found = dict(_hashes(folder))
    names = sorted(told.keys() | found.keys())
    return [f"{name}：{_fault(told.get(name), found.get(name))}" for name in names if told.get(name) != found.get(name)]


def restore(folder: Path) -> None:
    """Read a backup back into this installation, whose data folder and database must be empty. Raises Refused."""
    if faults := verify(folder):
        raise Refused("备份已损坏，没有恢复：" + "；".join(faults[:5]))
    if connection.introspection.table_names():
        raise Refused("数据库里已经有数据，没有恢复；请换一个空的数据文件夹（JUNHENG_DATA）或空的数据库")
    connection.close()
    _load(folder)
    if (folder / FILES).is_dir():
        shutil.copytree(folder / FILES, settings.FILES, dirs_exist_ok=True)
    shutil.copy2(folder / SECRET, settings.DATA_FOLDER / SECRET)


def _fault(told: str | None, found: str | None) -> str:
    if found is None:
        return "缺少这个文件"
    return "不是备份时写的文件" if told is None else "内容与备份时不同"


def _hashes(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != MANIFEST:
            with file.open("rb") as content:
                yield file.relative_to(folder).as_posix(), hashlib.file_digest(content, "sha256").hexdigest()


def _dump(part: Path) -> None:
    """Copy the database as it stands at one moment, while it is being used."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        with sqlite3.connect(known["NAME"]) as source, sqlite3.connect(part / SQLITE) as copy:
            source.backup(copy)
        return
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={part / POSTGRES}", known["NAME"]], known)


def _load(folder: Path) -> None:
    known = connection.settings_dict
    wanted = SQLITE if connection.vendor == "sqlite" else POSTGRES
    if not (folder / wanted).is_file():
        raise Refused("备份来自另一种数据库，不能恢复到这里；请用同一种数据库")
    if connection.vendor == "sqlite":
        shutil.copy2(folder / SQLITE, known["NAME"])
        return
    _run(["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={known['NAME']}", str(folder / POSTGRES)], known)


def _run(command: list[str], known: dict[str, Any]) -> None:
    access = {
        "PGHOST": known["HOST"],
        "PGPORT": known["PORT"],
        "PGUSER": known["USER"],
        "PGPASSWORD": known["PASSWORD"],
    }
    done = subprocess.run(  # noqa: S603 (a fixed command)
        command,
        env={**os.environ, **{name: str(value) for name, value in access.items() if value}},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"{command[0]} 没有成功：{done.stderr.strip()[:300]}")
