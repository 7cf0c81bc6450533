"""YAML to checks. A bad file is refused with file, key and remedy; columns must be in the data dictionary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import Any

from junheng.facts.nodes import Node, collect, read_node
from junheng.facts.schema import MEASURES, SCHOOLS, STAGES, TABLES, Column, Kind
from junheng.quality.model import OWN_STAGE, SEVERITY_LABELS, THIS_YEAR, Bounds, Check, Terms, When, is_staged

CHECKS = Path(__file__).parent / "checks"
COMMON = ("id", "severity", "kind", "table", "when", "unless", "means", "remedy", "source")
TESTS = ("equals", "one_of", "at_least", "at_most", "reported", "differs_from")
LIST_MEASURES = ("sum", "rows", "distinct")
# The tables that list a school's parts by stage.
LISTS = {name: table for name, table in TABLES.items() if {"school_code", "stage"} <= set(table.by_name)}
# What happens to a school between two years: it is new, gone, or has another code under the same name.
EVENTS = ("appeared", "vanished", "recoded")
SIDES = ("above", "below", "both")


@cache
def load_checks(folder: Path = CHECKS) -> tuple[Check, ...]:
    """Return every check under `folder`, by file and place. Raises `Unusable` with file, key and remedy."""
    files = [read_node(file, f"checks/{file.name}") for file in sorted(folder.glob("*.yaml"))]
    checks = collect([partial(_check, node, file.text("theme")) for file in files for node in _nodes(file)])
    nodes = [node for file in files for node in file.nodes("checks")]
    _tell_apart(checks, nodes)
    return tuple(checks)


def _nodes(file: Node) -> list[Node]:
    file.only("theme", "checks")
    return file.nodes("checks")


def _tell_apart(checks: list[Check], nodes: list[Node]) -> None:
    ids = [check.id for check in checks]
    for at, (check, node) in enumerate(zip(checks, nodes, strict=True)):
        if check.id in ids[:at]:
            raise node.refusal("id", f"编号 {check.id} 出现两次", "请换一个编号")
        if unknown := [id for id in check.unless if id not in ids]:
            raise node.refusal("unless", f"没有编号为 {unknown[0]} 的检查", "请改为已有的编号")


def _check(node: Node, theme: str) -> Check:
    kind = node.one_of("kind", TERMS)
    keys, read = TERMS[kind]
    node.only(*COMMON, *keys)
    table = node.one_of("table", TABLES) if "table" in node.values else SCHOOLS.name
    return Check(
        id=node.text("id"),
        theme=theme,
        severity=node.one_of("severity", SEVERITY_LABELS),
        kind=kind,
        table=table,
        terms=read(node, table),
        when=tuple(_when(child, table) for child in node.nodes("when")),
        unless=tuple(node.get("unless", list, "编号列表", default=[])),
        means=node.text("means"),
        remedy=node.text("remedy"),
        source=node.text("source") if "source" in node.values else "",
    )


def column_of(table: str, name: str) -> Column:
    """Return a column that `name` means in `table`; KeyError where the data dictionary has none."""
    return TABLES[table].column(f"{STAGES[0]}_{name}" if is_staged(table, name) else name)


def _known(node: Node, key: str, table: str, name: object) -> str:
    try:
        column_of(table, str(name))
    except KeyError:
        reason = f"{TABLES[table].label}表里没有 {name!r}"
        raise node.refusal(key, reason, "请改为数据字典里的列名") from None
    return str(name)


def _columns(node: Node, key: str, table: str) -> tuple[str, ...]:
    """Return the column, or the list of columns, under `key`."""
    value = node.values.get(key)
    names = value if isinstance(value, list) and value else [node.text(key)]
    return tuple(_known(node, key, table, name) for name in names)


def _numeric(node: Node, key: str, table: str) -> tuple[str, ...]:
    names = _columns(node, key, table)
    if len({column_of(table, name).kind for name in names}) > 1:
        raise node.refusal(key, "各列的单位不同，不能相加", "请只放同一类的数量")
    if column_of(table, names[0]).kind not in MEASURES:
        raise node.refusal(key, f"{names[0]} 不是数量", "请改为填数量的列")
    return names


def _amount(node: Node, key: str) -> Fraction:
    """Return the exact number under `key`, zero or more."""
    value = node.values.get(key)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise node.refusal(key, "缺少这个键" if value is None else f"值 {value!r} 的类型不对", "应当是数")
    if value < 0:
        raise node.refusal(key, f"值 {value} 太小", "不能小于 0")
    return Fraction(value)


def _bounds(node: Node, *keys: str) -> Bounds:
    """Return `least` and `most`: a number, a number a stage, or (for the most) the year of the day."""
    if not any(key in node.values for key in keys):
        raise node.refusal(keys[0], "缺少这个键", f"请至少写 {'、'.join(keys)} 之一")
    this_year = node.values.get("most") == THIS_YEAR
    sides = {key: _by_stage(node, key) for key in keys if key in node.values and not (key == "most" and this_year)}
    return Bounds(sides.get("least", {}), sides.get("most", {}), this_year)


def _by_stage(node: Node, key: str) -> Mapping[str, Fraction]:
    if not isinstance(node.values[key], dict):
        return {"": _amount(node, key)}
    child = node.node(key)
    child.only(*STAGES)
    return {stage: _amount(child, stage) for stage in STAGES}


def _when(node: Node, table: str) -> When:
    node.only("column", *TESTS)
    name = node.text("column")
    if name != OWN_STAGE or table != SCHOOLS.name:
        _known(node, "column", table, name)
    tests = [test for test in TESTS if test in node.values]
    allowed = ["equals"] if name == OWN_STAGE else TESTS
    if len(tests) != 1 or tests[0] not in allowed:
        raise node.refusal(None, "每个条件要恰好一种比较", f"请写 {'、'.join(allowed)} 之一")
    return When(name, tests[0], _asked(node, table, name, tests[0]))


def _asked(node: Node, table: str, name: str, test: str) -> Any:
    """Return what a condition compares with, in the type that the column holds."""
    if test == "reported":
        return node.get(test, bool, "true 或 false")
    if test == "differs_from":
        return _known(node, test, table, node.text(test))
    if test in {"at_least", "at_most"}:
        _numeric(node, "column", table)
        return _amount(node, test)
    return node.get(test, bool, "true 或 false") if name == OWN_STAGE else _code(node, column_of(table, name), test)


def _code(node: Node, column: Column, test: str) -> Any:
    """Return the codes (or the flag) under `test`, each of which the column may hold."""
    if column.kind is Kind.FLAG:
        return node.get(test, bool, "true 或 false")
    codes = tuple(node.get(test, list, "代码列表")) if test == "one_of" else (node.text(test),)
    if unknown := [code for code in codes if column.choices and code not in column.choices]:
        raise node.refusal(test, f"{column.label}没有代码 {unknown[0]!r}", f"应当是 {'、'.join(column.choices)} 之一")
    return codes


def _within(node: Node, table: str) -> Terms:
    part, whole = _numeric(node, "part", table), _numeric(node, "whole", table)
    if column_of(table, part[0]).kind is not column_of(table, whole[0]).kind:
        raise node.refusal("whole", "与 part 的单位不同", "请只比较同一类的数量")
    return Terms(columns=part, against=whole)


def _sum_of(node: Node, table: str) -> Terms:
    of = node.node("of")
    of.only("table", "measure", "column")
    listed, measure = of.one_of("table", LISTS), of.one_of("measure", set(LIST_MEASURES))
    measured = "" if measure == "rows" else _known(of, "column", listed, of.text("column"))
    return Terms(columns=_numeric(node, "total", table), table=listed, measure=measure, measured=measured)


def _range(node: Node, table: str) -> Terms:
    return Terms(columns=_numeric(node, "column", table), bounds=_bounds(node, "least", "most"))


def _ratio(node: Node, table: str) -> Terms:
    over, under = _numeric(node, "over", table), _numeric(node, "under", table)
    return Terms(columns=over, against=under, bounds=_bounds(node, "least", "most"))


def _requires(node: Node, table: str) -> Terms:
    must = _when(node.node("must"), table)
    return Terms(columns=(must.column,), must=must)


def _unique(node: Node, table: str) -> Terms:
    return Terms(columns=_columns(node, "columns", table))


def _reference(node: Node, table: str) -> Terms:
    to = node.one_of("to", TABLES)
    return Terms(columns=_columns(node, "column", table), table=to, measured=_known(node, "key", to, node.text("key")))


def _unit_slip(node: Node, table: str) -> Terms:
    slips = dict(_slip(child) for child in node.nodes("slips"))
    if not slips or not all(slips):
        raise node.refusal("slips", "没有写明错了多少倍", "请至少写一项 factor 和 because，factor 大于 0")
    return Terms(
        columns=_numeric(node, "over", table),
        against=_numeric(node, "under", table),
        slips=slips,
        near=_amount(node, "near"),
        least_schools=node.integer("least_schools", least=3),
    )


def _slip(node: Node) -> tuple[Fraction, str]:
    node.only("factor", "because")
    return _amount(node, "factor"), node.text("because")


def _outlier(node: Node, table: str) -> Terms:
    return Terms(
        columns=_numeric(node, "over", table),
        against=_numeric(node, "under", table),
        deviations=_amount(node, "deviations"),
        away=_amount(node, "away"),
        side=node.one_of("side", set(SIDES)),
        least_schools=node.integer("least_schools", least=3),
        least_pupils=node.integer("least_pupils"),
    )


def _hugging(node: Node, _: str) -> Terms:
    return Terms(margin=_amount(node, "margin"))


def _change(node: Node, table: str) -> Terms:
    """Return a number that may change by so much in a year, or an event in the life of a school."""
    if "event" in node.values:
        node.only(*COMMON, "event")
        return Terms(columns=("school_code",), side=node.one_of("event", set(EVENTS)))
    bands = {key: _amount(node, key) for key in ("rise", "fall") if key in node.values}
    if not bands:
        raise node.refusal("rise", "缺少这个键", "请至少写 rise、fall 之一")
    columns, per = _numeric(node, "column", table), _numeric(node, "per", table) if "per" in node.values else ()
    return Terms(
        columns=columns, against=per, away=_amount(node, "away"), rise=bands.get("rise"), fall=bands.get("fall")
    )


def _nothing(_: Node, __: str) -> Terms:
    return Terms()


TERMS: Mapping[str, tuple[tuple[str, ...], Callable[[Node, str], Terms]]] = {
    "within": (("part", "whole"), _within),
    "sum_of": (("total", "of"), _sum_of),
    "range": (("column", "least", "most"), _range),
    "ratio_range": (("over", "under", "least", "most"), _ratio),
    "requires": (("must",), _requires),
    "unique": (("columns",), _unique),
    "reference": (("column", "to", "key"), _reference),
    "unit_slip": (("over", "under", "slips", "near", "least_schools"), _unit_slip),
    "outlier": (("over", "under", "deviations", "away", "side", "least_schools", "least_pupils"), _outlier),
    "hugging": (("margin",), _hugging),
    "change": (("column", "per", "rise", "fall", "away", "event"), _change),
    "needed": ((), _nothing),
    "read": ((), _nothing),
}
"""The closed vocabulary of kinds: the keys that each takes beside the common ones, and how they are read."""
