"""A figure that a report may quote."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.safestring import SafeString

from junheng import papers


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: by which key it is quoted, what it says, where it comes from, what stands behind it.

    `grid` is there where it is a table, `chart` where it is a chart. `known` is False where it cannot be said yet;
    then `told` says why.
    """

    key: str
    told: str
    group: str
    source: str
    url: str = ""
    known: bool = True
    trace: tuple[str, ...] = ()
    grid: papers.Grid | None = None
    chart: papers.Picture | None = None

    @property
    def frozen(self) -> dict[str, Any]:
        """What signing keeps of it."""
        return {**asdict(self), "trace": list(self.trace), "chart": self.chart and self.chart.svg()}

    @property
    def svg(self) -> SafeString:
        """The chart as pages show it: drawn by us, its words escaped there."""
        return SafeString(self.chart.svg() if self.chart else "")


Catalogue = Mapping[str, Figure]


def plain(key: str) -> str:
    """Return a key as it is compared: without spaces, and wide and narrow signs the same."""
    return "".join(unicodedata.normalize("NFKC", key).split())
