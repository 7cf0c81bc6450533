"""The form's layout: `form.yaml` beside a rule book, read into frozen types, or refused with the key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from junheng.facts.items import ITEMS
from junheng.facts.nodes import Node, read_node
from junheng.facts.problems import unusable
from junheng.facts.schema import SCHOOL_TYPES, SCHOOLS, STAGES
from junheng.standard.load import RULES
from junheng.standard.model import Standard
from junheng.standard.requirements import GROUPS

LAYOUTS = {
    "transcribed": "表式按转录件",
    "turned": "转录件是横排，这里竖排，栏号不变",
    "by_description": "按通行的栏目排",
}
PARTS_TOLD = {"cover": "封面", "I": "表Ⅰ", "tables": "其余各表"}
BASICS_KINDS = ("text", "number")
FIELD_KEYS = ("key", "label", "unit", "decimals", "scale", "hidden", "only_if")
WAYS = ("basics", "item", "value", "failing", "total", "sum")


@dataclass(frozen=True, slots=True)
class Basic:
    """Something that the county fills in for the form: no other number gives it."""

    key: str
    label: str
    kind: str
    unit: str
    decimals: int


@dataclass(frozen=True, slots=True)
class SchoolsCell:
    """One column of table I: given by the county, a number of schools of a type, or what a stage's schools report."""

    code: str
    group: str
    label: str
    unit: str
    basics: str = ""
    schools: str = ""
    in_sample: bool = False
    total: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One figure: how it is printed, and one way in which it comes about (`way`, with the name that this asks for).

    `top` and `bottom` (or `sum`) name figures of the same row from which the figure must follow; a key with a minus is
    taken off. `types` counts only schools of these types; `only_if` is an item without which nothing is asked.
    """

    key: str
    label: str
    unit: str
    decimals: int | None
    scale: int
    hidden: bool
    way: str
    name: str
    part: str
    types: tuple[str, ...]
    only_if: str
    top: tuple[str, ...]
    bottom: tuple[str, ...]
    sum: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requirements:
    """Table IV or V: the requirements of a group, each with its figures."""

    title: str
    note: str
    group: str
    rows: Mapping[str, tuple[Field, ...]]


@dataclass(frozen=True, slots=True)
class Survey:
    """Table VI: columns under their codes, rows with a figure for each."""

    title: str
    requirement: str
    columns: tuple[tuple[str, str, str, str], ...]
    rows: tuple[tuple[str, tuple[Field, ...]], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole form of one rule book. `layout` says of the cover and the tables how their layout is known."""

    title: str
    source: str
    layout: Mapping[str, str]
    open: str
    basics: Mapping[str, Basic]
    cover: tuple[str, ...]
    county: tuple[SchoolsCell, ...]
    titles: Mapping[str, str]
    notes: Mapping[str, str]
    composites: Mapping[str, str]
    first_indicator: int
    requirements: Mapping[str, Requirements]
    survey: Survey


def load_layout(standard: Standard) -> Layout:
    """Return the form that goes with a rule book, an overlay's with its document's. `Unusable` where it has none."""
    return _layout(_document(standard))


def items_printed(standard: Standard) -> dict[str, tuple[str, ...]]:
    """Return the county's items that the form prints, each with the requirements in whose rows it stands.

    A county is asked for these though nothing may be judged by one; a rule book without a form prints none.
    """
    found: dict[str, tuple[str, ...]] = {}
    if _file(_document(standard)).is_file():
        for id, fields in _rows(load_layout(standard)):
            for one in fields:
                if one.way == "item" and id not in found.get(one.name, ()):
                    found[one.name] = (*found.get(one.name, ()), id)
    return found


def _rows(layout: Layout) -> Iterator[tuple[str, tuple[Field, ...]]]:
    for table in layout.requirements.values():
        yield from table.rows.items()


def _document(standard: Standard) -> str:
    return standard.overlay.base if standard.overlay else standard.id


def _file(document: str) -> Path:
    return RULES / document / "form.yaml"


@cache
def _layout(document: str) -> Layout:
    file = _file(document)
    if not file.is_file():
        raise unusable("--standard", "这个标准没有申报表", "请用 national-2017", value=document)
    return _read(read_node(file, f"{document}/form.yaml"))


