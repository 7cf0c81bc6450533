"""Renews what stands in the project's own tree: pinned npm packages, checked, without their source maps.

python tools/vendor.py            # needs npm; writes each package's folder anew
python tools/vendor.py --check    # needs nothing; exit status 1 where a file is not the one that is recorded
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
# A browser that looks for a map would leave the page, and the platform's static files would lack the file.
SOURCE_MAP = re.compile(rb"\n?(//|/\*)[#@] sourceMappingURL=\S*(\s*\*/)?\s*$")


@dataclass(frozen=True, slots=True)
class Carried:
    """An npm package of which `files` (path in the package: SHA-256 of what is written) stand in `folder`."""

    name: str
    version: str
    sha256: str
    folder: str
    files: Mapping[str, str]


PACKAGES = (
    # The build with bars and lines alone, its licences, and the notice that they ask us to pass on.
    Carried(
        "echarts",
        "6.1.0",
        "681aff88cc1038c3fa941a3a53d1b177a52250b05335efc607d6105ae13be481",
        "src/junheng/output/assets/echarts",
        {
            "dist/echarts.simple.min.js": "5eef51bee09fb9cc234c4179a58ae0150126f49f88c992efe2d6bca81d8dd03b",
            "LICENSE": "634293835b43a6dd2094fa39182a3d9a6b9ca43b7fdb9ac354e8037af2a3093a",
            "NOTICE": "d491d358344f842685c1b1585970999db65fe30ecf7ef3867af8814f4016c016",
            "licenses/LICENSE-d3": "e1211892da0b0e0585b7aebe8f98c1274fba15bafe47fa1f4ee8a7a502c06304",
        },
    ),
    Carried(
        "bootstrap",
        "5.3.9",
        "06bdf78289c3c12ea99d40df84eedf6278c724c73eebf38f11f3a65b44ec8c94",
        "src/junheng_web/common/static/vendor/bootstrap",
        {
            "dist/css/bootstrap.min.css": "06395d93f5adbc0593ed84544eb043fa32ab8619c6b7195e803e119f5b9f3672",
            "LICENSE": "bc0cd18d94c028f1c0b62ec9fdaddcb9921c1e07c29cf52dc7df8cca9daf2488",
        },
    ),
    Carried(
        "htmx.org",
        "4.0.1",
        "5fba65616ca148a86d377e9771bcada7f35faee3558651feb929eea425e13b3c",
        "src/junheng_web/common/static/vendor/htmx",
        {
            "dist/htmx.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
            "LICENSE": "d3d2456f76414f2456104660ebd65aff1c04cd7966b942bdabd63f3cdb316a38",
        },
    ),
    # Looks for what shuts people out; the tests alone use it.
    Carried(
        "axe-core",
        "4.14.1",
        "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
        "tests/journeys/assets/axe-core",
        {
            "axe.min.js": "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",
            "LICENSE": "af175b9d96ee93c21a036152e1b905b0b95304d4ae8c2c921c7609100ba8df7e",
            "LICENSE-3RD-PARTY.txt": "4f8563870d0fca38bbc3e00b6f670cb7fa9f380ba9f26a7f7d1184a6b18b1653",
        },
    ),
)


def main(arguments: list[str]) -> int:
    """Write the files, or check them; 1 where something is not as recorded."""
    if "--check" not in arguments:
        for package in PACKAGES:
            with tempfile.TemporaryDirectory() as folder:
                _unpack(package, _packed(package, Path(folder)))
    wrong = [fault for package in PACKAGES for fault in faults(package)]
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


def _packed(package: Carried, folder: Path) -> Path:
    """Return the package as npm gives it, if it is the recorded one."""
    asked = f"{package.name}@{package.version}"
    subprocess.run(["npm", "pack", "--silent", asked], cwd=folder, check=True, stdout=sys.stderr)
    (file,) = folder.glob("*.tgz")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"{asked} has the SHA-256 {found}, not the recorded one; nothing of it was written")
    return file


def _unpack(package: Carried, file: Path) -> None:
    folder = ROOT / package.folder
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(file) as archive:
        for name in package.files:
            content = archive.extractfile(f"package/{name}")
            if content is None:
                raise SystemExit(f"{name} is no file in {package.name}")
            (folder / Path(name).name).write_bytes(SOURCE_MAP.sub(b"\n", content.read()))


def faults(package: Carried) -> list[str]:
    """Return a line for each file of a package that is not the recorded one."""
    recorded = {Path(name).name: digest for name, digest in package.files.items()}
    folder = ROOT / package.folder
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.glob("*")}
    return [
        f"{package.folder}/{name}: expected {recorded.get(name, 'no such file')}, found {found.get(name, 'no file')}"
        for name in sorted(found.keys() | recorded.keys())
        if found.get(name) != recorded.get(name)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
