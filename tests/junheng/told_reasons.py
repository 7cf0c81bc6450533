"""Every reason of three invented counties in the order in which it is told, with its act and what it would turn.

python tests/junheng/told_reasons.py     # write tests/golden/reasons anew; read what changed before committing it
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

import golden
import junheng as jh
from junheng.engine.assess import run
from junheng.engine.county import CountyRows, answer
from junheng.engine.result import Reason
from junheng.facts.model import Facts
from junheng.sql import open_session
from junheng.standard.model import Rules

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
FOLDER = golden.FOLDER / "reasons"
# What is not reported, school after school; None leaves a school as it is.
LEFT_OUT = ("multimedia_rooms", "primary_pupils", None, "teaching_area", "school_type", "primary_teachers", None)
LEFT_OUT_ITEMS = ("survey_valid", "rotated_teachers", "disabled_children", "veto_burden")


@cache
def given() -> dict[str, tuple[Rules, CountyRows, Facts]]:
    """Return by name each county's rules, its rows of the pipeline, and its facts."""
    facts = jh.load(SHILI)
    return {name: _run(one) for name, one in (("示例旗", facts), ("缺数", _gaps(facts)), ("只有小学", _primary(facts)))}


def _run(facts: Facts) -> tuple[Rules, CountyRows, Facts]:
    day = facts.counting_date
    assert day
    rules = jh.load_standard().on(day)
    with open_session("duckdb") as session:
        ((_, rows),) = run(session, facts, rules).items()
    return rules, rows, facts


def _gaps(facts: Facts) -> Facts:
    """Leave out a cell of most schools, all of junior secondary's rooms but one, the judges' grades and some items."""
    rows = facts.tables["schools"].to_pylist()
    for at, row in enumerate(rows):
        if name := LEFT_OUT[at % len(LEFT_OUT)]:
            row[name] = None
        if row["junior_pupils"] and row["multimedia_rooms"]:
            row["multimedia_rooms"] = 0
    items = {name: value for name, value in facts.items.items() if name not in LEFT_OUT_ITEMS}
    judged = facts.tables["judged"].slice(0, 0)
    return dataclasses.replace(facts, items=items, tables={**_tables(facts, rows), "judged": judged})


def _primary(facts: Facts) -> Facts:
    """Keep the schools that have primary grades alone: one without equipment, one with little, none with backbone."""
    rows = [row for row in facts.tables["schools"].to_pylist() if not row["junior_pupils"]]
    for row in rows:
        row["primary_backbone_teachers"] = 0
    rows[0]["equipment_value"], rows[1]["equipment_value"] = 0, rows[1]["equipment_value"] // 3
    return dataclasses.replace(facts, tables=_tables(facts, rows))


def _tables(facts: Facts, rows: list[dict[str, Any]]) -> dict[str, pa.Table]:
    return {**facts.tables, "schools": pa.Table.from_pylist(rows, schema=facts.tables["schools"].schema)}


def told(name: str) -> str:
    """Return a county's reasons as they are kept."""
    rules, rows, facts = given()[name]
    reasons = answer("150699", "示例旗", rules, rows, facts).reasons
    return "\n".join(["# 示例旗的数据都是虚构的。", *(line for one in reasons for line in _lines(one)), ""])


def _lines(one: Reason) -> Iterator[str]:
    yield f"{one.verdict} {one.indicator or '-'} {one.scope}"
    yield f"  {one.message}"
    if one.act:
        asked = (one.act.to, one.act.amount, one.act.unit, *one.act.columns)
        yield f"  act: {' '.join(str(part) for part in asked if part not in (None, ''))}"
    yield from (f"  turns: {help.turns} {help.scope} {help.indicator} {help.to}" for help in one.helps)


def main() -> int:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    for name in given():
        (FOLDER / f"{name}.txt").write_text(told(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
