"""import(export(x)) = x, whatever a ledger holds that somebody can have typed: into an empty one, and into its own."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collected import SCHOOL, acting, ledger_of
from junheng import api as jh
from junheng.facts.items import ITEMS
from junheng.facts.schema import CLASSES, COUNTY, MEASURES, ROOMS, SCHOOLS, Column, Kind
from junheng_web.collection.exchange.importing import LISTED, NOT_ENTERED, plan, plan_apply
from junheng_web.collection.ledger.gathering import facts_of, unfolded
from junheng_web.collection.ledger.saving import Change, cells_save
from junheng_web.collection.ledger.services import period_open
from junheng_web.collection.ledger.values import Key, column_of, read, row_of
from junheng_web.collection.models import Ledger

pytestmark = pytest.mark.django_db
CODES = (SCHOOL, "1506990001", "1506990012")
MOST_CELLS, MOST_ROWS = 40, 3
# What people type and programs stumble over: formulas that are none, quotation marks, wide and rare signs.
SIGNS = "一二甲乙班（）()—-=+@'\"<&>,，。;:/\\%#0019０９ aZé€㐀𠮷😀\u3000"
TEXTS = st.text(st.sampled_from(SIGNS), min_size=1, max_size=12)


def typed(column: Column) -> st.SearchStrategy[str]:
    """Draw a text for a column: the smallest, the largest, and what lies between; codes, days, words."""
    if column.kind in MEASURES:
        most = MEASURES[column.kind].maximum
        return st.one_of(st.sampled_from([0, 1, most // 100, most]), st.integers(0, 99_999)).map(str)
    if column.kind is Kind.FLAG:
        return st.sampled_from(["0", "1"])
    if column.kind is Kind.DATE:
        return st.dates(dt.date(1950, 1, 1), dt.date(2030, 12, 31)).map(dt.date.isoformat)
    return st.sampled_from(sorted(column.choices)) if column.choices else TEXTS


def single_cells() -> list[Key]:
    """Return the cells of some schools, and of the county's items."""
    columns = [column.name for column in SCHOOLS.columns if column.name not in NOT_ENTERED]
    return [
        *((SCHOOLS.name, code, column) for code in CODES for column in columns),
        *((COUNTY.name, item, "value") for item in ITEMS),
    ]


def drawn(keys: Iterable[Key]) -> st.SearchStrategy[list[tuple[Key, str]]]:
    """Draw a text for each of some cells."""
    return st.tuples(*(typed(column_of(key)).map(lambda text, key=key: (key, text)) for key in keys)).map(list)


def listed() -> st.SearchStrategy[list[tuple[Key, str]]]:
    """Draw the first rows of lists, all of their cells: a list has no row without anything."""
    rows = st.sampled_from([(table, code, many) for table in LISTS for code in CODES for many in range(MOST_ROWS + 1)])
    return rows.flatmap(lambda one: drawn(_cells_of(*one)))


def _cells_of(table: str, code: str, many: int) -> list[Key]:
    columns = [column.name for column in LISTS[table].columns if column.name not in NOT_ENTERED]
    return [(table, row_of(code, f"{number + 1:04}"), column) for number in range(many) for column in columns]


LISTS = {table.name: table for table in (CLASSES, ROOMS)}
SINGLE = st.lists(
    st.sampled_from(single_cells()).flatmap(lambda key: typed(column_of(key)).map(lambda text: (key, text))),
    max_size=MOST_CELLS,
    unique_by=lambda one: one[0],
)


def changes(texts: Iterable[tuple[Key, str]]) -> list[Change]:
    """Return what can be kept of the texts, as they are typed in; classes are told apart by their names."""
    made = {}
    for key, text in texts:
        own = f"{text}{key[1][-4:]}" if key[2] == "class_name" else text
        got = read(key, own)
        if got.problem is None and got.kept.reported:
            made[key] = Change(key, got.kept)
    return list(made.values())


def empty(year: int) -> Ledger:
    """Open a year, and return the ledger of its present state."""
    county = ledger_of().county
    period = period_open(by=None, county=county, counting_date=dt.date(year, 9, 1), standard="national-2017")
    return period.ledgers.select_related("county", "period").get(basis="current")


def held(one: Ledger) -> dict[str, Any]:
    """Return what a ledger holds, table by table."""
    return {name: rows for name, rows in unfolded(one).tables.items() if rows}


@settings(
    max_examples=max(10, settings.default.max_examples // 10),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(single=SINGLE, lists=st.tuples(listed(), listed()))
def test_what_was_exported_comes_back_as_it_was(db, single, lists) -> None:
    """All of it into a ledger without a cell; and no change where it came from."""
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        one, other, file = empty(2031), empty(2032), Path(folder) / "导出.xlsx"
        said = changes([*single, *lists[0], *lists[1]])
        cells_save(by=acting("office"), ledger=one, changes=said)
        jh.write_workbook(facts_of(one), file)
        loaded = jh.load(file)
        again, made = plan(acting("office"), one, loaded), plan(acting("office"), other, loaded)
        assert (again.problems, again.differences) == ([], [])
        assert made.problems == []
        plan_apply(by=acting("office"), ledger=other, made=made, file=file, name="导出.xlsx")
        assert held(other) == held(one)
        assert sum(len(cells) for rows in held(one).values() for cells in rows.values()) == len(said)
        transaction.set_rollback(True)


def test_every_kind_of_cell_is_drawn() -> None:
    """A property of nothing but numbers would say little."""
    kinds = {column_of(key).kind for key in [*single_cells(), *(key for t in LISTS for key in _cells_of(t, SCHOOL, 1))]}
    assert set(kinds) >= {Kind.COUNT, Kind.AREA, Kind.MONEY, Kind.FLAG, Kind.CODE, Kind.TEXT}
    assert set(LISTS) == set(LISTED)
