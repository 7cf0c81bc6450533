"""A ledger as it stood at a moment: entries and steps are never changed, so a time and a place in the order say all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from junheng_web.collection.ledger.entries import Write
from junheng_web.collection.ledger.fields import county_form, item_of
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.subjects import OFFICE
from junheng_web.collection.ledger.submissions import Step, Submission
from junheng_web.organisation.models import AuditRow

DAYS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in the life of a ledger; `sequence` and `code` are those of the last write until then, 0 before any."""

    ledger: Ledger
    at: dt.datetime
    sequence: int
    code: str


def moment_at(ledger: Ledger, at: dt.datetime) -> Moment:
    """Return a ledger's moment at a time."""
    last = ledger.writes.filter(at__lte=at).order_by("-sequence").first()
    return Moment(ledger, at, last.sequence if last else 0, last.code if last else "")


def moment_of(write: Write) -> Moment:
    """Return the moment right after a write."""
    return Moment(write.ledger, write.at, write.sequence, write.code)


def moment_named(ledger: Ledger, text: str, now: dt.datetime) -> Moment:
    """Return the moment that a text names: a write by its number, a day up to 24:00, or a time; nothing is now.

    What has not come yet is now. Raises ValueError for a text that names none.
    """
    if not text:
        return moment_at(ledger, now)
    if text.isdecimal():
        write = ledger.writes.select_related("ledger__county", "ledger__period").filter(sequence=int(text)).first()
        if write is None:
            raise ValueError(f"这里没有第 {text} 次录入")
        return moment_of(write)
    return moment_at(ledger, min(_time(text), now))


def _time(text: str) -> dt.datetime:
    try:
        day, time = parse_date(text), parse_datetime(text)
    except ValueError:
        raise ValueError(f"没有 {text} 这一天") from None
    if day is not None:
        time = dt.datetime.combine(day, dt.time.max)
    if time is None:
        raise ValueError(f"看不懂“{text}”：日期请按 2026-03-05 这样填")
    try:
        return (time if timezone.is_aware(time) else timezone.make_aware(time)).astimezone(dt.UTC)
    except OverflowError:
        raise ValueError(f"没有 {text} 这一天") from None


def write_of(moment: Moment) -> Write | None:
    """Return the last write until a moment."""
    return moment.ledger.writes.filter(sequence=moment.sequence).first()


def statuses_at(moment: Moment) -> Mapping[tuple[str, str], str]:
    """Return how far each form was, by kind and code; one that no step was taken with is not there."""
    steps = Step.objects.filter(submission__ledger=moment.ledger, at__lte=moment.at).order_by("id")
    return {
        (kind, code): status
        for kind, code, status in steps.values_list("submission__kind", "submission__subject", "status")
    }


def approved_at(moment: Moment) -> tuple[frozenset[str], frozenset[str]]:
    """Return the codes of the schools whose forms were approved, and the county's items that approved forms held."""
    approved = {key for key, status in statuses_at(moment).items() if status == Submission.Status.APPROVED}
    owned = owners_at(moment)
    items = [item for item in owned if (Submission.Kind.UNIT.value, owned[item]) in approved]
    return frozenset(code for kind, code in approved if kind == Submission.Kind.SCHOOL), frozenset(items)


def owners_at(moment: Moment) -> Mapping[str, str]:
    """Return the code of the unit that owned each item of the county in the ledger's year: what was given is audited.

    A row that names no year was written when owners held for every year.
    """
    period = moment.ledger.period
    said = AuditRow.objects.filter(county_code=moment.ledger.county.code, at__lte=moment.at).filter(
        Q(action="owner.set", object_kind="item") | Q(action="period.open", object_code=period.code)
    )
    given: dict[str, str] = {}
    for action, of, detail in said.order_by("id").values_list("action", "object_code", "detail"):
        if action == "period.open":
            given = dict(detail.get("owners", given))
        elif detail.get("period", period.code) == period.code:
            given[of] = detail["unit"]
    return {item: given.get(item) or OFFICE for item in map(item_of, county_form(period))}


def days(ledger: Ledger) -> list[dict[str, Any]]:
    """Return the last days on which something was written or a form went a step, the newest first, with how much."""
    steps = Step.objects.filter(submission__ledger=ledger)
    written, taken = _by_day(ledger.writes.all()), _by_day(steps)
    newest = sorted({*written, *taken}, reverse=True)[:DAYS_SHOWN]
    return [{"day": day, "writes": written[day], "steps": taken[day]} for day in newest]


def _by_day(rows: QuerySet[Any]) -> Counter[dt.date]:
    return Counter(rows.order_by().annotate(day=TruncDate("at")).values_list("day", flat=True))
