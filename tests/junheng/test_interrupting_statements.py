"""Ctrl+C while DuckDB works ends what a person runs, and is told as nothing else."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from threading import Timer

import pytest

from junheng.sql.files import Means, open_files

SLOW = "SELECT sum(a.range * b.range) AS total FROM range(1000000) AS a, range(1000000) AS b"


@pytest.fixture(autouse=True)
def pressed() -> Iterator[None]:
    """Press Ctrl+C in half a second, also where whoever runs the tests has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    late = Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    late.start()
    yield
    late.cancel()
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("how", ["fetch", "define"])
def test_ctrl_c_ends_a_statement_that_runs(how: str) -> None:
    """In the main thread DuckDB tells it as an error of its own; the session can be used afterwards."""
    with open_files("duckdb", Means(threads=1)) as session:
        with pytest.raises(KeyboardInterrupt):
            session.fetch(SLOW) if how == "fetch" else session.define("slow", SLOW)
        assert session.fetch("SELECT 1 AS one").to_pylist() == [{"one": 1}]
