"""Giving a program a token, and taking it back. Each leaves an audit row; the token itself is never written down."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils import timezone

from junheng_web.organisation import audit
from junheng_web.organisation.models import Account, Area, Token
from junheng_web.organisation.scopes import Scope, scope_of
from junheng_web.organisation.tokens import hashed

SECRET_BYTES = 32
# A program whose token never ends is forgotten with it.
MOST_DAYS = 366


@transaction.atomic
def token_issue(*, by: Scope | None, account: Account, county: Area, name: str, days: int) -> str:
    """Return a new token of the account for one county; it cannot be read again later.

    Raises ValueError where the account holds no post there, or the days are too many or none.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"有效天数要在 1 到 {MOST_DAYS} 之间，您写的是 {days}")
    if not scope_of(account, timezone.localdate()).counties().filter(id=county.id).exists():
        raise ValueError(f"账号 {account.username} 今天在{county.name}没有在任的岗位：请先登记任职，再发令牌")
    secret, expires = secrets.token_urlsafe(SECRET_BYTES), timezone.now() + dt.timedelta(days=days)
    Token.objects.create(account=account, county=county, name=name, digest=hashed(secret), expires=expires)
    known = {"name": name, "expires": expires.isoformat()}
    audit.record("token.issue", by=by, county=county, of=("account", account.username), **known)
    return secret


@transaction.atomic
def token_revoke(token: Token, *, by: Scope | None) -> None:
    """Take a token back: from now on it opens nothing."""
    audit.record("token.revoke", by=by, county=token.county, of=("account", token.account.username), name=token.name)
    token.delete()
