"""The texts with which a county begins: the self-assessment report and the public notice, in our own words."""

from __future__ import annotations

from pathlib import Path

TEXTS = Path(__file__).with_name("texts")
NAMES = {"report": "self_assessment", "notice": "notice"}
TITLES = {"report": "自查自评报告", "notice": "公示"}


def default_text(kind: str) -> str:
    """Return the text with which a `report` or a `notice` begins. KeyError for any other kind."""
    return (TEXTS / f"{NAMES[kind]}.txt").read_text(encoding="utf-8")
