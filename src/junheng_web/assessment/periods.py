"""Of which days or years the numbers behind an indicator are, in words, and what of them is too old (P8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from junheng.facts.clocks import CLOCKS
from junheng_web.assessment.telling import Judged


def period_of(judged: Judged, id: str) -> dict[str, Any]:
    """Return the indicator's period for its page: the words, and the warnings that the run gave about it."""
    found = judged.answer["periods"].get(id)
    warned = [one["message"] for one in judged.answer["warnings"] if one["indicator"] == id]
    return {"period": period_told(found) if found else "", "warnings": warned}


def period_told(found: dict[str, Any]) -> str:
    """Return a period in words: the document's clock, what it means now, when was judged, whose figures."""
    clock, counted = CLOCKS.get(found["time_basis"]), found["counted"]
    told = [found["time_basis"]]
    if clock is not None and counted:
        told.append(clock.span(dt.date.fromisoformat(counted)))
    if found["judged_to"]:
        told.append(f"评定 {found['judged_from']} 至 {found['judged_to']}")
    # An answer that was stored before the rule book asked this has no such key.
    if found.get("figures_from"):
        told.append(f"数出自{found['figures_from']}")
    return "；".join(told)
