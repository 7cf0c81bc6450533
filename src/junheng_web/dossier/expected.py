"""What the rule book asks to be shown for each indicator, one thing after another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from junheng_web.assessment.selectors import DEFAULT_STANDARD, rules_today
from junheng_web.collection.models import Period
from junheng_web.organisation.models import Area

# Things are told apart by 、; what a comma sets apart belongs together, and so does what stands in brackets.
COMMAS = re.compile(r"[，；]")
MARKS = re.compile(r"、(?![^（]*）)")


@dataclass(frozen=True, slots=True)
class Expected:
    """One indicator with what has to be shown for it."""

    indicator: str
    name: str
    things: tuple[str, ...]


def things_of(evidence: str) -> tuple[str, ...]:
    """Return the single things that a rule book's words on evidence name, in their order."""
    parts = COMMAS.split(evidence)
    found = parts if len(parts) > 1 else MARKS.split(evidence)
    return tuple(one.strip() for one in found if one.strip())


def standard_of(county: Area) -> str:
    """Return what the county's newest period is judged by."""
    period = Period.objects.of(county).first()
    return period.standard if period else DEFAULT_STANDARD


def document_of(county: Area) -> dict[str, Any]:
    """Return the rules that hold in a county; of an overlay, the document under it."""
    rules = rules_today(standard_of(county))
    document: dict[str, Any] = rules.get("document", rules)
    return document


def expected_of(county: Area) -> list[Expected]:
    """Return every indicator of the county's rules with what has to be shown, in the order of the rules."""
    return list(_expected(document_of(county)))


def _expected(document: dict[str, Any]) -> Iterator[Expected]:
    for group in ("indicators", "requirements"):
        for id, one in document[group].items():
            yield Expected(id, one["name"], things_of(one["evidence"]))


def names_of(county: Area) -> dict[str, str]:
    """Return the indicators' names by their ids, in the order of the rules."""
    return {one.indicator: one.name for one in expected_of(county)}
