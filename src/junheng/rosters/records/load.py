"""YAML to counts and checks of rosters. A bad file is refused with file, key and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from junheng.facts.nodes import Node, read_node
from junheng.facts.schema import MEASURES, SCHOOLS, STAGES, Kind, Table, per_stage
from junheng.rosters.model import OF_SCHOOL, OF_STAGE, Condition
from junheng.rosters.records.model import Cohort, Grades, Linked, RecordCheck, RecordCount, Records
from junheng.rosters.records.schema import PEOPLE, STAGES_TAUGHT

HERE = Path(__file__).parent
RECORDS, CHECKS = HERE / "records.yaml", HERE / "checks.yaml"
TESTS: Mapping[str, frozenset[Kind]] = MappingProxyType(
    {
        "one_of": frozenset({Kind.CODE, Kind.TEXT}),
        "at_least": frozenset(MEASURES),
        "holds": frozenset({Kind.FLAG}),
    }
)
CHECK_KINDS = ("unknown_school", "impossible_grade", "class_size", "foreign_stage", "rows", "unreported", "twice")
PLACES = ("school", "county", "nation")


@cache
def load_records(file: Path = RECORDS) -> Records:
    """Return how rosters are counted. Raises `Unusable` with file, key and remedy."""
    node = read_node(file, file.name)
    node.only("stages", "marks", "counts", "cohorts", "linked")
    marks = {table: _marks(child, PEOPLE[table]) for table, child in node.node("marks").children()}
    linked = node.node("linked")
    return Records(
        MappingProxyType({stage: _grades(child) for stage, child in node.node("stages").children()}),
        MappingProxyType(marks),
        tuple(_count(child, marks) for child in node.nodes("counts")),
        tuple(_cohort(child) for child in node.nodes("cohorts")),
        Linked(linked.one_of("stage", STAGES_TAUGHT), linked.integer("entry"), linked.integer("last")),
    )


@cache
def load_record_checks(file: Path = CHECKS) -> tuple[RecordCheck, ...]:
    """Return what in rosters deserves a second look. Raises `Unusable` with file, key and remedy."""
    node = read_node(file, file.name)
    node.only("checks")
    return tuple(_check(child) for child in node.nodes("checks"))


def _grades(node: Node) -> Grades:
    node.only("grades", "entry")
    first, last = node.get("grades", list, "两个年级")
    return Grades(first, last, node.integer("entry"))


def _marks(node: Node, table: Table) -> Mapping[str, Condition]:
    return MappingProxyType({name: _condition(child, table) for name, child in node.children()})


def _condition(node: Node, table: Table) -> Condition:
    node.only("says", "source", "column", *TESTS)
    name = node.text("column")
    if name not in table.by_name:
        raise node.refusal("column", f"{table.label}里没有 {name!r}", "请改为名册里的列名")
    tests = [test for test in TESTS if test in node.values]
    if len(tests) != 1 or table.column(name).kind not in TESTS[tests[0]]:
        raise node.refusal("column", "应当恰好有一个合适的条件", f"请写 {'、'.join(TESTS)} 之一")
    says, source = (node.get(key, str, "文字", default="") for key in ("says", "source"))
    return Condition(says, source, name, tests[0], _value(node, tests[0]))


def _value(node: Node, test: str) -> object:
    if test == "at_least":
        return node.integer(test)
    if test == "holds":
        return node.get(test, bool, "true")
    lists = node.node(test) if isinstance(node.values[test], dict) else None
    found = {stage: lists.texts(stage) for stage in STAGES} if lists else {"": node.texts(test)}
    return MappingProxyType({stage: tuple(codes) for stage, codes in found.items()})


def _count(node: Node, marks: Mapping[str, Mapping[str, Condition]]) -> RecordCount:
    node.only("fact", "table", "of", "mark", "entry")
    fact, table, of = node.text("fact"), node.one_of("table", marks), node.one_of("of", {OF_STAGE, OF_SCHOOL})
    if not (per_stage(fact) if of == OF_STAGE else fact in SCHOOLS.by_name):
        raise node.refusal("fact", f"数据字典里没有 {fact!r}", "请改为数据字典里的名称")
    mark = node.get("mark", str, "文字", default="")
    if mark and mark not in marks[table]:
        raise node.refusal("mark", f"没有名为 {mark!r} 的条件", "请改为 marks 里的名称")
    return RecordCount(fact, table, of, mark, entry=node.get("entry", bool, "true", default=False))


def _cohort(node: Node) -> Cohort:
    node.only("id", "reading", "entered", "last")
    years = (node.get(name, int, "整数") for name in ("entered", "last"))
    return Cohort(node.text("id"), node.text("reading"), *years)


def _check(node: Node) -> RecordCheck:
    node.only("id", "table", "kind", "means", "remedy", "at_least", "mark", "where", "when")
    table = PEOPLE[node.one_of("table", PEOPLE)]
    kind = node.one_of("kind", set(CHECK_KINDS))
    return RecordCheck(
        **{name: node.text(name) for name in ("id", "means", "remedy")},
        table=table.name,
        kind=kind,
        at_least=node.integer("at_least") if kind == "class_size" else 0,
        mark=node.one_of("mark", load_records().marks[table.name]) if kind == "unreported" else "",
        where=node.one_of("where", set(PLACES)) if kind == "twice" else "",
        conditions=tuple(_condition(child, table) for child in node.nodes("when")),
    )
