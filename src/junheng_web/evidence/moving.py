"""Contents go from one place to another: copied, read back and compared; only then, if that is asked, taken away.

What stands there already and is whole is not copied again, so that whatever was cut off goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from junheng_web.evidence.buckets import Damaged
from junheng_web.evidence.storage import CHUNK, Place, incoming

log = structlog.get_logger(__name__)
# Called with how many contents were looked at.
Say = Callable[[int], None]


@dataclass(slots=True)
class Moved:
    """What came of it: how many were copied, how many stood there, which could not be, how many were taken away."""

    copied: int = 0
    stood: int = 0
    removed: int = 0
    faults: list[str] = field(default_factory=list)


def contents_move(source: Place, target: Place, *, remove: bool = False, say: Say = lambda done: None) -> Moved:
    """Copy every content of a place to another and compare it there; with `remove` take it away here, all at the end.

    Where one is not whole, it is named in `faults`, and nothing at all is taken away. Raises Unavailable.
    """
    told, digests = Moved(), list(source.digests())
    for at, digest in enumerate(digests, 1):
        _move(source, target, digest, told)
        say(at)
    if remove and not told.faults:
        for digest in digests:
            source.remove(digest)
        told.removed = len(digests)
    return told


def _move(source: Place, target: Place, digest: str, told: Moved) -> None:
    if target.intact(digest):
        told.stood += 1
    elif content_copy(source, target, digest):
        told.copied += 1
    else:
        told.faults.append(digest)


def content_copy(source: Place, target: Place, digest: str) -> bool:
    """Copy one content, and return whether it stands there whole. Raises Unavailable."""
    try:
        with source.opened(digest) as content, incoming(iter(lambda: content.read(CHUNK), b"")) as came:
            if came.digest != digest:
                return False
            # What stands there is not what its name says, or nothing does: only a whole one takes its place.
            target.remove(digest)
            target.keep(came.path, digest)
    except (FileNotFoundError, Damaged):
        return False
    return target.intact(digest)
