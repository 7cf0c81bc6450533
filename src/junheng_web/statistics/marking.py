"""What is marked in a sheet on its way to a mapping: kept as it was typed, whether or not it means something yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError

from junheng.facts.grids import Grid, Spot, address_of, bare, letters_of, spot_of
from junheng.facts.mapped.lines import LETTERED
from junheng.facts.mapped.load import as_dict
from junheng.facts.mapped.model import COLUMNS, NAMING, Shape
from junheng.facts.mapped.model import Mapping as Form
from junheng.facts.mapped.recognising import TOP_ROWS, seen
from junheng.facts.mapped.units import units_for
from junheng_web.collection.exchange.importing import NOT_ENTERED

# What may be marked, by its label in the data dictionary: what names a school, and what is entered.
FIELDS: Mapping[str, str] = {
    one.label: name for name, one in COLUMNS.items() if name in NAMING or name not in NOT_ENTERED
}
IN_BRACKETS = re.compile(r"[(]([^()]*)[)]")
# What stands in the row of column numbers under the headings of a printed form.
NUMBERING = re.compile(LETTERED.pattern + r"|\d{1,2}")
SETTINGS = ("form", "name", "years", "source", "sheet", "shape", "head_rows", "head_columns", "begins", "blank")


@dataclass(frozen=True, slots=True)
class Place:
    """One place that is marked; `was` are the headings of the mapping that the draft began from."""

    at: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A column of the data dictionary, its unit, and the places that are added up."""

    column: str
    unit: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been typed and marked so far; `code` names the mapping of which it will be the next version."""

    code: str = ""
    form: str = ""
    name: str = ""
    years: str = ""
    source: str = ""
    sheet: str = ""
    shape: str = Shape.ROWS.value
    head_rows: str = ""
    head_columns: str = ""
    begins: str = ""
    blank: str = "missing"
    anchors: tuple[str, ...] = ()
    fields: tuple[Marked, ...] = ()
    asked: Mapping[str, str] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Return the draft as it is kept."""
        return asdict(self)

    def settled(self, typed: Mapping[str, str]) -> Draft:
        """Return the draft with what was typed about the form as a whole, and about the place that is picked."""
        asked = {name: typed.get(name, "").strip() for name in ("at", "what", "unit")}
        return replace(self, asked=asked, **{name: typed[name].strip() for name in SETTINGS if name in typed})


def kept_draft(told: Mapping[str, Any]) -> Draft:
    """Return the draft that was kept."""
    fields = [
        Marked(one["column"], one["unit"], tuple(Place(**place) for place in one["places"])) for one in told["fields"]
    ]
    return Draft(**{**told, "anchors": tuple(told["anchors"]), "fields": tuple(fields)})


def draft_of(form: Form, code: str) -> Draft:
    """Return a draft that begins from a mapping."""
    told = as_dict(form)
    fields = [
        Marked(one["column"], one["unit"], tuple(Place(term["at"], "/".join(term["heading"])) for term in one["terms"]))
        for one in told["fields"]
    ]
    texts = {name: told[name] for name in ("form", "name", "source", "sheet", "shape", "begins", "blank")}
    return Draft(
        code=code,
        years="、".join(map(str, form.years)),
        head_rows=told["head"].get("rows", ""),
        head_columns=told["head"].get("columns", ""),
        anchors=tuple(one["at"] for one in told["anchors"]),
        fields=tuple(fields),
        **texts,
    )


def guessed(grid: Grid) -> Draft:
    """Return a draft with what a sheet says of itself: number, title, and where its schools' codes or names stand."""
    told = seen(grid)
    number = next((spot for spot, text in _top(grid) if told.form in bare(text) and told.form != grid.name), None)
    title = next((spot for spot, text in _top(grid) if text == told.title), None)
    anchors = tuple(dict.fromkeys(address_of(spot) for spot in (title, number) if spot))
    begun = Draft(form=told.form, name=told.title[:60], sheet="" if number else grid.name, anchors=anchors)
    naming = [(name, spot) for spot, text in _top(grid) for name in NAMING if _names(text, name)]
    return _in_rows(grid, begun, naming) if naming else begun


def _top(grid: Grid) -> Iterator[tuple[Spot, str]]:
    for row in range(1, min(TOP_ROWS, grid.height) + 1):
        for column in range(1, grid.width + 1):
            if text := grid.own(row, column):
                yield (row, column), text


def _names(text: str, name: str) -> bool:
    return COLUMNS[name].label in bare(text) or (name == NAMING[0] and "标识码" in text)


