"""Writes of dispatches: drafted, reviewed, signed. Before it is signed it has no number, and no other unit hears of it.

Whoever holds the body's signing post signs; what was signed on paper is entered by the office with the scan (代录).
"""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from junheng_web.evidence.services import file_add
from junheng_web.notices.services import notice_send
from junheng_web.organisation import audit, events
from junheng_web.organisation.models import Area, Post, Unit
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision.chain import Task
from junheng_web.supervision.papers import BODY, Body, Dispatch, Recipient, Signing, Subject
from junheng_web.supervision.selectors import AT_UNITS, is_office, office_posts
from junheng_web.supervision.services import Refused

Deed, Status = Signing.Deed, Dispatch.Status
PLACES = {"year", "n"}


class Outdated(Exception):
    """Somebody else changed the dispatch meanwhile; `dispatch` is how it stands now."""

    def __init__(self, dispatch: Dispatch) -> None:
        super().__init__(f"dispatch {dispatch.place} is at version {dispatch.version}")
        self.dispatch = dispatch


@transaction.atomic
def body_set(
    *,
    by: Scope | None,
    county: Area,
    name: str,
    pattern: str,
    signer: Post,
    used: bool = True,
    body: Body | None = None,
) -> Body:
    """Say in whose name dispatches go out, how they are numbered and which post signs. Raises ValidationError."""
    if not name.strip():
        raise ValidationError("请写发文机关的全称")
    check_pattern(pattern)
    if signer.area_id != county.id:
        raise ValueError(f"the post {signer.code} is not of {county}")
    body = body or Body(county=county)
    body.name, body.pattern, body.signer, body.used = name.strip(), pattern.strip(), signer, used
    if Body.objects.of(county).filter(name=body.name, pattern=body.pattern).exclude(id=body.id).exists():
        raise ValidationError("已经有一样的发文机关和文号；请直接改那一条")
    body.save()
    audit.record("body.set", by=by, county=county, of=("body", str(body.id)), name=body.name, signer=signer.code)
    return body


def check_pattern(pattern: str) -> None:
    """Raise ValidationError unless a number's pattern has the year and the number in it, and nothing else in braces."""
    try:
        places = {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}
    except ValueError:
        places = set()
    if places != PLACES:
        raise ValidationError("文号里要有 {year}（年）和 {n}（号），如：示均创督〔{year}〕{n}号；别的地方不用花括号")


@transaction.atomic
def dispatch_draft(
    *,
    by: Scope | None,
    county: Area,
    kind: str,
    body: Body,
    title: str,
    text: str,
    units: Iterable[Unit] = (),
    tasks: Iterable[Task] = (),
    reply_by: dt.date | None = None,
    origin_key: str = "",
) -> Dispatch:
    """Write a draft, which nobody but the office and the leader sees. `by` None: the system drafted it.

    A leader drafts circulars, and no more than that. Raises PermissionDenied, ValidationError for what cannot be.
    """
    if not (kind == Dispatch.Kind.CIRCULAR and by is not None and Role.LEADER in by.roles_in(county)):
        _may_draft(by, county)
    _content(title, text)
    Area.objects.select_for_update().get(id=county.id)
    place = (Dispatch.objects.of(county).aggregate(last=Max("place"))["last"] or 0) + 1
    told = {"title": title.strip(), "text": text.strip(), "reply_by": reply_by, "origin_key": origin_key}
    dispatch = Dispatch.objects.create(county=county, kind=kind, place=place, body=body, **told)
    _set_about(dispatch, units, tasks)
    _signing(by, dispatch, Deed.DRAFT)
    return dispatch


def _may_draft(by: Scope | None, county: Area) -> None:
    if by is not None and not is_office(by, county):
        raise PermissionDenied


def _content(title: str, text: str) -> None:
    if not title.strip() or not text.strip():
        raise ValidationError("标题和正文都要写")
    if len(text) > BODY:
        raise ValidationError(f"正文超过 {BODY} 个字，请写短一些，或作为附件另发")


def _set_about(dispatch: Dispatch, units: Iterable[Unit], tasks: Iterable[Task]) -> None:
    dispatch.recipients.all().delete()
    dispatch.subjects.all().delete()
    for unit in dict.fromkeys(units):
        Recipient.objects.create(county=dispatch.county, dispatch=dispatch, unit=unit)
    for task in dict.fromkeys(tasks):
        Subject.objects.create(county=dispatch.county, dispatch=dispatch, task=task)


def _signing(by: Scope | None, dispatch: Dispatch, deed: str, note: str = "", *, behalf: bool = False) -> Signing:
    told = {"deed": deed, "note": note.strip()[:2000], "behalf": behalf, **audit.signed(by)}
    row = Signing.objects.create(county=dispatch.county, dispatch=dispatch, **told)
    of = ("dispatch", dispatch.code)
    audit.record(f"dispatch.{deed}", by=by, county=dispatch.county, of=of, behalf=behalf, number=dispatch.number)
    return row


def _held(dispatch: Dispatch, *statuses: str) -> Dispatch:
    """Return the dispatch, held until the transaction ends. Raises Refused where it is not in one of these states."""
    every = Dispatch.objects.select_for_update(of=("self",)).select_related("county", "body__signer")
    held = every.get(id=dispatch.id)
    if held.status not in statuses:
        label = held.get_status_display()
        raise Refused(f"“{held.title}”现在是“{label}”，不能这样办：别人可能刚办过，请刷新页面看看")
    return held


