"""From what was marked to a mapping, with what it reads in the very sheet: shown at once, saved only if it is right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from junheng import api as jh
from junheng.facts.grids import Grid, Spot, ends_of, spot_of
from junheng.facts.items import ITEMS
from junheng.facts.mapped.load import mapping_from
from junheng.facts.mapped.model import COLUMNS, NAMING, Term
from junheng.facts.mapped.model import Mapping as Form
from junheng.facts.mapped.reading import Part, read_sheets
from junheng.facts.mapped.recognising import TOP_ROWS, heading_at
from junheng.facts.schema import COUNTY, SCHOOLS
from junheng_web.collection.ledger.values import keep, shown, unit_of
from junheng_web.statistics.marking import Draft, Marked

# What the page calls the keys of a mapping.
KEYS: Mapping[str, str] = {
    "form": "表号",
    "name": "表名",
    "years": "哪些学年",
    "shape": "学校怎么排",
    "head.rows": "表头行",
    "head.columns": "表头列",
    "begins": "数据从哪里开始",
    "anchors": "必须原样的字",
    "fields": "要读的项",
}
ROWS_SHOWN = 10
YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a draft comes to: its mapping, or why it is none; what the mapping reads, and what is asked about that."""

    mapping: Form | None = None
    problems: tuple[jh.Problem, ...] = ()
    remarks: tuple[jh.Problem, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    count: int = 0

    @property
    def ready(self) -> bool:
        """Whether it may be saved."""
        return self.mapping is not None and not self.problems


def values_of(draft: Draft, grid: Grid) -> dict[str, Any]:
    """Return the mapping that a draft says, with the texts that stand in its sheet; it may mean nothing yet."""
    years = [int(one) if YEAR.fullmatch(one) else one for one in re.split(r"[\s,，、;；]+", draft.years) if one]
    told: dict[str, Any] = {name: getattr(draft, name) for name in ("form", "name", "source", "sheet", "shape")}
    told |= {"years": years, "begins": draft.begins, "blank": draft.blank}
    told["head"] = {key: text for key, text in (("rows", draft.head_rows), ("columns", draft.head_columns)) if text}
    told["anchors"] = [{"at": at, "text": grid.text(*spot_of(at))} for at in draft.anchors]
    told["fields"] = [
        {"column": one.column, "unit": one.unit, "terms": [{"at": place.at} for place in one.places]}
        for one in draft.fields
    ]
    return told


def mapping_of(draft: Draft, grid: Grid) -> Form:
    """Return a draft's mapping, each place with the headings that stand over it. Raises Unusable."""
    bare_form = mapping_from(values_of(draft, grid), "")
    heads = bare_form.head_rows, bare_form.head_columns
    fields = [
        replace(one, terms=tuple(Term(term.at, heading_at(grid, *heads, term.at or (0, 0))) for term in one.terms))
        for one in bare_form.fields
    ]
    return replace(bare_form, fields=tuple(fields))


def preview(draft: Draft, grid: Grid) -> Preview:
    """Return what a draft would read of its sheet."""
    try:
        made = mapping_of(draft, grid)
    except jh.Unusable as error:
        return Preview(problems=tuple(_named(one) for one in error.problems))
    book = read_sheets([grid], [made])
    if not book.parts:
        reason = f"这张表前 {TOP_ROWS} 行里没有表号“{draft.form}”，以后认不出它"
        remedy = "请把表号改成表上印的；表上没有印的，请在“工作表名称”里写上这张工作表的名称"
        return Preview(made, (jh.Problem(grid.name, reason, remedy),))
    return _read(made, book.parts[0])


def _named(one: jh.Problem) -> jh.Problem:
    """Return a problem of a key under the name that the page gives it."""
    key = re.sub(r"\[\d+\].*", "", one.column or "")
    return replace(one, file=KEYS.get(key, "对照"), column=None)


def _read(made: Form, part: Part) -> Preview:
    names = [one.name for one in made.fields if one.name not in NAMING]
    columns = tuple(_column_told(name) for name in names)
    if made.of_county:
        found = [shown(keep(part.facts.items.get(name), COLUMNS[name]), (COUNTY.name, name, "value")) for name in names]
        rows = [("全县", tuple(found))]
    else:
        rows = list(_schools(part, names))
    return Preview(made, part.problems, part.facts.remarks, columns, tuple(rows[:ROWS_SHOWN]), len(rows))


def _column_told(name: str) -> str:
    key = (COUNTY.name, name, "value") if name in ITEMS else (SCHOOLS.name, "", name)
    return f"{COLUMNS[name].label}（{unit_of(key)}）" if unit_of(key) else COLUMNS[name].label


def _schools(part: Part, names: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for row in part.facts.tables[SCHOOLS.name].to_pylist():
        told = " ".join(dict.fromkeys(text for text in (row["school_code"], row["school_name"]) if text))
        keys = [(SCHOOLS.name, row["school_code"], name) for name in names]
        yield told, tuple(shown(keep(row[name], COLUMNS[name]), key) for name, key in zip(names, keys, strict=True))


@dataclass(frozen=True, slots=True)
class MarkTold:
    """A mark as the page lists it: where, what stands there, what it means, and how it is taken away."""

    at: str
    text: str
    label: str
    unit: str
    remove: str
    note: str = field(default="")


def marks_told(draft: Draft, grid: Grid) -> list[MarkTold]:
    """Return the marks in the order in which they were made, those of the same field together."""
    texts = [MarkTold(at, grid.text(*spot_of(at)), "必须原样的字", "", at) for at in draft.anchors]
    return [*texts, *(told for one in draft.fields for told in _marked(draft, grid, one))]


def _marked(draft: Draft, grid: Grid, one: Marked) -> Iterator[MarkTold]:
    added = "，几处相加" if len(one.places) > 1 else ""
    for place in one.places:
        heading = heading_told(draft, grid, place.at)
        moved = bool(place.was) and place.was != heading
        note = f"和上一版不一样，原来是“{place.was}”" if moved else ""
        label = COLUMNS[one.column].label
        yield MarkTold(place.at, heading, f"{label}{added}", one.unit, f"{one.column}@{place.at}", note)


def heading_told(draft: Draft, grid: Grid, at: str) -> str:
    """Return the headings of a place, as far as it is said where headings stand; nothing for what is no place."""
    try:
        spot = spot_of(at)
    except ValueError:
        return ""
    return "/".join(heading_at(grid, _ends(draft.head_rows, 0), _ends(draft.head_columns, 1), spot))


def _ends(text: str, axis: int) -> Spot:
    try:
        return ends_of(text, axis)
    except ValueError:
        return 0, 0
