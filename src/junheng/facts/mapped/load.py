"""A mapping from its YAML or JSON, and back; what cannot be meant is refused with the key and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from junheng.facts.grids import Spot, address_of, ends_of, letters_of, spot_of
from junheng.facts.items import ITEMS
from junheng.facts.mapped.model import COLUMNS, NAMING, Anchor, Field, Mapping, Shape, Term
from junheng.facts.mapped.units import ratio_of, units_for
from junheng.facts.nodes import Node, collect, node_of, read_node

KEYS = ("form", "name", "sheet", "years", "source", "shape", "head", "begins", "blank", "anchors", "fields")
EARLIEST, LATEST = 1990, 2099
MISSING, ZERO = "missing", "zero"
# By the shape: whether a term names a row and a column, and how that is written.
PLACES = {
    Shape.ROWS: ((False, True), "列的字母，如 E"),
    Shape.COLUMNS: ((True, False), "行号，如 7"),
    Shape.SINGLE: ((True, True), "单元格，如 E7"),
}


def load_mapping(file: Path) -> Mapping:
    """Return the mapping in a YAML file. Raises `Unusable` with each problem of its keys."""
    return mapping_of(read_node(file, file.name))


def mapping_from_yaml(text: str, name: str) -> Mapping:
    """Return the mapping in a text that somebody sent; errors call it `name`. Raises `Unusable` as `load_mapping` does.

    References within the text are refused: a few lines of them stand for more than any memory holds.
    """
    return mapping_of(node_of(text, name, references=False))


def mapping_from(values: object, name: str) -> Mapping:
    """Return the mapping that values say, as `as_dict` tells them; errors call it `name`. Raises `Unusable`."""
    return mapping_of(Node(name, values))


def mapping_of(node: Node) -> Mapping:
    """Return the mapping that a node says. Raises `Unusable` with each problem of its keys."""
    node.only(*KEYS)
    shape = Shape(node.one_of("shape", {one.value for one in Shape}))
    head = node.node("head") if "head" in node.values else node.child("head", {})
    head.only("rows", "columns")
    fields = collect([_reader(_field, one, shape) for one in node.nodes("fields")])
    made = Mapping(
        form=_text(node, "form"),
        name=_text(node, "name"),
        shape=shape,
        anchors=tuple(collect([_reader(_anchor, one, shape) for one in node.nodes("anchors")])),
        fields=tuple(fields),
        sheet=node.get("sheet", str, "文字", default=""),
        years=_years(node),
        source=node.get("source", str, "文字", default=""),
        head_rows=_range(head, "rows", 0),
        head_columns=_range(head, "columns", 1),
        begins=_begins(node, shape),
        blank_is_zero=node.get("blank", str, "文字", default=MISSING) == ZERO,
    )
    _whole(node, made)
    return made


def _reader(read: Callable[[Node, Shape], Any], node: Node, shape: Shape) -> Callable[[], Any]:
    return lambda: read(node, shape)


def _text(node: Node, key: str) -> str:
    value = node.text(key).strip()
    if not value:
        raise node.refusal(key, "是空的", "请写上")
    return value


def _range(head: Node, key: str, axis: int) -> Spot:
    """Return the first and last row, or column, of headings: 3-5, or A-B; a single one stands for both."""
    if not (text := str(head.values.get(key, ""))):
        return 0, 0
    try:
        return ends_of(text, axis)
    except ValueError:
        raise head.refusal(key, f"值 {text!r} 不是起止", "请写成 3-5（行）或 A-B（列）") from None


def _begins(node: Node, shape: Shape) -> int:
    if shape is Shape.SINGLE:
        return 0
    wanted = "行号，如 6" if shape is Shape.ROWS else "列的字母，如 C"
    try:
        row, column = spot_of(str(node.values.get("begins", "")))
    except ValueError:
        row = column = 0
    if (shape is Shape.ROWS) != bool(row) or (shape is Shape.COLUMNS) != bool(column):
        raise node.refusal("begins", "没有说数据从哪里开始", f"请写{wanted}")
    return row or column


def _years(node: Node) -> tuple[int, ...]:
    values = node.get("years", list, "一列年份", default=[])
    if any(not isinstance(one, int) or not EARLIEST <= one <= LATEST for one in values):
        raise node.refusal("years", "里面有不是年份的", "请写秋季开学的年份，如 [2025]")
    return tuple(values)


def _anchor(node: Node, _: Shape) -> Anchor:
    node.only("at", "text")
    spot = _spot(node)
    if spot is None or 0 in spot:
        raise node.refusal("at", "不是单元格", "请写单元格，如 A1")
    return Anchor(spot, _text(node, "text"))


def _spot(node: Node) -> Spot | None:
    try:
        return spot_of(str(node.values["at"])) if node.values.get("at") else None
    except ValueError:
        raise node.refusal("at", f"值 {node.values['at']!r} 不是单元格、列或行", "请写成 E7、E 或 7") from None


def _field(node: Node, shape: Shape) -> Field:
    node.only("column", "unit", "terms")
    name, unit = node.text("column"), node.get("unit", str, "文字", default="")
    if name not in COLUMNS:
        near = "、".join(get_close_matches(name, COLUMNS)) or "primary_pupils"
        raise node.refusal("column", f"数据字典里没有 {name!r}", f"请写数据字典里的英文名，如 {near}")
    column = COLUMNS[name]
    try:
        ratio_of(column, unit)
    except KeyError:
        options = "、".join(units_for(column)) or "留空"
        raise node.refusal("unit", f"{column.label}不会用{unit!r}做单位", f"应当是 {options}") from None
    terms = [_term(one, shape) for one in node.nodes("terms")]
    if not terms or (len(terms) > 1 and not units_for(column)):
        raise node.refusal("terms", "位置太少或太多", "至少一处；只有数可以是几处相加")
    return Field(name, tuple(terms), unit)


def _term(node: Node, shape: Shape) -> Term:
    node.only("at", "heading")
    spot, heading = _spot(node), tuple(node.texts("heading"))
    wanted, example = PLACES[shape]
    if spot is not None and (bool(spot[0]), bool(spot[1])) != wanted:
        raise node.refusal("at", f"{address_of(spot)} 不合这种排法", f"请写{example}")
    if spot is None and (not heading or shape is Shape.SINGLE):
        raise node.refusal("at", "没有说在哪里", f"请写{example}")
    return Term(spot, heading)


def _whole(node: Node, made: Mapping) -> None:
    """Refuse what each key says rightly and all of them together cannot mean."""
    for key, reason, remedy in _contradictions(made):
        raise node.refusal(key, reason, remedy)


def _contradictions(made: Mapping) -> Iterator[tuple[str, str, str]]:
    names = [one.name for one in made.fields]
    if not made.anchors:
        yield "anchors", "没有一处必须原样的字", "请至少指定一格，例如标题或表号"
    if set(names) <= set(NAMING):
        yield "fields", "没有要读的数", "请至少指定一项"
    if len(set(names)) < len(names):
        yield "fields", "同一项写了两遍", "请合成一项，在 terms 里列出各处"
    if made.of_county != any(name in ITEMS for name in names) or (made.of_county and made.shape is not Shape.SINGLE):
        yield "fields", "全县的数和各校的数在一份对照里", "请分成两份；全县的数用 single"
    if not made.of_county and not set(NAMING) & set(names):
        yield "fields", "没有说怎么认出学校", "请指定学校标识码或学校名称在哪里"


def as_dict(mapping: Mapping) -> dict[str, Any]:
    """Return what `mapping_from` reads back to the same mapping: texts, numbers and lists alone."""
    told: dict[str, Any] = {"form": mapping.form, "name": mapping.name, "sheet": mapping.sheet}
    told |= {"years": list(mapping.years), "source": mapping.source, "shape": mapping.shape.value}
    head = {"rows": _told(mapping.head_rows, str), "columns": _told(mapping.head_columns, letters_of)}
    begins = letters_of(mapping.begins) if mapping.shape is Shape.COLUMNS else str(mapping.begins or "")
    told |= {"head": {key: text for key, text in head.items() if text}, "begins": begins}
    told |= {"blank": ZERO if mapping.blank_is_zero else MISSING}
    told["anchors"] = [{"at": address_of(one.at), "text": one.text} for one in mapping.anchors]
    told["fields"] = [
        {"column": one.name, "unit": one.unit, "terms": [_term_told(term) for term in one.terms]}
        for one in mapping.fields
    ]
    return told


def _told(ends: Spot, named: Callable[[int], str]) -> str:
    return f"{named(ends[0])}-{named(ends[1])}" if ends[0] else ""


def _term_told(term: Term) -> dict[str, Any]:
    return {"at": address_of(term.at) if term.at else "", "heading": list(term.heading)}


def mapping_to_yaml(mapping: Mapping) -> str:
    """Return a mapping as the YAML that `load_mapping` reads: to be kept, looked at, or handed to another county."""
    return yaml.safe_dump(as_dict(mapping), allow_unicode=True, sort_keys=False, width=120)
