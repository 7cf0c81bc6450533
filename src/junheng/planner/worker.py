"""The child process that solves: one problem in, messages out as they come, so that whoever waits can kill it any time.

What it finds is only proposed; the parent checks every plan (`confirm`) and keeps the last that held.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread
from typing import IO

from junheng.planner.alternatives import Other, alternatives
from junheng.planner.case import Case
from junheng.planner.cones import all_limits
from junheng.planner.frontier import Edge, frontier
from junheng.planner.model import build
from junheng.planner.plan import Because, Worth
from junheng.planner.practice import practice_cost
from junheng.planner.proof import impossible_exactly
from junheng.planner.search import Bound, Found, Impossible, Search
from junheng.planner.second import Opinion, second_opinion
from junheng.planner.why_not import why_not
from junheng.planner.within_budget import best_within
from junheng.planner.worth import worths

LENGTH = 8


@dataclass(frozen=True, slots=True)
class Job:
    """A case to be solved to a relative gap; `explain` also asks what limits are worth.

    `alternatives` asks for other plans that cost hardly more, `points` for so many points of the frontier.
    """

    case: Case
    gap: float
    explain: bool
    alternatives: bool = False
    points: int = 0


@dataclass(frozen=True, slots=True)
class SecondJob:
    """A case to be solved by the second engine, to a relative gap within so many seconds."""

    case: Case
    gap: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Practice:
    """What the practice costs (fen); None where it does not get there."""

    cost: int | None


@dataclass(frozen=True, slots=True)
class Within:
    """The best plan within a budget that does not reach; None where there is none."""

    found: Found | None


Message = Practice | Bound | Found | Impossible | Because | Within | Worth | Other | Edge | Opinion


def work(job: Job | SecondJob) -> Iterator[Message]:
    """Solve a job and yield everything that is found on the way."""
    if isinstance(job, SecondJob):
        yield second_opinion(job.case, job.gap, job.seconds)
    else:
        yield from _plan(job)


def _plan(job: Job) -> Iterator[Message]:
    yield Practice(practice_cost(job.case))
    solving, possible = _search(job), True
    for told in solving.run():
        possible = possible and not isinstance(told, Impossible)
        yield told if possible else Impossible(impossible_exactly(job.case))
    if possible and solving.best is not None:
        yield from _besides(job, solving, solving.best)
    elif not possible:
        yield from _instead(job.case)
    if job.points:
        yield from frontier(job.case, job.points, job.gap)


def _besides(job: Job, solving: Search, best: Found) -> Iterator[Message]:
    if job.explain:
        yield from worths(job.case, solving.model, solving.kept, best.cost, job.gap)
    if job.alternatives:
        yield from alternatives(job.case, best)


def _search(job: Job) -> Search:
    model = build(job.case)
    return Search(model, all_limits(model), job.gap)


def _instead(case: Case) -> Iterator[Message]:
    budget_binds = False
    for because in why_not(case):
        budget_binds = budget_binds or because.limit.startswith("budget")
        yield because
    if budget_binds:
        yield Within(best_within(case))


def write(stream: IO[bytes], message: object) -> None:
    """Write one message with its length before it."""
    body = pickle.dumps(message)
    stream.write(len(body).to_bytes(LENGTH, "big") + body)
    stream.flush()


def read(stream: IO[bytes]) -> object | None:
    """Read one message; None at the end. Only ever read from a process that this one started."""
    head = stream.read(LENGTH)
    if len(head) < LENGTH:
        return None
    body = stream.read(int.from_bytes(head, "big"))
    message: object = pickle.loads(body)  # noqa: S301 (our own child's, over its own pipe)
    return message


def _end_with_parent() -> None:
    """End as soon as nobody holds the other end of the input: a parent that was killed cannot end its child."""
    # Past Python's buffer, whose lock would be waited for when this process ends by itself.
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def main() -> None:
    """Read a job, write what is found. The engine's own remarks go nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    job = read(sys.stdin.buffer)
    Thread(target=_end_with_parent, daemon=True).start()
    if isinstance(job, Job | SecondJob):
        for message in work(job):
            write(answers, message)
