"""An overlay: how a county or province divides a document's indicators, with targets of its own (rule 17).

It sets targets and names the responsible units as printed; it never moves the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the overlay's table: text and units as printed, the parts of the document that it is about."""

    indicator: str
    group: str
    text: str
    units: tuple[str, ...]
    targets: Mapping[str, Fraction]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlay:
    """A whole table, row by row in its own order; `base` is the id of the document that it overlays."""

    id: str
    base: str
    title: str
    issuer: str
    source: str
    rows: tuple[Row, ...]

    @property
    def targets(self) -> Mapping[tuple[str, str], Fraction]:
        """The targets under indicator and part (for the resource indicators: the stage)."""
        return {(row.indicator, part): target for row in self.rows for part, target in row.targets.items()}
