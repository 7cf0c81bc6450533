"""The teachers that a plan moves, under the unit that has to act: from which school to which, and what for.

A transfer stands under one unit only, so that nobody is moved twice: the lead of the first indicator that it serves
and that has a lead. Where the office has set none, it stands apart, with the units that the matrix names (P2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter

from junheng import api as jh
from junheng.facts.plan_schema import DEEDS, ROLES
from junheng.facts.schema import STAGE_LABELS
from junheng_web.assessment import snapshots
from junheng_web.duties.selectors import Proposed, desk_of
from junheng_web.organisation.models import Area, Unit
from junheng_web.planning.adopting import actions_of
from junheng_web.planning.models import PlanRun
from junheng_web.planning.trying import names_of

TRANSFER, OTHERS = "transfer", "其他"
NO_LEAD = "还没有定牵头单位"
SHEET = "教师交流名单"
HEADINGS = (
    "责任单位",
    "经办",
    "调出学校",
    "调入学校",
    "学段",
    "哪一类教师",
    "人数",
    "为了哪几项指标",
    "矩阵里的其他单位",
)
WIDTHS = (22, 22, 28, 28, 8, 22, 8, 18, 30)
PEOPLE = HEADINGS.index("人数")


@dataclass(frozen=True, slots=True)
class Move:
    """Some teachers of one kind who go from one school to another; `asked` is the same in codes."""

    asked: jh.PlanMove
    giver: str
    taker: str
    stage: str
    who: str
    people: int
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one unit has to do: `unit` is None where nobody leads; `others` are whom the matrix names beside it."""

    unit: Unit | None
    doer: str
    others: tuple[Unit, ...]
    moves: tuple[Move, ...]

    @property
    def people(self) -> int:
        """How many teachers it moves."""
        return sum(one.people for one in self.moves)

    @property
    def schools(self) -> int:
        """How many schools give or take somebody."""
        return len({name for one in self.moves for name in (one.giver, one.taker)})


def parts(plan: PlanRun) -> list[Part]:
    """Return the transfers of a plan by unit, in the document's order; those without a lead last."""
    moves = moves_of(plan)
    kind = _kind(moves)
    answering = {id: desk_of(plan.county, id) for id in {id for one in moves for id in one.serves or kind}}
    found: dict[Unit | None, list[tuple[Move, Proposed | None]]] = {}
    for one in moves:
        chosen = _chosen(one.serves or kind, answering)
        found.setdefault(chosen.unit if chosen else None, []).append((one, chosen))
    made = [_part(unit, own, answering, kind) for unit, own in found.items()]
    return sorted(made, key=lambda one: (one.unit is None, one.unit.place if one.unit else 0))


def moves_of(plan: PlanRun) -> list[Move]:
    """Return the transfers of a plan, by the school that gives and the one that takes, in the facts' order."""
    names = names_of(snapshots.open_facts(plan.base.snapshot.digest))
    order = {code: at for at, code in enumerate(names)}
    own = [one for one in actions_of(plan) if DEEDS[one["item"]].kind == TRANSFER]
    own.sort(key=lambda one: (order[one["from_school"]], order[one["to_school"]], one["stage"], one["qualities"]))
    return [_move(one, names) for one in own]


def _move(action: Mapping[str, Any], names: Mapping[str, str]) -> Move:
    giver, taker = (names[action[side]] or action[side] for side in ("from_school", "to_school"))
    who = "、".join(ROLES[name] for name in action["qualities"]) or OTHERS
    codes = action["from_school"], action["to_school"], action["stage"], tuple(action["qualities"])
    asked = jh.PlanMove(*codes, action["quantity"])
    return Move(asked, giver, taker, STAGE_LABELS[asked.stage], who, asked.people, tuple(action["serves"]))


def _kind(moves: Sequence[Move]) -> tuple[str, ...]:
    """Return what transfers serve, the most frequent first: one that serves nothing by itself goes with its kind."""
    counts = Counter(id for one in moves for id in one.serves)
    return tuple(sorted(counts, key=lambda id: (-counts[id], id)))


def _chosen(serves: Sequence[str], answering: Mapping[str, Proposed]) -> Proposed | None:
    """Return whoever leads the first of these indicators that has a lead."""
    return next((answering[id] for id in serves if answering[id].unit is not None), None)


def _part(
    unit: Unit | None,
    own: Sequence[tuple[Move, Proposed | None]],
    answering: Mapping[str, Proposed],
    kind: tuple[str, ...],
) -> Part:
    served = {id for one, _ in own for id in one.serves or kind}
    named = {each for id in served for each in answering[id].units if each != unit}
    doers = dict.fromkeys(_doer(chosen) for _, chosen in own if chosen)
    others = tuple(sorted(named, key=lambda one: one.place))
    return Part(unit, "、".join(filter(None, doers)), others, tuple(one for one, _ in own))


def _doer(chosen: Proposed) -> str:
    """Return the desk that the office has set, or the post that works there."""
    return str(chosen.desk or chosen.post or "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook: its headings, how wide each column is, and its rows."""

    title: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str | int]]


def workbook(found: Sequence[Part], county: Area, *more: Sheet) -> bytes:
    """Return the list as a workbook: a line for each move, which can be filtered by unit, and what it comes to.

    After it stand the sheets that only some readers get.
    """
    out, rows = BytesIO(), [cells for part in found for cells in _lines(part)]
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "border": 1, "text_wrap": True})
        _below(_written(book, Sheet(SHEET, HEADINGS, WIDTHS, rows), head, county), rows, head)
        for one in more:
            _written(book, one, head, county).autofilter(0, 0, max(len(one.rows), 1), len(one.headings) - 1)
    return out.getvalue()


def _written(book: Any, one: Sheet, head: Any, county: Area) -> Any:
    sheet, text = book.add_worksheet(one.title), book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    for column, (heading, width) in enumerate(zip(one.headings, one.widths, strict=True)):
        sheet.write_string(0, column, heading, head)
        sheet.set_column(column, column, width)
    for at, cells in enumerate(one.rows, 1):
        for column, cell in enumerate(cells):
            sheet.write(at, column, cell, text)
    _paper(sheet, county, one.title)
    return sheet


def _lines(part: Part) -> list[tuple[str | int, ...]]:
    unit, others = part.unit.name if part.unit else NO_LEAD, "、".join(one.name for one in part.others)
    return [
        (unit, part.doer, one.giver, one.taker, one.stage, one.who, one.people, "、".join(one.serves), others)
        for one in part.moves
    ]


def _below(sheet: Any, rows: Sequence[tuple[str | int, ...]], head: Any) -> None:
    """Write the sum below the lines; it follows the filter."""
    letter, last = xlsxwriter.utility.xl_col_to_name(PEOPLE), max(len(rows), 1)
    sheet.write_string(last + 1, 0, "合计", head)
    total = sum(int(row[PEOPLE]) for row in rows)
    sheet.write_formula(last + 1, PEOPLE, f"=SUBTOTAL(109,{letter}2:{letter}{last + 1})", head, total)
    sheet.autofilter(0, 0, last, len(HEADINGS) - 1)


def _paper(sheet: Any, county: Area, title: str) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L{county}&C{title}&R&P/&N")
