"""Counties with as many made-up schools as a test wants."""

from __future__ import annotations

from typing import Any

from junheng import api as jh
from places import EXAMPLES


def facts_of(schools: int) -> jh.Facts:
    """Return the example's schools over and over, each with a code and a name of its own, as facts of one county."""
    import pyarrow as pa

    tables = dict(jh.load(EXAMPLES / "shili" / "facts").tables)
    rows: list[dict[str, Any]] = tables["schools"].to_pylist()
    more = [_another(rows[number % len(rows)], number) for number in range(schools)]
    tables["schools"] = pa.Table.from_pylist(more, schema=tables["schools"].schema)
    return jh.Facts(tables)


def _another(row: dict[str, Any], number: int) -> dict[str, Any]:
    return {**row, "school_code": f"15069{number:05}", "school_name": f"虚构{number + 1}校", "parent_school_code": None}
