"""Tables IV, V and VI: each requirement's figures, as they are told in one cell, and whether it is met."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from junheng.engine.part_totals import Asked, Total
from junheng.engine.result import Assessment, PartAnswer
from junheng.facts.items import ITEMS
from junheng.facts.model import Facts
from junheng.output.form.basics import CountyBasics
from junheng.output.form.county import given
from junheng.output.form.layout import Field, Layout
from junheng.output.form.model import Cell, Column, Row, Source, Table
from junheng.output.form.printing import MARKS, NOTHING, SHARE, decimals_of, figure, mark, printed, words

UNSAMPLED, UNMEASURED = "没有参加监测", "没有监测"


@dataclass(frozen=True, slots=True)
class Known:
    """All that the figures are read from. `types` tells each school's type."""

    answer: Assessment
    facts: Facts
    basics: CountyBasics
    layout: Layout
    totals: Mapping[Asked, Total]
    types: Mapping[str, str | None]


def totals_asked(layout: Layout) -> list[Asked]:
    """Return the sums over schools that the layout asks for."""
    return [
        (id, one.part, one.name)
        for table in layout.requirements.values()
        for id, fields in table.rows.items()
        for one in fields
        if one.way == "total"
    ]


def requirement_table(known: Known, id: str) -> Table:
    """Return table IV or V: a row for each requirement of its group."""
    asked = known.layout.requirements[id]
    columns = (
        Column("at", "", "序号", 8),
        Column("name", "", "指标", 50),
        Column("told", "", "指标值或简要结论", 80),
        Column("verdict", "", "是否达标", 14),
    )
    rows = [_row(known, at, name, fields) for at, (name, fields) in enumerate(asked.rows.items(), 1)]
    return Table(id, asked.title, columns, tuple(rows), (asked.note,))


def _row(known: Known, at: int, id: str, fields: Sequence[Field]) -> Row:
    one = known.answer.requirements[id]
    source = Source("requirement", id)
    figures = tuple(_figures(known, id, fields))
    cells = words(str(at)), words(one.name, source), told_together(figures), mark(one.status, source)
    return Row(id, cells)


def told_together(figures: tuple[Cell, ...]) -> Cell:
    """Return figures as one cell: each with its label and unit, a conclusion in words at the end."""
    shown = [one for one in figures if not one.hidden]
    if shown and all(one.state == "not_applicable" for one in shown):
        return Cell(shown[0].text, None, "not_applicable", fields=figures)
    text = "；".join(_told(one) for one in shown)
    states = {one.state for one in shown}
    state = next((each for each in ("missing", "open", "undetermined") if each in states), "known")
    return Cell(text, None, state, fields=figures)


def _told(one: Cell) -> str:
    if one.value is None or isinstance(one.value, str):
        return f"{one.label}：{one.text}"
    return f"{one.label} {one.text}{one.unit}" if one.unit == SHARE else f"{one.label} {one.text} {one.unit}".rstrip()


def survey_table(known: Known) -> Table:
    """Return table VI."""
    asked = known.layout.survey
    columns = [Column(code, code, f"{label}（{unit}）", 18, group) for code, group, label, unit in asked.columns]
    rows = []
    for label, fields in asked.rows:
        figures = {one.key: one for one in _figures(known, asked.requirement, fields)}
        own = [replace(figures[column.key], label=column.heading) for column in columns]
        rows.append(Row(label, (words(label), *own)))
    return Table("VI", asked.title, (Column("told", "", "", 18), *columns), tuple(rows))


def _figures(known: Known, id: str, fields: Sequence[Field]) -> Iterator[Cell]:
    """Yield a row's figures in order; those that follow from others read what came before them."""
    before: dict[str, Cell] = {}
    for one in fields:
        cell = _figure(known, id, one, before)
        before[one.key] = cell
        yield cell


def _figure(known: Known, id: str, one: Field, before: Mapping[str, Cell]) -> Cell:
    if one.only_if and known.facts.items.get(one.only_if) is False:
        source = Source("item", one.only_if)
        return Cell(UNSAMPLED, None, "not_applicable", one.key, one.label, one.unit, source=source)
    if not one.way:
        return _derived(known, one, before)
    cell = WAYS[one.way](known, id, one)
    if cell.value is not None and not isinstance(cell.value, str):
        cell = replace(cell, text=printed(cell.value, one.unit, _decimals(known, one), one.scale))
    decimals = _decimals(known, one)
    return replace(
        cell, key=one.key, label=one.label, unit=one.unit, decimals=decimals, scale=one.scale, hidden=one.hidden
    )


def _decimals(known: Known, one: Field) -> int:
    display = known.answer.rules.standard.display
    return decimals_of(one.unit, display) if one.decimals is None else one.decimals


