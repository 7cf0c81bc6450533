"""A backup: the database, every stored file, and a manifest of what it must hold."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from junheng_web.assessment import selectors as assessment
from junheng_web.config import dumps
from junheng_web.config.dumps import Unusable
from junheng_web.evidence import folders, storage
from junheng_web.evidence import selectors as evidence
from junheng_web.evidence.moving import content_copy, contents_move
from junheng_web.planning import bundles as planning

FORMAT = 1
# What the database says has to be among the files, by room: a backup is whole only with it.
STORES = {"evidence": evidence.STORE, "snapshots": assessment.STORE, "plans": planning.STORE}
# Of these the contents may lie in a bucket: a backup holds them all the same.
IN_BUCKETS = ("evidence", "plans")
DATABASE, FILES, MANIFEST = "database", "files", "manifest.json"
PART = "part-"


def make(folder: Path) -> dict[str, Any]:
    """Back up into a new folder and return its manifest; the folder appears whole or not at all. Raises Unusable."""
    if folder.exists():
        raise Unusable(f"{folder} 已经有了；备份不覆盖别的备份，请换一个名字")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.{PART}"))
    try:
        # The database first, the files last: a file is stored before its row, and never taken away.
        dumps.dump(part / DATABASE)
        stored = {name: store.stored() for name, store in STORES.items()}
        _copy_files(Path(settings.FILES), part / FILES)
        _take_along({digest for name in IN_BUCKETS for digest in stored[name]}, part / FILES)
        manifest = {**_manifest(part), "stored": stored}
        (part / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        _sync(part)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return manifest


def faults(folder: Path) -> Iterator[str]:
    """Yield what is missing from a backup, is too much, or is not what it was."""
    manifest = read(folder)
    held, listed = dict(_digests(folder)), manifest["files"]
    for name in sorted(held.keys() | listed.keys()):
        if name not in held:
            yield f"{name} 不见了"
        elif name not in listed:
            yield f"{name} 不在清单里"
        elif held[name] != listed[name]:
            yield f"{name} 与备份时不同"
    for name, stored in manifest.get("stored", {}).items():
        yield from STORES[name].faults(stored, folder / FILES)
    if manifest["database"] == connection.vendor and (why := dumps.fault(folder / DATABASE)):
        yield f"数据库读不出来：{why}"


def lost() -> Iterator[str]:
    """Yield what this installation's database says is among its files, and is not, or is not what it was."""
    for store in STORES.values():
        yield from store.faults()


def restore(folder: Path) -> None:
    """Take a sound backup into an empty installation. Raises Unusable, and leaves the installation as it was."""
    _refuse(read(folder))
    files = Path(settings.FILES)
    part = files.with_name(PART + files.name)
    try:
        shutil.copytree(folder / FILES, part)
        part.rename(files)
        _settle()
        dumps.load(folder / DATABASE)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(files, ignore_errors=True)
        raise


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a backup. Raises Unusable where there is none that we know."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as why:
        raise Unusable(f"{folder} 不是一份备份：读不出 {MANIFEST}（{why}）") from why
    if manifest.get("format") != FORMAT:
        raise Unusable(f"{folder}：这份备份的格式是 {manifest.get('format')}，这一版软件只认 {FORMAT}")
    return manifest


def _refuse(manifest: dict[str, Any]) -> None:
    if manifest["database"] != connection.vendor:
        raise Unusable(
            f"备份来自 {manifest['database']}，这里用的是 {connection.vendor}；请按原来的设置 JUNHENG_DATABASE"
        )
    files = Path(settings.FILES)
    if not dumps.is_empty() or (files.exists() and any(files.iterdir())):
        raise Unusable(
            f"这里已经有数据（{settings.DATA}）；恢复不覆盖任何数据，请把 JUNHENG_DATA 指到空文件夹，或用空的库"
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := sorted(set(manifest["migrations"]) - known):
        raise Unusable(f"备份由更新的版本所做（{newer[0]}）；请先升级软件，再恢复")
    if files.exists():
        files.rmdir()


def _copy_files(source: Path, target: Path) -> None:
    target.mkdir()
    if source.exists():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{PART}*"))


def _take_along(digests: Iterable[str], files: Path) -> None:
    """Copy into a backup what lies in a bucket; what is gone there or damaged is named when the backup is verified."""
    target = folders.Folder(files)
    if settings.S3:
        for digest in sorted(digests):
            if not target.intact(digest):
                content_copy(storage.current(), target, digest)


def _settle() -> None:
    """Put what a backup held where contents lie: it came back into the data folder. Raises Unusable."""
    if settings.S3:
        told = contents_move(folders.here(), storage.current(), remove=True)
        if told.faults:
            raise Unusable(f"备份里的文件没有全部存进桶里：{'、'.join(told.faults[:3])}；请查存放文件的服务器，再恢复")


def _manifest(part: Path) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
        "files": dict(_digests(part)),
    }


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and name != MANIFEST:
            with file.open("rb") as content:
                yield name, hashlib.file_digest(content, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            handle = os.open(file, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
