"""The room's models, one module for each subject."""

from __future__ import annotations

from junheng_web.collection.entries import Cell, Entry, Write
from junheng_web.collection.locks import Lock
from junheng_web.collection.periods import Arrangement, Ledger, Owner, Period, YearDraft
from junheng_web.collection.reasons import DifferenceReason
from junheng_web.collection.reminders import Reminder
from junheng_web.collection.seals import SealedForm
from junheng_web.collection.submissions import Explanation, Step, Submission

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
