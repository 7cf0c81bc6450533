"""Writes THIRD_PARTY.md from the locks: every package, its version, its licence, and which lock it stands in.

python tools/third_party.py            # writes the file
python tools/third_party.py --check    # fails where the committed file is out of date
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = {
    "run": "requirements.lock",
    "spark": "requirements-spark.lock",
    "scip": "requirements-scip.lock",
    "dev": "requirements-dev.lock",
}
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)
# Packages of other platforms or Pythons, which are not installed here, and those whose metadata names no licence.
KNOWN = {
    "colorama": "BSD-3-Clause",
    "exceptiongroup": "MIT",
    "numpy": "BSD-3-Clause",
    "pyspark": "Apache-2.0",
    "py4j": "BSD-3-Clause",
    "pyyaml-ft": "MIT",
    "tomli": "MIT",
    "tzdata": "Apache-2.0",
    "pywin32": "PSF-2.0",
    "roman-numerals": "0BSD OR CC0-1.0",
}


@dataclass(frozen=True, slots=True)
class Package:
    """One locked package."""

    name: str
    version: str
    licence: str
    locks: tuple[str, ...]


def packages() -> list[Package]:
    """Return every package of every lock, by name."""
    found: dict[tuple[str, str], list[str]] = {}
    for lock, file in LOCKS.items():
        for name, version in PINNED.findall((ROOT / file).read_text(encoding="utf-8")):
            found.setdefault((name.lower(), version), []).append(lock)
    return [Package(name, version, licence_of(name), tuple(locks)) for (name, version), locks in sorted(found.items())]


def licence_of(name: str) -> str:
    """Return a package's licence as its metadata gives it, short; empty where nobody says."""
    if name in KNOWN:
        return KNOWN[name]
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classifiers = [one.split(" :: ")[-1] for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    told = about.get("License-Expression") or " / ".join(one for one in classifiers if one != "OSI Approved")
    return told or next(iter((about.get("License") or "").strip().splitlines()), "")


def faults(found: list[Package]) -> list[str]:
    """Return what must not be: a package without a licence, AGPL anywhere, GPL outside the developers' tools."""
    wrong = []
    for one in found:
        if not one.licence:
            wrong.append(f"{one.name}: no licence known")
        if re.search(r"AGPL|Affero", one.licence):
            wrong.append(f"{one.name}: {one.licence}")
        elif re.search(r"(?<!L)GPL|(?<!Lesser )General Public", one.licence) and one.locks != ("dev",):
            wrong.append(f"{one.name}: {one.licence} outside the developers' tools")
    return wrong


def render(found: list[Package]) -> str:
    """Return the file's text."""
    rows = "\n".join(f"| {one.name} | {one.version} | {one.licence} | {', '.join(one.locks)} |" for one in found)
    return (
        "# What junheng builds on\n\nMade by `tools/third_party.py` from the lock files.\n\n"
        f"| package | version | licence | locks |\n|---|---|---|---|\n{rows}\n"
    )


def main(arguments: list[str]) -> int:
    """Write the file, or check it; 1 where a licence is missing or not allowed, or the file is stale."""
    found = packages()
    if wrong := faults(found):
        print(*wrong, sep="\n", file=sys.stderr)
        return 1
    file = ROOT / "THIRD_PARTY.md"
    if "--check" in arguments:
        return 0 if file.read_text(encoding="utf-8") == render(found) else 1
    file.write_text(render(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
