"""Of which day and which commit a figure is."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def today() -> str:
    """Return the day (UTC), as 2025-09-01."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def revision() -> str:
    """Return the commit, and whether the sources differ from it."""
    changed = ", with changes in src that are not committed" if _git("status", "--porcelain", "--", "src") else ""
    return (_git("rev-parse", "--short", "HEAD") or "unknown") + changed


def _git(*words: str) -> str:
    """Return what git prints; nothing where it is missing or fails."""
    try:
        return subprocess.run(["git", *words], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
