"""Property: facts written by a drawn layout and read through its mapping are the facts again."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from junheng.facts.grids import address_of, letters_of
from junheng.facts.mapped.load import as_dict, mapping_from
from junheng.facts.mapped.units import ratio_of, units_for
from junheng.facts.schema import SCHOOLS, Column, Kind
from statistics_forms import Written, held, read, write

COLUMNS = [one for one in SCHOOLS.columns if one.kind in (Kind.COUNT, Kind.AREA, Kind.MONEY)]
# A double keeps so many digits: what is printed as a number has no more.
MOST = {Kind.COUNT: 200_000, Kind.AREA: 10**8, Kind.MONEY: 10**10}
BLANK = ("", "-", "—", "……")
MOST_SCHOOLS, TITLE = 5, "编造的表（示例）"


@st.composite
def layouts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw where schools and numbers stand, in which units, under how many rows of headings."""
    columns = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=6, unique_by=lambda one: one.name))
    gaps = draw(st.lists(st.integers(1, 3), min_size=len(columns) + 1, max_size=len(columns) + 1))
    return {
        "turned": draw(st.booleans()),
        "columns": columns,
        "units": [draw(st.sampled_from(["", *units_for(one)])) for one in columns],
        "places": [sum(gaps[: at + 1]) for at in range(len(gaps))],
        "head": (first := draw(st.integers(2, 4)), first + draw(st.integers(0, 2))),
        "after": draw(st.integers(1, 2)),
        "by_code": draw(st.booleans()),
        "placed": draw(st.booleans()),
        "zero": draw(st.booleans()),
        "ending": draw(st.sampled_from(["xlsx", "xls"])),
    }


@st.composite
def drawn(draw: st.DrawFn) -> tuple[dict[str, Any], list[list[int | None]], list[list[str]]]:
    """Draw a layout, the numbers of some schools, and how a number that is not reported is printed."""
    layout = draw(layouts())
    missing = st.none() if not layout["zero"] else st.nothing()
    numbers = [st.one_of(missing, st.integers(0, MOST[one.kind])) for one in layout["columns"]]
    rows = draw(st.lists(st.tuples(*numbers).map(list), min_size=1, max_size=MOST_SCHOOLS))
    blanks = [[draw(st.sampled_from(BLANK)) for _ in row] for row in rows]
    return layout, rows, blanks


def printed(value: int, column: Column, unit: str) -> str:
    """Return a number of smallest units as it is printed in a unit: each of the units divides without a remainder."""
    share = ratio_of(column, unit) * column.measure.scale
    return format(Decimal(value * share.denominator) / share.numerator, "f")


def spot(layout: dict[str, Any], line: int, place: int) -> str:
    """Return a cell's address; in a layout that is turned, schools are columns."""
    return address_of((place, line) if layout["turned"] else (line, place))


def sheet(layout: dict[str, Any], rows: list[list[int | None]], blanks: list[list[str]]) -> Written:
    """Return the sheet that prints the rows, its headings merged where a text is that of several rows."""
    first, last = layout["head"]
    cells: dict[str, Any] = {spot(layout, 1, 1): TITLE, spot(layout, first, layout["places"][0]): "学校"}
    merged = []
    for place, column in zip(layout["places"][1:], layout["columns"], strict=True):
        cells[spot(layout, first, place)] = f"编造：{column.label}"
        if last > first:
            cells[spot(layout, last, place)] = "计"
            if last - first > 1:
                ends = [spot(layout, line, place) for line in (first, last - 1)]
                merged.append(":".join(ends))
    for at, (row, blank) in enumerate(zip(rows, blanks, strict=True)):
        line = last + layout["after"] + at
        cells[spot(layout, line, layout["places"][0])] = school(layout, at)
        for place, column, unit, value, empty in zip(
            layout["places"][1:], layout["columns"], layout["units"], row, blank, strict=True
        ):
            zero = layout["zero"] and value == 0
            cells[spot(layout, line, place)] = empty if value is None or zero else printed(value, column, unit)
    return Written(cells, merged)


def school(layout: dict[str, Any], at: int) -> str:
    """Return what names a school."""
    return f"15069900{at + 1:02}" if layout["by_code"] else f"示例第{at + 1}校"


