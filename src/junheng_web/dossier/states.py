"""How far an item is, by what was handed in for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from junheng_web.dossier.models import Paper

State = Paper.State
MISSING = "missing"
# What an item is called by its least finished paper, the least first.
ORDER = (State.RETURNED, State.UPLOADED, State.REVIEWED, State.APPROVED)
STANDING = frozenset(ORDER)
TONES: Mapping[str, str] = MappingProxyType(
    {
        MISSING: "secondary",
        State.RETURNED: "red",
        State.UPLOADED: "azure",
        State.REVIEWED: "yellow",
        State.APPROVED: "green",
        State.REPLACED: "secondary",
        State.WITHDRAWN: "secondary",
    }
)
WORDS: Mapping[str, str] = MappingProxyType({MISSING: "没有交", **dict(State.choices)})
# The states of an item, as one chooses among them.
CHOICES = tuple((state, WORDS[state]) for state in (MISSING, *ORDER))


def state_of(tally: Mapping[str, int]) -> str:
    """Return the state of an item: that of the paper which still has the longest way to go, or that there is none."""
    return next((state for state in ORDER if tally.get(state)), MISSING)
