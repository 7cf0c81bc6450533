"""A nation's job by junheng: rosters to facts to a row for every county, with retention.

python bench/nation_ours.py ROSTERS FACTS [--engine spark] [--memory 512MB] [--duplicates]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from junheng import api as jh


def main() -> None:
    """Count, judge, and print what peers are compared by."""
    parser = argparse.ArgumentParser(description="a nation's job by junheng")
    parser.add_argument("rosters", type=Path)
    parser.add_argument("facts", type=Path)
    parser.add_argument("--engine", default="duckdb")
    parser.add_argument("--memory")
    parser.add_argument("--duplicates", action="store_true")
    options = parser.parse_args()
    how = {"engine": options.engine, "memory": options.memory}
    jh.aggregate(options.rosters, options.facts, duplicates=options.duplicates, **how)
    table = jh.nation(options.facts, **how)
    told = ("resources", "entered", "graduates", "transfers_in", "transfers_out")
    rows = {row["county_code"]: [row[name] for name in told] for row in table.to_pylist()}
    json.dump(rows, sys.stdout)


if __name__ == "__main__":
    main()
