"""`junheng standard list|show|diff`: which rule books there are, what one says, what two ask differently."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TextIO

from junheng.cli.common import DONE, add_output, console, opened
from junheng.cli.words import HELP

if TYPE_CHECKING:
    from junheng.api import Standard

DEFAULT = "national-2017"
# How many documents a deed is about at the most.
DEEDS = {"list": 0, "show": 1, "diff": 2}


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    parser.add_argument("deed", metavar="|".join(DEEDS), choices=list(DEEDS), help=HELP["deed"])
    parser.add_argument("ids", metavar="ID", nargs="*", help=HELP["standard_ids"])
    add_output(parser, "table", "json")


def run(options: argparse.Namespace) -> int:
    """List the documents, print one, or print what two ask differently."""
    documents = _documents(options)
    with opened(options.output) as stream:
        {"list": _list, "show": _show, "diff": _diff}[options.deed](documents, options, stream)
    return DONE


def _documents(options: argparse.Namespace) -> list[Standard]:
    """Return the documents that are meant; `Unusable` where there are too many, or only one to compare with itself."""
    from junheng import api

    if len(options.ids) > DEEDS[options.deed] or (options.deed == "diff" and not options.ids):
        remedy = f"{options.deed} 后面写 {DEEDS[options.deed]} 个标准的编号，可用的有：{'、'.join(api.available())}"
        raise api.Unusable([api.Problem("standard", "标准的个数不对", remedy, value=" ".join(options.ids) or None)])
    if options.deed == "list":
        return [api.load_standard(id) for id in api.available()]
    ids = options.ids if len(options.ids) == DEEDS[options.deed] else [DEFAULT, *options.ids]
    return [api.load_standard(id) for id in ids]


def _list(documents: list[Standard], options: argparse.Namespace, stream: TextIO) -> None:
    from junheng import api

    if options.format == "json":
        stream.write(api.documents_to_json(documents) + "\n")
    else:
        stream.writelines(f"{one.id}  {one.full_title}\n" for one in documents)


def _show(documents: list[Standard], options: argparse.Namespace, stream: TextIO) -> None:
    from junheng import api

    if options.format == "json":
        stream.write(api.rules_to_json(documents[0]) + "\n")
    else:
        api.print_rules(documents[0], console(stream))


def _diff(documents: list[Standard], options: argparse.Namespace, stream: TextIO) -> None:
    from junheng import api

    first, second = documents
    if options.format == "json":
        stream.write(api.differences_to_json(first, second) + "\n")
    else:
        api.print_differences(first, second, console(stream))
