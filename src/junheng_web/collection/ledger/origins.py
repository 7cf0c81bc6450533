"""Where a number came from, in words: who entered it, when, and from which place of which file."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from junheng_web.collection.ledger.entries import Entry, Write


def writer(write: Write) -> str:
    """Return who wrote, and when, from which file."""
    file = f"，{write.file_name}" if write.file_name else ""
    return f"{who(write)}{file}"


def who(write: Write) -> str:
    """Return who wrote, and when; of another year with the year."""
    at = timezone.localtime(write.at)
    day = "%m-%d" if at.year == timezone.localtime().year else "%Y-%m-%d"
    whom = f"代{write.behalf}录入" if write.behalf else ""
    return f"{write.by_name or '系统'}{whom} {at:{day} %H:%M}"


def origin(entry: Entry) -> dict[str, Any]:
    """Return who entered a number, from which file, where in it, and where the file is; nothing of what was typed."""
    write = entry.write
    row = f"第 {entry.file_row} 行" if entry.file_row else ""
    return {
        "who": who(write),
        "post": write.by_post,
        "file": write.file_name,
        "place": "，".join(filter(None, [entry.sheet, row, entry.file_column])),
        "digest": write.file_digest,
    }
