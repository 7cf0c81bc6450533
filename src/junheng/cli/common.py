"""What several commands share: options, where output goes, what is shown while one waits."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from junheng.cli.words import HELP

if TYPE_CHECKING:
    from rich.console import Console

    from junheng.api import Facts

DONE, NOT_PASSED, UNUSABLE, STOPPED = 0, 1, 2, 130
WIDTH_OF_A_FILE = 120


def add_facts(parser: argparse.ArgumentParser) -> None:
    """Let the command take the facts, the standard and the day whose rules hold."""
    parser.add_argument("path", metavar="PATH", help=HELP["path"])
    add_rules(parser)


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Let the command take the standard and the day whose rules hold."""
    parser.add_argument("--standard", metavar="ID", default="national-2017", help=HELP["standard"])
    parser.add_argument("--as-of", metavar="DATE", type=_date, help=HELP["as_of"])


def add_output(parser: argparse.ArgumentParser, *formats: str) -> None:
    """Let the command choose one of `formats` (the first is the default) and a file to write to."""
    parser.add_argument("--format", choices=formats, default=formats[0], help=HELP["format"])
    parser.add_argument("--output", metavar="FILE", type=Path, help=HELP["output"])


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} 不是日期，请写成 2025-09-01 的样子") from None


def load_facts(path: str) -> Facts:
    """Read the facts; what the reader asks about goes to stderr."""
    from junheng import api

    with busy(HELP["reading"]):
        facts = api.load(path)
    for remark in facts.remarks:
        print(f"提示：{remark}", file=sys.stderr)
    return facts


def busy(doing: str) -> AbstractContextManager[object]:
    """Show what is being done for as long as it takes, on stderr, and only on a terminal."""
    return console(sys.stderr).status(doing) if sys.stderr.isatty() else nullcontext()


def console(stream: TextIO) -> Console:
    """Return a console that prints to `stream`: as wide as the terminal, or as a file is read best."""
    from rich.console import Console

    width = None if stream.isatty() else WIDTH_OF_A_FILE
    return Console(file=stream, width=width, highlight=False, soft_wrap=not stream.isatty())


class _Stdout:
    """Standard output as something that `with` does not close."""

    def __enter__(self) -> TextIO:
        return sys.stdout

    def __exit__(self, *_: object) -> None:
        sys.stdout.flush()


def opened(path: Path | None) -> TextIO | _Stdout:
    """Return where text goes: the file at `path`, or standard output. `Unusable` where it cannot be written."""
    return _Stdout() if path is None else writable(path).open("w", encoding="utf-8")


def writable(path: Path) -> Path:
    """Return `path` if a file can be written there; raise `Unusable` with the reason otherwise."""
    from junheng.api import Problem, Unusable

    try:
        path.open("ab").close()
    except OSError as error:
        problem = Problem(str(path), f"文件写不进去（{error.strerror}）", "请换一个文件夹或检查权限")
        raise Unusable([problem]) from error
    return path
