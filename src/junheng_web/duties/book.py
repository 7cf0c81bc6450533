"""Which rows the table of a county has: those of its printed table of tasks, else those of the national document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from junheng_web.assessment.selectors import DEFAULT_STANDARD, rules_today
from junheng_web.collection.models import Period
from junheng_web.organisation.models import Area, Publication

# What the national document calls the rows that are measured at every school.
RESOURCES = "资源配置"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the indicator, the group's name, the words, and the units as they are printed (none: not printed)."""

    indicator: str
    group: str
    text: str
    printed: tuple[str, ...]
    called: str


@dataclass(frozen=True, slots=True)
class Book:
    """A county's table: its title, whether it is printed, and its rows in the printed order."""

    title: str
    printed: bool
    rows: tuple[Row, ...]

    def row(self, indicator: str) -> Row:
        """Return the row of an indicator. Raises LookupError."""
        for one in self.rows:
            if one.indicator == indicator:
                return one
        raise LookupError(indicator)


def book_of(county: Area) -> Book:
    """Return the table of a county that is resolved through a scope."""
    rules = rules_today(_standard(county))
    document = rules.get("document", rules)
    if "rows" in rules:
        rows = tuple(_printed(document, one) for one in rules["rows"])
        return Book(rules["title"], True, rows)
    return Book(f"{county}指标任务分工表", False, tuple(_national(document)))


def _standard(county: Area) -> str:
    """Return the overlay that the county has published, else what its newest period is judged by."""
    published = Publication.objects.filter(area=county).exclude(overlay="").order_by("code")
    if overlay := published.values_list("overlay", flat=True).first():
        return overlay
    period = Period.objects.of(county).first()
    return period.standard if period else DEFAULT_STANDARD


def _printed(document: dict[str, Any], row: dict[str, Any]) -> Row:
    indicator = row["indicator"]
    return Row(indicator, row["group"], row["text"], tuple(row["units"]), called(document, indicator))


def _national(document: dict[str, Any]) -> Iterator[Row]:
    for id, one in document["indicators"].items():
        yield Row(id, RESOURCES, f"{id} {one['name']}", (), id)
    for id, one in document["requirements"].items():
        name = called(document, id)
        text = one["name"] if name != id else f"{id} {one['name']}"
        yield Row(id, document["groups"][one["group"]], text, (), name)


def called(document: dict[str, Any], indicator: str) -> str:
    """Return a row's number; of a row that the document does not number, its name."""
    return indicator if indicator[-1].isdigit() else str(document["requirements"][indicator]["name"])
