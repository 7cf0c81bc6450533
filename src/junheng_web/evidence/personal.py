"""Numbers that belong to a person: what readers from outside do not see (lists of names stay with their owner, P22)."""

from __future__ import annotations

import re
from collections.abc import Iterator

IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx](?![0-9])")
MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
# What a database looks for in a name: wider than what is covered, and the same in both.
PERSONAL = r"[0-9０-９]{17}[0-9０-９XxＸｘ]|[1１][3-9３-９][0-9０-９]{9}"
# Broad digits are digits, each still in its place.
NARROW = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
KEPT = 3


def personal_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where identity numbers and mobile numbers stand in a text: from, to."""
    text = text.translate(NARROW)
    for found in IDENTITY.finditer(text):
        if _checks(found[0].upper()):
            yield found.span()
    for found in MOBILE.finditer(text):
        yield found.span()


def _checks(number: str) -> bool:
    """Whether an identity number's last sign is what its others come to (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return CHECKS[total % 11] == number[-1]


def masked(text: str) -> str:
    """Return a text in which of each such number only the first signs are left."""
    out = list(text)
    for start, end in personal_in(text):
        out[start + KEPT : end] = "*" * (end - start - KEPT)
    return "".join(out)
