"""Packages: what a receiver asks for is data; what fills each line is looked up; the zip has an index and hashes."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string

from junheng_web.evidence.models import File
from junheng_web.evidence.storage import intact, local
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.reports.models import Package, Report, Signature, Want, Wanted
from junheng_web.reports.services import Refused, may_write
from junheng_web.reports.wanted import SUMS, Make, found_of

MB = 2**20
INDEX = "目录.html"
FORBIDDEN = frozenset('\\/:*?"<>|')


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a receiver's list: what it is, how its file is to be called, how large it may be (0: no limit)."""

    name: str
    filename: str
    most_mb: int = 0
    kind: str = ""
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A line with what fills it: its content's hash and size, where that comes from, and what is wrong with it.

    What is made only when it is packed has `make`, and no hash before.
    """

    want: Want
    digest: str = ""
    size: int = 0
    source: str = ""
    url: str = ""
    wrong: str = ""
    make: Make | None = None


@transaction.atomic
def package_save(
    *,
    by: Scope | None,
    county: Area,
    receiver: str,
    asked: Sequence[Asked],
    package: Package | None = None,
    seen: int = 0,
) -> Package:
    """Keep a receiver's list. Raises PermissionDenied, Refused where another saved it meanwhile, ValidationError."""
    may_write(by, county)
    _check(receiver, asked)
    Area.objects.select_for_update().get(id=county.id)
    now = Package.objects.select_for_update().get(id=package.id) if package else _new(county)
    if package and now.revision != seen:
        raise Refused("您打开以后，别人改了这份清单；您填的还在下面，请对照着再存一次")
    now.receiver, now.revision = receiver.strip(), now.revision + (1 if package else 0)
    now.save()
    now.wants.all().delete()
    for at, one in enumerate(asked, 1):
        told = {"name": one.name, "filename": one.filename, "most_mb": one.most_mb, "kind": one.kind, "file": one.file}
        Want.objects.create(county=county, package=now, place=at, **told)
    audit.record("package.save", by=by, county=county, of=("package", now.code), lines=len(asked))
    return now


def _new(county: Area) -> Package:
    number = (Package.objects.of(county).aggregate(last=Max("number"))["last"] or 0) + 1
    return Package(county=county, number=number)


def _check(receiver: str, asked: Sequence[Asked]) -> None:
    if not receiver.strip():
        raise ValidationError("请写交给谁")
    if not asked:
        raise ValidationError("清单里还没有材料；请照接收单位的清单，一行写一样")
    for one in asked:
        if FORBIDDEN & {*one.filename} or one.filename in (SUMS, INDEX) or one.filename.startswith("."):
            raise ValidationError(f"文件名“{one.filename}”不能用：不要有 {' '.join(sorted(FORBIDDEN))}，也不要以点开头")
    twice = [name for name, many in Counter(one.filename for one in asked).items() if many > 1]
    if twice:
        raise ValidationError(f"文件名“{twice[0]}”用了两次；一份材料一个文件名")


def filled_of(scope: Scope, package: Package) -> list[Filled]:
    """Return a receiver's list with what fills each line today, as far as one sees it."""
    return [_filled(scope, one) for one in package.wants.select_related("file", "county")]


def _filled(scope: Scope, want: Want) -> Filled:
    if want.file:
        return _looked(want, want.file.digest, want.file.size, want.file.name, "")
    if want.kind in Wanted.values:
        found = found_of(scope, want.county, want.kind, want.filename.rsplit(".", 1)[-1].lower())
        wrong = found.wrong or _too_large(want, found.size)
        return Filled(want, "", found.size, found.source, found.url, wrong, found.make)
    signed = _signed(want)
    if signed is None:
        what = f"还没有签发的“{want.get_kind_display()}”" if want.kind else "还没有选用哪个文件"
        return Filled(want, wrong=what)
    ending = want.filename.rsplit(".", 1)[-1].lower()
    found = [one for one in signed.files if one["name"].lower().endswith(f".{ending}")]
    if not found:
        names = "、".join(one["name"] for one in signed.files)
        return Filled(want, url=signed.report.url, wrong=f"签发的文件里没有 .{ending} 的（有 {names}）")
    # Of an application the form itself stands after the letter that it comes with.
    one = found[-1]
    return _looked(want, one["digest"], one["size"], f"{signed.report.title}（{signed.day} 签发）", signed.report.url)


def _signed(want: Want) -> Signature | None:
    """Return the signature of the last signed report of a line's kind."""
    found = Signature.objects.of(want.county).filter(report__kind=want.kind, report__status=Report.Status.SIGNED)
    return found.select_related("report__county").order_by("-id").first() if want.kind else None


def _looked(want: Want, digest: str, size: int, source: str, url: str) -> Filled:
    wrong = _too_large(want, size)
    if not wrong and not want.kind and source.rsplit(".", 1)[-1].lower() != want.filename.rsplit(".", 1)[-1].lower():
        wrong = f"选的是“{source}”，接收单位要的是 .{want.filename.rsplit('.', 1)[-1]}：请另存后再选"
    return Filled(want, digest, size, source, url, wrong)


def _too_large(want: Want, size: int) -> str:
    if not want.most_mb or size <= want.most_mb * MB:
        return ""
    return f"{size / MB:.1f} MB，超过接收单位定的 {want.most_mb} MB：请压缩或拆开"


def write_zip(out: IO[bytes], package: Package, lines: Iterable[Filled], day: dt.date) -> list[Filled]:
    """Write a package, and return what is in it; what is made for it has its hash then.

    Raises ValidationError with every line that is not filled, or not as it was.
    """
    lines = list(lines)
    _refuse(lines)
    with contextlib.ExitStack() as held:
        made = {one.want.place: held.enter_context(one.make()) for one in lines if one.make}
        lines = [_measured(one, made[one.want.place]) if one.make else one for one in lines]
        _refuse(lines)
        _write(out, {"package": package, "lines": lines, "day": day}, made)
    return lines


def _refuse(lines: Sequence[Filled]) -> None:
    wrong = [f"{one.want.name}：{one.wrong}" for one in lines if one.wrong]
    stored = [one for one in lines if not one.wrong and not one.make]
    wrong += [f"{one.want.name}：文件坏了或不在了" for one in stored if not intact(one.digest)]
    if wrong:
        raise ValidationError(wrong)


def _measured(one: Filled, file: Path) -> Filled:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    size = file.stat().st_size
    return replace(one, digest=digest, size=size, wrong=_too_large(one.want, size))


def _write(out: IO[bytes], told: dict[str, Any], made: Mapping[int, Path]) -> None:
    lines: list[Filled] = told["lines"]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(INDEX, render_to_string("reports/index.html", told))
        package.writestr(SUMS, "".join(f"{one.digest}  {one.want.filename}\n" for one in lines))
        for one in lines:
            if one.make:
                package.write(made[one.want.place], one.want.filename)
            else:
                with local(one.digest) as original:
                    package.write(original, one.want.filename)


def package_sent(*, by: Scope, package: Package, lines: Sequence[Filled]) -> None:
    """Write down that a package was taken out, with what was in it."""
    told = {one.want.filename: one.digest for one in lines}
    audit.record("package.take", by=by, county=package.county, of=("package", package.code), files=told)
