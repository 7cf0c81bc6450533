"""How a serving process keeps house: what it was started with is never garbage, and garbage is looked for seldom."""

from __future__ import annotations

import gc

# A preview of 1,000 schools makes some 100,000 objects; looking through all that a process holds takes as long again.
YOUNG, MIDDLE, OLD = 100_000, 20, 100


def settle() -> None:
    """Say so, once everything is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
