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
    parser.add_argument("--plan", action="store_true", help=HELP["template_plan"])


def run(options: argparse.Namespace) -> int:
    """Write the workbook and say where it is."""
    from junheng import api

    write, what = (
        (api.write_plan_template, "价格、限制、路程工作簿") if options.plan else (api.write_template, "填报工作簿")
    )
    with written(options.output) as file:
        write(file)
    print(f"已写好空白{what}：{options.output}")
    return DONE
