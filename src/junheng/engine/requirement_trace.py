"""The trace of B8-B31, the survey, the veto items and the qualification: what was asked, of whom, and what came out.

The rows are the engine's own, so the trace cannot say otherwise than the answer; the words are made from the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from junheng.engine.asked import Asked, asked
from junheng.engine.assess import define_all
from junheng.engine.behind import amounts_behind, columns_behind, items_behind, list_behind
from junheng.engine.display import with_unit
from junheng.engine.result import Assessment, PartAnswer, Period, RequirementAnswer
from junheng.engine.trace import Input, number
from junheng.facts.items import ITEMS
from junheng.facts.model import Facts
from junheng.facts.schema import JUDGEMENTS, ROOM_KINDS, SCHOOLS, STAGE_LABELS, Column, Kind
from junheng.facts.writers import plain
from junheng.sql import open_session
from junheng.standard.requirements import Part, Requirement

RELATIONS = {"at_least": "不低于", "at_most": "不超过", "below": "低于"}
OPEN = {"failing", "missing"}
YES_OR_NO = {"1": "是", "0": "否"}


@dataclass(frozen=True, slots=True)
class Row:
    """Something that must reach a line: a school, a class, an item. `told` is its figure in words, Chinese."""

    school_code: str
    subject: str
    state: str
    told: str


@dataclass(frozen=True, slots=True)
class Grade:
    """What a judge found: of a school, or of the county where `school_code` is empty."""

    school_code: str
    school_name: str
    accepted: bool
    judgement: str
    judged_by: str | None
    date: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class PartTrace:
    """One condition: how it is worked out, against which line, on which inputs, and the rows that came out.

    Without a school `rows` are those that fail or are missing; with one, all of that school's. Where the rows are
    judged together (not `each`), one that is under the line by itself fails nothing.
    """

    answer: PartAnswer
    kind: str
    each: bool
    formula: str
    reference: str
    inputs: tuple[Input, ...]
    rows: tuple[Row, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RequirementTrace:
    """Why one requirement is judged as it is. `school_code` is None where the whole county is told."""

    requirement: Requirement
    answer: RequirementAnswer
    period: Period
    school_code: str | None
    school_name: str | None
    parts: tuple[PartTrace, ...]
    grades: tuple[Grade, ...]

    def __repr__(self) -> str:
        return f"<RequirementTrace {self.requirement.id} {self.answer.status}>"


def trace_requirement(facts: Facts, answer: Assessment, id: str, school: Mapping[str, Any] | None) -> RequirementTrace:
    """Return the trace of one requirement; of one school's rows, where its row of `schools` is given."""
    rows = _rows(facts, answer, id)
    parts = {part.id: part for part in answer.requirements[id].parts}
    own = [one for one in asked(answer.rules) if one.requirement.id == id and one.part.id in parts]
    return RequirementTrace(
        requirement=answer.rules.requirements[id],
        answer=answer.requirements[id],
        period=answer.periods[id],
        school_code=school["school_code"] if school else None,
        school_name=school["school_name"] if school else None,
        parts=tuple(_part(facts, answer, one, parts[one.part.id], rows, school) for one in own),
        grades=tuple(_grades(facts, own, id, school)),
    )


def _rows(facts: Facts, answer: Assessment, id: str) -> list[dict[str, Any]]:
    """Return the engine's rows of a requirement, in the order of the file."""
    with open_session("duckdb", small=True) as session:
        define_all(session, facts, answer.rules)
        rows = session.fetch(f"SELECT * FROM requirement_rows WHERE requirement = '{id}'").to_pylist()
    order = {code: at for at, code in enumerate(facts.tables["schools"]["school_code"].to_pylist())}
    found: list[dict[str, Any]] = sorted(
        rows, key=lambda row: (order.get(row["school_code"], -1), row["subject"] or "")
    )
    return found


def _part(
    facts: Facts,
    answer: Assessment,
    one: Asked,
    told: PartAnswer,
    rows: Sequence[Mapping[str, Any]],
    school: Mapping[str, Any] | None,
) -> PartTrace:
    own = [row for row in rows if row["part"] == one.part.id]
    if school is not None:
        own = [row for row in own if row["school_code"] in {school["school_code"], ""}]
    states = [row["state"] for row in own]
    shown = [row for row in own if row["state"] in OPEN or (school is not None and row["school_code"])]
    day = max((date for date in one.part.references if date <= answer.rules.day), default=None)
    return PartTrace(
        answer=told,
        kind=one.part.kind,
        each=one.part.each,
        formula=_formula(one),
        reference=one.requirement.clause if day is None else f"{one.part.references[day]}（自 {day} 起）",
        inputs=tuple(_inputs(facts, one, school)),
        rows=tuple(Row(row["school_code"], _subject(row), row["state"], _told(one.part, row)) for row in shown),
        counts={state: states.count(state) for state in ("met", "failing", "missing", "outside")},
    )


def _subject(row: Mapping[str, Any]) -> str:
    name = row["subject"] or row["school_code"] or "全县"
    return ITEMS[name].label if name in ITEMS else name


def _told(part: Part, row: Mapping[str, Any]) -> str:
    """Return a row's figure in words."""
    if row["top"] is None or row["bottom"] is None:
        return "未报"
    if part.kind == "all_judged":
        return "合格" if row["top"] else "不合格"
    if part.kind == "per_n_classes":
        return f"合格的有 {row['top']} 间，应有 {row['bottom']} 间"
    if not row["bottom"]:
        return "分母为 0"
    value = float(Fraction(row["top"]) / row["bottom"])
    if part.kind == "funded_as_if":
        return f"相当于按 {with_unit(value, '人')}核定"
    return with_unit(value, "人" if part.kind == "none_over" else part.unit)


