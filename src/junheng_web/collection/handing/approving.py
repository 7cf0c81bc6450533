"""Handing in: a form goes from whoever fills it in, by signature and review, to the office, and back with reasons.

Nobody has to sign in for it: whoever does a step for somebody else (the office, with the paper before it) is named
as the one who did it, and the note says for whom.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from junheng.facts.schema import JUDGED
from junheng_web.collection.handing import agreeing, signing
from junheng_web.collection.handing.calling import next_posts, posts_of
from junheng_web.collection.handing.deeds import DECIDING, DEEDS, FILLING, Deed, Status
from junheng_web.collection.ledger.addresses import form_address
from junheng_web.collection.ledger.entries import Cell, Write
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.saving import Locked, locked_ledger
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.ledger.submissions import Explanation, Step, Submission
from junheng_web.collection.ledger.values import Key
from junheng_web.notices.services import notice_send
from junheng_web.organisation import audit, events
from junheng_web.organisation.models import Unit
from junheng_web.organisation.scopes import Scope


def status_of(one: Subject) -> str:
    """Return how far a form is."""
    known = Submission.objects.filter(ledger=one.ledger, kind=one.kind, subject=one.code).values_list(
        "status", flat=True
    )
    return next(iter(known), Status.DRAFT)


def may_fill(scope: Scope, one: Subject) -> bool:
    """Whether one may enter something in a form: at one's own school or unit, and the office for anybody (代录)."""
    return FILLING.may(scope, one)


def offered(scope: Scope, one: Subject, status: str) -> list[Deed]:
    """Return the deeds that one may do to a form in this state."""
    signers = signing.signers_of(one)
    return [deed for deed in DEEDS.values() if status in signing.before(deed, signers) and may_take(scope, one, deed)]


def may_take(scope: Scope, one: Subject, deed: Deed) -> bool:
    """Whether one may do a deed to a form; where units are named for it, for one of them, and the office for any."""
    if deed.name in signing.SIGNED_AS:
        return signing.signs(scope, one, deed, signing.signers_of(one))
    if not deed.who.may(scope, one):
        return False
    if deed.name not in agreeing.NAMED_BY:
        return True
    left, office = agreeing.waiting(one, deed.name), DECIDING.may(scope, one)
    if deed.name == agreeing.REVIEW and (office or not agreeing.named(one, deed.name)):
        return True
    return bool(left and (office or agreeing.mine(scope, one, deed.name, left)))


def open_for_entry(one: Subject) -> None:
    """Raise Locked where a form has been handed in; in a transaction that holds its ledger."""
    status = status_of(one)
    if status != Status.DRAFT:
        raise Locked(f"这份表{Status(status).label}，不能再改；要改，请先退回或收回")


@transaction.atomic
def step_take(
    *,
    by: Scope,
    one: Subject,
    deed: Deed,
    note: str = "",
    reasons: Sequence[Mapping[str, str]] = (),
    seen: str = "",
) -> Submission:
    """Take a form one step on, or back; `seen` is the hash of what was checked before, where that matters.

    Raises PermissionDenied, Locked where its state or what it holds is another by now, ValidationError where it must
    say why.
    """
    if not may_take(by, one, deed):
        raise PermissionDenied
    if deed.reason and not note.strip():
        raise ValidationError(f"{deed.label}要写明原因，对方才知道怎么改")
    held = locked_ledger(one.ledger, by=by, kind=one.kind)
    submission, _ = Submission.objects.get_or_create(county=held.county, ledger=held, kind=one.kind, subject=one.code)
    _in_turn(one, deed, submission.status)
    # What is handed in takes nothing in any more, so that what was carried on never goes further unconfirmed.
    if deed.name == "submit" and (left := unconfirmed(one).count()):
        raise Locked(f"还有 {left} 格沿用上年的数没有确认，不能{deed.label}：对的请点“确认”，不对的请改")
    was, digest = submission.status, digest_of(one)
    if seen and seen != digest:
        raise Locked(f"有人刚改过这份表里的数，没有{deed.label}：请再看一遍，再{deed.label}")
    unit, after = _agreed(by, one, deed, was, note)
    submission.status, submission.digest = after, digest
    submission.save(update_fields=["status", "digest"])
    step = _written_down(by, submission, deed, note, list(reasons), was, unit)
    _tell(by, one, deed, step)
    return submission


def _in_turn(one: Subject, deed: Deed, status: str) -> None:
    """Raise Locked where a form is not in a state from which a deed takes it on."""
    signers = signing.signers_of(one)
    if status in signing.before(deed, signers):
        return
    if deed.name == signing.SIGN and status == Status.SUBMITTED:
        who = "、".join(post.name for post in signers.of(signing.ENDORSE))
        raise Locked(f"分管领导还没有签，不能{deed.label}：请{who}先签，或由办公室照纸件代录")
    raise Locked(f"这份表现在是“{Status(status).label}”，不能{deed.label}：别人刚办过，请刷新页面看看")


