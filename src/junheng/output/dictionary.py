"""The data dictionary as plain values: what each column counts, in which unit, of when, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from junheng.facts.definitions import STANDINGS, Source
from junheng.facts.items import ITEMS
from junheng.facts.schema import COUNTY, TABLES, Column


def dictionary() -> list[dict[str, Any]]:
    """Return every column of the facts and every item of the county, with its definition and its source.

    An item is a row of the table `county`, whose name stands under `column`. `source` says in which papers the number
    stands, with the form's number where a public source names it, and how far that can be trusted.

    >>> import junheng as jh
    >>> told = {(one["table"], one["column"]): one for one in jh.dictionary()}
    >>> told["schools", "equipment_value"]["unit"], told["schools", "equipment_value"]["source"]["form"]
    ('元', '教基5176')
    """
    return list(_told())


def _told() -> Iterator[dict[str, Any]]:
    for table in TABLES.values():
        yield from (_column(table.name, column) for column in table.columns)
    yield from (_column(COUNTY.name, item) for item in ITEMS.values())


def _column(table: str, column: Column) -> dict[str, Any]:
    defined = column.definition
    return {
        "table": table,
        "column": column.name,
        "label": column.label,
        "kind": column.kind.value,
        "unit": column.unit,
        "clock": column.clock.label,
        "choices": dict(column.choices),
        "definition": defined.text if defined else "",
        "source": _source(defined.source) if defined else None,
    }


def _source(source: Source) -> dict[str, str]:
    return {
        "told": source.told,
        "form": source.form,
        "formerly": source.formerly,
        "citation": source.citation,
        "standing": STANDINGS[source.standing],
    }
