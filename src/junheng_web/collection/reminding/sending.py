"""Reminders to whoever still has a form to hand in: by themselves around the last day, and when the office asks (P3).

A reminder goes to one's own desk, is told once, and counts nothing: the same day it is not sent again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from django.db import transaction

from junheng_web.collection.handing.calling import next_posts
from junheng_web.collection.handing.deeds import Status
from junheng_web.collection.ledger.addresses import form_address
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.subjects import Subject, subjects
from junheng_web.notices.services import notice_send
from junheng_web.organisation import audit
from junheng_web.organisation.scopes import Scope

# How many days are left, and how that is said.
AROUND: Mapping[int, str] = MappingProxyType({3: "还有 3 天截止", 0: "今天 24:00 截止", -1: "昨天已经截止"})


def remind(today: dt.date) -> int:
    """Remind all whose forms are due around `today` in any county, and return how many posts were told."""
    days = {today + dt.timedelta(left): said for left, said in AROUND.items()}
    ledgers = Ledger.objects.filter(due__in=days, period__frozen=False).select_related("county", "period")
    return sum(
        _tell(None, one, f"{days[ledger.due]}，还没有提交", today) for ledger in ledgers for one in waiting(ledger)
    )


@transaction.atomic
def forms_remind(*, by: Scope, ledger: Ledger, today: dt.date) -> int:
    """Remind all who have not handed in, because the office asks; return how many posts were told."""
    due = f"，截止日期是 {ledger.due}" if ledger.due else ""
    told = sum(_tell(by, one, f"办公室提醒：还没有提交{due}", today) for one in waiting(ledger))
    audit.record("forms.remind", by=by, county=ledger.county, of=("ledger", str(ledger.id)), told=told)
    return told


def waiting(ledger: Ledger) -> list[Subject]:
    """Return the forms of a ledger that have not been handed in."""
    away = set(ledger.submissions.exclude(status=Status.DRAFT).values_list("kind", "subject"))
    return [one for one in subjects(ledger) if (one.kind, one.code) not in away]


def _tell(by: Scope | None, one: Subject, said: str, today: dt.date) -> int:
    ledger = one.ledger
    key = f"due:{ledger.id}:{one.kind}:{one.code}:{today}:{'asked' if by else ledger.due}"
    url, posts = form_address(one, "form"), next_posts(one, Status.DRAFT)
    text = f"{one.name}的表（{ledger}）{said}"
    return notice_send(by=by, county=ledger.county, key=key, text=text, url=url, posts=posts, mailed=True)
