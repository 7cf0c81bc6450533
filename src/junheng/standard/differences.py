"""What two documents ask: lines that are stricter, looser or equal, conditions that only one has, and of whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
    """One condition as two documents ask it; None where a document does not ask it.

    `kind` tells what the second is beside the first: "stricter", "looser", "equal", "only_first" or "only_second".
    """

    indicator: str
    part: str
    name: str
    first: Asked | None
    second: Asked | None
    kind: str


def differences(first: Standard, second: Standard, day: dt.date = dt.date.max) -> tuple[Difference, ...]:
    """Return what `second` asks on `day` (default: in the end) otherwise than `first`, in the first one's order."""
    return tuple(one for one in compared(first, second, day) if one.kind != "equal")


def compared(first: Standard, second: Standard, day: dt.date = dt.date.max) -> tuple[Difference, ...]:
    """Return every condition of two documents on `day` (default: in the end), in the first one's order."""
    one, other = dict(asked(first, day)), dict(asked(second, day))
    return tuple(_difference(key, one.get(key), other.get(key)) for key in {**one, **other})


def _difference(key: Key, one: Asked | None, other: Asked | None) -> Difference:
    known = one or other
    if known is None:
        raise KeyError(key)
    return Difference(*key, known.name, one, other, _kind(one, other))


def _kind(one: Asked | None, other: Asked | None) -> str:
    if one is None or other is None:
        return "only_second" if one is None else "only_first"
    if one.line == other.line:
        return "equal"
    return "stricter" if (other.line > one.line) == one.at_least else "looser"


def units(first: Standard, second: Standard) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the responsible units of each indicator as two documents print them, where they differ.

    A document that names no units has none.
    """
    one, other = _units(first), _units(second)
    pairs = {id: (one.get(id, ()), other.get(id, ())) for id in {**one, **other}}
    return {id: pair for id, pair in pairs.items() if pair[0] != pair[1]}


def _units(standard: Standard) -> dict[str, tuple[str, ...]]:
    return {row.indicator: row.units for row in standard.overlay.rows} if standard.overlay else {}


def vetoes(standard: Standard, day: dt.date = dt.date.max) -> tuple[str, ...]:
    """Return the veto items that a document lists on `day`, by name."""
    own = {id for id, one in standard.requirements.items() if one.group == "veto"}
    return tuple(one.name for (id, _), one in asked(standard, day) if id in own)


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
    return tuple(one for one in _beside_base(standard, day) if one.kind == "looser")


def unlisted(standard: Standard, day: dt.date) -> tuple[Difference, ...]:
    """Return the conditions that an overlay's row leaves out, though its document asks them."""
    rows = {row.indicator for row in standard.overlay.rows} if standard.overlay else set()
    return tuple(one for one in _beside_base(standard, day) if one.kind == "only_first" and one.indicator in rows)


def _beside_base(standard: Standard, day: dt.date) -> tuple[Difference, ...]:
    return compared(replace(standard, overlay=None), standard, day)
