"""Every package that we build on has a licence that we may build on, and every lock holds hashes and no addresses."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
HASH = "--hash=sha256:" + "0" * 64


@pytest.fixture(scope="module")
def third_party() -> ModuleType:
    """The tool that writes THIRD_PARTY.md."""
    spec = importlib.util.spec_from_file_location("third_party", ROOT / "tools" / "third_party.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["third_party"] = module
    spec.loader.exec_module(module)
    return module


def test_every_locked_package_has_a_licence_that_is_allowed(third_party: ModuleType) -> None:
    """None without a licence, none under the AGPL, none under the GPL but developers' tools."""
    found = third_party.packages()

    assert len(found) > 60
    assert third_party.faults(found) == []


def test_every_lock_in_the_project_is_looked_at(third_party: ModuleType) -> None:
    """A new lock cannot be forgotten."""
    assert {file.name for file in ROOT.glob("requirements*.lock")} == set(third_party.LOCKS.values())


def test_the_locks_hold_exact_versions_with_hashes_and_no_addresses(third_party: ModuleType) -> None:
    """Any mirror can serve them, and none can change what is served."""
    for lock, text in third_party.lock_texts().items():
        assert len(list(third_party.entries(text))) > 9, lock
        assert third_party.lock_faults(lock, text) == []


def test_the_list_of_what_we_build_on_is_up_to_date(third_party: ModuleType) -> None:
    """THIRD_PARTY.md is what the tool would write from the locks today."""
    assert third_party.main(["--check"]) == 0


def test_what_is_carried_in_the_project_is_what_was_recorded(third_party: ModuleType) -> None:
    """Each folder holds a licence, and the tool that renews it finds every file as it left it."""
    for name, _, _, folder, tool in third_party.VENDORED:
        assert (ROOT / folder / "LICENSE").is_file(), name
        assert subprocess.run([sys.executable, ROOT / tool, "--check"], check=False).returncode == 0


def test_overrides_are_of_locked_packages_and_have_a_reason(third_party: ModuleType) -> None:
    """Nothing said by hand outlives the package that it is about."""
    locked = {one.name for one in third_party.packages()}

    assert [name for name, (licence, why) in third_party.OVERRIDES.items() if not (licence and why)] == []
    assert set(third_party.OVERRIDES) <= locked


@pytest.mark.parametrize(
    ("licence", "locks", "refused"),
    [
        ("", ("run",), True),
        ("AGPL-3.0-only", ("dev",), True),
        ("GNU Affero General Public License v3", ("dev",), True),
        ("GPL-3.0-or-later", ("run", "dev"), True),
        ("gpl 3", ("spark",), True),
        ("GNU General Public License (GPL)", ("run",), True),
        ("GPL-3.0-or-later", ("dev",), False),
        ("LGPL-2.1-only", ("run",), False),
        ("GNU Lesser General Public License v3 (LGPLv3)", ("run",), False),
        ("MIT", ("run",), False),
    ],
)
def test_a_licence_is_refused_where_it_may_not_be(
    third_party: ModuleType, licence: str, locks: tuple[str, ...], refused: bool
) -> None:
    """An invented package is refused, or not, by its licence and its lock."""
    package = third_party.Package("invented", "1.0", licence, locks)

    assert bool(third_party.faults([package])) == refused


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (f"invented==1.0 \\\n    {HASH}\n", False),
        (f"invented[extra]==1.0 ; sys_platform == 'win32' \\\n    {HASH}\n", False),
        (f"httpinvented==1.0 \\\n    {HASH}\n", False),
        (f"# a remark\ninvented==1.0 {HASH}\n", False),
        ("invented==1.0\n", True),
        ("invented==1.0 --hash=md5:0\n", True),
        (f"invented==1.0 {HASH}\nother==2.0\n", True),
        (f"invented>=1.0 {HASH}\n", True),
        ("-e .\n", True),
        (f"--index-url packages\ninvented==1.0 {HASH}\n", True),
        (f"--extra-index-url=packages\ninvented==1.0 {HASH}\n", True),
        (f"invented==1.0 {HASH}\n# from http://packages.invalid\n", True),
        (f"invented @ https://packages.invalid/invented-1.0.whl {HASH}\n", True),
    ],
)
def test_a_lock_line_is_refused_where_it_may_not_be(third_party: ModuleType, text: str, refused: bool) -> None:
    """An invented lock is refused, or not, by what stands in it."""
    assert bool(third_party.lock_faults("invented", text)) == refused


@pytest.mark.parametrize(
    ("expression", "field", "classifiers", "expected"),
    [
        ("MIT", "ignored", [], "MIT"),
        ("", "MIT", ["License :: OSI Approved :: MIT License"], "MIT"),
        ("", "MIT", ["License :: OSI Approved :: GNU Affero General Public License v3"], None),
        ("", "Copyright (c)\nPermission is granted", ["License :: OSI Approved :: MIT License"], "MIT License"),
        ("", "", ["License :: OSI Approved"], ""),
        ("", "", [], ""),
    ],
)
def test_a_licence_is_told_from_metadata(
    third_party: ModuleType, expression: str, field: str, classifiers: list[str], expected: str | None
) -> None:
    """The expression first, then a short field, then classifiers; a field never hides a refused classifier."""
    found = third_party.told(expression, field, classifiers)

    assert "Affero" in found if expected is None else found == expected


def test_a_stale_list_is_noticed(
    third_party: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--check fails where the committed file is absent or differs by one version, and writes nothing itself."""
    for file in third_party.LOCKS.values():
        (tmp_path / file).write_text((ROOT / file).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(third_party, "ROOT", tmp_path)

    assert third_party.main(["--check"]) == 1
    assert not (tmp_path / third_party.FILE).exists()
    assert third_party.main([]) == 0
    assert third_party.main(["--check"]) == 0

    lock = tmp_path / third_party.LOCKS["run"]
    lock.write_text(lock.read_text(encoding="utf-8").replace("duckdb==2", "duckdb==3"), encoding="utf-8")
    assert third_party.main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().err
