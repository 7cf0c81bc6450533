"""`junheng nation`: every county of what `junheng aggregate` wrote, judged; only what changed is judged anew."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from junheng.cli.aggregate import add_means, waiting
from junheng.cli.common import DONE, NATION_FORMS, add_rules, console, nation_file, not_over_input, written
from junheng.cli.words import HELP


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    parser.add_argument("path", metavar="FACTS", type=Path, help=HELP["nation_facts"])
    add_rules(parser)
    parser.add_argument("--output", metavar="FILE", type=nation_file, help=HELP["nation_output"])
    add_means(parser)


def run(options: argparse.Namespace) -> int:
    """Judge, and write the table or tell of it."""
    from junheng.nationwide import nation
    from junheng.output.nation import print_nation, write_nation
    from junheng.standard.load import load_standard

    not_over_input(str(options.path), options.output)
    with waiting() as told:
        table = nation(
            options.path,
            options.standard,
            as_of=options.as_of,
            engine=options.engine,
            memory=options.memory,
            threads=options.threads,
            master=options.master,
            told=told,
        )
    if options.output is None:
        print_nation(table, load_standard(options.standard), console(sys.stdout))
        return DONE
    with written(options.output) as file:
        write_nation(table, file, NATION_FORMS[options.output.suffix])
    return DONE