def _in_rows(grid: Grid, begun: Draft, naming: list[tuple[str, Spot]]) -> Draft:
    """Return a draft of a sheet in which a heading says where schools are named: they are taken to stand in rows."""
    first = naming[0][1][0]
    spans = [one for one in grid.spans if one.holds(*naming[0][1])]
    last = max([first, *(one.bottom for one in spans)])
    found = {name: next(spot for one, spot in naming if one == name) for name in NAMING if name in dict(naming)}
    found = {name: spot for name, spot in found.items() if spot[0] == first}
    column = next(iter(found.values()))[1]
    rows = range(last + 1, grid.height + 1)
    begins = next((at for at in rows if (text := grid.own(at, column)) and not NUMBERING.fullmatch(text)), last + 1)
    fields = tuple(Marked(name, "", (Place(letters_of(spot[1])),)) for name, spot in found.items())
    return replace(begun, head_rows=f"{first}-{last}", begins=str(begins), fields=fields)


def picked(draft: Draft, address: str) -> str:
    """Return the place that a cell stands for: where schools stand in rows, its column; in columns, its row."""
    try:
        row, column = spot_of(address)
    except ValueError:
        return address
    if draft.shape == Shape.ROWS and column:
        return letters_of(column)
    return str(row) if draft.shape == Shape.COLUMNS and row else address_of((row, column))


def mark(draft: Draft, grid: Grid) -> Draft:
    """Return the draft with the place that is asked about marked as a field. Raises ValidationError."""
    name = FIELDS.get(draft.asked.get("what", ""))
    if name is None:
        raise ValidationError(f"数据字典里没有“{draft.asked.get('what', '')}”，请从列表里选一项")
    at = picked(draft, draft.asked.get("at", ""))
    _free(draft, at)
    unit = _unit(draft, grid, name, at)
    before = next((one for one in draft.fields if one.column == name), Marked(name, unit))
    adds = units_for(COLUMNS[name]) and before.unit == unit
    now = Marked(name, unit, (*(before.places if adds else ()), Place(at)))
    others = [one for one in draft.fields if one.column != name]
    at_place = draft.fields.index(before) if before in draft.fields else len(others)
    return replace(draft, fields=(*others[:at_place], now, *others[at_place:]), asked={})


def _free(draft: Draft, at: str) -> None:
    """Raise ValidationError where a place is none by the draft's shape, or is marked already."""
    wanted = {Shape.ROWS: (False, True), Shape.COLUMNS: (True, False), Shape.SINGLE: (True, True)}
    try:
        spot = spot_of(at)
    except ValueError:
        raise ValidationError(f"“{at}”不是单元格、列或行；请点一格，或写成 E7、E、7 的样子") from None
    if (bool(spot[0]), bool(spot[1])) != wanted[Shape(draft.shape)]:
        raise ValidationError(f"{at} 不合这张表的排法，请先看“学校怎么排”选得对不对")
    for one in draft.fields:
        if any(place.at == at for place in one.places):
            raise ValidationError(f"{at} 已经标为“{COLUMNS[one.column].label}”；要改，先去掉原来的")


def _unit(draft: Draft, grid: Grid, name: str, at: str) -> str:
    """Return the unit that was chosen, or that a heading says in brackets; else the data dictionary's own."""
    known, asked = units_for(COLUMNS[name]), draft.asked.get("unit", "")
    if asked and asked not in known:
        options = "、".join(known) or "不用单位"
        raise ValidationError(f"“{COLUMNS[name].label}”不会用“{asked}”做单位，可以是 {options}")
    told = [unit for text in _over(draft, grid, spot_of(at)) for unit in IN_BRACKETS.findall(bare(text))]
    return asked or next((unit for unit in told if unit in known), COLUMNS[name].unit if known else "")


def _over(draft: Draft, grid: Grid, spot: Spot) -> list[str]:
    """Return the texts at the top of a column, and at the beginning of a row."""
    row, column = spot
    over = [grid.text(at, column) for at in range(1, TOP_ROWS + 1)] if column and draft.shape != Shape.COLUMNS else []
    return over + ([grid.text(row, at) for at in range(1, 4)] if row else [])


def anchor(draft: Draft, grid: Grid) -> Draft:
    """Return the draft with the cell that is asked about as a text that must stand. Raises ValidationError."""
    at = draft.asked.get("at", "")
    try:
        spot = spot_of(at)
    except ValueError:
        spot = (0, 0)
    if 0 in spot or not grid.text(*spot):
        raise ValidationError(f"“{at}”不是一格有字的单元格；请点标题或表号那一格，或写成 A1 的样子")
    return replace(draft, anchors=tuple(dict.fromkeys((*draft.anchors, address_of(spot)))), asked={})


def unmark(draft: Draft, what: str) -> Draft:
    """Return the draft without one of its marks: an anchor's address, or a field's name and a place (`name@E`)."""
    name, _, at = what.partition("@")
    fields = [
        replace(one, places=tuple(place for place in one.places if (one.column, place.at) != (name, at)))
        for one in draft.fields
    ]
    anchors = tuple(one for one in draft.anchors if at or one != what)
    return replace(draft, fields=tuple(one for one in fields if one.places), anchors=anchors)
