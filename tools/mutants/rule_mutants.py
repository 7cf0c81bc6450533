"""The mutants of the rule book: each number, date, stage, relation, filter and clause of its YAML, harmed by itself."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from judge import Bench, Stage
from junheng.facts.nodes import read_node
from junheng.facts.problems import Unusable
from junheng.standard.load import RULES, load_standard

DOCUMENT = "national-2017"
DAY = dt.timedelta(days=1)
STAGES = ("primary", "junior")
RELATIONS = ("at_least", "at_most", "below")
# Lists of which one may be left out, and keys that may be absent: filters, clauses, switches, members.
LISTS = ("where", "when", "clauses", "terms", "among", "excluding", "accept", "items", "top", "bottom", "sum", "stages")
OPTIONAL = ("only_if", "blanks", "clause", "least_pupils", "stage", "relaxed")
# What is read by people only.
TOLD = ("disputed", "rubric")
Keys = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class YamlMutant:
    """One harmed file below the folder `root`: `values` is all that it says."""

    name: str
    root: Path
    file: Path
    values: dict[str, Any]

    def write(self, folder: Path) -> None:
        """Write a copy of everything below the root, with the harmed file in it, to `folder`."""
        shutil.copytree(self.root, folder, dirs_exist_ok=True)
        write_yaml(self.values, folder / self.file)

    def noticed_by(self, bench: Bench, first: list[Stage], rules: Path) -> tuple[str, Stage | None]:
        """Return how a committed test notices the mutant ("" if none does), and the first world in which it does."""
        self.write(rules)
        load_standard.cache_clear()
        try:
            standard = load_standard(DOCUMENT, rules)
        except Unusable:
            return "refused when loaded", None
        for stage in first:
            if how := bench.notices_rules(stage, standard):
                return how, stage
        return "", None


class _Dumper(yaml.SafeDumper):
    """YAML that keeps decimals as they are written and repeats what is said twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(Decimal, lambda dumper, one: dumper.represent_scalar("tag:yaml.org,2002:float", str(one)))


def write_yaml(values: Mapping[str, Any], file: Path) -> None:
    """Write a rule file."""
    file.write_text(yaml.dump(dict(values), Dumper=_Dumper, allow_unicode=True, sort_keys=False), encoding="utf-8")


def rule_mutants() -> Iterator[YamlMutant]:
    """Yield every mutant of every rule file of the national document; its worked cases are tests, not rules."""
    for file in sorted({*(RULES / DOCUMENT).rglob("*.yaml")} - {*(RULES / DOCUMENT / "worked").glob("*.yaml")}):
        yield from mutants_of(file, RULES, _deeds)


def mutants_of(file: Path, root: Path, deeds: Callable[[Any, Any], Iterator[tuple[str, Any]]]) -> Iterator[YamlMutant]:
    """Yield a mutant for every deed at every place of a YAML file below `root`."""
    values = _repeated(read_node(file, file.name).values)
    for path, value in _places(values):
        for change, harmed in deeds(path, value):
            name = f"{file.stem}: {'.'.join(str(key) for key in path)}: {change}"
            yield YamlMutant(name, root, file.relative_to(root), _replaced(values, path, harmed))


def _repeated(value: Any) -> Any:
    """Return a copy in which nothing is shared, though the file says it once for several places."""
    if isinstance(value, dict):
        return {key: _repeated(one) for key, one in value.items()}
    return [_repeated(one) for one in value] if isinstance(value, list) else value


def _places(value: Any, path: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    if path and path[-1] in TOLD:
        return
    if path:
        yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _places(child, (*path, key))


class Dropped:
    """Stands for a key or member that is left out."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Stands for a value that stands under another key."""

    key: Any


def _replaced(values: Any, path: Keys, harmed: Any) -> Any:
    twin = deepcopy(values)
    holder = twin
    for key in path[:-1]:
        holder = holder[key]
    if harmed is Dropped:
        del holder[path[-1]]
    elif isinstance(harmed, Moved):
        holder[harmed.key] = holder.pop(path[-1])
    else:
        holder[path[-1]] = harmed
    return twin


def number_deeds(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a number with one more and one less in its last place."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        step = Decimal(1).scaleb(value.as_tuple().exponent) if isinstance(value, Decimal) else 1
        for harmed in (value + step, value - step):
            yield f"{value} → {harmed}", harmed


def _deeds(path: Keys, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what can be done to what stands at a place of a rule file."""
    key, within = path[-1], path[-2] if len(path) > 1 else None
    yield from number_deeds(value)
    if isinstance(key, dt.date):
        yield from ((f"→ {key + by}", Moved(key + by)) for by in (DAY, -DAY))
    if isinstance(value, dt.date):
        yield from ((f"{value} → {value + by}", value + by) for by in (DAY, -DAY))
    if isinstance(value, bool):
        yield f"{value} → {not value}", not value
    if key == "relation":
        yield from ((f"{value} → {other}", other) for other in RELATIONS if other != value)
    if within in LISTS or (key in OPTIONAL and len(path) > 1):
        yield f"{_told(value)} dropped", Dropped
    yield from _stage_deeds(key, within, value)


def _stage_deeds(key: Any, within: Any, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield one stage put in the place of the other, and the sign of a fact turned."""
    if isinstance(value, dict) and set(STAGES) <= set(value) and value["primary"] != value["junior"]:
        yield "stages swapped", {**value, "primary": value["junior"], "junior": value["primary"]}
    if isinstance(value, str) and (key == "stage" or within in ("top", "bottom", "stages")):
        for one, other in (STAGES, STAGES[::-1]):
            if one in value:
                yield f"{value} → {value.replace(one, other)}", value.replace(one, other)
    if isinstance(value, str) and within in ("top", "bottom"):
        turned = value.removeprefix("-") if value.startswith("-") else f"-{value}"
        yield f"{value} → {turned}", turned
    if key == "sign":
        yield f"{value} → {-value}", -value


def _told(value: Any) -> str:
    return ", ".join(f"{key} {one}" for key, one in value.items()) if isinstance(value, dict) else str(value)