def mapping_values(layout: dict[str, Any]) -> dict[str, Any]:
    """Return the mapping of a layout; some name places and headings, some headings alone."""
    first, last = layout["head"]
    named = str if layout["turned"] else letters_of

    def term(place: int, heading: list[str]) -> dict[str, Any]:
        return {"at": named(place) if layout["placed"] else "", "heading": heading}

    below = ["计"] if last > first else []
    fields = [
        {"column": one.name, "unit": unit, "terms": [term(place, [f"编造：{one.label}", *below])]}
        for one, unit, place in zip(layout["columns"], layout["units"], layout["places"][1:], strict=True)
    ]
    naming = "school_code" if layout["by_code"] else "school_name"
    head = ("columns", f"{letters_of(first)}-{letters_of(last)}") if layout["turned"] else ("rows", f"{first}-{last}")
    begins = last + layout["after"]
    return {
        "form": "编造的表",
        "name": "示例",
        "shape": "columns" if layout["turned"] else "rows",
        "head": dict([head]),
        "begins": letters_of(begins) if layout["turned"] else str(begins),
        "blank": "zero" if layout["zero"] else "missing",
        "anchors": [{"at": "A1", "text": TITLE}],
        "fields": [{"column": naming, "terms": [term(layout["places"][0], ["学校"])]}, *fields],
    }


@st.composite
def cards(draw: st.DrawFn) -> tuple[list[Column], list[str], list[str], list[list[int | None]]]:
    """Draw a form that is one sheet a school: its columns, their units and cells, and the numbers of some schools."""
    columns = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=6, unique_by=lambda one: one.name))
    spots = st.builds(lambda row, column: address_of((row, column)), st.integers(4, 20), st.integers(2, 30))
    places = draw(st.lists(spots, min_size=len(columns), max_size=len(columns), unique=True))
    units = [draw(st.sampled_from(["", *units_for(one)])) for one in columns]
    numbers = [st.one_of(st.none(), st.integers(0, MOST[one.kind])) for one in columns]
    rows = draw(st.lists(st.tuples(*numbers).map(list), min_size=1, max_size=MOST_SCHOOLS))
    return columns, units, places, rows


@given(cards(), st.sampled_from(["xlsx", "xls"]))
def test_what_is_printed_a_sheet_a_school_is_read(card, ending: str) -> None:
    """Every sheet is one school, with its code in a cell."""
    columns, units, places, rows = card
    every = list(zip(columns, units, places, strict=True))
    fields = [{"column": one.name, "unit": unit, "terms": [{"at": at}]} for one, unit, at in every]
    known = {"form": "编造的表", "name": "示例", "shape": "single", "anchors": [{"at": "A1", "text": TITLE}]}
    mapping = mapping_from({**known, "fields": [{"column": "school_code", "terms": [{"at": "B2"}]}, *fields]}, "示例")
    sheets = {
        f"校{at}": Written({"A1": TITLE, "A2": "代码", "B2": f"15069900{at:02}", **card_cells(every, row)})
        for at, row in enumerate(rows, 1)
    }
    with tempfile.TemporaryDirectory() as folder:
        book = read(write(Path(folder) / f"示例.{ending}", **sheets), mapping)
    assert [str(one) for one in book.parts[0].problems] == []
    for at, row in enumerate(rows, 1):
        kept = held(book)[f"15069900{at:02}"]
        assert [kept.get(one.name) for one in columns] == row


def card_cells(every: list[tuple[Column, str, str]], row: list[int | None]) -> dict[str, Any]:
    """Return what one school's sheet prints."""
    told = zip(every, row, strict=True)
    return {at: "-" if value is None else printed(value, one, unit) for (one, unit, at), value in told}


@given(drawn())
def test_what_a_layout_prints_its_mapping_reads(example) -> None:
    """Every number, in its unit; what is not reported is not; and the mapping itself survives being kept."""
    layout, rows, blanks = example
    mapping = mapping_from(mapping_values(layout), "示例")
    assert mapping_from(as_dict(mapping), "示例") == mapping
    with tempfile.TemporaryDirectory() as folder:
        file = write(Path(folder) / f"示例.{layout['ending']}", 示例=sheet(layout, rows, blanks))
        book = read(file, mapping)
    assert [str(one) for one in book.sheets[0].problems] == []
    assert [str(one) for one in book.parts[0].problems] == []
    read_back = held(book)
    for at, row in enumerate(rows):
        known = dict(zip((one.name for one in layout["columns"]), row, strict=True))
        kept = read_back[school(layout, at)]
        assert {name: kept.get(name) for name in known} == known