@transaction.atomic
def dispatch_edit(
    *,
    by: Scope,
    dispatch: Dispatch,
    version: int,
    units: Iterable[Unit],
    **content: Any,
) -> Dispatch:
    """Change a draft; one that was reviewed has to be reviewed again. Raises Outdated, Refused, ValidationError."""
    _may_draft(by, dispatch.county)
    held = _held(dispatch, Status.DRAFT, Status.REVIEWED)
    if held.version != version:
        raise Outdated(held)
    _content(content["title"], content["text"])
    was = f"原标题：{held.title}\n原正文：{held.text}" if held.text != content["text"].strip() else ""
    for name in ("body", "title", "text", "reply_by"):
        setattr(held, name, content[name].strip() if isinstance(content[name], str) else content[name])
    held.status, held.version = Status.DRAFT, version + 1
    held.save()
    _set_about(held, units, [one.task for one in held.subjects.select_related("task")])
    _signing(by, held, Deed.EDIT, was)
    return held


@transaction.atomic
def dispatch_review(*, by: Scope, dispatch: Dispatch, note: str = "") -> Dispatch:
    """Say that a draft was reviewed, and let whoever signs know. Raises PermissionDenied, Refused, ValidationError."""
    _may_draft(by, dispatch.county)
    held = _held(dispatch, Status.DRAFT)
    if held.kind != Dispatch.Kind.MINUTES and not held.recipients.exists():
        raise ValidationError("还没有选发给哪些单位；请先修改")
    _move(held, Status.REVIEWED)
    row = _signing(by, held, Deed.REVIEW, note)
    _tell(by, held, [held.body.signer], f"请签发{held.get_kind_display()}", f"review:{row.id}")
    return held


def _move(held: Dispatch, status: str) -> None:
    held.status = status
    held.save(update_fields=["status"])


def _tell(by: Scope | None, dispatch: Dispatch, posts: Iterable[Post], said: str, key: str) -> None:
    told = {"key": f"dispatch:{dispatch.id}:{key}", "text": f"{said}：{dispatch.title}", "url": dispatch.url}
    notice_send(by=by, county=dispatch.county, posts=posts, **told)


def signs(by: Scope, dispatch: Dispatch) -> bool:
    """Whether somebody holds the post that signs."""
    return dispatch.body.signer_id in {post.id for post in by.posts_in(dispatch.county)}


@transaction.atomic
def dispatch_return(*, by: Scope, dispatch: Dispatch, note: str) -> Dispatch:
    """Give a draft back instead of signing it. Raises PermissionDenied, Refused, ValidationError without a reason."""
    held = _held(dispatch, Status.REVIEWED)
    if not signs(by, held) and not is_office(by, held.county):
        raise PermissionDenied
    if not note.strip():
        raise ValidationError("请写要改什么")
    _move(held, Status.DRAFT)
    row = _signing(by, held, Deed.RETURN, note)
    _tell(by, held, office_posts(held.county), "退回修改", f"return:{row.id}")
    return held


@transaction.atomic
def dispatch_sign(
    *, by: Scope, dispatch: Dispatch, day: dt.date, scan: UploadedFile | None = None, signer: str = ""
) -> Dispatch:
    """Sign a dispatch: only now it has a number, and only now the units that it goes to are told.

    Raises PermissionDenied, Refused, ValidationError where the office enters a signature without its scan.
    """
    held = _held(dispatch, Status.REVIEWED)
    own = signs(by, held)
    if not own:
        _on_paper(by, held, scan, signer)
    held.status, held.signed_on = Status.SIGNED, day
    held.signed_by = str(by.account) if own else signer.strip()[:60]
    held.year, held.serial = day.year, _next_serial(held.body, day.year)
    held.number = held.body.number(held.year, held.serial)
    held.save()
    if scan is not None:
        file_add(by=by, county=held.county, name=scan.name or "", chunks=scan.chunks(), of=("dispatch", held.code))
    _signing(by, held, Deed.SIGN, held.number, behalf=not own)
    events.announce("dispatch.signed", county=held.county, of=("dispatch", held.code))
    _send(by, held)
    return held


def _on_paper(by: Scope, held: Dispatch, scan: UploadedFile | None, signer: str) -> None:
    if not is_office(by, held.county):
        raise PermissionDenied
    if scan is None or not signer.strip():
        raise ValidationError(
            f"由“{held.body.signer}”签发；在纸上签过的，请写签发人，并上传签过字的扫描件，由办公室代录"
        )


def _next_serial(body: Body, year: int) -> int:
    Body.objects.select_for_update().get(id=body.id)
    return (Dispatch.objects.filter(body=body, year=year).aggregate(last=Max("serial"))["last"] or 0) + 1


def _send(by: Scope, held: Dispatch) -> None:
    """Tell the units that it goes to; of an escalation, the leaders as well."""
    units = held.recipients.values("unit")
    posts = list(Post.objects.filter(area=held.county_id, unit__in=units, role__in=AT_UNITS))
    if held.kind == Dispatch.Kind.ESCALATION:
        posts += list(Post.objects.filter(area=held.county_id, role=Role.LEADER))
    _tell(by, held, posts, f"{held.get_kind_display()} {held.number}", "signed")


@transaction.atomic
def dispatch_drop(*, by: Scope, dispatch: Dispatch, note: str) -> Dispatch:
    """Say that a draft is not sent; it stays to be read. Raises PermissionDenied, Refused, ValidationError."""
    _may_draft(by, dispatch.county)
    held = _held(dispatch, Status.DRAFT, Status.REVIEWED)
    if not note.strip():
        raise ValidationError("请写为什么不发")
    _move(held, Status.DROPPED)
    _signing(by, held, Deed.DROP, note)
    return held
