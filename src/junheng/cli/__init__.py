"""The command line: typing and printing only. Everything that it does, `junheng.api` does.

One module a command: `add(parser)` says what may be typed, `run(options)` does it and returns the exit status.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, NoReturn

from junheng.cli import (
    aggregate,
    assess,
    check,
    compare,
    completion,
    explain,
    form,
    match,
    nation,
    plan,
    standard,
    template,
)
from junheng.cli.common import DONE, STOPPED, UNUSABLE, console
from junheng.cli.examples import epilog
from junheng.cli.words import HELP, in_chinese

COMMANDS: Mapping[str, ModuleType] = {
    "aggregate": aggregate,
    "assess": assess,
    "check": check,
    "compare": compare,
    "completion": completion,
    "explain": explain,
    "form": form,
    "match": match,
    "nation": nation,
    "plan": plan,
    "standard": standard,
    "template": template,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 not a pass under --strict, 2 unusable input."""
    # numpy's OpenBLAS starts a thread for every core, which spin while it loads; no command multiplies matrices.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _speak_utf8()
    parser = whole_parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return DONE
    from junheng.facts.problems import Unusable

    try:
        return int(COMMANDS[options.command].run(options))
    except Unusable as error:
        from junheng.output.terminal import print_problems

        print_problems(error, console(sys.stderr))
        return UNUSABLE
    except KeyboardInterrupt:
        print("已中止。", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


def _speak_utf8() -> None:
    """Chinese must come out whole even where the terminal's locale is C."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")


class _Parser(argparse.ArgumentParser):
    """Speaks Chinese, and shows examples below the help as they are typed."""

    def __init__(self, **how: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **how)

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(UNUSABLE, f"{self.prog}：{message}\n请加 --help 查看用法。\n")


def whole_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    in_chinese(argparse)
    parser = _Parser(prog="junheng", description=HELP["junheng"], epilog=epilog("junheng"))
    parser.add_argument("--version", action="version", version=_version(), help=HELP["version"])
    commands = parser.add_subparsers(dest="command", metavar="命令", title="命令", parser_class=_Parser)
    for name, command in COMMANDS.items():
        told = HELP.get(f"{name}_command", HELP.get(name))
        command.add(commands.add_parser(name, help=told, description=told, epilog=epilog(name)))
    return parser


def _version() -> str:
    from importlib.metadata import version

    return f"junheng {version('junheng')}"
