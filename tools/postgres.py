"""Runs a command with a PostgreSQL of its own: a cluster in a temporary folder, gone when the command has ended.

python tools/postgres.py COMMAND...

The command finds it in JUNHENG_DATABASE. Where PostgreSQL is not installed (Debian: postgresql) the exit status is 0
and nothing runs, unless JUNHENG_NO_SKIPS is set.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

MISSING = 3


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def main(command: list[str]) -> int:
    """Start the cluster, run the command, stop the cluster; return the command's status."""
    folder = binaries()
    if folder is None:
        print("PostgreSQL is not installed (Debian: postgresql): its suite did not run", file=sys.stderr)
        return MISSING if os.environ.get("JUNHENG_NO_SKIPS") else 0
    with tempfile.TemporaryDirectory(prefix="junheng-pg-", ignore_cleanup_errors=True) as place:
        return _with_cluster(folder, Path(place), command)


def _with_cluster(folder: Path, place: Path, command: list[str]) -> int:
    place.chmod(0o755)
    data, port = place / "data", _free_port()
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(data, "postgres")
        shutil.chown(place, "postgres")
    _as_postgres(
        [str(folder / "initdb"), "-D", str(data), "-U", "junheng", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    )
    options = f"-h 127.0.0.1 -p {port} -k {place} -c fsync=off -c full_page_writes=off"
    control = [str(folder / "pg_ctl"), "-D", str(data), "-w"]
    _as_postgres([*control, "-l", str(place / "log"), "-o", options, "start"])
    try:
        address = f"postgresql://junheng@127.0.0.1:{port}/postgres"
        return subprocess.run(command, env={**os.environ, "JUNHENG_DATABASE": address}, check=False).returncode
    finally:
        _as_postgres([*control, "-m", "immediate", "stop"])


def _as_postgres(command: list[str]) -> None:
    """Run as the user postgres where we are root, whom PostgreSQL refuses."""
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
