"""Reminders by e-mail: off unless the installation names a mail server, and only to whoever has given an address.

A reminder is a notice first; the mail says the same to the person who holds the post when it goes out. Nothing goes
out in quiet hours, to somebody who has read the notice meanwhile, or twice to one person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q
from django.utils import timezone

from junheng_web.notices.mails import TRIES, Mail
from junheng_web.notices.models import Notice
from junheng_web.notices.quiet import is_quiet
from junheng_web.organisation.models import Area
from junheng_web.organisation.selectors import holder_on

# How long a server is waited for, how many mails go at a time, and after how long the first failure is tried again.
SECONDS, BATCH, AGAIN_MINUTES = 10, 100, 10
SUBJECT = 60
# From here on a server's refusal is for good.
FOR_GOOD = 500
Status = Mail.Status


def is_on() -> bool:
    """Whether this installation sends e-mail at all."""
    return bool(settings.EMAIL_HOST)


def mails_begin(county: Area, key: str, posts: Collection[int], accounts: Collection[int]) -> None:
    """Put the notices of a key to these posts and accounts on their way; part of the caller's transaction."""
    if not is_on():
        return
    told = Notice.objects.of(county).filter(Q(post__in=posts) | Q(account__in=accounts), key=key, mail=None)
    Mail.objects.bulk_create([Mail(county=county, notice=one) for one in told], ignore_conflicts=True)


def deliver_mails(now: dt.datetime) -> int:
    """Deliver what is on its way, and return how many mails went out; nothing in the quiet hours of a local time."""
    if is_quiet(now) or not is_on():
        return 0
    waiting = _waiting()
    if not waiting:
        return 0
    connection = get_connection(timeout=SECONDS)
    try:
        connection.open()
        return sum(_deliver(one, connection, now.date()) for one in waiting)
    except (OSError, SMTPException) as why:
        # The server is not there: one try for all of them, and not a wait for each.
        for one in waiting:
            _tried(one)
            _failed(one, why)
        return 0
    finally:
        connection.close()


def _waiting() -> list[Mail]:
    due = Q(not_before=None) | Q(not_before__lte=timezone.now())
    found = Mail.objects.filter(due, status=Status.WAITING)
    return list(found.select_related("county", "notice__post", "notice__account__person").order_by("id")[:BATCH])


def _deliver(one: Mail, connection: BaseEmailBackend, today: dt.date) -> bool:
    """Send one mail; the try is written down before, so that what kills us is not tried for ever."""
    one.to = _address(one.notice, today)
    if why := _spared(one):
        Mail.objects.filter(id=one.id).update(status=Status.SPARED, error=why, to=one.to)
        return False
    _tried(one)
    try:
        _message(one, connection).send()
    except (OSError, SMTPException, ValueError) as why:
        _failed(one, why)
        return False
    told = {"status": Status.SENT, "sent_at": timezone.now(), "error": "", "to": one.to}
    Mail.objects.filter(id=one.id).update(**told)
    return True


def _address(notice: Notice, today: dt.date) -> str:
    """Return where whoever holds the post today is written to; nothing where nobody does, or gave no address."""
    person = holder_on(notice.post, today) if notice.post else notice.account.person
    return person.email if person else ""


def _spared(one: Mail) -> str:
    """Return why a mail need not be sent; nothing where it must."""
    if not one.to:
        return "收的人没有写电子邮箱；通知在平台里"
    if one.notice.read_at:
        return "发以前，本人已经在平台上看过"
    same = Mail.objects.of(one.county).filter(notice__key=one.notice.key, to=one.to, status=Status.SENT)
    return "同样的话已经发给这个人的另一个岗位" if same.exists() else ""


def _tried(one: Mail) -> None:
    one.attempts += 1
    Mail.objects.filter(id=one.id).update(attempts=F("attempts") + 1)


def _failed(one: Mail, why: Exception) -> None:
    """Write down why a mail did not go, and when it is tried again: each time after twice as long."""
    last = one.attempts >= TRIES or _refused_for_good(why)
    later = timezone.now() + dt.timedelta(minutes=AGAIN_MINUTES * 2 ** (one.attempts - 1))
    told = {"status": Status.FAILED if last else Status.WAITING, "error": _words(why)[:300], "to": one.to}
    Mail.objects.filter(id=one.id).update(not_before=later, **told)


def _refused_for_good(why: Exception) -> bool:
    if isinstance(why, SMTPRecipientsRefused):
        return all(code >= FOR_GOOD for code, _ in why.recipients.values())
    return isinstance(why, ValueError)


def _words(why: Exception) -> str:
    """Return what a server said, in its own words."""
    if isinstance(why, SMTPRecipientsRefused):
        code, said = next(iter(why.recipients.values()))
        return f"邮件服务器不收这个地址：{code} {said.decode(errors='replace')}"
    return f"邮件服务器没有收：{why}"


def _message(one: Mail, connection: BaseEmailBackend) -> EmailMessage:
    notice, county = one.notice, one.county
    text = " ".join(notice.text.split())
    link = f"{settings.PUBLIC_ADDRESS}{notice.url}" if settings.PUBLIC_ADDRESS and notice.url else ""
    where = f"打开看：{link}" if link else "请登录平台看。"
    invented = ("虚构数据，仅供演示。",) if county.invented else ()
    foot = "这封信由平台自动发出，不用回。不想再收，请本县办公室把您的电子邮箱删掉，一样办事。"
    lines = (text, "", where, "", *invented, foot)
    # The same mail under the same name, should we be killed between sending and writing it down.
    name = f"<{county.code}.{notice.id}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('>') or 'junheng'}>"
    headers = {"Message-ID": name, "Auto-Submitted": "auto-generated"}
    subject = f"{county}优质均衡创建：{text}"[:SUBJECT]
    return EmailMessage(subject, "\n".join(lines), None, [one.to], headers=headers, connection=connection)
