"""Writes of the room: a school is assigned, a visit opened, written down, finished, corrected, replied to.

Nobody has to sign in for it: what stands on paper is written down by the office (代录), which is then named as the
one who wrote it; the visit's post says whose visit it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from junheng.standard.grading import FINDINGS, NOT_APPLICABLE
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.models import Period
from junheng_web.evidence.models import File
from junheng_web.evidence.services import file_add
from junheng_web.notices.services import notice_send
from junheng_web.organisation import audit, events
from junheng_web.organisation.models import Area, Post, School
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.visits.models import LONGEST, Assignment, Observation, Reply, Visit
from junheng_web.visits.rubrics import Key, keys_of
from junheng_web.visits.selectors import may_fill, may_reply

Column, Status = Observation.Column, Visit.Status
Held = dict[Key, Observation]


@transaction.atomic
def assignment_set(*, by: Scope | None, county: Area, school: School, post: Post | None) -> None:
    """Say which post visits a school; None takes it away. Raises ValueError for a post of another county."""
    if post is None:
        Assignment.objects.of(county).filter(school=school).delete()
    else:
        _at_home(post, county)
        Assignment.objects.update_or_create(county=county, school=school, defaults={"post": post})
    audit.record("assignment.set", by=by, county=county, of=("school", school.code), post=post.code if post else "")


def _at_home(post: Post, county: Area) -> None:
    if post.area_id != county.id:
        raise ValueError(f"the post {post.code} is not of {county}")


@transaction.atomic
def visit_open(
    *, by: Scope | None, period: Period, school: School | None, post: Post, date: dt.date, items: Iterable[str]
) -> Visit:
    """Open a visit to a school, or to the county's offices. Raises Locked in a frozen period, ValueError as above."""
    held = Period.objects.select_for_update(of=("self",)).select_related("county").get(id=period.id)
    _not_frozen(held)
    county = held.county
    _at_home(post, county)
    number = (held.visits.aggregate(last=Max("number"))["last"] or 0) + 1
    told = {"school": school, "post": post, "date": date, "items": list(items)}
    visit = Visit.objects.create(county=county, period=held, number=number, **told)
    at = school.code if school else ""
    audit.record("visit.open", by=by, county=county, of=("visit", visit.code), school=at, post=post.code)
    return visit


def _not_frozen(period: Period) -> None:
    if period.frozen:
        raise Locked(f"{period}已经封存，只能看；要再查看或更正，请办公室先解封")


@dataclass(slots=True)
class Noted:
    """What came of writing down: what stands now, what cannot be taken in and why, what others changed meanwhile."""

    rows: Held = field(default_factory=dict)
    problems: dict[Key, str] = field(default_factory=dict)
    conflicts: Held = field(default_factory=dict)


def held_of(visit: Visit) -> Held:
    """Return what stands at each point: its last revision."""
    return {one.key: one for one in visit.observations.order_by("revision")}


def locked(visit: Visit) -> Visit:
    """Return the visit, held until the transaction ends, so that what is written has an order. Raises Locked."""
    every = Visit.objects.select_for_update(of=("self",)).select_related("county", "period", "school", "post")
    held = every.get(id=visit.id)
    _not_frozen(held.period)
    return held


@transaction.atomic
def observations_note(*, by: Scope, visit: Visit, texts: Sequence[tuple[Key, str, int | None]]) -> Noted:
    """Write down what was seen. The same text again is no change; a stale revision is a conflict unless both agree.

    Raises PermissionDenied, Locked once the visit is finished, LookupError for what the visit does not ask.
    """
    if not may_fill(by, visit):
        raise PermissionDenied
    held = locked(visit)
    if not held.draft:
        raise Locked("这次查看已经完成，不能再改；看错了的，请在下面更正，并写明原因")
    asked = keys_of(held)
    if strange := [key for key, _, _ in texts if key not in asked]:
        raise LookupError(f"{strange[0]} is not asked in {held.code}")
    current, noted = held_of(held), Noted()
    new = [(key, text) for key, text, seen in texts if _is_new(key, text, seen, current, noted)]
    noted.rows.update(_put(by, held, new, current))
    return noted


