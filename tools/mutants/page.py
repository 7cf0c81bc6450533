"""docs/quality/mutants.md: how many mutants each room had, how they were noticed, and which live on and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from results import ROOT, accepted
from revision import revision, today

PAGE = ROOT / "docs" / "quality" / "mutants.md"
ROOMS = {
    "sql": "SQL of the engine",
    "rules": "rule book (YAML)",
    "checks": "numbers of the checks (YAML)",
    "python": "Python",
}
INTRODUCTION = """\
A mutant is the program with one small damage: `>=` made `>`, `+` made `-`, a number one more or less, a filter or a
branch dropped, an inner join made left, `and` made `or`. Killed means that a committed test notices: a golden case or
a remembered digest comes out otherwise, or the engine disagrees with the slow reference on a county that the property
tests draw. A requirement's parts are rows that one function writes: a damage that is noticed in one part counts in its
sisters, where it is done to the same text. `make mutants` fails where a mutant lives on for which
`tools/mutants/accepted.yaml` gives no reason."""


def write(figures: Mapping[str, Any]) -> None:
    """Write the page."""
    PAGE.write_text("\n".join(_lines(figures)) + "\n", encoding="utf-8")


def _lines(figures: Mapping[str, Any]) -> Iterator[str]:
    yield from ("# Mutants", "", f"{today()}, commit {revision()}. Made by `python tools/mutants/run.py --write`.", "")
    yield from (INTRODUCTION, "")
    yield from _table(figures)
    if "python" in figures:
        yield from _modules(figures["python"])
    yield from ("", "## Survivors, and why they may live", "")
    yield from _survivors(figures)


def _table(figures: Mapping[str, Any]) -> Iterator[str]:
    known = accepted()
    yield "| room | made | killed | survivors accepted | not accepted | minutes |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, label in ROOMS.items():
        if one := figures.get(name):
            allowed = sum(mutant in known for mutant in one["survivors"])
            left = len(one["survivors"]) - allowed
            minutes = one["seconds"] / 60
            yield f"| {label} | {one['made']:,} | {one['killed']:,} | {allowed} | {left} | {minutes:.1f} |"
    if missing := [label for name, label in ROOMS.items() if name not in figures]:
        yield from ("", f"Not judged yet: {', '.join(missing)}.")


def _modules(python: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", "## Python, by module", "", "| module | made | killed |", "| --- | ---: | ---: |")
    for module, one in python["modules"].items():
        yield f"| `{module}` | {one['made']:,} | {one['killed']:,} |"
    yield from ("", "Lines with Chinese in them are left as they are: wording is looked at by people.")
    yield from ("", f"Not covered yet: {', '.join(f'`{one}`' for one in python['not_covered'])}.")


def _survivors(figures: Mapping[str, Any]) -> Iterator[str]:
    known = accepted()
    by_reason: dict[str, list[str]] = defaultdict(list)
    for room in figures.values():
        for mutant in room["survivors"]:
            by_reason[known.get(mutant, "No reason is given yet.")].append(mutant)
    if not by_reason:
        yield "None."
    for why, mutants in by_reason.items():
        yield from (why, "")
        yield from (f"- `{mutant}`" for mutant in mutants)
        yield ""
