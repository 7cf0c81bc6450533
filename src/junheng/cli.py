"""The command line: typing and printing only. Everything that it does, `junheng.api` does."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from junheng.words import HELP, in_chinese

if TYPE_CHECKING:
    from rich.console import Console

    from junheng.api import Assessment, Facts

DONE, NOT_PASSED, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 not a pass under --strict, 2 unusable input."""
    _speak_utf8()
    options = _parser().parse_args(arguments)
    from junheng.api import Unusable, print_problems

    try:
        return _assess(options)
    except Unusable as error:
        print_problems(error, _console(sys.stderr))
        return UNUSABLE
    except KeyboardInterrupt:
        print("已中止。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


def _speak_utf8() -> None:
    """Chinese must come out whole even where the terminal's locale is C."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(UNUSABLE, f"{self.prog}：{message}\n请加 --help 查看用法。\n")


def _parser() -> argparse.ArgumentParser:
    in_chinese(argparse)
    parser = _Parser(prog="junheng", description=HELP["junheng"])
    parser.add_argument("--version", action="version", version=_version(), help=HELP["version"])
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令", title="命令", parser_class=_Parser)
    _add_assess(commands.add_parser("assess", help=HELP["assess"], description=HELP["assess"]))
    return parser


def _version() -> str:
    from importlib.metadata import version

    return f"junheng {version('junheng')}"


def _add_assess(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", help=HELP["path"])
    parser.add_argument("--standard", metavar="ID", default="national-2017", help=HELP["standard"])
    parser.add_argument("--as-of", metavar="DATE", type=_date, help=HELP["as_of"])
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--county", metavar="CODE", help=HELP["county"])
    which.add_argument("--all", action="store_true", help=HELP["all"])
    parser.add_argument("--format", choices=("table", "json"), default="table", help=HELP["format"])
    parser.add_argument("--output", metavar="FILE", type=Path, help=HELP["output"])
    parser.add_argument("--strict", action="store_true", help=HELP["strict"])
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help=HELP["engine"])


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} 不是日期，请写成 2025-09-01 的样子") from None


def _assess(options: argparse.Namespace) -> int:
    from junheng import api

    with _busy(HELP["reading"]):
        facts = api.load(options.path)
    _mention(facts)
    with _busy(HELP["judging"]):
        answers = _answers(facts, options)
    verdicts = set()
    with _opened(options.output) as stream:
        for one in answers:
            _write(one, options, stream)
            verdicts.add(one.verdict)
    return NOT_PASSED if options.strict and verdicts != {"pass"} else DONE


def _answers(facts: Facts, options: argparse.Namespace) -> Iterator[Assessment]:
    from junheng import api

    how: dict[str, Any] = {"as_of": options.as_of, "engine": options.engine}
    if options.all:
        return api.assess_all(facts, options.standard, **how)
    return iter([api.assess(facts, options.standard, county=options.county, **how)])


def _busy(doing: str) -> AbstractContextManager[object]:
    """Show what is being done for as long as it takes, on stderr, and only on a terminal."""
    return _console(sys.stderr).status(doing) if sys.stderr.isatty() else nullcontext()


def _mention(facts: Facts) -> None:
    for remark in facts.remarks:
        print(f"提示：{remark}", file=sys.stderr)


class _Stdout:
    """Standard output as something that `with` does not close."""

    def __enter__(self) -> TextIO:
        return sys.stdout

    def __exit__(self, *_: object) -> None:
        sys.stdout.flush()


def _opened(path: Path | None) -> TextIO | _Stdout:
    from junheng.api import Problem, Unusable

    if path is None:
        return _Stdout()
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        problem = Problem(str(path), f"文件写不进去（{error.strerror}）", "请换一个文件夹或检查权限")
        raise Unusable([problem]) from error


def _write(answer: Assessment, options: argparse.Namespace, stream: TextIO) -> None:
    from junheng import api

    if options.all:
        stream.write(api.to_json(answer, indent=None) + "\n")
    elif options.format == "json":
        stream.write(api.to_json(answer) + "\n")
    else:
        api.print_assessment(answer, _console(stream))


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    return Console(file=stream, width=None if stream.isatty() else 120, highlight=False, soft_wrap=not stream.isatty())