def _is_new(key: Key, text: str, seen: int | None, current: Held, noted: Noted) -> bool:
    if problem := problem_of(key, text):
        noted.problems[key] = problem
        return False
    row = current.get(key)
    if (row.text if row else "") == text:
        noted.rows.update({key: row} if row else {})
        return False
    if row and seen is not None and seen != row.revision:
        noted.conflicts[key] = row
        return False
    return True


def problem_of(key: Key, text: str) -> str:
    """Return why a text cannot stand there."""
    if key[2] == Column.FINDING:
        return "" if text in {"", *FINDINGS} else f"应当是 {'、'.join(FINDINGS.values())} 之一"
    return f"超过 {LONGEST} 个字，请写短一些" if len(text) > LONGEST else ""


def _put(by: Scope, visit: Visit, new: Sequence[tuple[Key, str]], current: Held, why: str = "") -> Held:
    """Add a revision for each text, and one audit row for all of them."""
    signed = audit.signed(by)
    rows = {}
    for key, text in {key: (key, text) for key, text in new}.values():
        id, point, column = key
        revision = current[key].revision + 1 if key in current else 1
        at = {"requirement": id, "point": point, "column": column, "revision": revision, "text": text, "why": why}
        rows[key] = Observation.objects.create(county=visit.county, visit=visit, **at, **signed)
    if rows:
        deed = "visit.correct" if why else "visit.note"
        audit.record(deed, by=by, county=visit.county, of=("visit", visit.code), points=len(rows), why=why)
    return rows


@transaction.atomic
def observations_bring(*, by: Scope, visit: Visit, texts: Sequence[tuple[Key, str, int | None]], file: str) -> Held:
    """Write down what a workbook says: all of it, or nothing. Returns what was written.

    Raises as `observations_note` does, and Locked where somebody wrote something else there meanwhile.
    """
    noted = observations_note(by=by, visit=visit, texts=texts)
    if left := len(noted.conflicts) + len(noted.problems):
        raise Locked(f"在您看的时候，有人改了其中 {left} 处；什么也没有记，请再看一遍会改什么")
    audit.record("visit.bring", by=by, county=visit.county, of=("visit", visit.code), file=file[:200])
    return noted.rows


@transaction.atomic
def visit_finish(*, by: Scope, visit: Visit, date: dt.date, today: dt.date) -> Visit:
    """Say that a visit is finished, on which day it was, and let the school know.

    Raises PermissionDenied, Locked, ValidationError where nothing was looked at, the day is still to come, or what
    does not apply has no reason.
    """
    if not may_fill(by, visit):
        raise PermissionDenied
    held = locked(visit)
    if not held.draft:
        raise Locked("这次查看已经完成：别人刚办过，请刷新页面看看")
    _ready(held_of(held), date, today)
    held.status, held.date = Status.FINISHED, date
    held.finished_at, held.finished_by = timezone.now(), str(by.account)
    held.save(update_fields=["status", "date", "finished_at", "finished_by"])
    audit.record("visit.finish", by=by, county=held.county, of=("visit", held.code), date=date.isoformat())
    events.announce("visit.finished", county=held.county, of=("visit", held.code))
    _tell_school(by, held, f"{held.date:%Y-%m-%d} 的督导查看已完成，可以看结果，也可以回复", "finished")
    return held


def _ready(current: Held, date: dt.date, today: dt.date) -> None:
    findings = {key: row.text for key, row in current.items() if key[2] == Column.FINDING and row.text}
    if not findings:
        raise ValidationError("一个观测点也没有看，不能完成；请先选情况，或等看过再来")
    if date > today:
        raise ValidationError(f"查看日期 {date:%Y-%m-%d} 还没有到；请填实际查看的那一天")
    reasons = {(id, point) for (id, point, column), row in current.items() if column == Column.REASON and row.text}
    left = [
        f"{id}" for (id, point, _), text in findings.items() if text == NOT_APPLICABLE and (id, point) not in reasons
    ]
    if left:
        raise ValidationError(f"{'、'.join(dict.fromkeys(left))} 里选了“不适用”的观测点没有写理由；请补上再完成")


