"""What indicators are called: from the rule book as it reads today, never from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from junheng_web.assessment.selectors import rules_today


def indicators() -> Mapping[str, str]:
    """Return the names of everything that is asked for, by its id, in the rule book's order."""
    rules = rules_today()
    asked = {**rules["indicators"], **rules["requirements"]}
    return {id: one["name"] for id, one in asked.items()}


def called(ids: Iterable[str]) -> list[tuple[str, str]]:
    """Return ids with their names; one that the rule book does not know stays without."""
    names = indicators()
    return [(id, names.get(id, "")) for id in ids]
