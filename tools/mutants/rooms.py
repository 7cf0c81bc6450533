"""The rooms whose mutants are judged, each from its first mutant to its last."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from check_mutants import check_mutants, noticed_by_cases
from judge import Bench, Stage
from junheng.standard.load import load_standard
from results import ROOT, Room
from rule_mutants import YamlMutant, rule_mutants
from sql_mutants import SqlMutant, sql_mutants
from worlds import worlds

CHECK_TESTS = ("test_quality_checks.py",)
# What is asked of a harmed rule book that no golden case and no comparison noticed.
BOOK_TESTS = ("test_rule_book.py", "test_terminal_tables.py", "test_the_example.py", "test_python_interface.py")


Wanted = Callable[[SqlMutant | YamlMutant], bool]
"""Whether a mutant is to be judged."""


@cache
def bench() -> Bench:
    """Return the worlds made ready; two rooms are judged on them."""
    return Bench(worlds(), load_standard())


def _first(order: list[Stage], stage: Stage | None) -> None:
    """Put what has just noticed a mutant first: the next one is like it."""
    if stage is not None:
        order.remove(stage)
        order.insert(0, stage)


def sql_room(wanted: Wanted) -> Room:
    """Judge the pipeline's SQL; unharmed statements, judged in the same way, must go unnoticed."""
    room, order, mutants = Room(), list(bench().stages), list(sql_mutants(bench()))
    for mutant in filter(wanted, mutants):
        how, stage = mutant.noticed_by(bench(), order)
        _first(order, stage)
        room.add(mutant.name, how)
    _noticed_in_sister_parts(room, [mutant.name for mutant in mutants])
    _unharmed_goes_unnoticed()
    return room


def _noticed_in_sister_parts(room: Room, made: list[str]) -> None:
    """Count as noticed what is noticed where the same function wrote the same text for another part."""
    noticed = {damage_done(name) for name in made if name not in set(room.survivors)}
    alike = [name for name in room.survivors if damage_done(name) in noticed]
    room.killed["in a sister part"] += len(alike)
    room.survivors = [name for name in room.survivors if name not in alike]


def damage_done(name: str) -> tuple[str, str]:
    """Return the requirement and the change of a mutant of a part's rows, without the part's own name."""
    place, change = name.split(": ", 1)
    whose, _, part = place.partition("/")
    return (whose, change.replace(f"'{part}'", "part")) if part else (place, change)


def _unharmed_goes_unnoticed() -> None:
    for stage in bench().stages[:20]:
        for name, texts in stage.pieces.items():
            if found := [how for text in texts if (how := bench().notices_piece(stage, name, text, text))]:
                raise AssertionError(f"{name} is noticed though nothing was harmed: {found[0]}")


def rules_room(wanted: Wanted) -> Room:
    """Judge the rule book: first on the worlds, then, what is left, by the tests of the rule book."""
    room, order = Room(), list(bench().stages)
    for mutant in filter(wanted, rule_mutants()):
        with tempfile.TemporaryDirectory() as folder:
            how, stage = mutant.noticed_by(bench(), order, Path(folder))
        _first(order, stage)
        room.add(mutant.name, how or _by_tests(mutant, "standard/rules", BOOK_TESTS))
    return room


def _by_tests(mutant: YamlMutant, place: str, tests: tuple[str, ...]) -> str:
    """Return "its tests" where these test files fail on a copy of the source in which the mutant stands."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
        mutant.write(source / "junheng" / place)
        files = [str(ROOT / "tests" / "junheng" / name) for name in tests]
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist", *files],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(source)},
            capture_output=True,
            check=False,
        )
    return "its tests" if run.returncode else ""


def checks_room(wanted: Wanted) -> Room:
    """Judge the numbers of the checks: by the cases of each check, then, what is left, by their other tests."""
    room = Room()
    for mutant in filter(wanted, check_mutants()):
        room.add(mutant.name, noticed_by_cases(mutant) or _by_tests(mutant, "quality/checks", CHECK_TESTS))
    return room
