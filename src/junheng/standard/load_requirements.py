"""YAML to requirements, with the same refusals as the rest of the rule book: file, key, remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import partial
from pathlib import Path

from junheng.facts.clocks import CLOCKS
from junheng.facts.items import ITEMS
from junheng.facts.nodes import Node
from junheng.facts.schema import JUDGEMENTS, ROOM_KINDS, SCHOOLS, STAGES, Kind, per_stage
from junheng.standard.disputed import read_disputed
from junheng.standard.load_rubrics import read_rubric
from junheng.standard.model import TransitionClause
from junheng.standard.requirements import GROUPS, KINDS, RELATIONS, FiguresFrom, Part, Relaxed, Requirement, Where

LEVELS = frozenset({"school", "county"})
SOURCES = frozenset({"county", "schools", "each_school", "classes"})
# Columns of a school that are worked out: its pupils in compulsory stages, and its kind of place.
DERIVED = frozenset({"compulsory_pupils", "location"})
ONE = Fraction(1)


def load_requirement(file: Path, node: Node, clauses: Mapping[str, TransitionClause]) -> Requirement:
    """Return the requirement of `node`, which stands in `file`."""
    node.only(
        *("id", "name", "group", "clause", "parts", "definition", "level", "time_basis", "judged_by"),
        *("evidence", "figures_from", "rubric", "disputed"),
    )
    if node.text("id") != file.stem:
        raise node.refusal("id", f"与文件名 {file.stem} 不一致", "请让二者相同")
    part = partial(_part, clauses=clauses)
    parts = tuple(part(child) for child in node.nodes("parts"))
    if not parts:
        raise node.refusal("parts", "没有任何条件", "请至少写一项")
    found = Requirement(
        id=node.text("id"),
        name=node.text("name"),
        group=node.one_of("group", GROUPS),
        clause=node.text("clause"),
        parts=parts,
        definition=node.text("definition"),
        level=node.one_of("level", LEVELS),
        time_basis=node.one_of("time_basis", CLOCKS),
        judged_by=node.text("judged_by"),
        evidence=node.text("evidence"),
        figures_from=_figures_from(node.node("figures_from")) if "figures_from" in node.values else None,
        rubric=read_rubric(node, parts),
        disputed=read_disputed(node, part),
    )
    _check_parts(found, node)
    return found


def _check_parts(requirement: Requirement, node: Node) -> None:
    """Refuse two parts of one name, and a reading that replaces what is not there."""
    ids = [part.id for part in requirement.every_part]
    if twice := [id for id in ids if ids.count(id) > 1]:
        raise node.refusal("parts", f"编号 {twice[0]} 出现两次", "请给每个条件不同的编号，各种读法的条件也算在内")
    own = {part.id for part in requirement.parts}
    for _, reading in requirement.readings:
        if unknown := [id for id in reading.replaces if id not in own]:
            raise node.refusal("disputed", f"没有编号为 {unknown[0]} 的条件可以替换", f"应当是 {'、'.join(own)} 之一")


def _figures_from(node: Node) -> FiguresFrom:
    """Return where the figures come from; only an item that is answered by yes or no tells one of two."""
    node.only("item", "if_yes", "if_no")
    item = node.one_of("item", {name for name in ITEMS if is_flag(name)})
    return FiguresFrom(item, if_yes=node.text("if_yes"), if_no=node.text("if_no"))


def _part(node: Node, clauses: Mapping[str, TransitionClause]) -> Part:
    kind = node.one_of("kind", frozenset(KINDS))
    keys = KEYS[kind]
    node.only("id", "name", "kind", *keys)
    for missing in [key for key in NEEDED.get(kind, ()) if key not in node.values]:
        raise node.refusal(missing, "缺少这个键", "请补上，写至少一个数据名称")
    lines, references = _lines(node.node("lines")) if "lines" in keys else ({dt.date.min: ONE}, {})
    return Part(
        id=node.text("id"),
        name=node.text("name"),
        kind=kind,
        unit=node.text("unit") if "unit" in keys else "",
        lines=lines,
        references=references,
        relation=_relation(node, kind),
        of=node.one_of("of", SOURCES) if "of" in keys else "",
        top=_facts(node, "top" if kind != "none_over" else "sum"),
        bottom=_facts(node, "bottom"),
        items=_facts(node, "items"),
        only_if=node.one_of("only_if", ITEMS) if "only_if" in node.values else None,
        blanks_allowed=_says(node, "blanks", "allowed"),
        nothing_is_missing=_says(node, "nothing", "missing"),
        where=tuple(_where(child) for child in node.nodes("where")),
        relaxed=_relaxed(node.node("relaxed"), clauses) if "relaxed" in node.values else None,
        stage=node.one_of("stage", frozenset(STAGES)) if "stage" in node.values else "",
        classes=node.integer("classes", least=1) if "classes" in keys else 0,
        rooms=_rooms(node) if "rooms" in keys else {},
        accept=tuple(_among(node, "accept", JUDGEMENTS)),
    )


# Without which a part of a kind says nothing.
NEEDED = {"share_at_least": ("top", "bottom"), "all_judged": ("accept",)}
KEYS: Mapping[str, tuple[str, ...]] = {
    "share_at_least": ("unit", "of", "stage", "top", "bottom", "nothing", "where", "lines"),
    "none_over": ("unit", "of", "sum", "stage", "where", "lines", "relaxed"),
    "per_n_classes": ("unit", "classes", "rooms", "where", "lines", "relaxed"),
    "funded_as_if": ("unit", "where", "lines"),
    "all_judged": ("accept",),
    "entered": ("unit", "items", "relation", "only_if", "blanks", "lines"),
}


def _says(node: Node, key: str, word: str) -> bool:
    """Return whether the only word that `key` may hold stands there."""
    return key in node.values and node.one_of(key, frozenset({word})) == word


def _relation(node: Node, kind: str) -> str:
    if kind == "entered":
        return node.one_of("relation", frozenset(RELATIONS))
    return "at_most" if kind == "none_over" else "at_least"


def _lines(node: Node) -> tuple[dict[dt.date, Fraction], dict[dt.date, str]]:
    lines: dict[dt.date, Fraction] = {}
    references: dict[dt.date, str] = {}
    for day, child in node.children():
        if not isinstance(day, dt.date):
            raise node.refusal(day, "应当是生效日期", "请写成 2017-04-19 的样子")
        child.only("line", "reference")
        lines[day] = Fraction(child.number("line", least=0))
        references[day] = child.text("reference")
    if not lines:
        raise node.refusal(None, "没有任何日期的数值", "请至少写一个生效日期")
    return lines, references


def _facts(node: Node, key: str) -> tuple[str, ...]:
    """Return the facts under `key`: columns of schools or items of the county, the subtracted ones with a minus."""
    facts = _stated(node, key)
    for fact in facts:
        bare = fact.removeprefix("-")
        if bare not in SCHOOLS.by_name and bare not in ITEMS and not per_stage(bare):
            raise node.refusal(key, f"学校表和县级数据里都没有 {bare!r}", "请改为数据字典里的名称")
    return tuple(facts)


def _stated(node: Node, key: str) -> list[str]:
    """Return the texts under `key`, none where it is absent; a list that is there says something."""
    if key not in node.values:
        return []
    if not (texts := node.texts(key)):
        raise node.refusal(key, "是空的", "请写上至少一个，或去掉这一项")
    return texts


def _where(node: Node) -> Where:
    node.only("column", "among", "excluding", "equals", "at_least", "below")
    column = node.one_of("column", frozenset(SCHOOLS.by_name) | DERIVED)
    choices = SCHOOLS.by_name[column].choices if column in SCHOOLS.by_name else {}
    return Where(
        column,
        among=tuple(_among(node, "among", choices)),
        excluding=tuple(_among(node, "excluding", choices)),
        equals=node.get("equals", bool, "true 或 false") if "equals" in node.values else None,
        at_least=node.integer("at_least") if "at_least" in node.values else None,
        below=node.integer("below") if "below" in node.values else None,
    )


def _among(node: Node, key: str, choices: Collection[str]) -> list[str]:
    codes = _stated(node, key)
    for code in codes:
        if code not in choices:
            raise node.refusal(key, f"不认识 {code!r}", f"应当是 {'、'.join(choices)} 之一")
    return codes


def _relaxed(node: Node, clauses: Mapping[str, TransitionClause]) -> Relaxed:
    node.only("clauses", "line", "rooms")
    line = Fraction(node.number("line")) if "line" in node.values else None
    return Relaxed(tuple(_among(node, "clauses", clauses)), line, _rooms(node) if "rooms" in node.values else {})


def _rooms(node: Node) -> dict[str, int]:
    """Return the least area (m2) of each kind of room that counts."""
    rooms = node.node("rooms")
    rooms.only(*ROOM_KINDS)
    return {kind: rooms.integer(kind, least=1) for kind in rooms.values}


def is_flag(item: str) -> bool:
    """Whether an item of the county is answered by yes or no."""
    return ITEMS[item].kind is Kind.FLAG
