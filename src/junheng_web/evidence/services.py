"""Files are taken in: checked by what they hold, stored by content, written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import puremagic
from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.evidence import storage
from junheng_web.evidence.models import File, Link
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

LARGEST = 50 * 2**20
# Ending: its media type, and the endings that its content may be recognised as.
KINDS: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "xlsx": (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            frozenset({"xlsx", "zip", "docx"}),
        ),
        "xls": ("application/vnd.ms-excel", frozenset({"xls", "doc", "msi"})),
        "docx": (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            frozenset({"docx", "zip", "xlsx"}),
        ),
        "pdf": ("application/pdf", frozenset({"pdf"})),
        "jpg": ("image/jpeg", frozenset({"jpg", "jpeg"})),
        "png": ("image/png", frozenset({"png"})),
        "zip": ("application/zip", frozenset({"zip"})),
        "csv": ("text/csv", frozenset()),
    }
)


def ending_of(name: str, head: bytes, size: int) -> str:
    """Return the ending of a file that may be taken in. Raises ValidationError with the reason why it may not."""
    ending = name.rsplit(".", 1)[-1].lower().replace("jpeg", "jpg") if "." in name else ""
    if ending not in KINDS:
        raise ValidationError(f"{name}：不收这种文件；可以交 {'、'.join(KINDS)}")
    if size > LARGEST:
        raise ValidationError(f"{name}：{size / 2**20:.0f} MB，超过 {LARGEST // 2**20} MB；请压缩图片，或拆开再交")
    if not size:
        raise ValidationError(f"{name}：文件是空的；请重新保存后再交")
    looks_like = {one.extension.lstrip(".") for one in puremagic.magic_string(head, name)} if head else set()
    if KINDS[ending][1].isdisjoint(looks_like) and KINDS[ending][1]:
        raise ValidationError(f"{name}：内容不是 {ending}；请用原来的程序打开，另存为 {ending} 再交")
    return ending


@transaction.atomic
def file_add(*, by: Scope, county: Area, name: str, head: bytes, size: int, chunks: Iterable[bytes]) -> File:
    """Take in a file and return it; the same content is the same file. Raises ValidationError as `ending_of` does."""
    ending = ending_of(name, head, size)
    digest, stored = storage.keep(chunks)
    known = {"name": name[:200], "media_type": KINDS[ending][0], "size": stored}
    file, new = File.objects.get_or_create(
        county=county, digest=digest, defaults={**known, "by_account": by.account.id, "by_name": str(by.account)}
    )
    if new:
        audit.record("file.add", by=by, county=county, of=("file", digest), name=name, size=stored)
    return file


@transaction.atomic
def file_link(*, by: Scope, file: File, of: tuple[str, str], note: str = "") -> Link:
    """Say that a file belongs to an object (kind, code) of the file's county."""
    link, new = Link.objects.get_or_create(
        county=file.county, file=file, object_kind=of[0], object_code=of[1], defaults={"note": note}
    )
    if new:
        audit.record("file.link", by=by, county=file.county, of=of, file=file.digest)
    return link
