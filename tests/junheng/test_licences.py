"""Every package that we build on has a licence that we may build on."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


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


def test_the_list_of_what_we_build_on_is_up_to_date(third_party: ModuleType) -> None:
    """THIRD_PARTY.md names the packages and versions of the locks."""
    text = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    named = {
        tuple(part.strip() for part in line.split("|")[1:3]) for line in text.splitlines() if line.startswith("| ")
    }
    assert {(one.name, one.version) for one in third_party.packages()} <= named


@pytest.mark.parametrize(
    ("licence", "locks", "refused"),
    [
        ("", ("run",), True),
        ("AGPL-3.0-only", ("dev",), True),
        ("GNU Affero General Public License v3", ("dev",), True),
        ("GPL-3.0-or-later", ("run", "dev"), True),
        ("GPL-3.0-or-later", ("dev",), False),
        ("LGPL-2.1-only", ("run",), False),
        ("MIT", ("run",), False),
    ],
)
def test_the_check_can_fail(third_party: ModuleType, licence: str, locks: tuple[str, ...], refused: bool) -> None:
    """An invented package is refused, or not, by its licence."""
    package = third_party.Package("invented", "1.0", licence, locks)
    assert bool(third_party.faults([package])) == refused