def _read(top: Node) -> Layout:
    tables = {key.removeprefix("table_").replace("_", "-"): top.node(key) for key in top.values if "table_" in key}
    basics = {key: _basic(key, node) for key, node in top.node("basics").children()}
    _known(top, "cover", top.texts("cover"), basics)
    return Layout(
        title=top.text("title"),
        source=top.text("source"),
        layout={key: top.node("layout").one_of(key, LAYOUTS) for key in PARTS_TOLD},
        open=top.text("open"),
        basics=basics,
        cover=tuple(top.texts("cover")),
        county=tuple(_county_cell(node, basics) for node in tables["I"].nodes("cells")),
        titles={id: node.text("title") for id, node in tables.items()},
        notes={id: _optional(node, "note") for id, node in tables.items()},
        composites={id: node.text("composite") for id, node in tables.items() if "composite" in node.values},
        first_indicator=tables["II-2"].integer("first_indicator"),
        requirements={id: _requirements(tables[id], basics) for id in ("IV", "V")},
        survey=_survey(tables["VI"], basics),
    )


def _basic(key: str, node: Node) -> Basic:
    node.only("label", "kind", "unit", "decimals")
    decimals = node.integer("decimals") if "decimals" in node.values else 0
    return Basic(key, node.text("label"), node.one_of("kind", set(BASICS_KINDS)), _optional(node, "unit"), decimals)


def _optional(node: Node, key: str) -> str:
    return node.get(key, str, "文字", default="")


def _known(node: Node, key: str, names: list[str], known: Mapping[str, object]) -> None:
    for name in names:
        if name not in known:
            raise node.refusal(key, f"不认识 {name!r}", f"应当是 {'、'.join(known)} 之一")


def _county_cell(node: Node, basics: Mapping[str, Basic]) -> SchoolsCell:
    node.only("code", "group", "label", "unit", "basics", "schools", "in_sample", "total", "stage")
    code, group = node.text("code"), node.text("group")
    if "basics" in node.values:
        one = basics[node.one_of("basics", basics)]
        return SchoolsCell(code, group, one.label, one.unit, basics=one.key)
    cell = SchoolsCell(code, group, node.text("label"), node.text("unit"))
    if "schools" in node.values:
        inside = node.get("in_sample", bool, "是或否", default=False)
        return SchoolsCell(*_named(cell), schools=node.one_of("schools", SCHOOL_TYPES), in_sample=inside)
    total = node.one_of("total", SCHOOLS.by_name)
    return SchoolsCell(*_named(cell), total=total, stage=node.one_of("stage", set(STAGES)))


def _named(cell: SchoolsCell) -> tuple[str, str, str, str]:
    return cell.code, cell.group, cell.label, cell.unit


def _requirements(node: Node, basics: Mapping[str, Basic]) -> Requirements:
    node.only("title", "note", "group", "rows")
    rows = node.node("rows")
    return Requirements(
        title=node.text("title"),
        note=_optional(node, "note"),
        group=node.one_of("group", GROUPS),
        rows={id: tuple(_field(one, basics) for one in rows.nodes(id)) for id in rows.values},
    )


def _survey(node: Node, basics: Mapping[str, Basic]) -> Survey:
    columns = [
        (one.text("code"), one.text("group"), one.text("label"), one.text("unit")) for one in node.nodes("columns")
    ]
    rows = [
        (one.text("label"), tuple(_field(field, basics) for field in one.nodes("fields"))) for one in node.nodes("rows")
    ]
    return Survey(node.text("title"), node.text("requirement"), tuple(columns), tuple(rows))


def _field(node: Node, basics: Mapping[str, Basic]) -> Field:
    node.only(*FIELD_KEYS, *WAYS, "part", "types", "top", "bottom")
    way = next((one for one in WAYS if one in node.values and one != "sum"), "")
    name = _optional(node, way) if way else ""
    known = {"basics": basics, "item": ITEMS}.get(way)
    if known is not None:
        node.one_of(way, known)
    return Field(
        key=node.text("key"),
        label=_optional(node, "label"),
        unit=_optional(node, "unit"),
        decimals=node.integer("decimals") if "decimals" in node.values else None,
        scale=node.integer("scale") if "scale" in node.values else 1,
        hidden=node.get("hidden", bool, "是或否", default=False),
        way=way,
        name=name,
        part=_optional(node, "part"),
        types=tuple(node.texts("types")),
        only_if=_optional(node, "only_if"),
        top=tuple(node.texts("top")),
        bottom=tuple(node.texts("bottom")),
        sum=tuple(node.texts("sum")),
    )
