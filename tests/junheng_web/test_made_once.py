"""What a run needs once is made by one worker alone; who comes meanwhile waits for it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from once import once


def test_of_many_who_come_at_once_one_makes_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The others get what it made, and what it told; a lock holds threads apart as it does processes."""
    made, together = [], threading.Barrier(4)
    tmp_path_factory.getbasetemp()  # made when it is first asked for, and not by several threads at once

    def make(place: Path) -> str:
        made.append(place)
        place.mkdir()
        (place / "content").write_text("示例", encoding="utf-8")
        return "示例口令"

    def come(_: int) -> tuple[Path, str]:
        together.wait(30)
        return once(tmp_path_factory, "made_together", make)

    with ThreadPoolExecutor(4) as workers:
        found = set(workers.map(come, range(4)))
    assert [(place, told) for place, told in found] == [(made[0], "示例口令")]
    assert len(made) == 1
    assert (made[0] / "content").read_text(encoding="utf-8") == "示例"


def test_what_failed_is_made_anew(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of what was begun nothing is left for the next one, and the lock is free."""

    def fail(place: Path) -> str:
        place.mkdir()
        (place / "rest").touch()
        raise RuntimeError

    def make(place: Path) -> str:
        place.mkdir()
        return ""

    with pytest.raises(RuntimeError):
        once(tmp_path_factory, "made_anew", fail)
    place, _ = once(tmp_path_factory, "made_anew", make)
    assert list(place.iterdir()) == []
