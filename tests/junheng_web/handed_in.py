"""Files as somebody hands them in: the example whole, damaged, zipped, of another county."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from places import EXAMPLES

WORKBOOK = EXAMPLES / "shili" / "shili.xlsx"
TABLES = EXAMPLES / "shili" / "facts"


def named(name: str, content: bytes) -> SimpleUploadedFile:
    """Return content under a name, as a browser sends it."""
    return SimpleUploadedFile(name, content)


def workbook() -> SimpleUploadedFile:
    """Return the example's workbook."""
    return named("示例旗.xlsx", WORKBOOK.read_bytes())


def tables() -> dict[str, bytes]:
    """Return the example's tables by the names of their files."""
    return {file.name: file.read_bytes() for file in TABLES.glob("*.csv")}


def zipped(files: Mapping[str, bytes], name: str = "示例旗.zip") -> SimpleUploadedFile:
    """Return files as one zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for one, content in files.items():
            package.writestr(one, content)
    return named(name, out.getvalue())


def changed(change: Callable[[str], str], table: str = "schools") -> dict[str, bytes]:
    """Return the example's tables with the text of one changed."""
    files = tables()
    files[f"{table}.csv"] = change(files[f"{table}.csv"].decode()).encode()
    return files


def schools(many: int, folder: Path) -> SimpleUploadedFile:
    """Return as many made-up schools as wanted, as a zip of tables."""
    from junheng import api as jh
    from made_up import facts_of

    jh.write_csv(facts_of(many), folder / "many")
    packed = zipped({file.name: file.read_bytes() for file in (folder / "many").glob("*.csv")})
    shutil.rmtree(folder / "many")
    return packed
