"""Worked cases of a rule book: what is given, what comes out, by which clause. The golden tests judge each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from junheng.facts.items import ITEMS
from junheng.facts.nodes import Node, collect, read_node
from junheng.facts.schema import TABLES
from junheng.standard.load import RULES, load_standard

Row = Mapping[str, Any]
COUNTY = "county"
# The day whose rules count where a case names none.
DAY = dt.date(2025, 9, 1)


@dataclass(frozen=True, slots=True)
class Worked:
    """One worked case: the rows of each table that are given, the county's items, and what an answer then says.

    `sections` holds what is expected of an indicator under school and stage, `stages` what of its spread under the
    stage, `requirement` what of the county.
    """

    indicator: str
    name: str
    clause: str
    day: dt.date
    tables: Mapping[str, Sequence[Row]]
    items: Row
    sections: Mapping[tuple[str, str], Row]
    stages: Mapping[str, Row]
    requirement: Row | None


@cache
def load_worked(name: str = "national-2017", rules: Path = RULES) -> Mapping[str, tuple[Worked, ...]]:
    """Return the worked cases of the document called `name`, or of what it overlays, by indicator.

    Raises `Unusable` with file, key and remedy for each bad file.
    """
    standard = load_standard(name, rules)
    document = standard.overlay.base if standard.overlay else name
    known = {**standard.indicators, **standard.requirements}
    files = {id: rules / document / "worked" / f"{id}.yaml" for id in known}
    return {id: _cases(id, file, f"{document}/worked/{file.name}") for id, file in files.items() if file.is_file()}


def _cases(id: str, file: Path, name: str) -> tuple[Worked, ...]:
    top = read_node(file, name)
    top.only("cases")
    return tuple(collect([partial(_case, id, node) for node in top.nodes("cases")]))


def _case(id: str, node: Node) -> Worked:
    node.only("name", "clause", "as_of", "tolerance", "given", "expect")
    given, expect = node.node("given"), node.node("expect")
    expect.only("sections", "stages", "indicators", "verdict")
    given.only(*TABLES)
    items = given.node(COUNTY) if COUNTY in given.values else node.child("given", {})
    items.only(*ITEMS)
    return Worked(
        indicator=id,
        name=node.text("name"),
        clause=node.text("clause"),
        day=node.day("as_of") if "as_of" in node.values else DAY,
        tables={table: _rows(given, table) for table in given.values if table != COUNTY},
        items=items.values,
        sections={_place(key): _of(id, one) for key, one in _under(expect, "sections")},
        stages={stage: _of(id, one) for stage, one in _under(expect, "stages")},
        requirement=_of(id, expect) if "indicators" in expect.values else None,
    )


def _rows(given: Node, table: str) -> Sequence[Row]:
    nodes = given.nodes(table)
    for row in nodes:
        row.only(*TABLES[table].by_name)
    return [row.values for row in nodes]


def _under(expect: Node, key: str) -> Iterator[tuple[str, Node]]:
    if key in expect.values:
        yield from expect.node(key).children()


def _place(key: str) -> tuple[str, str]:
    school, _, stage = key.partition("/")
    return school, stage


def _of(id: str, expect: Node) -> Row:
    """Return what is expected of the one indicator that the file is about."""
    indicators = expect.node("indicators")
    indicators.only(id)
    return indicators.node(id).values
