"""Writes of accounts: opened, given another password, closed, opened again; and a password that one changes oneself.

An initial password is shown once to whoever opens the account, is kept nowhere, and opens nothing but the page on
which it is changed.
"""

from __future__ import annotations

import re
import secrets

from axes.utils import reset as unlocked
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from junheng_web.organisation import audit, events
from junheng_web.organisation.people import Account, Appointment, Person, Unit
from junheng_web.organisation.scopes import Scope

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,59}")
# Without what is misread on paper: 0 and o, 1 and l and i.
SIGNS, PART, PARTS = "23456789abcdefghjkmnpqrstuvwxyz", 4, 3


@transaction.atomic
def account_open(*, by: Scope | None, person: Person, username: str) -> str:
    """Open an account for somebody and return its initial password. Raises ValidationError."""
    username = username.strip()
    _sound(username)
    if Account.objects.filter(person=person).exists():
        raise ValidationError(f"{person}已经有账号；忘了密码请“重设密码”，关了的请“重新开通”")
    _governed(person)
    password = initial_password()
    Account.objects.create_user(username, password, person=person, initial=True)
    audit.record("account.open", by=by, county=person.county, of=("account", username), person=person.name)
    return password


@transaction.atomic
def account_reset(*, by: Scope | None, account: Account) -> str:
    """Give an account another initial password, and return it; whoever is signed in with the old one is signed out.

    Raises ValidationError for an account that is closed.
    """
    held = _held(account, by)
    if not held.is_active:
        raise ValidationError(f"账号 {held.username} 已经关闭；要再用，请“重新开通”")
    events.announce("account.reset", county=held.person.county, of=("account", held.username))
    return _renewed(by, held, "account.reset")


@transaction.atomic
def account_close(*, by: Scope | None, account: Account) -> None:
    """Close an account: nobody signs in with it any more, and no program. Posts and what was done stay.

    Raises ValidationError for one's own.
    """
    held = _held(account, by)
    if by is not None and by.account.id == held.id:
        raise ValidationError("不能关闭自己的账号：关了就没有人能再开；请另一位管理员来关")
    if held.is_active:
        held.is_active = False
        held.save(update_fields=["is_active"])
        audit.record("account.close", by=by, county=held.person.county, of=("account", held.username))


@transaction.atomic
def account_reopen(*, by: Scope | None, account: Account) -> str:
    """Open a closed account again, and return its initial password. Raises ValidationError where it is not closed."""
    held = _held(account, by)
    if held.is_active:
        raise ValidationError(f"账号 {held.username} 没有关闭，不用再开")
    held.is_active = True
    events.announce("account.reopen", county=held.person.county, of=("account", held.username))
    return _renewed(by, held, "account.reopen")


def _held(account: Account, by: Scope | None) -> Account:
    """Return the account, held until the transaction ends. Raises ValidationError where it is not the county's.

    Whoever installs the platform (nobody signed in) lets in whoever serves above, too.
    """
    held = Account.objects.select_for_update(of=("self",)).select_related("person__county").get(id=account.id)
    if by is not None:
        _governed(held.person)
    return held


def _governed(person: Person) -> None:
    """Raise ValidationError for whoever is not for the county's administrator to let in."""
    posts = Appointment.objects.on(timezone.localdate()).filter(person=person)
    if posts.exclude(post__area=person.county).exists():
        raise ValidationError(f"{person}在上级任职，账号由上级管；请与上级管理员联系")
    units = set(posts.values_list("post__unit__kind", flat=True))
    if units == {Unit.Kind.OUTSIDE}:
        raise ValidationError(f"{person}所在的是没有账号的单位：它的回复由办公室代录。要开账号，先改单位的类别")


def _renewed(by: Scope | None, account: Account, action: str) -> str:
    password = initial_password()
    account.set_password(password)
    account.initial = True
    account.save(update_fields=["password", "initial", "is_active"])
    unlocked(username=account.username)
    audit.record(action, by=by, county=account.person.county, of=("account", account.username))
    return password


def _sound(username: str) -> None:
    if not USERNAME.fullmatch(username):
        raise ValidationError("用户名用字母、数字和 . - _，3 到 60 位，以字母或数字开头")
    if Account.objects.filter(username__iexact=username).exists():
        raise ValidationError(f"用户名 {username} 已经有人用；请换一个")


def initial_password() -> str:
    """Return a password that can be read out: three groups of four, about 59 bits."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(PART)) for _ in range(PARTS))


@transaction.atomic
def password_change(*, by: Scope, password: str) -> None:
    """Let one's own password be another one; it is no initial one from now on."""
    account = by.account
    account.set_password(password)
    account.initial = False
    account.save(update_fields=["password", "initial"])
    county = account.person.county if account.person else None
    audit.record("account.password", by=by, county=county, of=("account", account.username))
