"""`junheng completion`: the script with which a shell completes commands, options, codes and files."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from junheng.cli.common import DONE
from junheng.cli.words import HELP

SHELLS = ("bash", "zsh")
# What is typed for these is a file or a folder, though it is kept as text; and for these the code of a document.
FILES = {"path", "previous", "before", "after"}
DOCUMENTS = {"standard", "ids"}


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    parser.add_argument("shell", choices=SHELLS, help=HELP["shell"])


def run(options: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    from junheng.cli import whole_parser

    parser = whole_parser()
    _say_what_completes(parser)
    print(shtab.complete(parser, options.shell))
    return DONE


def _say_what_completes(parser: argparse.ArgumentParser) -> None:
    """Tell of every argument that the parser cannot tell itself: files, and documents of the rule book."""
    import shtab

    from junheng import api

    for action in _actions(parser):
        if action.type is Path or action.dest in FILES:
            vars(action)["complete"] = shtab.FILE
        elif action.dest in DOCUMENTS:
            action.choices = api.available()


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
        else:
            yield action
