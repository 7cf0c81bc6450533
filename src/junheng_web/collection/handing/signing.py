"""Who signs a form at home (P15): a school's head; of a unit its 分管领导 where it has one, then its 主要负责人.

The office says of posts what they sign. A post that nobody holds today signs nothing, so that no form waits for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils import timezone

from junheng_web.collection.handing.deeds import ENDORSE, SIGN, SIGNING, Deed, Status
from junheng_web.collection.ledger.subjects import Subject, own_roles
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.organisation.models import Appointment, Area, Post
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

SIGNED_AS: Mapping[str, str] = MappingProxyType({ENDORSE: Post.Signs.DEPUTY, SIGN: Post.Signs.HEAD})


@dataclass(frozen=True, slots=True)
class Signers:
    """The posts of a unit that sign its forms as one thing or the other, those that somebody holds today."""

    posts: tuple[Post, ...] = ()

    def of(self, deed: str) -> list[Post]:
        """Return the posts that do a deed by what they sign."""
        return [post for post in self.posts if post.signs == SIGNED_AS[deed]]


NOBODY = Signers()


def signers_in(county: Area, unit: str = "") -> Mapping[str, Signers]:
    """Return by the codes of a county's units, or for one of them, who signs their forms today."""
    held = Appointment.objects.on(timezone.localdate()).values("post")
    posts = Post.objects.filter(area=county, id__in=held, unit__closed=None).exclude(signs="").exclude(unit=None)
    found: dict[str, list[Post]] = {}
    for post in (posts.filter(unit__code=unit) if unit else posts).select_related("unit"):
        found.setdefault(post.unit.code, []).append(post)
    return {code: Signers(tuple(own)) for code, own in found.items()}


def signers_of(one: Subject) -> Signers:
    """Return who signs a form today by what a post is said to sign; of a school's nobody."""
    if one.kind != Submission.Kind.UNIT:
        return NOBODY
    return signers_in(one.ledger.county, one.code).get(one.code, NOBODY)


def before(deed: Deed, signers: Signers) -> frozenset[str]:
    """Return from which states a deed takes a form on, where these sign it: nobody's signature is asked of nobody."""
    if deed.name == ENDORSE and not signers.of(ENDORSE):
        return frozenset()
    if deed.name == SIGN and signers.of(ENDORSE):
        return deed.before - {Status.SUBMITTED}
    return deed.before


def signs(scope: Scope, one: Subject, deed: Deed, signers: Signers) -> bool:
    """Whether one may do a signing: by a post that signs so, or where none does, by a role at home; the office too."""
    own = {post.id for post in scope.posts_in(one.ledger.county)}
    if posts := signers.of(deed.name):
        return bool(deed.who.county & scope.roles_in(one.ledger.county)) or any(post.id in own for post in posts)
    return deed.who.may(scope, one)


def next_signing(status: str, signers: Signers) -> str:
    """Return which signing a form in this state waits for; nothing where it waits for none."""
    if status == Status.SUBMITTED and signers.of(ENDORSE):
        return ENDORSE
    return SIGN if status in {Status.SUBMITTED, Status.ENDORSED} else ""


def waits_for(scope: Scope, one: Subject, status: str, signers: Signers) -> bool:
    """Whether a form in this state waits for a signature of the reader's own posts; the office, for its own unit's."""
    if posts := signers.of(next_signing(status, signers)):
        return not {post.id for post in posts}.isdisjoint(post.id for post in scope.posts_in(one.ledger.county))
    return bool((SIGNING.own | {Role.OFFICE}) & own_roles(scope, one))
