"""When each form was handed in, and how many days late (P16): what the school or unit did, not what came after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.submissions import Step, Submission

HANDED_IN, TAKEN_BACK = "submit", "recall"
Form = tuple[str, str]
"""Kind and code of a form."""


@dataclass(frozen=True, slots=True)
class Handing:
    """When a form was handed in for the first time and for the last one; a form that was returned has both.

    What somebody handed in and took back again (收回) was not handed in.
    """

    first: dt.datetime
    last: dt.datetime


@dataclass(frozen=True, slots=True)
class Timeliness:
    """What the board says of a form: when it came, whether again, how late that was, and whether it is away now."""

    handing: Handing | None
    away: bool
    days: int

    @property
    def late(self) -> str:
        """How late a form came or is, in words; nothing where it is not."""
        if not self.days:
            return ""
        return f"逾期 {self.days} 天{'交' if self.handing else '未交'}"

    @property
    def again(self) -> dt.datetime | None:
        """When a form that was returned was handed in again, if it was."""
        return self.handing.last if self.handing and self.away and self.handing.last != self.handing.first else None

    @property
    def returned(self) -> bool:
        """Whether a form was handed in once and is to be handed in again."""
        return bool(self.handing and not self.away)


def handings(ledger: Ledger) -> Mapping[Form, Handing]:
    """Return when the forms of a ledger were handed in, those that were, in one query."""
    asked = Step.objects.filter(submission__ledger=ledger, deed__in=(HANDED_IN, TAKEN_BACK)).order_by("id")
    moments: dict[Form, list[dt.datetime]] = {}
    for kind, code, deed, at in asked.values_list("submission__kind", "submission__subject", "deed", "at"):
        own = moments.setdefault((kind, code), [])
        if deed == HANDED_IN:
            own.append(at)
        elif own:
            own.pop()
    return {form: Handing(own[0], own[-1]) for form, own in moments.items() if own}


def timeliness(handing: Handing | None, status: str, due: dt.date | None, today: dt.date) -> Timeliness:
    """Return what is said of a form by the day on which it was handed in for the first time, or by today.

    A form that the office returned came when it first came: how long it was read there is not its lateness.
    """
    day = timezone.localdate(handing.first) if handing else today
    days = max(0, (day - due).days) if due else 0
    return Timeliness(handing, status != Submission.Status.DRAFT, days)
