"""What is backed up comes back, whole, into an empty installation, and never over anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from places import EXAMPLES

ROOT = EXAMPLES.parent
COUNTED = "from junheng_web.assessment.models import Run; print(Run.objects.get().verdict)"


def manage(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of an installation of its own, on SQLite."""
    environment = {**os.environ, "JUNHENG_DATA": str(data), "JUNHENG_DATABASE": "", "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "junheng_web.config.manage", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the demonstration."""
    folder = tmp_path_factory.mktemp("backups")
    for command in (["migrate"], ["demo", str(ROOT / "examples")], ["backup", str(folder / "kept")]):
        done = manage(folder / "data", *command)
        assert done.returncode == 0, done.stderr
    return folder / "kept"


def test_what_was_backed_up_is_there_again(kept: Path, tmp_path: Path) -> None:
    """The database, the files, the key: the runs are read as before."""
    assert "备份完好" in manage(tmp_path / "other", "restore", str(kept), "--verify").stdout
    assert manage(tmp_path / "data", "restore", str(kept)).returncode == 0
    assert manage(tmp_path / "data", "shell", "--verbosity=0", "-c", COUNTED).stdout.strip() == "fail"
    assert (tmp_path / "data" / "secret.key").read_text() == (kept / "secret.key").read_text()
    names = [{file.name for file in (place / "files").rglob("*")} for place in (tmp_path / "data", kept)]
    assert names[0] == names[1]


def test_nothing_is_restored_over_anything(kept: Path, tmp_path: Path) -> None:
    """Nor is a backup written over another."""
    assert manage(tmp_path / "data", "migrate").returncode == 0
    refused = manage(tmp_path / "data", "restore", str(kept))
    assert refused.returncode == 1
    assert "已经有数据" in refused.stderr
    again = manage(tmp_path / "data", "backup", str(kept))
    assert again.returncode == 1
    assert "已经存在" in again.stderr


def test_a_damaged_backup_is_refused_by_name(kept: Path, tmp_path: Path) -> None:
    """One changed byte, one file too few, no manifest."""
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", str(kept), str(copy)], check=True)
    table = next((copy / "files").rglob("schools.parquet"))
    table.write_bytes(table.read_bytes()[:-1])
    told = manage(tmp_path / "data", "restore", str(copy), "--verify")
    assert told.returncode == 1
    assert "schools.parquet：内容与备份时不同" in told.stdout
    table.unlink()
    assert "备份已损坏" in manage(tmp_path / "data", "restore", str(copy)).stderr
    (copy / "manifest.json").unlink()
    assert "不是备份" in manage(tmp_path / "data", "restore", str(copy)).stderr
