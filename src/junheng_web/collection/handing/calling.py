"""Who has to act next on a form: the posts that hear of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from junheng_web.collection.handing import agreeing
from junheng_web.collection.handing.deeds import FILLING, SIGNING, Status
from junheng_web.collection.handing.signing import next_signing, signers_of
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.organisation.models import Post, Unit
from junheng_web.organisation.roles import Role


def next_posts(one: Subject, status: str) -> list[Post]:
    """Return the posts of the county that a form in this state waits for."""
    own = {"school__code": one.code} if one.kind == Submission.Kind.SCHOOL else {"unit__code": one.code}
    posts = Post.objects.filter(area=one.ledger.county)
    signing = _signing(one, status) or posts.filter(role__in=SIGNING.own, **own)
    waits = {
        Status.DRAFT: posts.filter(role__in=FILLING.own, **own),
        Status.SUBMITTED: signing,
        Status.ENDORSED: signing,
        Status.SIGNED: _reviewing(one, posts),
        Status.REVIEWED: posts.filter(role=Role.OFFICE),
        Status.APPROVED: posts.filter(role__in=FILLING.own, **own),
    }
    return list(waits[Status(status)])


def _signing(one: Subject, status: str) -> list[Post]:
    """Return the posts that are said to sign a form next, if any are."""
    signers = signers_of(one)
    deed = next_signing(status, signers)
    return signers.of(deed) if deed else []


def _reviewing(one: Subject, posts: QuerySet[Post]) -> Iterable[Post]:
    """Return the desks that review a form: those of the units named for it, else every desk."""
    if agreeing.named(one, agreeing.REVIEW):
        return posts_of(one, agreeing.waiting(one, agreeing.REVIEW), agreeing.REVIEW)
    return posts.filter(role=Role.DESK)


def posts_of(one: Subject, units: list[Unit], deed: str) -> list[Post]:
    """Return the posts that do a deed for some units: in them, or in a desk of them."""
    own = Q(unit__in=units) | Q(unit__parent__in=units)
    return list(Post.objects.filter(own, area=one.ledger.county, role__in=agreeing.ROLES[deed]))
