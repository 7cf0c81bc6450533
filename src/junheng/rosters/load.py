"""YAML to counts and traps. A bad file is refused with file, key and remedy; columns must stand in the register."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from junheng.facts.items import ITEMS
from junheng.facts.nodes import Node, read_node
from junheng.facts.schema import MEASURES, SCHOOLS, STAGES, Kind, per_stage
from junheng.rosters.model import EXTENTS, OF_COUNTY, OF_STAGE, Condition, Count, Counting, SchoolReading, Trap
from junheng.rosters.schema import TEACHERS

HERE = Path(__file__).parent
COUNTS, TRAPS = HERE / "counts.yaml", HERE / "traps.yaml"
AMONG = ("one_of", "none_of")
AMOUNTS = ("at_least", "at_most")
DAYS = ("by_day", "until_day", "before_day", "last_school_year")
TESTS = (*AMONG, *AMOUNTS, *DAYS, "years_before", "reported", "differs_from", "same_as", "fits")


@cache
def load_counting(file: Path = COUNTS) -> Counting:
    """Return how teachers are counted. Raises `Unusable` with file, key and remedy."""
    node = read_node(file, file.name)
    node.only("school_year_begins", "readings", "sets", "counts", "moving")
    sets = {str(key): node.node("sets").values[key] for key in node.node("sets").values}
    counts = [_count(child, sets) for child in node.nodes("counts")]
    readings = [_reading(child) for child in node.nodes("readings")]
    if sum(one.in_force for one in readings) != 1:
        raise node.refusal("readings", "生效的读法应当恰好一种", "请只给一种读法写 in_force: true")
    return Counting(
        node.integer("school_year_begins", 1),
        MappingProxyType({one.id: one for one in readings}),
        MappingProxyType({one.fact: one for one in counts}),
        tuple(_condition(child) for child in _conditions(node, sets, "moving")),
    )


@cache
def load_traps(file: Path = TRAPS) -> tuple[Trap, ...]:
    """Return what is worth a second look. Raises `Unusable` with file, key and remedy."""
    node = read_node(file, file.name)
    node.only("traps")
    return tuple(_trap(child) for child in node.nodes("traps"))


def _trap(node: Node) -> Trap:
    node.only("id", "indicator", "means", "remedy", "when", "same")
    conditions = tuple(_condition(child) for child in node.nodes("when"))
    same = tuple(_known(node, "same", name) for name in node.texts("same"))
    if bool(conditions) == bool(same):
        raise node.refusal("when", "when 和 same 应当恰好写一种", "请留一种")
    told = {name: node.text(name) for name in ("id", "indicator", "means", "remedy")}
    return Trap(**told, conditions=conditions, same=same)


def _reading(node: Node) -> SchoolReading:
    node.only("id", "reading", "source", "in_force", "school", "otherwise", "during", "without")
    return SchoolReading(
        **{name: node.text(name) for name in ("id", "reading", "source")},
        in_force=node.get("in_force", bool, "true 或 false"),
        school=_known(node, "school", node.text("school")),
        otherwise=_known(node, "otherwise", node.text("otherwise")) if "otherwise" in node.values else "",
        during=_during(node),
        without=tuple(node.texts("without")),
    )


def _count(node: Node, sets: Mapping[str, object]) -> Count:
    node.only("fact", "indicator", "of", "school", "when")
    fact, of = node.text("fact"), node.one_of("of", EXTENTS)
    known = ITEMS if of == OF_COUNTY else SCHOOLS.by_name
    if not (per_stage(fact) if of == OF_STAGE else fact in known):
        raise node.refusal("fact", f"数据字典里没有 {fact!r}", "请改为数据字典里的名称")
    conditions = tuple(_condition(child) for child in _conditions(node, sets))
    school = _known(node, "school", node.text("school")) if "school" in node.values else ""
    return Count(fact, node.text("indicator"), of, conditions, school)


def _conditions(node: Node, sets: Mapping[str, object], key: str = "when") -> list[Node]:
    """Return the conditions under a key, each name of a set replaced by what the set holds."""
    found: list[Node] = []
    for at, value in enumerate(node.get(key, list, "列表")):
        values = sets.get(value) if isinstance(value, str) else [value]
        if not isinstance(values, list):
            raise node.refusal(key, f"没有名为 {value!r} 的条件组", "请改为 sets 里的名称")
        found += [node.child(f"{key}[{at}]", one) for one in values]
    return found


def _condition(node: Node) -> Condition:
    says, source = (node.get(name, str, "文字", default="") for name in ("says", "source"))
    if "any_of" in node.values:
        node.only("says", "source", "any_of")
        choices = tuple(_condition(child) for child in node.nodes("any_of"))
        return Condition(says, source, column="", test="any_of", any_of=choices)
    node.only("says", "source", "column", "during", "defines", *TESTS)
    tests = [test for test in TESTS if test in node.values]
    if len(tests) != 1:
        raise node.refusal("column", "应当恰好有一个条件", f"请写 {'、'.join(TESTS)} 之一")
    column = _known(node, "column", node.text("column"))
    defines = node.get("defines", bool, "true 或 false", default=False)
    return Condition(says, source, column, tests[0], _value(node, column, tests[0]), _during(node), defines=defines)


def _value(node: Node, column: str, test: str) -> object:
    kind = TEACHERS.column(column).kind
    wanted = {**dict.fromkeys(AMOUNTS, kind in MEASURES), **dict.fromkeys((*DAYS, "years_before"), kind is Kind.DATE)}
    if not wanted.get(test, True):
        raise node.refusal(test, f"{column} 不能这样比", "请换一列，或换一种条件")
    if test in AMONG:
        return _among(node, column, test)
    if test in ("differs_from", "same_as"):
        return _known(node, test, node.text(test))
    if test == "fits":
        return _fitting(node, column)
    return node.integer(test) if test in (*AMOUNTS, "years_before") else node.get(test, bool, "true 或 false")


def _among(node: Node, column: str, test: str) -> Mapping[str, tuple[str, ...]]:
    """Return the codes by stage; one list stands for every stage (and for none)."""
    choices = TEACHERS.column(column).choices
    lists = node.node(test) if isinstance(node.values[test], dict) else None
    found = {stage: lists.texts(stage) for stage in STAGES} if lists else {"": node.texts(test)}
    if unknown := [code for codes in found.values() for code in codes if code not in choices]:
        raise node.refusal(test, f"{column} 没有代码 {unknown[0]!r}", "请改为台账里的代码")
    return MappingProxyType({stage: tuple(codes) for stage, codes in found.items()})


def _fitting(node: Node, column: str) -> tuple[str, Mapping[str, tuple[str, ...]]]:
    """Return the other column, and by its code the further codes that fit it; the same code always does."""
    fits = node.node("fits")
    other = _known(fits, "fits", next(iter(fits.values), ""))
    choices, also = TEACHERS.column(column).choices, fits.node(other)
    found = {code: tuple(also.texts(code)) for code in also.values}
    if unknown := [code for own in (found, *found.values()) for code in own if code not in choices]:
        raise fits.refusal(other, f"{column} 没有代码 {unknown[0]!r}", "请改为台账里的代码")
    return other, MappingProxyType(found)


def _during(node: Node) -> tuple[str, str] | None:
    names = [_known(node, "during", name) for name in node.texts("during")]
    if names and len(names) != 2:
        raise node.refusal("during", "应当是开始、结束两列", "请写两个列名")
    return (names[0], names[1]) if names else None


def _known(node: Node, key: str, name: str) -> str:
    if name not in TEACHERS.by_name:
        raise node.refusal(key, f"教师台账里没有 {name!r}", "请改为台账里的列名")
    return name
