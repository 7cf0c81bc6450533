"""Taking in the scan of a sealed form: the code on it says which version it is, read from it or typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from junheng_web.collection.handing.approving import digest_of, may_fill, status_of
from junheng_web.collection.handing.deeds import DEEDS, Status
from junheng_web.collection.handing.versions import changed_since
from junheng_web.collection.ledger.addresses import form_address
from junheng_web.collection.ledger.saving import thawed_ledger
from junheng_web.collection.ledger.subjects import NoSuchForm, Subject, subject
from junheng_web.collection.ledger.submissions import Step, Submission
from junheng_web.collection.sealed.marks import Mark, spaced, typed_code
from junheng_web.collection.sealed.scans import marks_in
from junheng_web.collection.sealed.seals import SealedForm
from junheng_web.evidence.services import file_add, file_link
from junheng_web.organisation import audit, events
from junheng_web.organisation.scopes import Scope

Matched = SealedForm.Matched
KIND = "sealed"
PICTURES = ("application/pdf", "image/jpeg", "image/png")


def form_seal(*, by: Scope, one: Subject, file: Any, typed: str = "", **about: Any) -> SealedForm:
    """Attach the scan of a form that was signed and sealed to the version that it seals.

    `about`: formed_on (a day or None), original (where the paper is), note.

    `file` has a name and chunks(). A lock does not stop it, since no number changes. Raises PermissionDenied, Locked
    in a frozen period, ValidationError where the code cannot be read, is another form's, or no version's.
    """
    if not may_fill(by, one):
        raise PermissionDenied
    # Pages take seconds to read: nobody's writes wait for that.
    short, matched = _code(one, marks_in(b"".join(file.chunks())), typed)
    return _attached(by, one, file, short, matched, about)


@transaction.atomic
def _attached(by: Scope, one: Subject, file: Any, short: str, matched: str, about: dict[str, Any]) -> SealedForm:
    held = thawed_ledger(one.ledger)
    kept, _ = file_add(by=by, county=held.county, name=file.name, chunks=file.chunks())
    if kept.media_type not in PICTURES:
        raise ValidationError(f"{kept.name}：盖章件请交扫描的 PDF，或 JPG、PNG 照片")
    submission, _ = Submission.objects.get_or_create(county=held.county, ledger=held, kind=one.kind, subject=one.code)
    digest, moment = _version(one, submission, short)
    file_link(by=by, file=kept, of=(KIND, f"{submission.code}:{short}"))
    known = {"submission": submission, "digest": digest, "version_at": moment, "file": kept, "matched": matched}
    sealed = SealedForm.objects.create(county=held.county, **known, **about, **audit.signed(by))
    of = ("submission", submission.code)
    audit.record("form.seal", by=by, county=held.county, of=of, digest=digest, file=kept.digest, matched=matched)
    events.announce("form.sealed", county=held.county, of=of)
    return sealed


def _code(one: Subject, marks: list[Mark], typed: str) -> tuple[str, str]:
    """Return the short code of the version that a scan is of, and how it was found out."""
    asked = typed_code(typed)
    if typed and not asked:
        raise ValidationError(f"校验码“{typed}”不完整：请照打印件右上角抄 12 位，例如 ab12-cd34-ef56")
    own = [mark.short for mark in marks if mark.of(one)]
    if marks and not own:
        raise ValidationError(f"扫描件上的二维码是{_named(one, marks[0])}的，不是这份表：请核对是不是拿错了纸")
    if own and asked and asked not in own:
        raise ValidationError(f"扫描件上读出的校验码是 {spaced(own[0])}，您填的是 {spaced(asked)}：请核对，或留空")
    if not own and not asked:
        raise ValidationError("扫描件上没有读出二维码：请照打印件右上角填 12 位校验码，再交一次；或扫得清楚些")
    return (own[0], Matched.READ) if own else (asked, Matched.TYPED)


def _named(one: Subject, mark: Mark) -> str:
    """Return what the form of a mark is called, in the words of the county whose scan it is."""
    label = dict(one.ledger.Basis.choices).get(mark.basis, mark.basis)
    try:
        name = subject(one.ledger, mark.kind, mark.code).name
    except NoSuchForm:
        name = mark.code
    return f"“{name}” {mark.period} 年{label}"


def _version(one: Subject, submission: Submission, short: str) -> tuple[str, dt.datetime]:
    """Return the hash and moment of the version that bears a short code: what is held now, or what was handed in."""
    if (now := digest_of(one)).startswith(short):
        return now, timezone.now()
    step = submission.steps.filter(digest__startswith=short).first()
    if step is None:
        raise ValidationError(
            f"校验码 {spaced(short)} 不是这份表现在的数，也不是提交过的任何一版：打印之后数改过。请重新打印、签字、盖章"
        )
    return step.digest, step.at


def seals(one: Subject) -> dict[str, Any]:
    """Return what the page of a form's seals shows: its present code, and every scan with what changed since."""
    now, status = digest_of(one), status_of(one)
    found = SealedForm.objects.filter(
        submission__ledger=one.ledger, submission__kind=one.kind, submission__subject=one.code
    ).select_related("file__county")
    rows = [_seal(one, each, now) for each in found]
    return {
        "subject": one,
        "code": spaced(now),
        "rows": rows,
        "sealed": any(row["holds"] for row in rows),
        "approved": status == Status.APPROVED,
        "printed_url": form_address(one, "printed"),
    }


def _seal(one: Subject, sealed: SealedForm, now: str) -> dict[str, Any]:
    holds = sealed.digest == now
    return {
        "seal": sealed,
        "code": spaced(sealed.digest),
        "holds": holds,
        "version": _version_told(sealed),
        "changed": [] if holds else changed_since(one, sealed.version_at),
    }


def _version_told(sealed: SealedForm) -> str:
    """Return which version a scan seals: the step by which it was handed in, or when it was held."""
    step = Step.objects.filter(submission=sealed.submission, digest=sealed.digest).first()
    at = timezone.localtime(step.at if step else sealed.version_at)
    return f"{at:%Y-%m-%d %H:%M} {DEEDS[step.deed].label if step else '盖章'}的一版"
