"""The nation's job by a program that stays (`junheng aggregate --follow`): what one county's change takes.

python bench/nation_follow.py ROSTERS FACTS TABLE [--changes 5] [--fresh FOLDER]

Each change is another process's. What is told is the seconds from a look at the rosters' files, over counting and
judging, to the table of every county being written; not the second or two until a copy is taken to be
whole. With --fresh everything is counted and judged anew after the last one, into another folder, and must be the
same to the last bit.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from junheng.cli.common import written
from junheng.nationwide import aggregate, following, nation
from junheng.output.nation import write_nation
from junheng.rosters.records.sources import state
from nation import change, undo
from nation_ours import Absent, processor

if TYPE_CHECKING:
    import pyarrow as pa


def main() -> None:
    """Change, count, judge and write as often as asked; print what each took."""
    parser = argparse.ArgumentParser(description="one county's change by a program that stays")
    parser.add_argument("rosters", type=Path)
    parser.add_argument("facts", type=Path)
    parser.add_argument("table", type=Path)
    parser.add_argument("--changes", type=int, default=5)
    parser.add_argument("--fresh", type=Path)
    options = parser.parse_args()
    sys.meta_path.insert(0, Absent)
    walls, cpus, same = [], [], True
    with following(options.rosters, options.facts) as again:
        _written(again, options.table)
        gc.collect()
        gc.freeze()
        for at in range(options.changes):
            changed = change(options.rosters)
            start, before = perf_counter(), processor()
            table = _written(partial(again, state(options.rosters)), options.table)
            walls.append(perf_counter() - start)
            cpus.append(processor() - before)
            if at == options.changes - 1:
                same = _is_anew(table, options.rosters, options.fresh)
            undo(*changed)
            _written(again, options.table)
    json.dump({"wall": walls, "cpu": cpus, "same": same}, sys.stdout)


def _written(again: Callable[[], pa.Table], file: Path) -> pa.Table:
    table = again()
    with written(file) as draft:
        write_nation(table, draft, "parquet")
    return table


def _is_anew(table: pa.Table, rosters: Path, fresh: Path | None) -> bool:
    """Whether a table is what everything counted and judged anew comes to."""
    if fresh is None:
        return True
    aggregate(rosters, fresh, duplicates=False)
    return bool(nation(fresh).equals(table))


if __name__ == "__main__":
    main()
