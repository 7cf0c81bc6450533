"""What would be if: edits of a county's facts that somebody tries, one after another, and what they would cost.

Nothing is searched for and nothing proposed here. The facts that come of it are judged by the engine as any others are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import pyarrow as pa

from junheng.engine.result import Assessment
from junheng.facts.model import Facts, arrow_schema
from junheng.facts.plan_schema import DEEDS, PLAN_TABLES, PRICED, ROLES, TEACHERS
from junheng.facts.problems import Unusable, unusable
from junheng.facts.schema import MEASURES, SCHOOLS, STAGE_LABELS, STAGES
from junheng.planner.after import carried_out
from junheng.planner.plan import Action
from junheng.planner.regrouping import largest_class, regrouped, with_classes
from junheng.planner.terms import Terms, terms_of

Row = dict[str, Any]
Names = Mapping[str, str]
KINDS = ("deed", "value", "regroup", "merge", "price")
PLACE = "推演"
# Between schools that differ in this nobody is exchanged (P23).
APART = {"teaching_language": "授课语言"}


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that is tried.

    `deed`: so many units of a deed (`item`) at a school, or a transfer from `school` to `to_school`; `qualities` are
    the columns of teachers in which those count, `area` the m2 of a room. `value`: a column (`item`) of `schools` is
    `amount`, in its smallest unit. `regroup`: the pupils of a stage of `school` are divided into the fewest classes
    that the rule book allows, grade by grade. `merge`: `school` becomes a part of `to_school`. `price`: a unit of a
    deed costs `amount` (fen).
    """

    kind: str
    item: str = ""
    school: str = ""
    to_school: str = ""
    stage: str = ""
    amount: int = 0
    qualities: tuple[str, ...] = ()
    area: int = 0


@dataclass(frozen=True, slots=True)
class EditCost:
    """What an edit costs (fen): once, each year, and in all with the yearly part counted as the limits say."""

    one_off: int
    yearly: int
    total: int


def edited(facts: Facts, answer: Assessment, edits: Sequence[Edit], done: int = 0) -> Facts:
    """Return the facts with every edit made, in their order; `answer` is that on the facts as they were.

    Where so many edits were `done` before, `facts` are those that came of them, and `edits` those that follow.

    Raises `Unusable` for the first edit that cannot be made: a school or stage that is not there (any more), more
    people than there are, a number that was not reported and can therefore not grow.
    """
    sections = {(one.school_code, one.stage) for one in answer.sections}
    for number, one in enumerate(edits, done + 1):
        try:
            facts = _made(facts, answer, sections, one)
        except Unusable as error:
            told = [replace(problem, file=f"{PLACE}第 {number} 步") for problem in error.problems]
            raise Unusable(told) from None
    return facts


def _made(facts: Facts, answer: Assessment, sections: set[tuple[str, str]], one: Edit) -> Facts:
    rows = {row["school_code"]: row for row in facts.tables["schools"].to_pylist()}
    if one.kind == "price":
        _known(one.item in PRICED, "没有这一项价格", "请从列表里选", one.item)
        return facts
    _known(one.school in rows, "没有这所学校", "它可能已经并入别的学校，请改选学校", one.school)
    match one.kind:
        case "deed":
            return _done(facts, answer, sections, rows, one)
        case "value":
            return _set(facts, rows, one)
        case "regroup":
            return _regrouped(facts, answer, sections, rows, one)
        case "merge":
            return _merged(facts, sections, rows, one)
    raise unusable(PLACE, "没有这一种改动", f"请写其中之一：{'、'.join(KINDS)}", one.kind)


def _known(holds: bool, reason: str, remedy: str, value: str | None = None) -> None:
    if not holds:
        raise unusable(PLACE, reason, remedy, value)


# --- a deed -----------------------------------------------------------------------------------------------------------


def _done(
    facts: Facts, answer: Assessment, sections: set[tuple[str, str]], rows: Mapping[str, Row], one: Edit
) -> Facts:
    _known(one.item in DEEDS, "没有这件事", "请从列表里选", one.item)
    _known(one.amount > 0, "数量要大于 0", "请填一个正整数", str(one.amount))
    for code in filter(None, _places(one)):
        _known(code in rows, "没有这所学校", "它可能已经并入别的学校，请改选学校", code)
        staged = not _of_stage(one.item) or (code, one.stage) in sections
        _known(staged, f"{rows[code]['school_name']}没有{STAGE_LABELS.get(one.stage, '这个学段')}", "请改选学校或学段")
    if one.item == "transfer":
        _may_leave(rows[one.school], rows.get(one.to_school), one)
    else:
        _may_grow(rows[one.school], one)
    return carried_out(facts, answer, [_action(one)], evenly=False)


