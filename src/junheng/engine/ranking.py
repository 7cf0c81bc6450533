"""The order of reasons: what would help most first. The rule, and no other:

1. a veto item that fails, for nothing else matters while it stands; then what fails; then what is undetermined, first
   of it a stage without a single school;
2. what turns more verdicts by itself alone (section, spread or requirement, stage, resources, county);
3. what takes fewer things to do: indicators to mend in the section, schools that make half of the spread, rows of a
   requirement that fail, cells to report;
4. what is nearer to its line, as a share of the line;
5. the order of the document and of the file.

Money is the planner's business. See docs/decisions/0010.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from junheng.engine.result import Reason

LEVELS = ("fail", "undetermined")
# Doubles of the two engines differ in their last digits, which must not change an order.
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Found:
    """A reason with what ranks it: how many things there are to do, and how far off the line is.

    `first` marks what everything else waits for.
    """

    reason: Reason
    to_do: int = 1
    lack: float = 0.0
    first: bool = False


def rank(found: Iterable[Found]) -> tuple[Reason, ...]:
    """Return the reasons by the rule; the sort is stable, so the given order is the last word."""
    return tuple(one.reason for one in sorted(found, key=_place))


def _place(one: Found) -> tuple[int, bool, int, int, float]:
    return (
        LEVELS.index(one.reason.verdict),
        not one.first,
        -len(one.reason.helps),
        one.to_do,
        round(one.lack, DIGITS),
    )
