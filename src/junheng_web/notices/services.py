"""Writes of the room: something is told once, and read."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from junheng_web.notices import selectors
from junheng_web.notices.mail_services import mails_begin
from junheng_web.notices.models import Notice
from junheng_web.organisation import audit
from junheng_web.organisation.models import Account, Area, Post
from junheng_web.organisation.scopes import Scope

LONGEST = 300


@transaction.atomic
def notice_send(
    *,
    by: Scope | None,
    county: Area,
    key: str,
    text: str,
    url: str = "",
    posts: Iterable[Post] = (),
    accounts: Iterable[Account] = (),
    mailed: bool = False,
) -> int:
    """Tell posts and accounts something, and return how many did not know it: what a key says is said once.

    `mailed`: it is a reminder, which goes out by e-mail as well where the installation has a mail server.
    Raises ValueError where the address is not one of ours.
    """
    if url and (not url.startswith("/") or url.startswith("//")):
        raise ValueError(f"not an address of ours: {url}")
    told = {"county": county, "key": key, "text": text[:LONGEST], "url": url}
    known = set(Notice.objects.of(county).filter(key=key).values_list("post", "account"))
    wanted = [*((post.id, None) for post in posts), *((None, account.id) for account in accounts)]
    new = [Notice(post_id=post, account_id=account, **told) for post, account in wanted if (post, account) not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    if new and mailed:
        mails_begin(county, key, [one.post_id for one in new], [one.account_id for one in new])
    if new:
        audit.record("notice.send", by=by, county=county, of=("notice", key[:80]), text=told["text"], to=len(new))
    return len(new)


@transaction.atomic
def notice_read(*, by: Scope, county: Area, number: int) -> Notice:
    """Note that one has read a notice, and return it. Raises Notice.DoesNotExist where it is not for one's eyes."""
    notice = selectors.notices_of(by, county).get(id=number)
    if notice.read_at is None:
        _read(Notice.objects.of(county).filter(id=number))
        audit.record("notice.read", by=by, county=county, of=("notice", notice.key[:80]))
    return notice


@transaction.atomic
def notice_read_all(*, by: Scope, county: Area) -> int:
    """Note that one has read whatever one had not, and return how many."""
    unread = list(selectors.unread_of(by, county).values_list("id", flat=True))
    read = _read(Notice.objects.of(county).filter(id__in=unread))
    if read:
        audit.record("notice.read_all", by=by, county=county, read=read)
    return read


def _read(notices: QuerySet[Notice]) -> int:
    return notices.filter(read_at=None).update(read_at=timezone.now())