def _agreed(by: Scope, one: Subject, deed: Deed, was: str, note: str) -> tuple[Unit | None, str]:
    """Return for which named unit a deed is done, and the state after it: the last review of several moves a form on.

    Raises Locked where a joint confirmation is lacking, ValidationError where the office does not say for whom it is.
    """
    if deed.name == "approve" and (left := agreeing.waiting(one, agreeing.CONFIRM)):
        raise Locked(f"还差{'、'.join(unit.name for unit in left)}会签，不能审定：请催办，或代录它的来函")
    if deed.name not in agreeing.NAMED_BY:
        return None, deed.after
    left = agreeing.waiting(one, deed.name)
    unit, office = agreeing.mine(by, one, deed.name, left), DECIDING.may(by, one)
    if deed.name == agreeing.REVIEW:
        return unit, was if len(left) > 1 and unit and not office else deed.after
    if not left:
        raise Locked("刚刚已经会签，不用再办：请刷新页面看看")
    if unit is None and not note.strip():
        raise ValidationError(f"代{left[0].name}会签，请在附言里写明依据，例如来函的文号")
    return unit or left[0], was


def _tell(by: Scope, one: Subject, deed: Deed, step: Step) -> None:
    """Send word to whoever has to act next: those who sign, review or decide; or whose form came back."""
    county = one.ledger.county
    text = f"{one.name}的表{Status(step.status).label}（{deed.label}）{f'：{step.note}' if step.note else ''}"
    key = f"step:{step.id}"
    url = form_address(one, "form")
    notice_send(by=by, county=county, posts=next_posts(one, step.status), key=key, text=text, url=url)
    if step.status == Status.SIGNED and (left := agreeing.waiting(one, agreeing.CONFIRM)):
        told = {"key": f"{key}:confirm", "text": f"{text}，请会签", "url": form_address(one, "confirm")}
        notice_send(by=by, county=county, posts=posts_of(one, left, agreeing.CONFIRM), **told)


def _written_down(
    by: Scope,
    submission: Submission,
    deed: Deed,
    note: str,
    reasons: list[Mapping[str, str]],
    was: str,
    unit: Unit | None,
) -> Step:
    county = submission.county
    who = audit.signed(by)
    told = {
        "deed": deed.name,
        "status": submission.status,
        "digest": submission.digest,
        "note": note[:400],
        "reasons": reasons,
        "unit": unit,
    }
    step = Step.objects.create(county=county, submission=submission, **told, **who)
    of = ("submission", submission.code)
    audit.record(f"submission.{deed.name}", by=by, county=county, of=of, note=note[:400], was=was)
    if submission.status == Status.APPROVED:
        events.announce("approval.given", county=county, of=of)
    elif was == Status.APPROVED:
        events.announce("approval.withdrawn", county=county, of=of)
    return step


def own_cells(one: Subject) -> QuerySet[Cell]:
    """Return the cells of a form."""
    return Cell.objects.filter(within(one), ledger=one.ledger)


def within(one: Subject) -> Q:
    """Return what picks a form's cells, or their entries: of a school its row and its lists, of a unit what it owns.

    What judges say of a school is no part of its form.
    """
    if one.kind == Submission.Kind.SCHOOL:
        return Q(school=one.code) & ~Q(table=JUDGED.name)
    return Q(row__in={field.key[1] for field in one.fields})


def unconfirmed(one: Subject) -> QuerySet[Cell]:
    """Return the cells of a form that hold last year's value, which nobody has said is still right."""
    return own_cells(one).filter(reported=True, entry__write__kind=Write.Kind.CARRIED)


def digest_of(one: Subject) -> str:
    """Return the hash of all that a form holds: it stands on the printed form, and tells whether the paper is of it."""
    held = own_cells(one).filter(reported=True).values_list("table", "row", "column", "integer", "text")
    told = sorted(held, key=lambda cell: cell[:3])
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def finding_explain(*, by: Scope, one: Subject, check: str, key: Key, value: str, text: str) -> Explanation:
    """Say why what was found at a cell is all right. Raises Locked, and ValidationError where nothing is said."""
    if not text.strip():
        raise ValidationError("请写明为什么这个数没有错")
    if not one.holds(key):
        raise LookupError(f"{key} is no cell of {one.kind} {one.code}")
    held = locked_ledger(one.ledger, by=by, kind=one.kind)
    open_for_entry(one)
    submission, _ = Submission.objects.get_or_create(county=held.county, ledger=held, kind=one.kind, subject=one.code)
    table, row, column = key
    at = {"table": table, "row": row, "column": column, "value": value[:400], "check_id": check, "text": text[:400]}
    who = audit.signed(by)
    audit.record(
        "finding.explain", by=by, county=held.county, of=("submission", submission.code), check=check, text=text[:400]
    )
    return Explanation.objects.create(county=held.county, submission=submission, **at, **who)


def approved(ledger: Ledger) -> dict[str, set[str]]:
    """Return the codes of the schools and of the units whose forms are approved."""
    found: dict[str, set[str]] = {kind: set() for kind in Submission.Kind.values}
    for kind, code in ledger.submissions.filter(status=Status.APPROVED).values_list("kind", "subject"):
        found[kind].add(code)
    return found
