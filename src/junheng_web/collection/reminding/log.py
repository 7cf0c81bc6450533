"""Writing down who was reminded of a form that is not handed in, and who has been (P16)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.subjects import Subject, subjects
from junheng_web.collection.reminding.calls import Reminder
from junheng_web.collection.reminding.sending import waiting
from junheng_web.organisation import audit
from junheng_web.organisation.scopes import Scope


@transaction.atomic
def reminder_log(*, by: Scope, one: Subject, how: str, text: str) -> Reminder:
    """Write down that somebody was reminded. Raises ValidationError where it does not say with whom and of what."""
    if not text.strip():
        raise ValidationError("请写和谁说的、答复什么时候交")
    ledger = one.ledger
    of = {"kind": one.kind, "subject": one.code, "how": how, "text": text.strip()[:200]}
    audit.record("reminder.log", by=by, county=ledger.county, of=("ledger", str(ledger.id)), **of)
    return Reminder.objects.create(county=ledger.county, ledger=ledger, **of, **audit.signed(by))


def reminders(ledger: Ledger) -> dict[str, Any]:
    """Return what the page of reminders shows: the forms that are not handed in, and every reminder, the last first."""
    names = {(one.kind, one.code): one.name for one in subjects(ledger)}
    found = Reminder.objects.filter(ledger=ledger)
    return {
        "ledger": ledger,
        "late": [(f"{one.kind}:{one.code}", one.name) for one in waiting(ledger)],
        "rows": [(names.get((one.kind, one.subject), one.subject), one) for one in found],
    }