def _tell_school(by: Scope, visit: Visit, text: str, key: str) -> None:
    heads = Post.objects.filter(area=visit.county, school=visit.school_id, role=Role.SCHOOL_HEAD, school__isnull=False)
    told = {"key": f"visit:{visit.id}:{key}", "text": f"{visit.where}：{text}", "url": visit.url}
    notice_send(by=by, county=visit.county, posts=heads, **told)


@transaction.atomic
def finding_correct(*, by: Scope, visit: Visit, at: tuple[str, str], finding: str, reason: str, why: str) -> Visit:
    """Correct what was found at a point (requirement, point) of a finished visit; what stood there before stays.

    Raises PermissionDenied, Locked while it is a draft, LookupError, ValidationError where it does not say why.
    """
    if not may_fill(by, visit):
        raise PermissionDenied
    held = locked(visit)
    if held.draft:
        raise Locked("这次查看还没有完成，直接改就行")
    keys = [(*at, Column.FINDING), (*at, Column.REASON)]
    if keys[0] not in keys_of(held):
        raise LookupError(f"{at} is not asked in {held.code}")
    _correction(finding, reason, why)
    current = held_of(held)
    texts = zip(keys, (finding, reason.strip() if finding == NOT_APPLICABLE else ""), strict=True)
    new = [(key, text) for key, text in texts if text != (current[key].text if key in current else "")]
    if not new:
        raise ValidationError("与现在记的一样，没有要更正的")
    rows = _put(by, held, new, current, why.strip()[:400])
    held.status = Status.CORRECTED
    held.save(update_fields=["status"])
    events.announce("visit.corrected", county=held.county, of=("visit", held.code))
    _tell_school(by, held, f"督导查看有更正：{why.strip()}", f"corrected:{max(row.id for row in rows.values())}")
    return held


def _correction(finding: str, reason: str, why: str) -> None:
    if finding not in FINDINGS:
        raise ValidationError("请选更正以后的情况")
    if not why.strip():
        raise ValidationError("更正要写明原因：原来为什么记错了")
    if finding == NOT_APPLICABLE and not reason.strip():
        raise ValidationError("“不适用”要写明理由")
    if len(reason) > LONGEST:
        raise ValidationError(f"理由超过 {LONGEST} 个字，请写短一些")


@transaction.atomic
def reply_add(*, by: Scope, visit: Visit, text: str) -> Reply:
    """Keep what the school says to a finished visit, and let the visitor know.

    Raises PermissionDenied, ValidationError where nothing is said.
    """
    if not may_reply(by, visit):
        raise PermissionDenied
    if not text.strip() or len(text) > LONGEST:
        raise ValidationError(f"请写回复，不超过 {LONGEST} 个字")
    locked(visit)
    reply = Reply.objects.create(county=visit.county, visit=visit, text=text.strip(), **audit.signed(by))
    audit.record("visit.reply", by=by, county=visit.county, of=("visit", visit.code))
    told = {"key": f"visit:{visit.id}:reply:{reply.id}", "text": f"{visit.where}回复了督导查看", "url": visit.url}
    notice_send(by=by, county=visit.county, posts=[visit.post], **told)
    return reply


def evidence_of(visit: Visit, requirement: str = "", point: str = "") -> tuple[str, str]:
    """Return the object to which the files of a visit, or of one of its points, are linked."""
    return "visit", ":".join(filter(None, [visit.code, requirement, point]))


@transaction.atomic
def photo_add(*, by: Scope, visit: Visit, at: tuple[str, str], name: str, chunks: Iterable[bytes]) -> File:
    """Take in a photo or file to a point of a visit; it is never asked for (P4). Raises as `file_add` does."""
    if not may_fill(by, visit):
        raise PermissionDenied
    locked(visit)
    if (*at, Column.FINDING) not in keys_of(visit):
        raise LookupError(f"{at} is not asked in {visit.code}")
    file, _ = file_add(by=by, county=visit.county, name=name, chunks=chunks, of=evidence_of(visit, *at))
    return file
