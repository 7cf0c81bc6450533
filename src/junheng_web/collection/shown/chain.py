"""The way of a form, place by place (P15): who did it and when, who is waited for, and whose signature is not asked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from junheng_web.collection.handing.deeds import DEEDS, ENDORSE, SIGN, SUBMIT
from junheng_web.collection.handing.signing import SIGNED_AS, Signers, before, signers_of
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.ledger.submissions import Step, Submission
from junheng_web.organisation.models import Post
from junheng_web.organisation.selectors import holders_on

Kind, Status = Submission.Kind, Submission.Status
DESKS = (("review", "业务股室审核"), ("approve", "办公室审定"))
PLACES: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        Kind.SCHOOL: ((SUBMIT, "填表人"), (SIGN, "校长"), *DESKS),
        Kind.UNIT: (
            (SUBMIT, "经办人"),
            (ENDORSE, Post.Signs.DEPUTY.label),
            (SIGN, Post.Signs.HEAD.label),
            *DESKS,
        ),
    }
)
REACHED, WAITS, TO_COME, NOT_ASKED = "reached", "waits", "to-come", "not-asked"


def chain(one: Subject, status: str) -> list[dict[str, Any]]:
    """Return the places of a form's way, each with its state, and who did it, is waited for, or would be."""
    signers, done = signers_of(one), _done(one, status)
    told = [{"deed": deed, "label": label, "step": done.get(deed)} for deed, label in PLACES[one.kind]]
    for place in told:
        place["state"] = _state(place, status, signers)
        place["whom"] = "" if place["step"] else _whom(place["deed"], signers)
    return told


def _done(one: Subject, status: str) -> dict[str, dict[str, Any]]:
    """Return the last step of each kind since the form was handed in last; nothing of one that came back."""
    if status == Status.DRAFT:
        return {}
    own = Step.objects.filter(submission__ledger=one.ledger, submission__kind=one.kind, submission__subject=one.code)
    found: dict[str, dict[str, Any]] = {}
    for step in own.order_by("id"):
        found = {} if step.deed == SUBMIT else found
        found[step.deed] = {"by": step.by_name, "post": step.by_post, "at": timezone.localtime(step.at)}
    return found


def _state(place: Mapping[str, Any], status: str, signers: Signers) -> str:
    deed = DEEDS[place["deed"]]
    if status in before(deed, signers):
        return WAITS
    if place["step"]:
        return REACHED
    return NOT_ASKED if deed.name == ENDORSE and not signers.of(ENDORSE) else _order(status, deed.after)


def _order(status: str, after: str) -> str:
    """Say of a place that nobody has done whether the form has gone past it."""
    states = Status.values
    return NOT_ASKED if states.index(status) >= states.index(after) else TO_COME


def _whom(deed: str, signers: Signers) -> str:
    """Return the posts that sign there, each with who holds it."""
    posts = signers.of(deed) if deed in SIGNED_AS else []
    held = holders_on(posts, timezone.localdate()) if posts else {}
    return "、".join(f"{post}{held.get(post.id, '')}" for post in posts)
