"""Ledgers as they are drawn by chance: stored, added up again from whole fen, handed out, read back."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collected import acting
from funded import WHY, clear, county
from junheng.facts.plan_schema import DEEDS
from junheng_web.funding import sheets, tables
from junheng_web.funding.bringing import plan
from junheng_web.funding.footing import COLUMNS, TOTAL
from junheng_web.funding.models import Item
from junheng_web.funding.services import TEXTS, item_add, item_drop, item_edit, line_edit
from junheng_web.organisation.models import School, Unit
from places import COUNTY

pytestmark = pytest.mark.django_db
DRAWN = settings(
    max_examples=300 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# The largest item there can be (in fen): a column of several comes to more than one may.
LARGEST = 10**13
# What a row is called that is no school's: one of them as the row of totals is.
ROWS = ("示例事项", "合计", "合 计")
# What people type, and what a spreadsheet could take for a formula, a number, a date or a mark.
SIGNS = "示例设备修缮舍、，。；（）%=+-@'\"<>&#/\\_ \n0123456789.eExX"
WORDS = st.text(SIGNS, max_size=40).map(str.strip)
DEED = {column: ["", *(id for id, one in DEEDS.items() if one.money == column)] for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Drawn:
    """An item: at which school, or in which other row; in which column; how many fen, and what became of it."""

    school: int | None
    row: int
    column: str
    fen: int
    name: str
    remark: str
    deed: str
    quantity: Decimal | None
    unit: bool
    fate: str
    before: int

    @property
    def place(self) -> str:
        """What its row is called, where it is no school's."""
        return ROWS[self.row]


@st.composite
def items(draw: st.DrawFn) -> Drawn:
    """Draw one item."""
    column = draw(st.sampled_from(COLUMNS))
    deed = draw(st.sampled_from(DEED[column]))
    quantity = draw(st.none() | st.integers(1, 10**7).map(lambda many: Decimal(many) / 100)) if deed else None
    return Drawn(
        draw(st.none() | st.integers(0, 4)),
        draw(st.integers(0, len(ROWS) - 1)),
        column,
        draw(st.integers(1, LARGEST)),
        draw(WORDS.filter(bool)),
        draw(WORDS),
        deed,
        quantity,
        draw(st.booleans()),
        draw(st.sampled_from(("stands", "stands", "changed", "dropped"))),
        draw(st.integers(1, LARGEST)),
    )


LEDGER = st.lists(items(), max_size=14)
SAID = st.lists(st.tuples(st.integers(0, 7), st.sampled_from(TEXTS), WORDS), max_size=4)


@pytest.fixture(autouse=True)
def _empty(db) -> None:
    """No item of the demonstration stands in what is drawn."""
    clear()


@contextmanager
def stored(drawn: list[Drawn], said: list[tuple[int, str, str]]) -> Iterator[None]:
    """Let a drawn ledger stand, as the office writes it down; then let it be gone."""
    with transaction.atomic():
        schools, unit = (
            list(School.objects.filter(county__code=COUNTY)),
            Unit.objects.get(county__code=COUNTY, code="fin"),
        )
        made = [_stored(one, schools, unit) for one in drawn]
        for place, name, text in said:
            if made:
                line_edit(by=acting("office"), line=made[place % len(made)].line, texts={name: text}, why=WHY)
        yield
        transaction.set_rollback(True)


def _stored(one: Drawn, schools: list[School], unit: Unit) -> Item:
    school = None if one.school is None else schools[one.school]
    told = {"column": one.column, "name": one.name, "deed": one.deed, "quantity": one.quantity, "remark": one.remark}
    told |= {"school": school, "place": one.place, "unit": unit if one.unit else None}
    first = one.before if one.fate == "changed" else one.fen
    item = item_add(by=acting("office"), county=county(), amount=Decimal(first) / 100, **told)
    if one.fate == "changed":
        item_edit(by=acting("office"), item=item, why=WHY, amount=Decimal(one.fen) / 100)
    if one.fate == "dropped":
        item_drop(by=acting("office"), item=item, why=WHY)
    return item


def added_up(drawn: list[Drawn]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Return the fen by column, and by row and column, added up in integers."""
    names = list(School.objects.filter(county__code=COUNTY).values_list("name", flat=True))
    down: Counter[str] = Counter()
    cells: Counter[tuple[str, str]] = Counter()
    for one in drawn:
        if one.fate != "dropped":
            down[one.column] += one.fen
            cells[one.place if one.school is None else names[one.school], one.column] += one.fen
    return down, cells


@DRAWN
@given(LEDGER, SAID)
def test_the_totals_of_what_is_stored_are_those_of_whole_fen(drawn: list[Drawn], said: list) -> None:
    """Down each column, across each row, all together; what was cancelled counts nowhere, what was changed once."""
    with stored(drawn, said):
        table = tables.table(acting("office"), county())
        down, cells = added_up(drawn)
        assert {name: int(value * 100) for name, value in table.totals} == {
            **{name: down[name] for name in COLUMNS},
            TOTAL: down.total(),
        }
        shown = {(str(row.line), name): int(value * 100) for row in table.rows for name, value in row.sums.items()}
        assert shown == dict(cells)
        assert sum(int(row.total * 100) for row in table.rows) == down.total()
        assert table.agrees


@DRAWN
@given(LEDGER, SAID)
def test_what_is_handed_out_and_read_back_changes_nothing(tmp_path: Path, drawn: list[Drawn], said: list) -> None:
    """Every row, text, sum and item of a drawn ledger; no word of it is taken for a number or a formula."""
    with stored(drawn, said):
        table = tables.table(acting("office"), county())
        file = tmp_path / "明细表.xlsx"
        file.write_bytes(sheets.workbook(table, county()))
        made = plan(county(), table, file)
        assert made.problems == []
        assert [(one.place, one.what, one.before, one.after) for one in made.changes] == []
        assert made.same == len(table.rows)
