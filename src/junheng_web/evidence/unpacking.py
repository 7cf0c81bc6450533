"""A zip is unpacked into single files, each looked at as if it had come alone; the folders in it are not kept."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.core.exceptions import ValidationError

from junheng_web.evidence.models import File
from junheng_web.evidence.packages import BROKEN, Dangerous, members, named
from junheng_web.evidence.services import Later, file_add
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

CHUNK = 1 << 20
# What computers put into a zip by themselves.
LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(slots=True)
class Unpacked:
    """What came of a zip: the files that were taken in, and why others were not."""

    files: list[File] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def zip_unpack(*, by: Scope, county: Area, file: Path, name: str) -> Unpacked:
    """Take in each file of a zip. Raises ValidationError where the zip must not be opened at all, Later.

    What was taken in before it has to wait is a file already: taken in again, it is the same one.
    """
    try:
        listed = members(file)
    except Dangerous as why:
        raise ValidationError(f"{name}：{why}") from None
    out = Unpacked()
    with zipfile.ZipFile(file) as package:
        for one in listed:
            if not any(litter in one.filename for litter in LITTER):
                _take(by, county, package, one, out)
    return out


def _take(by: Scope, county: Area, package: zipfile.ZipFile, one: zipfile.ZipInfo, out: Unpacked) -> None:
    try:
        with package.open(one) as content:
            file, _ = file_add(by=by, county=county, name=named(one), chunks=_chunks(content, one.file_size))
        out.files.append(file)
    except Later:
        raise
    except ValidationError as why:
        out.refused.extend(why.messages)
    except BROKEN:
        out.refused.append(f"{named(one)}：压缩包里的这个文件坏了；请单独交")


def _chunks(content: IO[bytes], size: int) -> Iterator[bytes]:
    """Yield a member's content, as much as its directory said and no more."""
    left = size
    while left > 0 and (chunk := content.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk
