"""What was backed up comes back whole, into an empty place only."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

import installations
from installations import Installation

pytestmark = pytest.mark.xdist_group("installations")
# What the database says of everything that matters: rows of each table, who may sign in, what was judged.
TOLD = """
from django.apps import apps
for model in apps.get_models():
    if model._meta.label != "sessions.Session":
        print(model._meta.label, model._default_manager.count())
from junheng_web.assessment import selectors, snapshots
from junheng_web.assessment.models import Run
from junheng_web.organisation.models import Account
for run in Run.objects.order_by("id"):
    print(run.code, run.verdict, selectors.answer_of(run)["verdict"], snapshots.intact(run.snapshot.digest))
print([account.check_password("x") for account in Account.objects.all()])
"""


@pytest.fixture(scope="module")
def backup(demonstration: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the demonstration."""
    folder = tmp_path_factory.mktemp("backups") / "monday"
    assert "已备份到" in demonstration.done("backup", str(folder))
    return folder


@pytest.fixture
def damaged(backup: Path, tmp_path: Path) -> Path:
    """A copy of the backup, to be damaged."""
    return Path(shutil.copytree(backup, tmp_path / "damaged"))


def handed_in(one: Installation) -> str:
    """Hand a file in and return its SHA-256."""
    return one.python(
        "from junheng_web.evidence.services import file_add\n"
        "from junheng_web.organisation.models import Account, Area\n"
        "from junheng_web.organisation.scopes import scope_of\n"
        "import datetime as dt\n"
        "by = scope_of(Account.objects.get(username='office'), dt.date(2026, 3, 2))\n"
        "county = Area.objects.get(code='150699')\n"
        "print(file_add(by=by, county=county, name='批复.pdf', chunks=[b'%PDF-1.4\\n%%EOF\\n'])[0].digest)"
    )


def new(tmp_path: Path) -> Installation:
    """An installation in which nothing stands yet."""
    return installations.empty(tmp_path / "new", os.environ.get("JUNHENG_DATABASE", ""))


def test_it_comes_back_whole(demonstration: Installation, backup: Path, tmp_path: Path) -> None:
    """Every row, every file, every result; and the audit's chain closes."""
    place = new(tmp_path)
    told = place.done("restore", str(backup))
    assert "备份完好" in told
    assert "与封存时一致" in told
    assert place.python(TOLD) == demonstration.python(TOLD)
    stored = [file.relative_to(demonstration.data) for file in (demonstration.data / "files").rglob("*")]
    assert stored
    assert [name for name in stored if not (place.data / name).exists()] == []


def test_it_is_made_while_somebody_writes(installation: Installation, tmp_path: Path) -> None:
    """What was committed is in it; nothing is half in it."""
    installation.python(
        "from junheng_web.organisation.models import Unit, Area\n"
        "Unit.objects.create(county=Area.objects.first(), code='late', name='x')"
    )
    installation.done("backup", str(tmp_path / "backup"))
    place = new(tmp_path)
    place.done("restore", str(tmp_path / "backup"))
    counted = "from junheng_web.organisation.models import Unit; print(Unit.objects.filter(code='late').count())"
    assert place.python(counted) == "1"


def test_a_backup_never_overwrites_and_leaves_no_rest(demonstration: Installation, backup: Path) -> None:
    """The folder that stands, stands; a failed one leaves nothing beside it."""
    before = sorted(backup.rglob("*"))
    ended = demonstration.run("backup", str(backup))
    assert ended.returncode == 1
    assert "请换一个名字" in ended.stderr
    assert sorted(backup.rglob("*")) == before
    assert [one.name for one in backup.parent.iterdir()] == ["monday"]


def test_a_restore_never_overwrites(installation: Installation, backup: Path) -> None:
    """Where data stands, it says so and changes nothing."""
    before = installation.python(TOLD)
    ended = installation.run("restore", str(backup))
    assert ended.returncode == 1
    assert "恢复不覆盖任何数据" in ended.stderr
    assert installation.python(TOLD) == before


def test_the_secret_key_is_not_in_it(backup: Path) -> None:
    """Whoever holds a backup cannot forge a session."""
    assert sorted(one.name for one in backup.iterdir()) == ["database", "files", "manifest.json"]


def test_a_sound_backup_is_told_to_be_sound(demonstration: Installation, backup: Path) -> None:
    """`--verify` only looks."""
    assert "备份完好" in demonstration.done("restore", str(backup), "--verify")


