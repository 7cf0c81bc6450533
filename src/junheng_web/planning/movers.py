"""Who could go with each transfer of a plan, by the register: for those alone who may see everybody in it (P23).

The core chooses (`jh.suggest_teachers`); here people get their names, and what does not fit the plan is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from junheng import api as jh
from junheng.facts.plan_schema import ROLES, TEACHERS
from junheng.facts.schema import SCHOOLS, STAGE_LABELS
from junheng_web.assessment import snapshots
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope
from junheng_web.planning.models import PlanRun
from junheng_web.planning.rotation import Move, Part, Sheet
from junheng_web.planning.trying import names_of
from junheng_web.registers.counting import figures_of
from junheng_web.registers.models import Register, Row
from junheng_web.registers.seeing import rows_seen, sees_all
from junheng_web.registers.values import arrow_of, shown, table_of

REGISTER = Register.Name.TEACHERS
COLUMNS = table_of(REGISTER).by_name
SHEET = "建议人选"
HEADINGS = (
    *("调出学校", "调入学校", "学段", "哪一类教师", "姓名", "工号", "主教学科", "资格证", "学历", "骨干"),
    *("到校日期", "说明"),
)
WIDTHS = (28, 28, 8, 22, 12, 14, 14, 18, 12, 10, 12, 44)
ADVICE = "建议，由学校和教育局商定"
NOT_BACKBONE = "none"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who is suggested, in words."""

    key: str
    name: str
    subject: str
    certificate: str
    degree: str
    backbone: str
    arrived: str


@dataclass(frozen=True, slots=True)
class Line:
    """A transfer with who could go; `because` says why there is nobody for `lacking` of its people."""

    move: Move
    people: tuple[Named, ...]
    lacking: int
    because: str


@dataclass(frozen=True, slots=True)
class Change:
    """How many more teachers of a subject leave a school's stage than come to it (`fewer`), of how many it has."""

    school: str
    stage: str
    subject: str
    have: int
    fewer: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A number of a school that gives somebody: in the facts of the plan (None: not reported), and in the register."""

    school: str
    label: str
    planned: int | None
    held: int


@dataclass(frozen=True, slots=True)
class Movers:
    """Who could go, on which day's register; `proven` tells that no other choice is better."""

    day: dt.date
    lines: tuple[Line, ...]
    losses: tuple[Change, ...]
    differences: tuple[Difference, ...]
    proven: bool

    @property
    def people(self) -> int:
        """How many are suggested."""
        return sum(len(one.people) for one in self.lines)

    @property
    def lacking(self) -> int:
        """For how many there is nobody."""
        return sum(one.lacking for one in self.lines)


def sees(scope: Scope, county: Area) -> bool:
    """Whether one may see who could go: who sees everybody in the register of teachers."""
    return allowed("registers.teachers", scope, county) and sees_all(scope, county, REGISTER)


def suggested(scope: Scope, plan: PlanRun, parts: Iterable[Part]) -> Movers | None:
    """Return who could go with the transfers of a plan, in their order; None where nobody stands in the register."""
    rows = {row.key: row for row in rows_seen(scope, plan.county, REGISTER)}
    if not rows:
        return None
    moves, day = [move for part in parts for move in part.moves], timezone.localdate()
    facts = snapshots.open_facts(plan.base.snapshot.digest)
    teachers = arrow_of(table_of(REGISTER), (row.values for row in rows.values()))
    found = jh.suggest_teachers([move.asked for move in moves], teachers, facts, as_of=day)
    lines = tuple(_line(move, one, rows) for move, one in zip(moves, found.moves, strict=True))
    names = names_of(facts)
    losses = tuple(_change(one, names) for one in found.subjects if one.leave > one.come)
    return Movers(day, lines, losses, tuple(_differences(plan, moves, facts, day)), found.proven)


def _line(move: Move, one: jh.Suggested, rows: Mapping[str, Row]) -> Line:
    return Line(move, tuple(_named(rows[code]) for code in one.persons), one.lacking, one.because)


def _named(row: Row) -> Named:
    told = {name: shown(row.values.get(name), column) for name, column in COLUMNS.items()}
    certificate = " ".join(filter(None, [told["certificate"], told["certificate_subject"]]))
    backbone = "" if row.values.get("backbone") == NOT_BACKBONE else told["backbone"]
    return Named(row.key, told["person_name"], told["subject"], certificate, told["degree"], backbone, told["arrived"])


def _change(one: jh.SubjectChange, names: Mapping[str, str]) -> Change:
    subject = COLUMNS["subject"].choices[one.subject]
    school = names.get(one.school) or one.school
    return Change(school, STAGE_LABELS[one.stage], subject, one.have, one.leave - one.come)


def _differences(plan: PlanRun, moves: Sequence[Move], facts: jh.Facts, day: dt.date) -> Iterator[Difference]:
    """Yield the numbers of teachers, of the schools that give, in which the plan's facts and the register differ."""
    rows = {row["school_code"]: row for row in facts.tables["schools"].to_pylist()}
    held = {key: one.people for key, one in figures_of(plan.county, day).items()}
    written = {school for school, _ in held}
    for school, stage in dict.fromkeys((move.asked.from_school, move.asked.stage) for move in moves):
        for column in (f"{stage}_{fact}" for fact in (TEACHERS, *ROLES)):
            planned, now = rows[school][column], held.get((school, column), 0)
            if school in written and planned != now:
                yield Difference(rows[school]["school_name"] or school, SCHOOLS.column(column).label, planned, now)


def sheet(found: Movers) -> Sheet:
    """Return who could go as a sheet: a row for each person, and one for each transfer that lacks somebody."""
    return Sheet(SHEET, HEADINGS, WIDTHS, [cells for line in found.lines for cells in _cells(line, found.day)])


def _cells(line: Line, day: dt.date) -> Iterator[tuple[str, ...]]:
    move = line.move
    about = move.giver, move.taker, move.stage, move.who
    for one in line.people:
        told = one.name, one.key, one.subject, one.certificate, one.degree, one.backbone, one.arrived
        yield (*about, *told, f"{ADVICE}；按 {day} 的教师台账")
    if line.lacking:
        yield (*about, *[""] * 7, f"还差 {line.lacking} 人：{line.because}")
