"""Every column says what it counts and where its number stands at its source, wherever somebody meets it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import junheng as jh
from junheng.facts.definitions import FILE, NO_TABLE, STANDINGS, definition_of, definitions
from junheng.facts.items import ITEMS
from junheng.facts.problems import Unusable
from junheng.facts.schema import TABLES, Column
from junheng.facts.sheets import EXPLANATION_SHEET
from junheng.facts.template import heading, write_template

EVERY = [*(column for table in TABLES.values() for column in table.columns), *ITEMS.values()]
# Short enough to be read beside a field, long enough to say something.
SHORTEST, LONGEST = 5, 60


@pytest.mark.parametrize("column", EVERY, ids=lambda column: f"{column.table}.{column.name}")
def test_a_column_is_defined_and_has_a_source(column: Column) -> None:
    """In words of its own: not its label again; with a citation, and a form's number only where one is cited."""
    told = column.definition
    assert told is not None
    assert SHORTEST <= len(told.text) <= LONGEST
    assert told.text != column.label
    assert told.source.citation
    assert (told.source.standing == "program") == bool(told.source.form)


def test_nothing_is_defined_that_is_no_column() -> None:
    """And every source that the file names is somebody's."""
    assert set(definitions()) == {(column.table, column.name) for column in EVERY}
    used = {one.source for one in definitions().values()}
    named = FILE.read_text(encoding="utf-8").split("\nschools:")[0].count("    {register:")
    assert len(used) == named


def test_where_there_is_no_table_it_says_so_and_what_the_number_follows_from() -> None:
    """Rather than a form's number that nobody can find."""
    told = definition_of("schools", "approved_operating_fund").source
    assert (told.register, told.told) == (NO_TABLE, "无对应统计表，由预算批复和拨付凭证得出")
    assert definition_of("schools", "kindergarten_pupils").source.cited.endswith(f"（{STANDINGS['none']}）")
    form = definition_of("schools", "primary_pupils").source
    assert form.told == "教育事业统计 教基3112（原基础基312）：小学分类型学生数"
    assert "用前与当年报表核对" in form.cited


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        (
            "{source: veto, definition: 申报当年有没有违规择校}",
            "{source: nowhere, definition: 有}",
            "items.veto_school_choice.source",
        ),
        ("register: survey", "register: somewhere", "sources.survey.register"),
        ("standing: none", "standing: rumour", "sources.kindergarten.standing"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_key(tmp_path: Path, right: str, wrong: str, key: str) -> None:
    """A source that nobody named, papers or a standing that are none."""
    made, text = tmp_path / "definitions.yaml", FILE.read_text(encoding="utf-8")
    made.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(Unusable) as refused:
        definitions(made)
    (problem,) = refused.value.problems
    assert (problem.file, problem.column) == ("definitions.yaml", key)


def test_the_workbook_says_it_in_every_heading_and_on_its_first_sheet(tmp_path: Path) -> None:
    """In the notes, one at a time; on the explaining sheet all together, as it can be printed."""
    write_template(tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    listed = {row[0]: row for row in book[EXPLANATION_SHEET].iter_rows(values_only=True) if row[1]}
    for table in TABLES.values():
        notes = {cell.value: cell.comment.text for cell in book[table.label][1]}
        for column in table.columns:
            told, note = definition_of(table.name, column.name), notes[heading(column)]
            assert all(text in note for text in (told.text, told.source.told)), column.name
            assert listed[f"{table.label}·{column.label}"][1:3] == (told.text, told.source.told)
    sheet = book["县级数据"]
    items = {cell.value.split("（")[0]: cell.comment.text for (cell,) in sheet.iter_rows(min_row=3, max_col=1)}
    for item in ITEMS.values():
        told = definition_of("items", item.name)
        assert all(text in items[item.label] for text in (told.text, told.source.told)), item.name
        assert listed[f"县级数据·{item.label}"][1:3] == (told.text, told.source.told)


def test_the_dictionary_of_python_has_every_column() -> None:
    """With its unit, clock, definition and source; items stand under the table that holds them."""
    told = {(one["table"], one["column"]): one for one in jh.dictionary()}
    assert len(told) == len(EVERY)
    assert all(one["definition"] and one["source"]["told"] for one in told.values())
    assert told["county", "special_pupils"]["clock"] == "统计时点（9 月 1 日）"