def damage_content(folder: Path) -> str:
    file = next(file for file in sorted((folder / "files").rglob("*")) if file.is_file())
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    return f"{file.relative_to(folder)} 与备份时不同"


def damage_missing(folder: Path) -> str:
    file = next(file for file in sorted((folder / "files").rglob("*")) if file.is_file())
    file.unlink()
    return f"{file.relative_to(folder)} 不见了"


def damage_added(folder: Path) -> str:
    (folder / "files" / "stray").write_bytes(b"x")
    return "files/stray 不在清单里"


def damage_database(folder: Path) -> str:
    (folder / "database").write_bytes(b"not a database")
    return "database 与备份时不同"


def damage_manifest(folder: Path) -> str:
    (folder / "manifest.json").unlink()
    return "读不出 manifest.json"


def damage_format(folder: Path) -> str:
    (folder / "manifest.json").write_text(json.dumps({"format": 99}))
    return "这份备份的格式是 99"


DAMAGES = [damage_content, damage_missing, damage_added, damage_database, damage_manifest, damage_format]


def test_a_damaged_backup_is_refused_and_nothing_is_restored(damaged: Path, backup: Path, tmp_path: Path) -> None:
    """It names what is wrong, whatever it is; the place stays empty."""
    place = new(tmp_path)
    for damage in DAMAGES:
        shutil.rmtree(damaged)
        shutil.copytree(backup, damaged)
        said = damage(damaged)
        ended = place.run("restore", str(damaged))
        assert ended.returncode == 1, damage.__name__
        assert said in ended.stderr, damage.__name__
    assert sorted(one.name for one in place.data.iterdir()) == ["secret.key"]


def test_what_was_lost_before_the_backup_is_named(installation: Installation, tmp_path: Path) -> None:
    """A backup holds what it found; what the database says should be there, and is not, no list of files can tell."""
    digest = handed_in(installation)
    whole, without, altered = (tmp_path / name for name in ("whole", "without", "altered"))
    assert "备份完好" in saved(installation, whole)
    file = installation.data / "files" / digest[:2] / digest
    file.write_bytes(b"other")
    assert f"文件 {digest[:12]} 内容变了：150699 批复.pdf" in refused(installation, altered)
    file.unlink()
    assert f"文件 {digest[:12]} 不见了：150699 批复.pdf" in refused(installation, without)
    shutil.rmtree(installation.data / "files" / "snapshots")
    assert "数据快照" in refused(installation, tmp_path / "nothing")


def saved(one: Installation, folder: Path) -> str:
    """Back up and return what `--verify` says of it."""
    one.done("backup", str(folder))
    return one.done("restore", str(folder), "--verify")


def refused(one: Installation, folder: Path) -> str:
    """Back up and return why `--verify` refuses it."""
    one.done("backup", str(folder))
    ended = one.run("restore", str(folder), "--verify")
    assert ended.returncode == 1
    return ended.stderr


def test_an_older_backup_is_taken_in_and_what_it_lacks_is_named(installation: Installation, tmp_path: Path) -> None:
    """It does not say itself what it should hold; then the database does, once it is restored."""
    digest, folder = handed_in(installation), tmp_path / "older"
    (installation.data / "files" / digest[:2] / digest).unlink()
    installation.done("backup", str(folder))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["stored"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    place = new(tmp_path)
    assert "备份完好" in place.done("restore", str(folder), "--verify")
    ended = place.run("restore", str(folder))
    assert ended.returncode == 1
    assert "已恢复，但备份里缺这些文件" in ended.stderr
    assert "150699 批复.pdf" in ended.stderr


def test_a_backup_of_a_newer_version_or_another_database_is_refused(damaged: Path, tmp_path: Path) -> None:
    """With what to do."""
    place = new(tmp_path)
    manifest = json.loads((damaged / "manifest.json").read_text(encoding="utf-8"))
    newer = {**manifest, "migrations": [*manifest["migrations"], "organisation.9999_later"]}
    (damaged / "manifest.json").write_text(json.dumps(newer))
    assert "请先升级软件" in place.run("restore", str(damaged)).stderr
    (damaged / "manifest.json").write_text(json.dumps({**manifest, "database": "another"}))
    assert "备份来自 another" in place.run("restore", str(damaged)).stderr
