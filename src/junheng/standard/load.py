"""YAML to the rule book's types. A bad file is refused with file, key and remedy; terms must be facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, partial
from pathlib import Path

from junheng.facts.clocks import CLOCKS
from junheng.facts.nodes import Node, collect, read_node
from junheng.facts.problems import unusable
from junheng.facts.schema import LOCATIONS, MEASURES, SCHOOL_TYPES, SCHOOLS, STAGES, Kind, per_stage
from junheng.standard.disputed import read_disputed
from junheng.standard.load_overlay import load_overlay
from junheng.standard.load_requirements import load_requirement
from junheng.standard.model import (
    Condition,
    Dated,
    Display,
    Indicator,
    SchoolType,
    Standard,
    Term,
    TransitionClause,
)
from junheng.standard.proof import prove_fits
from junheng.standard.requirements import GROUPS, Requirement

RULES = Path(__file__).parent / "rules"
KINDS = frozenset({"per_pupil_ratio"})
LEVELS = frozenset({"school", "county"})
WEIGHED = (*STAGES, "senior", "kindergarten")
# What a transition clause may ask about a section: the kind of place, its pupils, and the schools' flags.
RANGES = frozenset({"pupils", "built_year"})
CONDITION_COLUMNS = RANGES | {"location", "migrant_majority"} | {c.name for c in SCHOOLS.columns if c.kind is Kind.FLAG}


def available(rules: Path = RULES) -> list[str]:
    """Return the ids of the documents in the folder `rules`."""
    return sorted(folder.name for folder in rules.iterdir() if (folder / "document.yaml").is_file())


@cache
def load_standard(name: str = "national-2017", rules: Path = RULES) -> Standard:
    """Return the document called `name`. Raises `Unusable` with file, key and remedy for each bad rule file.

    >>> import junheng as jh
    >>> jh.load_standard().indicators["B1"].unit
    '人'
    """
    if name not in available(rules):
        raise unusable("--standard", "没有这个标准", f"可用的有：{'、'.join(available(rules))}", value=name)
    folder = rules / name
    document = read_node(folder / "document.yaml", f"{name}/document.yaml")
    if "overlays" in document.values:
        base = document.one_of("overlays", frozenset(available(rules)) - {name})
        return load_overlay(document, folder, load_standard(base, rules))
    files = sorted((folder / "indicators").glob("*.yaml"), key=lambda file: (len(file.stem), file.stem))
    clauses = _clauses(document.node("transition_clauses"))
    read = collect(
        [partial(_indicator_or_requirement, file, f"{name}/indicators/{file.name}", clauses) for file in files]
    )
    indicators = [one for one in read if isinstance(one, Indicator)]
    requirements = [one for one in read if isinstance(one, Requirement)]
    standard = _standard(document, clauses, indicators, requirements)
    prove_fits(standard)
    return standard


def _indicator_or_requirement(
    file: Path, name: str, clauses: Mapping[str, TransitionClause]
) -> Indicator | Requirement:
    """Read one file: what has parts is a requirement, what has terms is an indicator of the seven."""
    node = read_node(file, name)
    if "parts" in node.values:
        return load_requirement(file, node, clauses)
    return _indicator(file, node, clauses)


def _standard(
    document: Node,
    clauses: Mapping[str, TransitionClause],
    indicators: list[Indicator],
    requirements: list[Requirement],
) -> Standard:
    document.only(
        *("id", "title", "number", "issuer", "effective", "source", "clause", "pass_rule", "spread_limits"),
        *(
            "apportioning",
            "school_types",
            "exclusions",
            "display",
            "transition_clauses",
            "disputed",
            "facts_valid_months",
        ),
    )
    pass_rule = document.node("pass_rule")
    pass_rule.only("may_miss", "floor", "clause")
    exclusions = document.node("exclusions")
    return Standard(
        id=document.text("id"),
        title=document.text("title"),
        number=document.text("number"),
        issuer=document.text("issuer"),
        effective=document.day("effective"),
        source=document.text("source"),
        may_miss=pass_rule.integer("may_miss"),
        floor=_share(pass_rule, "floor"),
        spread_limits=_dated(document.node("spread_limits"))[0],
        apportioning=_weights(document.node("apportioning")),
        school_types=_school_types(document.node("school_types"), exclusions),
        exclusions={key: exclusions.text(key) for key in exclusions.values},
        transition_clauses=clauses,
        display=_display(document.node("display")),
        facts_valid_months=document.integer("facts_valid_months", least=1),
        disputed=read_disputed(document, effects=True),
        indicators={indicator.id: indicator for indicator in indicators},
        requirements={one.id: one for one in sorted(requirements, key=_place)},
    )


def _place(requirement: Requirement) -> tuple[int, int, str]:
    """Return where a requirement stands in the document: by group, then by number."""
    return list(GROUPS).index(requirement.group), len(requirement.id), requirement.id


def _share(node: Node, key: str) -> Fraction:
    share = Fraction(node.number(key))
    if share > 1:
        raise node.refusal(key, f"{share} 超过 1", "请填 0 到 1 之间的小数")
    return share


def _weights(node: Node) -> dict[str, int]:
    node.only(*WEIGHED)
    return {stage: node.integer(stage) for stage in WEIGHED}


def _school_types(node: Node, exclusions: Node) -> dict[str, SchoolType]:
    node.only(*SCHOOL_TYPES)
    return {name: _school_type(node.node(name), exclusions) for name in SCHOOL_TYPES}


def _school_type(node: Node, exclusions: Node) -> SchoolType:
    node.only("stages", "least_pupils", "excluded_because")
    stages = tuple(node.get("stages", list, "学段列表"))
    if unknown := [stage for stage in stages if stage not in WEIGHED]:
        raise node.refusal("stages", f"不认识学段 {unknown[0]!r}", f"应当是 {'、'.join(WEIGHED)} 之一")
    least = node.integer("least_pupils") if "least_pupils" in node.values else None
    excluded = node.one_of("excluded_because", exclusions.values) if "excluded_because" in node.values else None
    if least is not None and excluded is None:
        raise node.refusal("excluded_because", "缺少这个键", "请写明人数不足时不纳入的理由")
    return SchoolType(stages, least, excluded)


def _display(node: Node) -> Display:
    node.only("value_decimals", "spread_decimals", "borderline", "form_decimals")
    form = node.node("form_decimals")
    return Display(
        node.integer("value_decimals"),
        node.integer("spread_decimals"),
        Fraction(node.number("borderline")),
        {unit: form.integer(unit) for unit in form.values},
    )


def _clauses(node: Node) -> dict[str, TransitionClause]:
    return {key: _clause(key, child) for key, child in node.children()}


def _clause(key: str, node: Node) -> TransitionClause:
    node.only("title", "source", "effective", "until", "when")
    effective, until = node.day("effective"), node.day("until")
    if until <= effective:
        raise node.refusal("until", f"截止日 {until} 不晚于起始日", "请改正日期")
    when = tuple(_condition(child) for child in node.nodes("when"))
    return TransitionClause(key, node.text("title"), node.text("source"), effective, until, when)


def _condition(node: Node) -> Condition:
    column = node.one_of("column", CONDITION_COLUMNS)
    if column in RANGES:
        node.only("column", "at_least", "below")
        least = node.integer("at_least") if "at_least" in node.values else None
        return Condition(column, at_least=least, below=node.integer("below"))
    node.only("column", "equals")
    if column == "location":
        return Condition(column, equals=node.one_of("equals", LOCATIONS))
    return Condition(column, equals=node.get("equals", bool, "true 或 false"))


def _indicator(file: Path, node: Node, clauses: Mapping[str, TransitionClause]) -> Indicator:
    node.only(
        *("id", "name", "kind", "per", "unit", "terms", "thresholds"),
        *("definition", "level", "time_basis", "evidence", "disputed"),
    )
    if node.text("id") != file.stem:
        raise node.refusal("id", f"与文件名 {file.stem} 不一致", "请让二者相同")
    thresholds, references = _dated(node.node("thresholds"))
    return Indicator(
        id=node.text("id"),
        name=node.text("name"),
        kind=node.one_of("kind", KINDS),
        per=node.integer("per", least=1),
        unit=node.text("unit"),
        terms=_terms(node, clauses),
        thresholds=thresholds,
        references=references,
        definition=node.text("definition"),
        level=node.one_of("level", LEVELS),
        time_basis=node.one_of("time_basis", CLOCKS),
        evidence=node.text("evidence"),
        disputed=read_disputed(node),
    )


def _dated(node: Node) -> tuple[Dated, dict[dt.date, str]]:
    """Return values by stage, and the clause that set them, under each date of effect."""
    values: dict[dt.date, Mapping[str, Fraction]] = {}
    references: dict[dt.date, str] = {}
    for day, child in node.children():
        if not isinstance(day, dt.date):
            raise node.refusal(day, "应当是生效日期", "请写成 2017-04-19 的样子")
        child.only(*STAGES, "reference")
        values[day] = {stage: Fraction(child.number(stage)) for stage in STAGES}
        references[day] = child.text("reference")
    if not values:
        raise node.refusal(None, "没有任何日期的数值", "请至少写一个生效日期")
    return values, references


def _terms(node: Node, clauses: Mapping[str, TransitionClause]) -> tuple[Term, ...]:
    nodes = node.nodes("terms")
    if not nodes:
        raise node.refusal("terms", "没有写明分子", "请至少写一项")
    terms = tuple(_term(child, clauses) for child in nodes)
    kinds = {(term.own, term.column(STAGES[0]).kind) for term in terms}
    if len(kinds) > 1 or any(kind not in MEASURES for _, kind in kinds):
        raise node.refusal("terms", "各项的单位或填报方式不同，不能相加", "请只放同一类的数量")
    if terms[0].clause is not None:
        raise node.refusal("terms", "第一项不能受过渡条款限制", "请把始终计入的项写在最前")
    return terms


def _term(node: Node, clauses: Mapping[str, TransitionClause]) -> Term:
    node.only("fact", "sign", "clause")
    fact = node.text("fact")
    if not per_stage(fact) and fact not in SCHOOLS.by_name:
        raise node.refusal("fact", f"学校表里没有 {fact!r}", "请改为数据字典里的列名")
    sign = node.get("sign", int, "1 或 -1", default=1)
    if sign not in (1, -1):
        raise node.refusal("sign", f"不认识 {sign!r}", "应当是 1 或 -1")
    return Term(fact, sign, node.one_of("clause", clauses) if "clause" in node.values else None)
