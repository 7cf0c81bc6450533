"""`junheng template`: the blank workbook for handing in facts."""

from __future__ import annotations

import argparse
from pathlib import Path

from junheng.cli.common import DONE, written
from junheng.cli.words import HELP


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    parser.add_argument(
        "--output", metavar="FILE.xlsx", type=Path, default=Path("junheng.xlsx"), help=HELP["template_file"]
    )


def run(options: argparse.Namespace) -> int:
    """Write the workbook and say where it is."""
    from junheng import api

    with written(options.output) as file:
        api.write_template(file)
    print(f"已写好空白填报工作簿：{options.output}")
    return DONE
