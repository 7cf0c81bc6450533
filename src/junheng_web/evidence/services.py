"""Files are taken in: checked by what they hold, stored by content, written down, linked to what they prove."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.evidence import contents, storage
from junheng_web.evidence.buckets import Unavailable
from junheng_web.evidence.dangers import danger_in
from junheng_web.evidence.endings import ending_of
from junheng_web.evidence.kinds import SENDER
from junheng_web.evidence.models import NAME, File, Link, Passage
from junheng_web.evidence.readers import kinds
from junheng_web.evidence.viruses import virus_in
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

LARGEST = 50 * 2**20
LONGEST_NAME = 200
UNTOLD = "（不记）"
# What a file belongs to: an object of any room, by kind and code.
Object = tuple[str, str]
NOTHING: Object = ("", "")
CODE = re.compile(r"[\w.:-]{1,80}")


class Later(ValidationError):
    """A file that cannot be taken in now, through no fault of its own: what has come of it is to be kept."""


def own_name(name: str) -> str:
    """Return a file's own name: without folders, whatever system it comes from, and without signs that hide others."""
    return "".join(sign for sign in name.replace("\\", "/").rsplit("/", 1)[-1] if sign.isprintable())


def too_large(name: str, most: int | None = None) -> ValidationError:
    """Return the error of a file that is larger than is taken in."""
    return ValidationError(f"{name}：超过 {(most or LARGEST) // 2**20} MB；请压缩图片，或拆开再交")


def file_add(
    *,
    by: Scope,
    county: Area,
    name: str,
    chunks: Iterable[bytes],
    of: Object = NOTHING,
    named: bool = True,
    most: int | None = None,
) -> tuple[File, bool]:
    """Take in a file, linked to an object (kind, code); return it, and whether it is new: the same content is one file.

    `named`: the audit is told its name, unless more eyes read the audit than may read what the name says.
    Raises ValidationError with the reason where it is of no known kind, empty, larger than `most`, not what its name
    says, or carries what might do harm; Later where it cannot be stored now.
    """
    if of != NOTHING:
        _named(of)
    name = own_name(name)
    ending = ending_of(name)
    try:
        with storage.incoming(chunks, most or LARGEST) as content:
            _look(name, ending, content)
            # Before the transaction: nobody waits for a lock while a server takes it in.
            content.store()
            return _written_down(by, county, name[-LONGEST_NAME:], contents.KINDS[ending], content, of, named)
    except storage.TooLarge:
        raise too_large(name, most) from None
    except Unavailable:
        raise Later(f"{name}：存放文件的服务器现在用不了，没有收下；请过几分钟再交，还不行请告诉管理员") from None


def _look(name: str, ending: str, content: storage.Incoming) -> None:
    if not content.size:
        raise ValidationError(f"{name}：文件是空的；请重新保存后再交")
    kind = contents.kind_of(content.path)
    if kind == "locked":
        raise ValidationError(f"{name}：设有打开密码；请在 WPS 或 Office 里取消密码，另存后再交")
    if kind != ending:
        really = f"其实是 {kind}" if kind else f"不是 {ending}"
        raise ValidationError(f"{name}：内容{really}；请用原来的程序打开，另存为 {ending} 再交")
    if why := danger_in(content.path, kind) or virus_in(content.path):
        raise ValidationError(f"{name}：{why}")


@transaction.atomic
def _written_down(
    by: Scope, county: Area, name: str, media_type: str, content: storage.Incoming, of: Object, named: bool
) -> tuple[File, bool]:
    known = {"name": name, "media_type": media_type, "size": content.size}
    file, new = File.objects.get_or_create(
        county=county,
        digest=content.digest,
        defaults={**known, "by_account": by.account.id, "by_name": str(by.account)},
    )
    if new:
        Passage.saying(file, NAME, file.name).save()
        told = {"name": name if named else UNTOLD, "size": file.size}
        audit.record("file.add", by=by, county=county, of=("file", file.digest), **told)
    elif by.account.id != file.by_account:
        file_link(by=by, file=file, of=(SENDER, str(by.account.id)), note=str(by.account))
    if of != NOTHING:
        file_link(by=by, file=file, of=of)
    return file, new


@transaction.atomic
def file_link(*, by: Scope, file: File, of: Object, note: str = "") -> Link:
    """Say that a file belongs to an object (kind, code) of the file's county.

    Raises ValidationError for no name, and for a kind of which nobody has said who reads its files.
    """
    _named(of)
    link, new = Link.objects.get_or_create(
        county=file.county, file=file, object_kind=of[0], object_code=of[1], defaults={"note": note[:200]}
    )
    if new:
        audit.record("file.link", by=by, county=file.county, of=of, file=file.digest)
    return link


def _named(of: Object) -> None:
    if of[0] not in kinds() or not CODE.fullmatch(of[1]):
        raise ValidationError("关联的编号只能用字母、数字、汉字和 . : - _，不超过 80 个字")


@transaction.atomic
def file_unlink(*, by: Scope, link: Link) -> None:
    """Say that a file does not belong to an object after all; the file stays, and so does what was done."""
    audit.record(
        "file.unlink",
        by=by,
        county=link.county,
        of=(link.object_kind, link.object_code),
        file=link.file.digest,
    )
    link.delete()
