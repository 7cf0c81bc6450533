"""Pieces of a job in threads beside each other: engines and files are waited for without holding Python up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def in_threads(work: Callable[[Piece], Result], pieces: Iterable[Piece], threads: int) -> Iterator[Result]:
    """Yield what `work` returns of each piece as it ends, in no order; after a failure nothing new is begun.

    With one thread they are done in turn. Raises what `work` raised first.
    """
    if threads == 1:
        yield from map(work, pieces)
        return
    with ThreadPoolExecutor(threads) as pool:
        jobs = [pool.submit(work, piece) for piece in pieces]
        try:
            for job in as_completed(jobs):
                yield job.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
