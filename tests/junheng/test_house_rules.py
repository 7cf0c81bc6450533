"""Rules of the house that a machine can check and that no other tool does."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import junheng as jh

ROOT = Path(__file__).parents[2]
LONGEST = 500


def tracked(*suffixes: str) -> list[Path]:
    """Return the tracked files with one of the suffixes; in an unpacked archive, all of them."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if name.endswith(suffixes) and (ROOT / name).exists()]


def test_no_module_is_longer_than_a_room() -> None:
    """A module over 500 lines wants a wall."""
    long = [str(file) for file in tracked(".py") if len(file.read_text(encoding="utf-8").splitlines()) > LONGEST]
    assert long == []


def test_no_python_repeats_what_the_rule_book_says() -> None:
    """Neither an indicator's name nor a threshold with decimals stands in the core's Python."""
    standard = jh.load_standard()
    words = {indicator.name for indicator in standard.indicators.values()}
    lines = {
        str(float(value))
        for indicator in standard.indicators.values()
        for values in indicator.thresholds.values()
        for value in values.values()
        if value.denominator > 1
    }
    number = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])")
    for file in (ROOT / "src").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not [name for name in words if name in text], file
        assert not lines & set(number.findall(text)), file


def test_nothing_is_left_for_later_in_the_source() -> None:
    """No stub is called done."""
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|NotImplemented" r"Error|XX" r"X)\b")
    assert [str(file) for file in (ROOT / "src").rglob("*.py") if marks.search(file.read_text(encoding="utf-8"))] == []


def test_no_test_is_skipped_by_hand() -> None:
    """Whether a test can run is decided in conftest.py alone, where CI refuses to skip."""
    marks = re.compile(r"mark\.(skip|skipif|xfail)|pytest\.skip\(")
    files = [file for file in (ROOT / "tests").rglob("test_*.py") if file != Path(__file__)]
    assert files
    assert [str(file) for file in files if marks.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "lock",
    [f"requirements{one}.lock" for one in ("", "-dev", "-spark", "-scip", "-s3")],
)
def test_every_lock_is_hashed_and_without_addresses(lock: str) -> None:
    """Any mirror may serve the packages; none can change them."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    packages = re.findall(r"^[A-Za-z0-9][^ ]*==", text, flags=re.MULTILINE)
    assert len(packages) >= 5
    assert text.count("--hash=sha256:") >= len(packages)
    assert "http" not in text
    assert "index-url" not in text
