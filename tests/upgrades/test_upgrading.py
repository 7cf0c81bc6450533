"""A database of every schema that has landed becomes today's, on the database that JUNHENG_DATABASE names."""

from __future__ import annotations

import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

import installations
from installations import ROOT
from storing import BACKUP, ROWS, STORED, migrations, noted

VENDOR = "postgresql" if os.environ.get("JUNHENG_DATABASE") else "sqlite"
NAMES = sorted(folder.name for folder in STORED.iterdir() if (folder / f"{VENDOR}.tar.xz").exists())
PAGES = (
    *("", "grid/", "board/", "indicators/B10/", "rules/", "runs/", "trends/", "upload/", "files/", "notices/"),
    *("collection/", "registers/teachers/", "registers/staffing/", "visits/", "scrutiny/", "statistics/"),
)
LOOKED_AT = f"""
import io, json
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client, override_settings
from junheng_web.assessment import selectors
from junheng_web.assessment.models import Run
from junheng_web.assessment.summing import summary_of
from junheng_web.config.backups import lost
from junheng_web.organisation.models import Account

def rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{{table}}"')
        return cursor.fetchone()[0]

def opened(page):
    client = Client()
    client.force_login(Account.objects.get(username="office"), "junheng_web.organisation.backends.AccountBackend")
    return client.get(f"/c/150699/{{page}}").status_code

executor, said = MigrationExecutor(connection), io.StringIO()
call_command("makemigrations", check=True, dry_run=True, stdout=said)
found = {{
    "rows": {{table: rows(table) for table in connection.introspection.table_names()}},
    "verdicts": [(run.verdict, selectors.answer_of(run)["verdict"]) for run in Run.objects.all()],
    "summed": [run.summary == summary_of(selectors.answer_of(run)) for run in Run.objects.all()],
    "lost": list(lost()),
    "left": [str(step) for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())],
    "unwritten": said.getvalue().strip(),
}}
plain = {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
with override_settings(STORAGES={{"staticfiles": plain}}):
    found["pages"] = {{page: opened(page) for page in {PAGES}}}
print(json.dumps(found))
"""


# Whatever is asked of one stored database is asked by the same process of pytest's.
@pytest.fixture(scope="module", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in NAMES])
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One stored database: the folder of what was packed."""
    folder = tmp_path_factory.mktemp("stored")
    with tarfile.open(STORED / request.param / f"{VENDOR}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def upgraded(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is found in an installation that took the stored database in, as an office does with its backup."""
    place = tmp_path_factory.mktemp("place") / "data"
    new = installations.empty(place, os.environ.get("JUNHENG_DATABASE", ""))
    assert "与封存时一致" in new.done("restore", str(stored / BACKUP))
    return json.loads(new.python(LOOKED_AT).splitlines()[-1])


def test_every_row_is_still_there(upgraded: dict[str, Any], stored: Path) -> None:
    """In each table that there was; an upgrade may add rows."""
    before = json.loads((stored / ROWS).read_text(encoding="utf-8"))
    assert {table: rows for table, rows in before.items() if upgraded["rows"].get(table, 0) < rows} == {}


def test_what_was_judged_and_handed_in_is_whole(upgraded: dict[str, Any]) -> None:
    """Every run's answer, with what it comes to in short, its snapshot, and every file."""
    assert upgraded["verdicts"] == [["fail", "fail"]]
    assert upgraded["summed"] == [True]
    assert upgraded["lost"] == []


def test_the_pages_open(upgraded: dict[str, Any]) -> None:
    """For an account of then."""
    assert upgraded["pages"] == dict.fromkeys(PAGES, 200)


def test_nothing_is_left_to_migrate(upgraded: dict[str, Any]) -> None:
    """Neither a migration that is not applied, nor a model without one."""
    assert upgraded["left"] == []
    assert upgraded["unwritten"] == "No changes detected"


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
