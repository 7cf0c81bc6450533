"""Signing: what is quoted is frozen with its trace, and so are the words, the tables and each file; nothing blocks."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from junheng_web.evidence.services import file_add
from junheng_web.evidence.storage import intact
from junheng_web.organisation import audit, events
from junheng_web.organisation.scopes import Scope
from junheng_web.reports.assessed import run_for
from junheng_web.reports.catalogue import catalogue
from junheng_web.reports.checking import Looked, blocking
from junheng_web.reports.figures import Catalogue
from junheng_web.reports.models import Report, Signature, Version
from junheng_web.reports.printed import tables_of
from junheng_web.reports.producing import files_of
from junheng_web.reports.references import filled, quoted
from junheng_web.reports.services import (
    KIND,
    Deed,
    Refused,
    Status,
    held,
    last_version,
    may_write,
    move,
    office_of,
    step_add,
    tell,
)


def signs(by: Scope, report: Report) -> bool:
    """Whether somebody holds the post that signs."""
    return report.signer_id in {post.id for post in by.posts_in(report.county)}


@transaction.atomic
def report_sign(
    *, by: Scope, report: Report, seen: int, day: dt.date, signer: str = "", scan: UploadedFile | None = None
) -> Signature:
    """Sign a report that nothing blocks; what it says is from now on what it said today.

    Who signed on paper is named, with the scan, by the office (代录). Raises PermissionDenied, Refused where it was not
    sent to review or another version stands, ValidationError with all that blocks.
    """
    now = held(report, Status.REVIEW)
    own = signs(by, now)
    if not own:
        _on_paper(by, now, scan, signer)
    if seen != now.version:
        raise Refused(f"您看的是第 {seen} 稿，现在是第 {now.version} 稿：请先看看改了什么，再签发")
    figures, version = catalogue(now.county, day), last_version(now)
    if found := blocking(Looked(by, now, version, figures, day)):
        raise ValidationError([f"{one.told}。{one.remedy}（{one.who}）" for one in found])
    made = _freeze(by, now, version, figures, day, str(by.account) if own else signer.strip(), behalf=not own)
    if scan is not None:
        file_add(by=by, county=now.county, name=scan.name or "", chunks=scan.chunks(), of=(KIND, now.code))
    move(now, Status.SIGNED)
    step_add(by, now, Deed.SIGN, behalf=not own)
    events.announce("report.signed", county=now.county, of=("report", now.code))
    tell(by, now, office_of(now.county), f"{now.get_kind_display()}已签发", "signed")
    return made


def _on_paper(by: Scope, now: Report, scan: UploadedFile | None, signer: str) -> None:
    may_write(by, now.county)
    if scan is None or not signer.strip():
        raise ValidationError(f"由“{now.signer}”签发；在纸上签过的，请写签发人，并上传签过字的扫描件，由办公室代录")


def _freeze(
    by: Scope, now: Report, version: Version, figures: Catalogue, day: dt.date, signer: str, *, behalf: bool
) -> Signature:
    frozen = [figures[key].frozen for key in quoted(version.text)]
    words, run = filled(version.text, figures), run_for(now.county)
    files = [
        _kept(by, now, name, content) for name, content in files_of(by, now, version, figures, day, signer).items()
    ]
    told = {"version": version.number, "run": run.code if run else "", "day": day, "words": words}
    tables = tables_of(by, now, version)
    told |= {"figures": frozen, "files": files, "tables": tables}
    told["digest"] = digest_of(words, frozen, files, tables)
    signed = {"signed_by": signer[:60], "behalf": behalf, **audit.signed(by)}
    return Signature.objects.create(county=now.county, report=now, **told, **signed)


def _kept(by: Scope, now: Report, name: str, content: bytes) -> dict[str, Any]:
    """Keep a file of the report, and return how it is named and known."""
    file, _ = file_add(by=by, county=now.county, name=name, chunks=[content], of=(KIND, now.code))
    return {"name": name, "digest": file.digest, "size": len(content)}


def digest_of(words: str, figures: Sequence[Any], files: Sequence[Any], tables: Sequence[Any] | None) -> str:
    """Return the SHA-256 of all that was frozen; what was signed before tables were kept has none of them in it."""
    kept = [words, figures, files, *([] if tables is None else [tables])]
    told = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def faults(signature: Signature) -> list[str]:
    """Return what is not as it was when it was signed; nothing where all is."""
    found = [f"文件“{one['name']}”和签发时不同，或不在了" for one in signature.files if not intact(one["digest"])]
    kept = (signature.words, signature.figures, signature.files, signature.tables)
    if digest_of(*kept) != signature.digest:
        found.append("签发的正文、数字或附表被改动过")
    return found
