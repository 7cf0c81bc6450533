"""Pieces of a job beside each other: everything once, the first failure told, nothing begun after it."""

from __future__ import annotations

from threading import Barrier, current_thread
from time import sleep

import pytest

from junheng.sql.threads import in_threads


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_every_piece_is_worked_at_once(threads: int) -> None:
    """Each piece has one result, however many threads there are; of nothing comes nothing."""
    assert sorted(in_threads(lambda piece: piece * piece, range(40), threads)) == [one * one for one in range(40)]
    assert list(in_threads(str, [], threads)) == []


def test_two_pieces_are_worked_at_beside_each_other() -> None:
    """Each waits for the other: with one thread neither would end."""
    both = Barrier(2, timeout=30)
    assert len({*in_threads(lambda _: (both.wait(), current_thread().name)[1], "ab", 2)}) == 2


@pytest.mark.parametrize("threads", [1, 2])
def test_nothing_is_begun_after_a_failure(threads: int) -> None:
    """The failure is raised as it is, and of a thousand pieces most are never begun."""
    begun: list[int] = []

    def work(piece: int) -> None:
        begun.append(piece)
        if not piece:
            raise ValueError(f"piece {piece}")
        sleep(0.01)

    with pytest.raises(ValueError, match="piece 0"):
        list(in_threads(work, range(1_000), threads))
    assert len(begun) < 1_000
