"""What several commands share: options, where output goes, what is shown while one waits."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from junheng.cli.words import HELP

if TYPE_CHECKING:
    from rich.console import Console

    from junheng.api import Facts, Unusable

DONE, NOT_PASSED, UNUSABLE, STOPPED = 0, 1, 2, 130
WIDTH_OF_A_FILE = 120
# A page is text, and may go down a pipe; what is no text cannot.
NO_TEXT = {"xlsx", "docx", "pdf"}


def add_facts(parser: argparse.ArgumentParser) -> None:
    """Let the command take the facts, the standard and the day whose rules hold."""
    parser.add_argument("path", metavar="PATH", help=HELP["path"])
    add_rules(parser)


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Let the command take the standard and the day whose rules hold."""
    parser.add_argument("--standard", metavar="ID", default="national-2017", help=HELP["standard"])
    parser.add_argument("--as-of", metavar="DATE", type=day, help=HELP["as_of"])


def add_output(parser: argparse.ArgumentParser, *formats: str) -> None:
    """Let the command choose one of `formats` (the first is the default) and a file to write to."""
    parser.add_argument("--format", choices=formats, default=formats[0], help=HELP["format"])
    parser.add_argument("--output", metavar="FILE", type=Path, help=HELP["output"])


def day(text: str) -> dt.date:
    """Read a date as it is typed, for argparse."""
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


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    """Standard output, left open; a full disk behind it is told, a reader who has gone is not."""
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (what is left in it has no place)
        raise _unwritable(Path("标准输出"), error) from error


def opened(path: Path | None) -> AbstractContextManager[TextIO]:
    """Return where text goes: the file at `path`, or standard output. `Unusable` where it cannot be written."""
    return _standard_output() if path is None else _text_file(path)


@contextmanager
def _text_file(path: Path) -> Iterator[TextIO]:
    with written(path) as part, part.open("w", encoding="utf-8") as stream:
        yield stream


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Give a file to write beside `path`; it takes that name once it is whole, and is gone if it never is.

    What is no ordinary file (a pipe, a terminal) is written as it stands.
    """
    target = path.resolve()
    try:
        if target.exists():
            target.open("ab").close()
        if target.exists() and not target.is_file():
            yield target
        else:
            yield from _beside(target)
    except OSError as error:
        raise _unwritable(path, error) from error


def _beside(target: Path) -> Iterator[Path]:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.open("ab").close()
        yield part
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        if part.exists():
            part.unlink()


def _unwritable(path: Path, error: OSError) -> Unusable:
    from junheng.facts.problems import Problem, Unusable

    reason = f"文件写不进去（{error.strerror or error}）"
    return Unusable([Problem(str(path), reason, "请换一个文件夹，检查权限，或先关闭打开着它的程序")])


def no_workbook_on_the_screen(options: argparse.Namespace) -> None:
    """Refuse to print what is no text."""
    from junheng.facts.problems import Problem, Unusable

    if options.format in NO_TEXT and options.output is None:
        remedy = f"请加上 --output 文件名.{options.format}"
        raise Unusable([Problem("--format", "这种形式不能显示在屏幕上", remedy, value=options.format)])


def not_over_input(path: str, file: Path | None) -> None:
    """Refuse to write over what was handed in."""
    from junheng.facts.problems import Problem, Unusable

    if file is not None and file.resolve() == Path(path).resolve():
        raise Unusable([Problem(str(file), "与读入的是同一个文件", "请换一个文件名，原件不改动")])


# As which a nation's table may be written, by the ending of the file.
NATION_FORMS = {".parquet": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".html": "html"}


def nation_file(text: str) -> Path:
    """Return the file of a nation's table that was typed."""
    if Path(text).suffix not in NATION_FORMS:
        raise argparse.ArgumentTypeError(f"{text!r} 的扩展名应当是 {'、'.join(NATION_FORMS)} 之一")
    return Path(text)
