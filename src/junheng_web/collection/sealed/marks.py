"""The mark on a printed form: which form it is and what it held, as a QR code and as a short code for people."""

from __future__ import annotations

from dataclasses import dataclass

import segno

from junheng_web.collection.ledger.subjects import Subject

PREFIX = "JUNHENG"
# How much of a hash people see and type: 48 bits tell apart whatever one form has ever held.
SHOWN, GROUP = 12, 4
# What is easily misread among the digits 0-9 and a-f.
MISREAD = str.maketrans({"o": "0", "l": "1", "i": "1"})
HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Mark:
    """A form's place (period, basis, kind, code), and the beginning of the hash of what it held."""

    period: str
    basis: str
    kind: str
    code: str
    short: str

    @property
    def text(self) -> str:
        """What the QR code says: no address, so that it means the same whatever the installation is called."""
        return ":".join([PREFIX, self.period, self.basis, self.kind, self.code, self.short])

    def of(self, one: Subject) -> bool:
        """Whether it is the mark of this form."""
        return (self.period, self.basis, self.kind, self.code) == (
            one.period.code,
            one.ledger.basis,
            one.kind,
            one.code,
        )


def mark_of(one: Subject, digest: str) -> Mark:
    """Return the mark of a form that holds what this hash says."""
    return Mark(one.period.code, one.ledger.basis, one.kind, one.code, digest[:SHOWN])


def mark_in(text: str) -> Mark | None:
    """Return the mark that a QR code's text says; None for a code that is not ours."""
    parts = text.split(":")
    return Mark(*parts[1:]) if len(parts) == 6 and parts[0] == PREFIX else None


def spaced(digest: str) -> str:
    """Return the short code of a hash as it is printed, in groups."""
    short = digest[:SHOWN]
    return "-".join(short[at : at + GROUP] for at in range(0, len(short), GROUP))


def typed_code(text: str) -> str:
    """Return the short code that somebody typed from paper; nothing where it cannot be one."""
    told = "".join(sign for sign in text.lower().translate(MISREAD) if sign.isalnum())
    return told if len(told) == SHOWN and set(told) <= HEX else ""


def picture(mark: Mark) -> str:
    """Return the QR code as an SVG element."""
    return str(segno.make(mark.text, error="m", micro=False).svg_inline(scale=3, border=2))
