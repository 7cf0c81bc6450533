"""Days for tests that ask who holds which post."""

from __future__ import annotations

import datetime as dt

TODAY = dt.date(2026, 3, 2)
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
