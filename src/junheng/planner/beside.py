"""The second engine at work beside the first, and what the two come to together.

A plan that was confirmed outranks any proof: its figures were checked with fractions and judged anew, while a bound is
an engine's word. So the cheaper of two confirmed plans stands, and no bound that it contradicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from math import floor, inf
from threading import Event

from junheng.planner.plan import Second
from junheng.planner.process import Broken, solving
from junheng.planner.second import Opinion
from junheng.planner.worker import SecondJob

# A bound may lie so far above a cost (relative) and not contradict it: solutions lie a little outside their rows.
SAME = 1e-5


@contextmanager
def asked_beside(job: SecondJob, stop: Callable[[], bool] | None) -> Iterator[Future[Opinion | None]]:
    """Have the second engine at work, in a process of its own, while the block runs; it does not outlive the block.

    `stop` is asked in a thread of its own.
    """
    over = Event()
    with ThreadPoolExecutor(1) as pool:
        try:
            yield pool.submit(_opinion, job, lambda: over.is_set() or bool(stop and stop()))
        finally:
            over.set()


def _opinion(job: SecondJob, stop: Callable[[], bool]) -> Opinion | None:
    """Return its opinion, None where there was no time for one; `Broken` where it broke off."""
    for message in solving(job, job.seconds, stop):
        if isinstance(message, Opinion):
            return message
    return None


def compared(asked: Future[Opinion | None], gap: float, cost: float, bound: float) -> tuple[Second, Opinion]:
    """Return what the second engine says of the first one's cost and bound (fen), and its opinion as it is.

    Without a plan the first one's cost is without end; so is its bound where it proved that there is none.
    """
    try:
        opinion = asked.result()
    except Broken:
        return Second("broken"), Opinion()
    if opinion is None:
        return Second("time_limit"), Opinion()
    return _second(opinion, _status(opinion, gap, cost, bound)), opinion


def _second(opinion: Opinion, status: str) -> Second:
    cost = None if opinion.cost == inf else round(opinion.cost)
    bound = floor(opinion.bound) if -inf < opinion.bound < inf else None
    return Second(status, cost, bound, opinion.impossible)


def _status(opinion: Opinion, gap: float, cost: float, bound: float) -> str:
    if _above(opinion.bound, cost) or _above(bound, opinion.cost):
        return "disagrees"
    if not opinion.impossible and not (opinion.cost < inf and opinion.cost - opinion.bound <= gap * opinion.cost + 1):
        return "time_limit"
    first_is_done = bound == inf or (cost < inf and cost - bound <= gap * cost + 1)
    return "agrees" if first_is_done else "alone"


def _above(bound: float, cost: float) -> bool:
    """Whether a bound contradicts a cost."""
    return cost < inf and bound > cost * (1 + SAME) + 1
