"""The room's models, one module for each subject."""

from __future__ import annotations

from junheng_web.collection.ledger.entries import Cell, Entry, Write
from junheng_web.collection.ledger.locks import Lock
from junheng_web.collection.ledger.periods import Arrangement, Ledger, Owner, Period, YearDraft
from junheng_web.collection.ledger.reasons import DifferenceReason
from junheng_web.collection.ledger.submissions import Explanation, Step, Submission
from junheng_web.collection.reminding.calls import Reminder
from junheng_web.collection.sealed.seals import SealedForm

__all__ = [
    "Arrangement",
    "Cell",
    "DifferenceReason",
    "Entry",
    "Explanation",
    "Ledger",
    "Lock",
    "Owner",
    "Period",
    "Reminder",
    "SealedForm",
    "Step",
    "Submission",
    "Write",
    "YearDraft",
]
