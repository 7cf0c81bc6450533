"""Renews the chart library that HTML pages carry inside: the pinned package, checked, without its source map.

python tools/vendor.py            # needs npm; writes src/junheng/output/assets/echarts
python tools/vendor.py --check    # needs nothing; exit status 1 where a file there is not the one that is recorded
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "junheng" / "output" / "assets" / "echarts"
NAME, VERSION = "echarts", "6.1.0"
PACKAGE_SHA256 = "681aff88cc1038c3fa941a3a53d1b177a52250b05335efc607d6105ae13be481"
# The build with bars and lines alone, its licences, and the notice that they ask us to pass on.
FILES = (
    "package/dist/echarts.simple.min.js",
    "package/LICENSE",
    "package/NOTICE",
    "package/licenses/LICENSE-d3",
)
RECORDED = {
    "echarts.simple.min.js": "5eef51bee09fb9cc234c4179a58ae0150126f49f88c992efe2d6bca81d8dd03b",
    "LICENSE-d3": "e1211892da0b0e0585b7aebe8f98c1274fba15bafe47fa1f4ee8a7a502c06304",
    "LICENSE": "634293835b43a6dd2094fa39182a3d9a6b9ca43b7fdb9ac354e8037af2a3093a",
    "NOTICE": "d491d358344f842685c1b1585970999db65fe30ecf7ef3867af8814f4016c016",
}
# A browser that looks for a map would leave the page.
SOURCE_MAP = re.compile(rb"\n?//[#@] sourceMappingURL=\S*\s*$")


def main(arguments: list[str]) -> int:
    """Write the files, or check them; 1 where something is not as recorded."""
    if "--check" not in arguments:
        with tempfile.TemporaryDirectory() as folder:
            _unpack(_packed(Path(folder)))
    wrong = faults()
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


def _packed(folder: Path) -> Path:
    """Return the package as npm gives it, if it is the recorded one."""
    subprocess.run(["npm", "pack", "--silent", f"{NAME}@{VERSION}"], cwd=folder, check=True, stdout=sys.stderr)
    (package,) = folder.glob("*.tgz")
    found = hashlib.sha256(package.read_bytes()).hexdigest()
    if found != PACKAGE_SHA256:
        raise SystemExit(f"{NAME} {VERSION} has the SHA-256 {found}, not the recorded one; nothing was written")
    return package


def _unpack(package: Path) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tarfile.open(package) as archive:
        for name in FILES:
            content = archive.extractfile(name)
            if content is None:
                raise SystemExit(f"{name} is no file in the package")
            (FOLDER / Path(name).name).write_bytes(SOURCE_MAP.sub(b"\n", content.read()))


def faults() -> list[str]:
    """Return a line for each file that is not the recorded one."""
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FOLDER.glob("*")}
    return [
        f"{name}: expected {RECORDED.get(name, 'no such file')}, found {found.get(name, 'no file')}"
        for name in sorted(found.keys() | RECORDED.keys())
        if found.get(name) != RECORDED.get(name)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
