"""Which parts may hold some pupils, without reading the parts.

Beside what is linked of a cohort a part keeps its ids folded to 32 bits, in order. To look up a few hundred pupils in
a file of a hundred thousand takes some pages of it. Two ids may fold to one number: then a part is read for nothing,
and the rows, which hold the ids as they are, decide. Ids that are texts have no sieve: every part may hold them.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

SIEVE = "sieve.bin"
Folded = np.ndarray[Any, np.dtype[np.uint32]]


def folded(columns: Iterable[pa.ChunkedArray]) -> Folded | None:
    """Return every id of some columns folded, in order, each once; None where they are no whole numbers."""
    own = list(columns)
    if not own or not all(pa.types.is_integer(one.type) and not one.null_count for one in own):
        return None
    ids = np.concatenate([one.to_numpy().astype(np.int64).view(np.uint64) for one in own])
    # numpy's `unique` looks values up one by one, which takes some twenty times as long as putting them in order.
    small = np.sort(((ids >> np.uint64(32)) ^ ids).astype(np.uint32))
    return small[np.concatenate([[True], small[1:] != small[:-1]])] if len(small) else small


def each_once(column: pa.ChunkedArray) -> bool:
    """Whether ids are whole numbers of which none stands twice; where that is not known, it is not so."""
    if not pa.types.is_integer(column.type) or column.null_count:
        return False
    ids = np.sort(column.to_numpy())
    return not np.any(ids[1:] == ids[:-1])


def write_sieve(columns: Iterable[pa.ChunkedArray], folder: Path) -> None:
    """Write the sieve of a part into its folder, if its ids can have one."""
    ids = folded(columns)
    if ids is not None:
        ids.astype("<u4").tofile(folder / SIEVE)


def read_sieve(folder: str) -> Folded | None:
    """Return the sieve of a part, of which only what is looked at is read; None where there is none."""
    try:
        opened = os.open(f"{folder}{os.sep}{SIEVE}", os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        pages = mmap.mmap(opened, 0, access=mmap.ACCESS_READ) if os.fstat(opened).st_size else b""
        return np.frombuffer(pages, dtype="<u4")
    finally:
        os.close(opened)


def may_hold(sieve: Folded | None, wanted: Folded | None) -> bool:
    """Whether a part may hold some of the ids that `folded` gave; where that is not known, it may."""
    if sieve is None or wanted is None:
        return True
    return bool(len(sieve) and len(wanted)) and _holds(sieve, wanted)


def _holds(ids: Folded, wanted: Folded) -> bool:
    at = np.searchsorted(ids, wanted)
    return bool(np.any(ids[np.minimum(at, len(ids) - 1)] == wanted))
