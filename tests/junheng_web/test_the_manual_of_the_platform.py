"""Whoever installs the platform finds every command and every setting in its manual, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from places import EXAMPLES

ROOT = EXAMPLES.parent
PAGE = (ROOT / "docs" / "manual" / "platform.md").read_text(encoding="utf-8")


def test_every_setting_is_told_with_what_it_means() -> None:
    """One row of the table each; the code reads no other, and reads each of them."""
    code = [file.read_text(encoding="utf-8") for file in sorted(Path(ROOT / "src" / "junheng_web").rglob("*.py"))]
    read = set(re.findall(r"environ(?:\.get\(|\[)\"(JUNHENG_[A-Z_]+)\"", "\n".join(code)))
    assert len(read) >= 10
    assert {*re.findall(r"^\| `(JUNHENG_[A-Z_]+)` \|", PAGE, re.MULTILINE)} == read


def test_every_command_is_told() -> None:
    """Those of the platform; Django's own are for developers."""
    own = {name.replace("_", "-") for name, room in get_commands().items() if room.startswith("junheng_web.")}
    told = {*re.findall(r"junheng-web ([a-z-]+)", PAGE)}
    assert told - own <= {"migrate"}
    assert own - told == set()


@pytest.mark.parametrize("variable", ["JUNHENG_DATABASE", "JUNHENG_MAIL"])
def test_a_setting_that_cannot_be_read_says_how_it_is_written(variable: str) -> None:
    """In the words of the manual."""
    from junheng_web.config import databases, mails

    read = {
        "JUNHENG_DATABASE": lambda: databases.database("mysql://a/b", Path()),
        "JUNHENG_MAIL": lambda: mails.mail_server("x"),
    }
    with pytest.raises(ValueError, match=f"{variable}：.*请写 (postgresql|smtps)://用户:口令@主机:端口"):
        read[variable]()