def _places(one: Edit) -> tuple[str, str]:
    return one.school, one.to_school


def _of_stage(item: str) -> bool:
    """Whether a deed is done to a stage's teachers or classes, and not to the whole school."""
    return DEEDS[item].kind in ("hire", "transfer", "upgrade") or item == "class_room"


def _may_leave(giver: Row, taker: Row | None, one: Edit) -> None:
    _known(taker is not None and taker is not giver, "调出和调入是同一所学校", "请另选一所调入的学校")
    for name, told in APART.items():
        same = taker is None or (taker[name] or "") == (giver[name] or "")
        _known(same, f"两所学校的{told}不同，教师不能互相交流", "请改选学校")
    for name in (TEACHERS, *one.qualities):
        have = giver[f"{one.stage}_{name}"]
        told = ROLES.get(name, "专任")
        _known(have is not None, f"{giver['school_name']}没有报{told}教师数", "请先补报，或先把这个数改上")
        enough = f"{giver['school_name']}的{told}教师只有 {have} 人，调不出 {one.amount} 人"
        _known(have >= one.amount, enough, "请减少人数")


def _may_grow(row: Row, one: Edit) -> None:
    """Refuse what would add to a number that was not reported: it would stay so, and the edit would do nothing."""
    for name in _adds_to(one):
        label = SCHOOLS.column(name).label
        _known(row[name] is not None, f"{row['school_name']}没有报“{label}”，加不上去", "请先把这个数改上，再试")


def _adds_to(one: Edit) -> list[str]:
    deed = DEEDS[one.item]
    if deed.kind == "hire":
        return [f"{one.stage}_{name}" for name in (TEACHERS, *deed.facts)]
    if deed.kind == "upgrade":
        return [f"{one.stage}_{name}" for name in deed.facts]
    return [] if deed.room else [f"{one.stage}_classes"] if one.item == "class_room" else [*deed.facts]


def _action(one: Edit) -> Action:
    deed = DEEDS[one.item]
    transfer = deed.kind == "transfer"
    return Action(
        kind=deed.kind,
        item=one.item,
        stage=one.stage,
        quantity=one.amount,
        unit_cost=0,
        cost=0,
        serves=(),
        school="" if transfer else one.school,
        from_school=one.school if transfer else "",
        to_school=one.to_school if transfer else "",
        qualities=one.qualities if transfer else deed.facts,
        area=one.area,
    )


# --- a number, a merger -----------------------------------------------------------------------------------------------


def _set(facts: Facts, rows: Mapping[str, Row], one: Edit) -> Facts:
    column = SCHOOLS.by_name.get(one.item)
    _known(column is not None and column.kind in MEASURES, "没有这一项数", "请从列表里选", one.item)
    measure = MEASURES[column.kind]  # type: ignore[union-attr]
    _known(0 <= one.amount <= measure.maximum * measure.scale, "数太大，或小于 0", "请改正", str(one.amount))
    rows[one.school][one.item] = one.amount
    return _with_schools(facts, rows)


def _regrouped(
    facts: Facts, answer: Assessment, sections: set[tuple[str, str]], rows: Mapping[str, Row], one: Edit
) -> Facts:
    row = rows[one.school]
    stage, name = STAGE_LABELS.get(one.stage, "这个学段"), row["school_name"]
    _known((one.school, one.stage) in sections, f"{name}没有{stage}", "请改选学校或学段")
    largest = largest_class(answer, one.stage)
    _known(largest is not None, "规则里没有写一个班最多多少人", "请另外改班数")
    _known(row[f"{one.stage}_pupils"] is not None, f"{name}没有报{stage}在校生数", "请先把这个数改上，再试")
    fresh = regrouped(facts, one.school, one.stage, largest or 0)
    _known(bool(fresh), f"{name}没有报{stage}各班人数，不知道各年级有多少人", "请先补报班级，或只改班数")
    row[f"{one.stage}_classes"] = len(fresh)
    classes = with_classes(facts.tables["classes"], one.school, one.stage, fresh)
    return _with_schools(replace(facts, tables={**facts.tables, "classes": classes}), rows)


def _with_schools(facts: Facts, rows: Mapping[str, Row]) -> Facts:
    schools = pa.Table.from_pylist(list(rows.values()), facts.tables["schools"].schema)
    return replace(facts, tables={**facts.tables, "schools": schools})


