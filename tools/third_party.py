"""Writes THIRD_PARTY.md from the locks: every package, its version, its licence, and which lock it stands in.

python tools/third_party.py            # writes the file
python tools/third_party.py --check    # writes nothing; exit status 1 where the committed file is out of date
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILE = "THIRD_PARTY.md"
LOCKS = {
    "run": "requirements.lock",
    "spark": "requirements-spark.lock",
    "scip": "requirements-scip.lock",
    "s3": "requirements-s3.lock",
    "dev": "requirements-dev.lock",
}
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)")
# An address or an index of packages: whoever installs says where packages come from.
ADDRESS = re.compile(r"https?:|://|^\s*(-i|-f|--index-url|--extra-index-url|--find-links)\b", re.IGNORECASE)
AGPL = re.compile(r"AGPL|Affero", re.IGNORECASE)
GPL = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public", re.IGNORECASE)
# A licence field longer than this holds the licence's text, not its name.
LONGEST_NAME = 40
# The locks are for every platform and Python; these packages are not installed on all of them, so that their
# metadata cannot always be asked. Each with the reason.
OVERRIDES = {
    "appnope": ("BSD-2-Clause", "installed on macOS only; its licence file has the two clauses"),
    "colorama": ("BSD-3-Clause", "installed on Windows only; its licence file has the three clauses"),
    "pypdfium2": (
        "BSD-3-Clause OR Apache-2.0",
        "its licence field adds those of what PDFium carries, all permissive",
    ),
    "python-dateutil": ("Apache-2.0 OR BSD-3-Clause", "its metadata says `Dual License`; its licence file names both"),
    "tzdata": ("Apache-2.0", "installed on Windows only; its licence file is Apache-2.0"),
    "waitress": ("ZPL-2.1", "installed on Windows only; its licence file is the Zope Public License 2.1"),
    "pyyaml-ft": ("MIT", "installed on Python 3.13 only; a fork of PyYAML under the same licence"),
}
# What stands in the project's own tree: name, version, licence, where, and the tool that renews it.
VENDORED = (
    ("echarts", "6.1.0", "Apache-2.0", "src/junheng/output/assets/echarts", "tools/vendor.py"),
    ("bootstrap", "5.3.9", "MIT", "src/junheng_web/common/static/vendor/bootstrap", "tools/vendor.py"),
    ("htmx", "4.0.1", "0BSD", "src/junheng_web/common/static/vendor/htmx", "tools/vendor.py"),
    ("axe-core (tests)", "4.14.1", "MPL-2.0", "tests/journeys/assets/axe-core", "tools/vendor.py"),
)


@dataclass(frozen=True, slots=True)
class Package:
    """One locked package; `locks` are the short names of the locks in which it stands."""

    name: str
    version: str
    licence: str
    locks: tuple[str, ...]


def lock_texts() -> dict[str, str]:
    """Return the text of every lock under its short name."""
    return {lock: (ROOT / file).read_text(encoding="utf-8") for lock, file in LOCKS.items()}


def entries(text: str) -> Iterator[str]:
    """Yield what a lock asks for, one requirement or option at a time, its continued lines joined."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip()


def packages() -> list[Package]:
    """Return every package of every lock, by name and version."""
    found: dict[tuple[str, str], list[str]] = {}
    for lock, text in lock_texts().items():
        for match in filter(None, map(PINNED.match, entries(text))):
            found.setdefault((match[1].lower(), match[2]), []).append(lock)
    return [Package(name, version, licence_of(name), tuple(locks)) for (name, version), locks in sorted(found.items())]


def licence_of(name: str) -> str:
    """Return a package's licence: as the overrides say, else as its metadata says; empty where nobody does."""
    if name in OVERRIDES:
        return OVERRIDES[name][0]
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classifiers = [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    return told(about.get("License-Expression") or "", about.get("License") or "", classifiers)


def told(expression: str, field: str, classifiers: list[str]) -> str:
    """Return the licence that metadata tells: the expression, else a short licence field, else the classifiers.

    A field never hides a classifier that names the GPL or the AGPL.
    """
    named = [one.split(" :: ")[-1] for one in classifiers if not one.endswith("OSI Approved")]
    name = field.strip() if "\n" not in field.strip() and len(field.strip()) <= LONGEST_NAME else ""
    if name:
        named = [name, *(one for one in named if AGPL.search(one) or GPL.search(one))]
    return expression.strip() or " / ".join(named)


def faults(found: list[Package]) -> list[str]:
    """Return what must not be: a package without a licence, AGPL anywhere, GPL outside the developers' tools."""
    wrong = []
    for one in found:
        if not one.licence:
            wrong.append(f"{one.name}: no licence known; see OVERRIDES in tools/third_party.py")
        elif AGPL.search(one.licence):
            wrong.append(f"{one.name}: {one.licence}")
        elif GPL.search(one.licence) and one.locks != ("dev",):
            wrong.append(f"{one.name}: {one.licence} outside the developers' tools")
    return wrong


def lock_faults(lock: str, text: str) -> list[str]:
    """Return what must not stand in a lock: an address, or anything but an exact version with its hashes."""
    wrong = [f"{lock}: {line.strip()}: an address" for line in text.splitlines() if ADDRESS.search(line)]
    for entry in entries(text):
        what = entry.split(" ")[0]
        if not PINNED.match(entry):
            wrong.append(f"{lock}: {what}: not a package with its exact version")
        elif not re.search(r" --hash=sha256:[0-9a-f]{64}\b", entry):
            wrong.append(f"{lock}: {what}: without --hash")
    return wrong


def render(found: list[Package]) -> str:
    """Return the file's text."""
    rows = "\n".join(f"| {one.name} | {one.version} | {one.licence} | {', '.join(one.locks)} |" for one in found)
    vendored = "\n".join(f"| {' | '.join(one)} |" for one in VENDORED)
    by_hand = "\n".join(f"- {name}: {licence} ({why})" for name, (licence, why) in OVERRIDES.items())
    return (
        "# What junheng builds on\n\n"
        "Made by `tools/third_party.py` from the lock files and from what the packages say of themselves. A package\n"
        "stands twice where the locks hold different versions for different Pythons. `run` is what use needs;\n"
        "`spark`, `scip` and `s3` are options; `dev` is for building and testing, and is not passed on.\n\n"
        f"| package | version | licence | locks |\n|---|---|---|---|\n{rows}\n\n"
        "Carried in the project itself, each with its licence and notice beside it:\n\n"
        f"| what | version | licence | where | renewed by |\n|---|---|---|---|---|\n{vendored}\n\n"
        f"Said by hand:\n\n{by_hand}\n"
    )


def main(arguments: list[str]) -> int:
    """Write the file, or check it; 1 where something is not allowed, or the file is out of date."""
    found = packages()
    wrong = [*faults(found), *(one for lock, text in lock_texts().items() for one in lock_faults(lock, text))]
    file, text = ROOT / FILE, render(found)
    if "--check" not in arguments:
        file.write_text(text, encoding="utf-8")
    elif not file.is_file() or file.read_text(encoding="utf-8") != text:
        wrong.append(f"{FILE} is out of date: run python tools/third_party.py")
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
