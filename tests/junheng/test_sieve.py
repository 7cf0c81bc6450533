"""Which parts may hold some pupils is told without reading them, and never wrongly that one does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from junheng.rosters.records.sieve import SIEVE, folded, may_hold, read_sieve, write_sieve

IDS = np.random.default_rng(1).integers(-(2**63), 2**63 - 1, 50_000, dtype=np.int64)


def _column(ids: object) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(ids)])


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """The sieve of two years of a part."""
    write_sieve([_column(IDS[:30_000]), _column(IDS[20_000:])], tmp_path)
    return tmp_path


def test_whoever_is_there_is_never_told_to_be_absent(part: Path) -> None:
    """Each by himself, the first and the last too."""
    sieve = read_sieve(str(part))
    assert sieve is not None
    assert all(may_hold(sieve, folded([_column([int(one)])])) for one in [*IDS[::997], IDS.min(), IDS.max()])


def test_whoever_is_not_there_is_hardly_ever_looked_for(part: Path) -> None:
    """Of 1,000 others fewer than five fold to a number that is there; nobody is looked for nowhere."""
    others = np.setdiff1d(np.random.default_rng(2).integers(0, 2**63 - 1, 1_000, dtype=np.int64), IDS)
    sieve = read_sieve(str(part))
    assert sum(may_hold(sieve, folded([_column([int(one)])])) for one in others) < 5
    assert not may_hold(sieve, folded([_column(np.array([], dtype=np.int64))]))


def test_in_an_empty_sieve_is_nobody(tmp_path: Path) -> None:
    """A part without a cohort holds none of them."""
    write_sieve([_column(np.array([], dtype=np.int64))], tmp_path)
    assert not may_hold(read_sieve(str(tmp_path)), folded([_column([1])]))


def test_texts_may_be_anywhere(tmp_path: Path) -> None:
    """No sieve is written for them, and none asked."""
    write_sieve([_column(["012", "013"])], tmp_path)
    assert not (tmp_path / SIEVE).exists()
    assert folded([_column(["012"])]) is None
    assert read_sieve(str(tmp_path)) is None
    assert may_hold(None, None)
    assert may_hold(None, folded([_column([1])]))
