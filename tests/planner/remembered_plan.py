"""The example county's plan as a leader reads it, as it was when somebody last looked at it.

python tests/planner/remembered_plan.py     # write it down anew; then read the difference
"""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console

import golden
import junheng as jh

FILE = golden.FOLDER / "plans" / "shili.txt"
SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
WIDTH, PATIENCE = 120, 600
LAST_YUAN = re.compile(r"(?<=,)\d{3} 元")


def page(plan: jh.Plan) -> str:
    """Return a plan as the terminal shows it, without spaces at the ends of lines.

    Other plans are left out: several may differ as much, and which of them is found is the engine's whim. So are the
    last yuan of a sum, and how far within the gap that is asked for its bound comes.
    """
    assert plan.relative_gap is not None
    assert plan.relative_gap <= 1e-4
    plan = replace(plan, alternatives=(), lower_bound=plan.cost)
    stream = io.StringIO()
    jh.api.print_plan(plan, Console(file=stream, width=WIDTH, highlight=False, soft_wrap=True))
    told = LAST_YUAN.sub("××× 元", stream.getvalue())
    return "\n".join(line.rstrip() for line in told.splitlines()) + "\n"


def planned() -> jh.Plan:
    """Plan for the example county, with every answer there is."""
    return jh.plan(jh.load(SHILI), seconds=PATIENCE, alternatives=True, frontier=20)


def main() -> int:
    """Write the page down."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(page(planned()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
