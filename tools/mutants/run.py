"""Mutants: does a committed test notice each small damage of the SQL, the rule book, the checks and the Python?

python tools/mutants/run.py [sql] [rules] [checks] [python] [--again] [--write]

Writes build/mutants.json. The exit status is 1 where a mutant survives for which tools/mutants/accepted.yaml gives no
reason. Mutants of SQL and YAML are judged in this process on facts of committed tests; those of Python by mutmut.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "junheng"), str(ROOT / "tools")]

import page  # noqa: E402 (the tests' modules had to be found first)
import python_mutants  # noqa: E402
import results  # noqa: E402
from rooms import checks_room, rules_room, sql_room  # noqa: E402

ROOMS: dict[str, Callable[[Any], results.Room]] = {
    "sql": sql_room,
    "rules": rules_room,
    "checks": checks_room,
    "python": python_mutants.python_room,
}


def main() -> int:
    """Judge the mutants of the rooms that are named; return 1 where a survivor has no reason."""
    options = _options()
    for name in options.rooms:
        again = options.again and name != "python"  # mutmut remembers by itself
        results.keep(name, _judged(name, again), again=again)
    figures = results.known()
    if options.write:
        page.write(figures)
    open_ones = results.unaccepted(figures)
    print(*(f"survives, and no reason is given: {one}" for one in open_ones), sep="\n", file=sys.stderr)
    print(*(f"{name}: {one['killed']} of {one['made']} killed" for name, one in figures.items()), sep="\n")
    return 1 if open_ones else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"{', '.join(ROOMS)}; all, where none is named")
    parser.add_argument("--again", action="store_true", help="judge only what survived when it was last judged")
    parser.add_argument("--write", action="store_true", help="also write docs/quality/mutants.md")
    options = parser.parse_args()
    if unknown := set(options.rooms) - set(ROOMS):
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    options.rooms = options.rooms or list(ROOMS)
    return options


def _judged(name: str, again: bool) -> results.Room:
    start = time.perf_counter()
    survived = set(results.known()[name]["survivors"]) if again else set()
    room = ROOMS[name](lambda mutant: not again or mutant.name in survived)
    room.seconds = time.perf_counter() - start
    return room


if __name__ == "__main__":
    sys.exit(main())