def _basics(known: Known, _: str, one: Field) -> Cell:
    return given(known.layout.basics[one.name], known.basics, known.layout.open)


def _item(known: Known, id: str, one: Field) -> Cell:
    asked = known.answer.rules.requirements[id].figures_from
    amount = known.facts.items.get(one.name)
    if asked and asked.item == one.name and amount is not None:
        return words(asked.told(amount) or "", Source("item", one.name))
    if _is_unmeasured(known, id, one.name):
        return Cell(UNMEASURED, None, "not_applicable", source=Source("item", one.name))
    value = None if amount is None else Fraction(amount, ITEMS[one.name].measure.scale)
    return figure(value, one.unit, _decimals(known, one), Source("item", one.name))


def _is_unmeasured(known: Known, id: str, item: str) -> bool:
    """Whether a blank says that a subject was not measured: none of its figures is reported, some other's is.

    Parts that allow blanks list the figures of the same subjects in the same order.
    """
    parts = [part.items for part in known.answer.rules.requirements[id].parts if part.blanks_allowed]
    reported = [any(known.facts.items.get(name) is not None for name in own) for own in zip(*parts, strict=True)]
    own = next((at for names in parts for at, name in enumerate(names) if name == item), None)
    return own is not None and any(reported) and not reported[own]


def _part(known: Known, id: str, part: str) -> PartAnswer:
    return next(one for one in known.answer.requirements[id].parts if one.id == part)


def _value(known: Known, id: str, one: Field) -> Cell:
    part = _part(known, id, one.name)
    source = Source("requirement", id, part.id)
    if part.value is None and part.status == "not_applicable":
        return Cell(MARKS["not_applicable"], None, "not_applicable", source=source)
    cell = figure(part.value, one.unit, _decimals(known, one), source)
    # What it follows from stands beside it, and is asked for there.
    return replace(cell, state="undetermined") if cell.value is None and one.top else cell


def _failing(known: Known, id: str, one: Field) -> Cell:
    """Return how many rows fail; not known while one that might is not reported, nothing where nothing is asked."""
    part = _part(known, id, one.name)
    source = Source("requirement", id, part.id)
    if part.status == "not_applicable":
        return Cell(MARKS["not_applicable"], None, "not_applicable", source=source)
    own = [row for row in part.open_rows if not one.types or known.types.get(row.school_code) in one.types]
    lacking = tuple(row.subject for row in own if row.state == "missing")
    failing = sum(row.state == "failing" for row in own)
    return replace(figure(None if lacking else failing, one.unit, 0, source), lacking=lacking)


def _total(known: Known, id: str, one: Field) -> Cell:
    total = known.totals[id, one.part, one.name]
    cell = figure(total.value, one.unit, _decimals(known, one), Source("fact", one.name, part=f"{id}.{one.part}"))
    return replace(cell, lacking=total.lacking)


WAYS: Mapping[str, Callable[[Known, str, Field], Cell]] = {
    "basics": _basics,
    "item": _item,
    "value": _value,
    "failing": _failing,
    "total": _total,
}


def _derived(known: Known, one: Field, before: Mapping[str, Cell]) -> Cell:
    """Return what follows from a row's other figures: their sum, or a share; open or missing where one of them is."""
    decimals = _decimals(known, one)
    source = Source("form", one.key)
    needed = [before[key.removeprefix("-")] for key in (*one.sum, *one.top, *one.bottom)]
    lacking = next((cell for cell in needed if cell.value is None), None)
    if lacking is not None:
        # What was asked for once is not asked for a second time.
        state = "undetermined" if lacking.state in {"open", "missing"} else lacking.state
        return Cell(lacking.text, None, state, one.key, one.label, one.unit, decimals, source=source)
    if one.sum:
        return figure(signed_sum(one.sum, before), one.unit, decimals, source, key=one.key, label=one.label)
    over = signed_sum(one.bottom, before)
    if not over:
        return Cell(NOTHING, None, "not_applicable", one.key, one.label, one.unit, decimals, source=source)
    return figure(signed_sum(one.top, before) / over, one.unit, decimals, source, key=one.key, label=one.label)


def signed_sum(keys: Sequence[str], cells: Mapping[str, Cell]) -> Fraction:
    """Return figures added up; those whose key has a minus are taken off. TypeError where one is no number."""
    return sum((_signed(key, cells) for key in keys), Fraction(0))


def _signed(key: str, cells: Mapping[str, Cell]) -> Fraction:
    value = cells[key.removeprefix("-")].value
    if not isinstance(value, Fraction | int):
        raise TypeError(key)
    return -Fraction(value) if key.startswith("-") else Fraction(value)
