"""The reasons of three invented counties, word for word and in their order, as tests/golden/reasons keeps them."""

from __future__ import annotations

import pytest

import told_reasons


def test_a_file_for_each_county() -> None:
    """None is left over."""
    assert {file.stem for file in told_reasons.FOLDER.iterdir()} == set(told_reasons.given())


@pytest.mark.parametrize("name", ["示例旗", "缺数", "只有小学"])
def test_reasons_are_told_as_kept(name: str) -> None:
    """What a change does to them is read in the difference; then `python tests/junheng/told_reasons.py` keeps it."""
    assert told_reasons.told(name) == (told_reasons.FOLDER / f"{name}.txt").read_text(encoding="utf-8")
