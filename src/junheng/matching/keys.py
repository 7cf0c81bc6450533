"""The key that both owners of a list hold for one matching: a file of its own, random or made from agreed words."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from junheng.facts.problems import Problem, Unusable, unusable

MARK = "junheng-match-key-1"
KEY_LINE = re.compile(rf"{MARK}-([0-9a-f]{{64}})-([0-9a-f]{{8}})")
LONGEST_KEY_FILE = 1000
KEY_BYTES = 32
# Words that two owners agree on are tried by whoever has a sealed file: what is short, or repeats itself, is refused.
LEAST_SIGNS, LEAST_DIFFERENT = 20, 10
# Scrypt at 128 MB and about half a second a try.
COST, BLOCK, MEMORY = 1 << 17, 8, 1 << 28
# The same for everybody: both owners must come to the same key from their words alone.
SALT = b"junheng match 1"


@dataclass(frozen=True, slots=True)
class Key:
    """The key of one matching. It never shows itself: neither printed nor in an error."""

    secret: bytes

    def __repr__(self) -> str:
        return f"<Key {self.fingerprint}>"

    def hashed(self, purpose: str, *parts: str) -> str:
        """Return HMAC-SHA-256 of the parts, for one purpose: the same text hashed for another looks different."""
        return hmac.digest(self.secret, "\0".join((purpose, *parts)).encode(), hashlib.sha256).hex()

    @property
    def fingerprint(self) -> str:
        """By which two files are seen to be sealed under the same key, without the key."""
        return self.hashed("fingerprint")[:16]


def make_key(file: str | Path, words: str | None = None) -> Key:
    """Write a new key to `file`, readable by its owner alone: random, or made from words that both owners know.

    Raises `Unusable` where something stands there already (a key that is written over is lost), where the file cannot
    be written, or where the words are too weak.
    """
    key = Key(secrets.token_bytes(KEY_BYTES) if words is None else _from_words(words))
    text = f"{MARK}-{key.secret.hex()}-{_check(key.secret)}\n"
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:  # noqa: PTH123
            opened.write(text)
    except FileExistsError:
        raise unusable(str(file), "已经有这个文件，钥匙不会被覆盖", "请换一个文件名，或先删去不用的钥匙") from None
    except OSError as error:
        reason = f"文件写不进去（{error.strerror or error}）"
        raise unusable(str(file), reason, "请换一个文件夹，或检查权限") from error
    return key


def read_key(file: str | Path) -> Key:
    """Return the key in a file that `make_key` wrote. Raises `Unusable`, with none of it shown, for others."""
    try:
        with Path(file).open("rb") as opened:
            line = opened.read(LONGEST_KEY_FILE).decode("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise unusable(str(file), "钥匙文件读不出来", "请用 junheng match key 写出的文件，并检查权限") from error
    found = KEY_LINE.fullmatch(line)
    if not found or found[2] != _check(bytes.fromhex(found[1])):
        reason = "不是钥匙文件，或者少了、改了几个字"
        raise unusable(str(file), reason, "请重新拷一份钥匙文件，或两家用 junheng match key 重新做一把")
    return Key(bytes.fromhex(found[1]))


def _check(secret: bytes) -> str:
    """A few signs by which a key that was cut or mistyped is found out."""
    return hashlib.sha256(b"check" + secret).hexdigest()[:8]


def _from_words(words: str) -> bytes:
    """Return the key that words lead to; blanks and full-width forms do not matter, so that they can be dictated."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", words))
    if len(plain) < LEAST_SIGNS or len(set(plain)) < LEAST_DIFFERENT or plain.isdigit():
        reason = f"约定的话太容易被试出来：至少 {LEAST_SIGNS} 个字、{LEAST_DIFFERENT} 个不同的字，不能全是数字"
        raise Unusable([Problem("约定的话", reason, "请换一句长的、别人想不到的话，或不写 --words，用随机的钥匙")])
    return hashlib.scrypt(plain.encode(), salt=SALT, n=COST, r=BLOCK, p=1, maxmem=MEMORY, dklen=KEY_BYTES)
