"""What a run of the tests needs once, however many workers it has: whoever comes first makes it, the others copy it.

A database that is migrated and filled costs half a minute of processor time, and is the same for every worker.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the folder that every worker of this run sees, and no other run."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextlib.contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """Let one worker after the other do something; a worker that dies lets go by itself."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], str]) -> tuple[Path, str]:
    """Return a place that was made once in this run, and what its maker told. What failed is made anew."""
    shared = shared_folder(factory)
    place, told = shared / name, shared / f"{name}.txt"
    with alone(shared, name):
        if not told.exists():
            shutil.rmtree(place, ignore_errors=True)
            told.write_text(make(place), encoding="utf-8")
    return place, told.read_text(encoding="utf-8")


class Begun:
    """The database that tests begin with, and its files: kept where the other workers of the run find them."""

    def __init__(self, place: Path, done: Callable[[], None]) -> None:
        self.place, self.done = place, done
        # A server may have the databases of many runs.
        self.copy = f"begun_{place.parent.stat().st_ino}_{place.parent.name}"
        self.kept = place.exists()

    def lay_out(self) -> None:
        """Before the database is made: let no migration run where a copy of what they come to is at hand."""
        if self.kept:
            connection.settings_dict["TEST"] |= {"MIGRATE": False}
            if connection.vendor == "postgresql":
                connection.settings_dict["TEST"] |= {"TEMPLATE": self.copy}

    def fill(self, load: Callable[[], None]) -> None:
        """Fill the database that was made: by loading, which is kept, or with what was kept."""
        if self.kept:
            self._take()
        else:
            load()
            self._keep()
        self.done()

    def _take(self) -> None:
        shutil.copytree(self.place / "files", settings.FILES, dirs_exist_ok=True)
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with contextlib.closing(sqlite3.connect(self.place / "database")) as kept:
                kept.backup(connection.connection)

    def _keep(self) -> None:
        part = self.place.with_name("part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(settings.FILES, part / "files")
        if connection.vendor == "sqlite":
            with contextlib.closing(sqlite3.connect(part / "database")) as kept:
                connection.connection.backup(kept)
        else:
            self._keep_on_server()
        part.rename(self.place)

    def _keep_on_server(self) -> None:
        """Let the server copy the database, which it does where nobody is connected."""
        made = connection.settings_dict["NAME"]
        connection.close()
        with psycopg.connect(os.environ["JUNHENG_DATABASE"], autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.copy}"')
            server.execute(f'CREATE DATABASE "{self.copy}" TEMPLATE "{made}"')
