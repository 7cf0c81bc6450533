"""Which months and quarters a duty is reported for, until when, and what is late: from dates alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from junheng_web.duties.models import Duty, Report

MONTHS = {Duty.Cadence.MONTH: 1, Duty.Cadence.QUARTER: 3}
# So many days before the last one, what is not reported yet is called to mind.
REMIND_DAYS = 3
YEAR = 12


@dataclass(frozen=True, slots=True)
class Slot:
    """One period of a duty: its code, its first and last day, and the last day on which it is reported in time."""

    code: str
    first: dt.date
    last: dt.date
    due: dt.date

    @property
    def label(self) -> str:
        """What it is called: 2026 年 9 月, 2026 年第三季度."""
        year, rest = self.code.split("-")
        return f"{year} 年第{'一二三四'[int(rest[1]) - 1]}季度" if rest[0] == "Q" else f"{year} 年 {int(rest)} 月"

    def state(self, report: Report | None, today: dt.date) -> str:
        """Return "reported", "late", "soon" (the period is over, its last day is not) or "open" (it still goes on)."""
        if report is not None:
            return "reported"
        if today > self.due:
            return "late"
        return "soon" if today > self.last else "open"


def slots(duty: Duty, today: dt.date) -> list[Slot]:
    """Return the periods of a duty that have begun, the oldest first; none where it is not reported on.

    After a duty has ended no period begins; one that had not ended by then is not asked for.
    """
    if not duty.cadence or duty.since is None:
        return []
    return list(_slots(duty, MONTHS[Duty.Cadence(duty.cadence)], duty.since, today))


def _slots(duty: Duty, months: int, since: dt.date, today: dt.date) -> Iterator[Slot]:
    month = since.year * YEAR + (since.month - 1) // months * months
    while (first := _day(month)) <= today:
        last = _day(month + months) - dt.timedelta(days=1)
        if duty.ended is not None and last >= duty.ended:
            return
        yield Slot(_code(first, months), first, last, last + dt.timedelta(days=duty.due_days))
        month += months


def _day(month: int) -> dt.date:
    return dt.date(month // YEAR, month % YEAR + 1, 1)


def _code(first: dt.date, months: int) -> str:
    return f"{first:%Y-%m}" if months == 1 else f"{first.year}-Q{(first.month + 2) // 3}"


def slot(duty: Duty, code: str, today: dt.date) -> Slot:
    """Return a duty's period by its code. Raises LookupError where it is not one that is reported on."""
    for one in slots(duty, today):
        if one.code == code:
            return one
    raise LookupError(f"duty {duty.number} has no period {code}")