def _inputs(facts: Facts, one: Asked, school: Mapping[str, Any] | None) -> list[Input]:
    """Return the county's items, and one school's cells; of all schools, only their sum would be told."""
    part, source = one.part, one.requirement.figures_from
    names = (*items_behind(part), *([source.item] if source and part.kind == "entered" else ()))
    found = [_input(ITEMS[name], facts.items.get(name)) for name in names]
    if school is not None:
        found += [_input(SCHOOLS.column(name), school[name]) for name in columns_behind(part)]
    elif not part.each:
        found += [_summed(facts, SCHOOLS.column(name)) for name in amounts_behind(part)]
    return found


def _input(column: Column, value: Any) -> Input:
    text = None if value is None else plain(value, column)
    told = YES_OR_NO.get(text or "", text) if column.kind is Kind.FLAG else column.choices.get(text or "", text)
    return Input(column.name, column.label, told, column.unit)


def _summed(facts: Facts, column: Column) -> Input:
    cells = [cell for cell in facts.tables["schools"][column.name].to_pylist() if cell is not None]
    label = f"各校{column.label}合计（{len(cells)} 校已报）"
    return Input(column.name, label, plain(sum(cells), column) if cells else None, column.unit)


def _grades(facts: Facts, own: Sequence[Asked], id: str, school: Mapping[str, Any] | None) -> list[Grade]:
    schools = facts.tables["schools"]
    names = dict(zip(schools["school_code"].to_pylist(), schools["school_name"].to_pylist(), strict=True))
    accepted = {grade for one in own for grade in one.part.accept}
    rows = [row for row in facts.tables["judged"].to_pylist() if row["indicator"] == id]
    wanted = None if school is None else {school["school_code"], ""}
    return [
        Grade(
            school_code=row["school_code"] or "",
            school_name=names.get(row["school_code"]) or "",
            accepted=row["judgement"] in accepted,
            judgement=JUDGEMENTS.get(row["judgement"] or "", "未评定"),
            judged_by=row["judged_by"],
            date=row["date"].isoformat() if row["date"] else None,
            evidence=row["evidence"],
        )
        for row in rows
        if wanted is None or (row["school_code"] or "") in wanted
    ]


def _formula(one: Asked) -> str:
    return FORMULAS[one.part.kind](one)


def _share(one: Asked) -> str:
    scope = {"each_school": "逐校：", "schools": "各校合计："}.get(one.part.of, "")
    return f"{scope}{_sum(one.part.top)} ÷ {_sum(one.part.bottom)}，{_line(one)}"


def _none_over(one: Asked) -> str:
    if list_behind(one.part):
        return f"逐班：{STAGE_LABELS.get(one.part.stage, '')}每个班的学生数{_line(one, '人')}，超过的班数应当为 0"
    return f"逐校：{_sum(one.part.top)}{_line(one, '人')}，超过的校数应当为 0"


def _per_n_classes(one: Asked) -> str:
    room = "或".join(f"不小于 {area} 平方米的{ROOM_KINDS[kind]}" for kind, area in one.part.rooms.items())
    return f"逐校：每 {one.part.classes} 个班（不足的按一组计）至少一间{room}，不够的校数应当为 0"


def _funded_as_if(one: Asked) -> str:
    return f"逐校：核定公用经费 ≥ {number(one.line)} 名学生 × 生均定额（两个学段按学生数平均），不够的校数应当为 0"


def _all_judged(one: Asked) -> str:
    accepted = "、".join(JUDGEMENTS[grade] for grade in one.part.accept)
    whose = "全县" if one.requirement.level == "county" else "每所学校（或全县一并）"
    return f"{whose}的评定应当是：{accepted}"


def _entered(one: Asked) -> str:
    blanks = "；没有填的不算，但不能全都不填" if one.part.blanks_allowed else ""
    only_if = f"；“{ITEMS[one.part.only_if].label}”为是时才适用" if one.part.only_if else ""
    unit = one.part.unit if len(one.part.items) == 1 else ""
    return f"填报的数{_line(one, unit)}{blanks}{only_if}"


FORMULAS: Mapping[str, Callable[[Asked], str]] = {
    "share_at_least": _share,
    "none_over": _none_over,
    "per_n_classes": _per_n_classes,
    "funded_as_if": _funded_as_if,
    "all_judged": _all_judged,
    "entered": _entered,
}


def _line(one: Asked, unit: str | None = None) -> str:
    return f"{RELATIONS[one.part.relation]} {with_unit(float(one.line), one.part.unit if unit is None else unit)}"


def _sum(facts: Sequence[str]) -> str:
    """Return facts added up or taken off, by their labels."""
    text = ""
    for fact in facts:
        sign = " − " if fact.startswith("-") else " + "
        text += (sign if text else sign.strip(" +")) + _label(fact.removeprefix("-"))
    return f"（{text}）" if len(facts) > 1 else text


def _label(fact: str) -> str:
    if fact in ITEMS:
        return ITEMS[fact].label
    if fact in SCHOOLS.by_name:
        return SCHOOLS.column(fact).label
    stage, label = next(iter(STAGE_LABELS.items()))
    return SCHOOLS.column(f"{stage}_{fact}").label.removeprefix(label)
