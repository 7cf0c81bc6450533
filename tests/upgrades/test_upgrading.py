"""A database of every schema that has landed becomes today's, on the database that JUNHENG_DATABASE names."""

from __future__ import annotations

import json
import os
import tarfile
from pathlib import Path

import pytest

import installations
from installations import ROOT
from storing import BACKUP, ROWS, STORED, migrations, noted

VENDOR = "postgresql" if os.environ.get("JUNHENG_DATABASE") else "sqlite"
NAMES = sorted(folder.name for folder in STORED.iterdir() if (folder / f"{VENDOR}.tar.xz").exists())
ROWS_NOW = """
from django.db import connection
with connection.cursor() as cursor:
    for table in connection.introspection.table_names():
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        print(table, cursor.fetchone()[0])
"""
STORED_WHOLE = """
from junheng_web.assessment import selectors, snapshots
from junheng_web.assessment.models import Run
from junheng_web.evidence.selectors import faults
for run in Run.objects.all():
    assert selectors.answer_of(run)["verdict"] == run.verdict and selectors.rules_of(run)
    assert snapshots.intact(run.snapshot.digest)
print(*faults())
"""
PAGES = ("", "grid/", "board/", "indicators/B10/", "rules/", "runs/", "upload/", "files/")
OPENED = f"""
from django.test import Client, override_settings
from junheng_web.organisation.models import Account
plain = {{"staticfiles": {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}}}
with override_settings(STORAGES=plain):
    client = Client()
    client.force_login(Account.objects.get(username="office"), "junheng_web.organisation.backends.AccountBackend")
    for page in {PAGES}:
        print(client.get(f"/c/150699/{{page}}").status_code)
"""


@pytest.fixture(scope="module", params=NAMES)
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One stored database: the folder of what was packed."""
    folder = tmp_path_factory.mktemp("stored")
    with tarfile.open(STORED / request.param / f"{VENDOR}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def upgraded(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> installations.Installation:
    """An installation that took the stored database in, as an office does with its backup."""
    place = tmp_path_factory.mktemp("place") / "data"
    new = installations.empty(place, os.environ.get("JUNHENG_DATABASE", ""))
    assert "与封存时一致" in new.done("restore", str(stored / BACKUP))
    return new


def test_every_row_is_still_there(upgraded: installations.Installation, stored: Path) -> None:
    """In each table that there was; an upgrade may add rows."""
    before = json.loads((stored / ROWS).read_text(encoding="utf-8"))
    lines = (line.split() for line in upgraded.python(ROWS_NOW).splitlines())
    now = {table: int(rows) for table, rows in lines}
    assert {table: rows for table, rows in before.items() if now.get(table, 0) < rows} == {}


def test_what_was_judged_and_handed_in_is_whole(upgraded: installations.Installation) -> None:
    """Every run's answer, rules and snapshot, and every file."""
    assert upgraded.python(STORED_WHOLE) == ""


def test_the_pages_open(upgraded: installations.Installation) -> None:
    """For an account of then."""
    assert upgraded.python(OPENED).split() == ["200"] * len(PAGES)


def test_nothing_is_left_to_migrate(upgraded: installations.Installation) -> None:
    """Neither a migration that is not applied, nor a model without one."""
    upgraded.done("migrate", "--check")
    assert "No changes detected" in upgraded.done("makemigrations", "--check", "--dry-run")


def test_every_schema_is_stored_on_both_databases() -> None:
    """A folder that lacks one is an upgrade that nobody tries."""
    folders = [folder for folder in STORED.glob("[0-9]*") if folder.is_dir()]
    assert folders
    whole = ["postgresql.tar.xz", "sqlite.tar.xz"]
    assert {one.name: sorted(file.name for file in one.iterdir()) for one in folders} == {
        one.name: whole for one in folders
    }


def test_the_newest_is_of_today_s_schema() -> None:
    """So that what lands is stored before the next migration is written: `make upgrade-store NAME=…`."""
    with tarfile.open(STORED / NAMES[-1] / f"{VENDOR}.tar.xz") as archive:
        held = json.load(archive.extractfile(f"{BACKUP}/manifest.json"))["migrations"]
    here = {f"{Path(path).parts[2]}.{Path(path).stem}" for path in migrations()}
    rooms = {name.split(".")[0] for name in here}
    assert {name for name in held if name.split(".")[0] in rooms} == here


def test_no_migration_that_has_landed_is_edited() -> None:
    """Whoever has applied one would never get the edit. A new one is noted by `make upgrade-store NAME=…`."""
    assert noted()
    assert migrations() == noted()


def test_the_record_is_that_of_the_usual_program() -> None:
    """`sha256sum -c` reads it, wherever there is no Python."""
    lines = (STORED / "migrations.sha256").read_text(encoding="ascii").splitlines()
    assert all((ROOT / line[66:]).is_file() and line[64:66] == "  " for line in lines)
