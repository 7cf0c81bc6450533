"""One tokeniser for every database: Chinese by pairs of signs, everything else by words, written in plain letters.

Neither SQLite nor PostgreSQL knows where a Chinese word ends; both keep plain letters as they are. A run of signs
becomes its pairs and, so that its last sign is found as well, that sign alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

SIGNS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUNS = re.compile(rf"[{SIGNS}]+|[^\W_{SIGNS}]+")
SIGN = re.compile(rf"[{SIGNS}]")
MOST_TERMS, LONGEST_WORD = 8, 40


def plain(text: str) -> str:
    """Return text in one width and case, as it is compared."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens_of(text: str) -> str:
    """Return the tokens of a text in their order."""
    return " ".join(token for run in RUNS.findall(plain(text)) for token in _tokens(run))


def _tokens(run: str) -> Iterator[str]:
    if not SIGN.match(run):
        yield _coded("w", run[:LONGEST_WORD])
        return
    for first, second in pairwise(run):
        yield _coded("c", first + second)
    yield _coded("c", run[-1])


def _coded(kind: str, signs: str) -> str:
    """Return signs as letters and digits that no database takes apart; what is plain already stays so."""
    return kind + (signs if signs.isascii() else "".join(f"{ord(sign):x}" for sign in signs))


def asked(words: str) -> list[list[str]]:
    """Return what a search asks for: of each term the tokens that stand side by side, the last one a beginning."""
    runs = [run for term in plain(words).split()[:MOST_TERMS] for run in RUNS.findall(term)]
    return [_asked(run) for run in runs]


def _asked(run: str) -> list[str]:
    tokens = list(_tokens(run))
    return tokens[:-1] if SIGN.match(run) and len(run) > 1 else tokens