def _merged(facts: Facts, sections: set[tuple[str, str]], rows: dict[str, Row], one: Edit) -> Facts:
    """Add one school to another: its numbers, classes and rooms; what was judged of it alone is gone with it."""
    _known(one.to_school in rows and one.to_school != one.school, "没有并入的学校", "请选另一所学校", one.to_school)
    gone, kept = rows[one.school], rows[one.to_school]
    stages = [{stage for stage in STAGES if (code, stage) in sections} for code in (one.school, one.to_school)]
    lacking = "、".join(STAGE_LABELS[stage] for stage in STAGES if stage in stages[0] - stages[1])
    _known(not lacking, f"{kept['school_name']}没有{lacking}，并不进去", "请选有这个学段的学校")
    for name in _summed():
        staged = next((stage for stage in STAGES if name.startswith(f"{stage}_")), "")
        if not staged or staged in stages[0]:
            kept[name] = _sum(gone[name], kept[name])
    tables = {name: _moved(facts.tables[name], gone, kept) for name in ("classes", "rooms")}
    judged = facts.tables["judged"]
    of_others = [row for row in judged.to_pylist() if row["school_code"] != one.school]
    tables["judged"] = pa.Table.from_pylist(of_others, judged.schema)
    others = {code: row for code, row in rows.items() if code != one.school}
    return _with_schools(replace(facts, tables={**facts.tables, **tables}), others)


def _summed() -> list[str]:
    """Return the columns that add up when schools become one: counts of grades and years do not."""
    kinds = [column for column in SCHOOLS.columns if column.kind in MEASURES]
    return [column.name for column in kinds if column.unit != "年" and not column.name.endswith("_grades")]


def _sum(one: int | None, other: int | None) -> int | None:
    """Return a sum, which is not known where a part of it is not."""
    return None if one is None or other is None else one + other


def _moved(table: pa.Table, gone: Row, kept: Row) -> pa.Table:
    rows = table.to_pylist()
    for row in rows:
        if row["school_code"] == gone["school_code"]:
            row["school_code"] = kept["school_code"]
            if row.get("class_name"):
                row["class_name"] = f"{gone['school_name']}{row['class_name']}"
    return pa.Table.from_pylist(rows, table.schema)


# --- what it costs ----------------------------------------------------------------------------------------------------


def edit_costs(edits: Sequence[Edit], schools: Names, tables: Mapping[str, pa.Table]) -> tuple[EditCost | None, ...]:
    """Return what each edit costs; None for what costs nothing by itself, and for what has no price.

    `schools` are the county's, code to name; `tables` the planner's own. The last price that was tried holds for every
    edit, wherever it stands. Without any price all are None.
    """
    empty = {name: arrow_schema(table).empty_table() for name, table in PLAN_TABLES.items()}
    given = {**empty, **tables}
    tried = {one.item: one.amount for one in edits if one.kind == "price"}
    prices = pa.Table.from_pylist(list(_priced(given["prices"], tried)), arrow_schema(PLAN_TABLES["prices"]))
    if not len(prices):
        return (None,) * len(edits)
    terms = terms_of({**given, "prices": prices}, schools)
    begun: set[tuple[str, str]] = set()
    return tuple(_cost(one, terms, begun) for one in edits)


def _priced(prices: pa.Table, tried: Mapping[str, int]) -> Iterator[Row]:
    known = {row["item"]: row for row in prices.to_pylist() if row["unit_price"] is not None}
    for item in dict.fromkeys([*known, *tried]):
        row = known.get(item, {"item": item, "source": PLACE})
        yield {**row, "unit_price": tried.get(item, row.get("unit_price"))}


def _cost(one: Edit, terms: Terms, begun: set[tuple[str, str]]) -> EditCost | None:
    if one.kind != "deed" or one.item not in terms.prices:
        return None
    price = terms.prices[one.item]
    if one.item == "transfer":
        unit = terms.transfer_cost(one.school, one.to_school)
        yearly = ceil((unit - price.unit) / terms.years) if terms.years else 0
        return EditCost(one.amount * price.unit, one.amount * yearly, one.amount * unit)
    first = (one.school, one.item) not in begun
    begun.add((one.school, one.item))
    fixed = price.fixed if first else 0
    total = one.amount * terms.unit_cost(one.item) + fixed
    return EditCost(one.amount * price.unit + fixed, one.amount * price.yearly, total)
