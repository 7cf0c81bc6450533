"""A nation's job by junheng: rosters to facts to a row for every county, with retention.

What the work itself took, without the interpreter and the libraries, is told on stderr: a program that stays, such as
the platform or an analyst's notebook, has them already.

python bench/nation_ours.py ROSTERS FACTS [--engine spark] [--memory 512MB] [--threads 1] [--duplicates]
python bench/nation_ours.py ROSTERS LAID --lay-out
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter
from typing import Any

from junheng.nationwide import aggregate, lay_out, nation

# What the functions import where they are first called.
LIBRARIES = ("junheng.rosters.records.run", "junheng.engine.nation", "junheng.sql.duck_files")


class Absent:
    """pandas as where only `requirements.lock` is installed: there it is not, and pyarrow imports what it finds."""

    @staticmethod
    def find_spec(name: str, *_: Any) -> ModuleSpec | None:
        """Find nothing of the name of pandas."""
        if name == "pandas":
            raise ModuleNotFoundError(name)
        return None


def main() -> None:
    """Count, judge, and print what peers are compared by."""
    parser = argparse.ArgumentParser(description="a nation's job by junheng")
    parser.add_argument("rosters", type=Path)
    parser.add_argument("facts", type=Path)
    parser.add_argument("--engine", default="duckdb")
    parser.add_argument("--memory")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--lay-out", action="store_true")
    parser.add_argument("--duplicates", action="store_true")
    options = parser.parse_args()
    if options.engine == "duckdb":
        sys.meta_path.insert(0, Absent)
    if options.lay_out:
        lay_out(options.rosters, options.facts, memory=options.memory, threads=options.threads)
        return
    for name in LIBRARIES:
        import_module(name)
    start, before = perf_counter(), processor()
    how = {"engine": options.engine, "memory": options.memory, "threads": options.threads}
    aggregate(options.rosters, options.facts, duplicates=options.duplicates, **how)
    table = nation(options.facts, **how)
    told = ("resources", "entered", "graduates", "transfers_in", "transfers_out")
    columns = (table[name].to_pylist() for name in told)
    json.dump(dict(zip(table["county_code"].to_pylist(), zip(*columns, strict=True), strict=True)), sys.stdout)
    print(json.dumps({"wall": perf_counter() - start, "cpu": processor() - before}), file=sys.stderr)


def processor() -> float:
    """Return the seconds of the processor that this process has used."""
    used = getrusage(RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
