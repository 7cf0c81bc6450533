"""What two documents ask differently: lines that are stricter or looser, conditions that only one of them has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from junheng.facts.schema import STAGE_LABELS
from junheng.standard.model import Standard, in_force
from junheng.standard.requirements import Part

Key = tuple[str, str]
"""An indicator and its part: a stage for the resource indicators."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One condition of a document on one day: what it is called, the line, and which side of it is good."""

    name: str
    line: Fraction
    unit: str
    at_least: bool
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One condition that two documents ask differently; None where a document does not ask it.

    `kind` tells what the second is beside the first: "stricter", "looser", "only_first" or "only_second".
    """

    indicator: str
    part: str
    name: str
    first: Asked | None
    second: Asked | None
    kind: str


def differences(first: Standard, second: Standard, day: dt.date = dt.date.max) -> tuple[Difference, ...]:
    """Return what `second` asks on `day` (default: in the end) otherwise than `first`, in the first one's order."""
    one, other = dict(asked(first, day)), dict(asked(second, day))
    return tuple(_difference(key, one.get(key), other.get(key)) for key in {**one, **other} if _differ(key, one, other))


def _differ(key: Key, one: Mapping[Key, Asked], other: Mapping[Key, Asked]) -> bool:
    return key not in one or key not in other or one[key].line != other[key].line


def _difference(key: Key, one: Asked | None, other: Asked | None) -> Difference:
    known = one or other
    if known is None:
        raise KeyError(key)
    if one is None or other is None:
        kind = "only_second" if one is None else "only_first"
    else:
        kind = "stricter" if (other.line > one.line) == one.at_least else "looser"
    return Difference(*key, known.name, one, other, kind)


def asked(standard: Standard, day: dt.date) -> Iterator[tuple[Key, Asked]]:
    """Yield every condition of a document in force on `day`; of an overlay, those of its rows, by its targets."""
    overlay = standard.overlay
    if overlay is None:
        yield from _of_document(standard, day)
        return
    of_base = dict(_of_document(standard, day))
    for row in overlay.rows:
        for key, one in of_base.items():
            if key[0] == row.indicator and (not row.parts or key[1] in row.parts):
                line = row.targets.get(key[1], one.line)
                yield key, Asked(one.name, line, one.unit, one.at_least, one.part)


def _of_document(standard: Standard, day: dt.date) -> Iterator[tuple[Key, Asked]]:
    for id, indicator in standard.indicators.items():
        for stage, line in in_force(indicator.thresholds, day).items():
            yield (id, stage), Asked(f"{STAGE_LABELS[stage]}{indicator.name}", line, indicator.unit, at_least=True)
    for id, requirement in standard.requirements.items():
        for part in requirement.parts:
            asked_line = part.line(day)
            if asked_line is not None:
                at_least = part.relation == "at_least"
                yield (id, part.id), Asked(part.name, asked_line, part.unit, at_least, part)


def looser_targets(standard: Standard, day: dt.date) -> tuple[Difference, ...]:
    """Return the targets of an overlay that ask less than its document: each deserves a warning."""
    if standard.overlay is None:
        return ()
    base = dict(_of_document(standard, day))
    own = dict(asked(standard, day))
    found = (_difference(key, base[key], one) for key, one in own.items() if one.line != base[key].line)
    return tuple(one for one in found if one.kind == "looser")
