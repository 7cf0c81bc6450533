"""Installations of the platform: a data folder, a database of its own, and processes that run there."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from places import EXAMPLES

ROOT = EXAMPLES.parent
# Every wait ends.
COMMAND_SECONDS, START_SECONDS, STOP_SECONDS = 180, 90, 20


@dataclass(frozen=True)
class Installation:
    """A data folder and a database; `postgres` is empty where the database is the file in the folder."""

    data: Path
    postgres: str = ""
    demonstration: bool = True

    @property
    def environment(self) -> dict[str, str]:
        settings = {
            "JUNHENG_DATA": str(self.data),
            "JUNHENG_DATABASE": self.postgres,
            "JUNHENG_DEMONSTRATION": "1" if self.demonstration else "",
            "JUNHENG_LOG": "WARNING",
            "DJANGO_SETTINGS_MODULE": "junheng_web.config.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        # Hundreds of processes are started: what they import is compiled by the first of them.
        return {name: told for name, told in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | settings

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command of `junheng-web` and return how it ended."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def done(self, *arguments: str) -> str:
        """Run a command that has to end well, and return what it printed."""
        ended = self.run(*arguments)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def python(self, code: str) -> str:
        """Run Python inside the installation and return what it printed."""
        return self.done("shell", "--verbosity=0", "-c", code).strip()

    @contextlib.contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Start a command, and stop it at the end where it still runs."""
        with (self.data / "output.txt").open("w") as output:
            process = subprocess.Popen(
                self.command(*arguments), env=self.environment, cwd=ROOT, stdout=output, stderr=output, text=True
            )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()

    def output(self) -> str:
        """Return what the command started last has printed."""
        return (self.data / "output.txt").read_text(encoding="utf-8")

    @staticmethod
    def command(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "junheng_web.config.manage", *arguments]


def empty(data: Path, base: str, *, demonstration: bool = True) -> Installation:
    """Return an installation with an empty database, on the server at `base` (none: SQLite)."""
    data.mkdir()
    if not base:
        return Installation(data, demonstration=demonstration)
    name = f"i{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(base, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    return Installation(data, urlsplit(base)._replace(path=f"/{name}").geturl(), demonstration)


def loaded(data: Path, base: str) -> Installation:
    """Return an installation with the demonstration in it."""
    new = empty(data, base)
    new.done("migrate", "--verbosity=0")
    new.done("demo", "examples")
    return new


def copied(model: Installation, data: Path, *, demonstration: bool = True) -> Installation:
    """Return a copy of an installation in which nothing runs."""
    shutil.copytree(model.data, data)
    if not model.postgres:
        return Installation(data, demonstration=demonstration)
    address = urlsplit(model.postgres)
    name = f"i{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(address._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{address.path[1:]}"')
    return Installation(data, address._replace(path=f"/{name}").geturl(), demonstration)


def execute(one: Installation, statement: str) -> None:
    """Change an installation's database behind the platform's back."""
    with _database(one) as database:
        database.execute(statement)


def asked(one: Installation, statement: str) -> list[tuple[object, ...]]:
    """Return an installation's rows: to wait for something this costs next to nothing, a process of its own seconds."""
    with _database(one) as database:
        return [tuple(row) for row in database.execute(statement).fetchall()]


@contextlib.contextmanager
def _database(one: Installation) -> Iterator[sqlite3.Connection | psycopg.Connection]:
    if one.postgres:
        with psycopg.connect(one.postgres, autocommit=True) as database:
            yield database
    else:
        with contextlib.closing(sqlite3.connect(one.data / "junheng.sqlite3", timeout=30)) as file, file:
            yield file


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def answers(address: str, process: subprocess.Popen[str]) -> bool:
    """Return whether an address answers before the process ends or the wait is over."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 (our own address)
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False


def eventually(true: object, seconds: float = 20) -> bool:
    """Return whether a condition (a function) comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False
