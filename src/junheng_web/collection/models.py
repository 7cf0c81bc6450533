"""The room's models, one module for each subject."""

from __future__ import annotations

from junheng_web.collection.entries import Cell, Entry, Write
from junheng_web.collection.periods import Ledger, Owner, Period, YearDraft
from junheng_web.collection.submissions import Explanation, Step, Submission

__all__ = ["Cell", "Entry", "Explanation", "Ledger", "Owner", "Period", "Step", "Submission", "Write", "YearDraft"]
