"""Whom a plan may move: for each of its transfers, people of the register who are of that kind and may teach there.

Nobody is exchanged across language, subject or certificate stage, and whoever is exempt stays (P23). The transfers are
the plan's own; what is left to choose is who goes, so that as few transfers as can be stay without somebody, and then
as few schools as can be lose a teacher of a subject without getting one.

    y[c,m]   people of class c (a school's of one stage, kind, subject, language) who go with transfer m, whole
    lost[s,u]   teachers of subject u whom section s loses beyond those it gets
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import pyarrow as pa

from junheng.facts.plan_schema import ROLES, TEACHERS
from junheng.facts.schema import STAGES
from junheng.planner.linear import Program, Sum, total
from junheng.planner.solver import solve
from junheng.rosters.counting import Standing, people_counted, people_moving

SECONDS = 20.0
ELIGIBLE = "rotation_eligible_teachers"
NO_REGISTER = "这所学校还没有教师台账"
NOBODY = "台账里这个学段没有这一类教师"
OTHER_LANGUAGE = "授课语言与调入学校不同"
CHOSEN = "已列为人选"
Class = tuple[str, str, frozenset[str], str, str]
Pair = tuple[Class, int]
Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Move:
    """So many teachers of one kind (`qualities`: the columns in which they count) from one school to another."""

    from_school: str
    to_school: str
    stage: str
    qualities: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who counts as a teacher of a school's stage. `stays` is why he may not be moved, empty where he may.

    `unsure` are the qualities that cannot be told of him, with what would have to be known; `due` tells that by B18 he
    can be exchanged this year.
    """

    code: str
    school: str
    stage: str
    qualities: frozenset[str]
    subject: str
    language: str
    stays: str = ""
    unsure: Mapping[str, str] = field(default_factory=dict, hash=False)
    due: bool = False

    def may_be(self, kind: frozenset[str]) -> bool:
        """Whether he is of a kind, or could be as far as is known."""
        return self.qualities <= kind <= self.qualities | set(self.unsure)

    @property
    def class_(self) -> Class:
        """Whom he can stand for: those who are the same in everything that matters here."""
        return self.school, self.stage, self.qualities, self.subject, self.language


@dataclass(frozen=True, slots=True)
class Suggested:
    """Who is suggested for a transfer, by code; `because` says why there is nobody for `lacking` of its people."""

    move: Move
    persons: tuple[str, ...]
    lacking: int
    because: str


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """How many teachers of a subject a school's stage has, leave it and come to it; told where these differ."""

    school: str
    stage: str
    subject: str
    have: int
    leave: int
    come: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """People for every transfer of a plan, in its order; `proven` tells that no other choice is better."""

    moves: tuple[Suggested, ...]
    subjects: tuple[SubjectChange, ...]
    proven: bool


def persons_of(teachers: pa.Table, as_of: dt.date) -> tuple[Person, ...]:
    """Return everybody who counts as a teacher on a day, by code: in which school and stage, of which kind."""
    told: dict[str, dict[str, Standing]] = defaultdict(dict)
    for one in people_counted(teachers, as_of=as_of, facts=(TEACHERS, *ROLES, ELIGIBLE)):
        told[one.person_code][_fact(one.column)] = one
    moving = {one.person_code: one for one in people_moving(teachers, as_of=as_of)}
    rows = {row["person_code"]: row for row in teachers.to_pylist()}
    counted = sorted(code for code, own in told.items() if own[TEACHERS].counts)
    return tuple(_person(rows[code], told[code], moving[code]) for code in counted)


def _person(row: Mapping[str, str | None], own: Mapping[str, Standing], moving: Standing) -> Person:
    return Person(
        str(row["person_code"]),
        str(own[TEACHERS].school_code),
        str(row["stage"]),
        frozenset(role for role in ROLES if own[role].counts),
        row["subject"] or "",
        row["teaching_language"] or "",
        "" if moving.counts else moving.because,
        {role: own[role].because for role in ROLES if own[role].counts is None},
        bool(own[ELIGIBLE].counts),
    )


def _fact(column: str) -> str:
    """Return a column without its stage."""
    stage, _, fact = column.partition("_")
    return fact if stage in STAGES else column


def staying(persons: Iterable[Person]) -> Mapping[str, Mapping[str, int]]:
    """Return how many teachers of each school may not be moved, by the reason; {} for a school where all may."""
    found: dict[str, Counter[str]] = {}
    for one in persons:
        own = found.setdefault(one.school, Counter())
        own.update([one.stays] if one.stays else [])
    return found


def suggest(
    moves: Sequence[Move], persons: Sequence[Person], languages: Mapping[str, str], seconds: float = SECONDS
) -> Suggestion:
    """Return who could go with each transfer; `languages` are those of the schools, where they are reported."""
    classes = _classes(persons)
    chosen, proven = _chosen(moves, classes, list(_pairs(moves, classes, languages)), seconds)
    waiting = {own: iter(everybody) for own, everybody in classes.items()}
    gone: dict[int, list[Person]] = {at: [] for at in range(len(moves))}
    for (own, at), number in chosen.items():
        gone[at] += islice(waiting[own], number)
    why = _Why(persons, languages, {one.code for own in gone.values() for one in own})
    found = tuple(_suggested(move, gone[at], why) for at, move in enumerate(moves))
    return Suggestion(found, tuple(_changes(moves, gone, persons)), proven)


def _classes(persons: Iterable[Person]) -> dict[Class, list[Person]]:
    """Return those who may be moved by what they are alike in, those whose turn it is (B18) first."""
    found: dict[Class, list[Person]] = defaultdict(list)
    for one in sorted(persons, key=lambda each: (not each.due, each.code)):
        if not one.stays and not one.unsure:
            found[one.class_].append(one)
    return {own: found[own] for own in sorted(found, key=lambda key: (*key[:2], sorted(key[2]), *key[3:]))}


def _pairs(
    moves: Sequence[Move], classes: Mapping[Class, Sequence[Person]], languages: Mapping[str, str]
) -> Iterator[Pair]:
    """Yield which class could go with which transfer."""
    asked: dict[tuple[str, str, frozenset[str]], list[int]] = defaultdict(list)
    for at, move in enumerate(moves):
        asked[move.from_school, move.stage, frozenset(move.qualities)].append(at)
    for own in classes:
        school, stage, kind, _, language = own
        yield from ((own, at) for at in asked[school, stage, kind] if _speaks(language, moves[at], languages))


def _speaks(language: str, move: Move, languages: Mapping[str, str]) -> bool:
    """Whether somebody's language is that of the school to which he would go, as far as both are known."""
    return not language or languages.get(move.to_school, "") in ("", language)


def _chosen(
    moves: Sequence[Move], classes: Mapping[Class, Sequence[Person]], pairs: Sequence[Pair], seconds: float
) -> tuple[dict[Pair, int], bool]:
    """Solve for how many of each class go with each transfer. One more place filled outweighs every subject."""
    if not pairs:
        return {}, True
    program, goes = Program(), dict[Pair, Sum]()
    leaving: dict[Class, list[Sum]] = defaultdict(list)
    filling: dict[int, list[Sum]] = defaultdict(list)
    for own, at in pairs:
        y = goes[own, at] = program.variable(min(len(classes[own]), moves[at].people), whole=True)
        leaving[own].append(y)
        filling[at].append(y)
    for own, going in leaving.items():
        program.keep(total(going), at_most=len(classes[own]))
    for at, going in filling.items():
        program.keep(total(going), at_most=moves[at].people)
    people = sum(move.people for move in moves)
    program.cost = total(_losses(program, moves, goes)) + (people + -total(goes.values())) * (people + 1)
    solved = solve(program, gap=0.0, seconds=seconds)
    return {pair: round(y.at(solved.values)) for pair, y in goes.items() if solved.values}, solved.ended


def _losses(program: Program, moves: Sequence[Move], goes: Mapping[Pair, Sum]) -> Iterator[Sum]:
    """Yield what each school's stage loses of each subject: leaving - coming <= lost, 0 <= lost."""
    leaving: dict[Place, list[Sum]] = defaultdict(list)
    coming: dict[Place, list[Sum]] = defaultdict(list)
    for ((school, stage, _, subject, _), at), y in goes.items():
        leaving[school, stage, subject].append(y)
        coming[moves[at].to_school, stage, subject].append(y)
    for place, out in leaving.items():
        lost = program.variable()
        program.keep(lost - total(out) + total(coming[place]), at_least=0)
        yield lost


def _changes(
    moves: Sequence[Move], gone: Mapping[int, Sequence[Person]], persons: Iterable[Person]
) -> Iterator[SubjectChange]:
    have = Counter((one.school, one.stage, one.subject) for one in persons)
    leave = Counter((one.school, one.stage, one.subject) for people in gone.values() for one in people)
    come = Counter((moves[at].to_school, one.stage, one.subject) for at, people in gone.items() for one in people)
    for place in sorted({*leave, *come}):
        if leave[place] != come[place]:
            yield SubjectChange(*place, have[place], leave[place], come[place])


def _suggested(move: Move, gone: Sequence[Person], why: _Why) -> Suggested:
    lacking = move.people - len(gone)
    return Suggested(move, tuple(one.code for one in gone), lacking, why.nobody(move) if lacking else "")


class _Why:
    """Why there is nobody more for a transfer, when it is known who goes (`away`)."""

    def __init__(self, persons: Iterable[Person], languages: Mapping[str, str], away: Collection[str]) -> None:
        self.languages, self.away = languages, away
        self.schools: dict[str, list[Person]] = defaultdict(list)
        for one in persons:
            self.schools[one.school].append(one)

    def nobody(self, move: Move) -> str:
        """Return of how many of its kind how many stay for which reason."""
        if not self.schools[move.from_school]:
            return NO_REGISTER
        kind = frozenset(move.qualities)
        alike = [one for one in self.schools[move.from_school] if one.stage == move.stage and one.may_be(kind)]
        reasons = Counter(self._stays(one, move) for one in alike)
        told = "，".join(f"{why} {number} 人" for why, number in reasons.most_common() if why)
        return f"这一类教师共 {len(alike)} 人：{told}" if told else NOBODY

    def _stays(self, one: Person, move: Move) -> str:
        if one.code in self.away:
            return CHOSEN
        unsure = next(iter(one.unsure.values()), "")
        return one.stays or unsure or ("" if _speaks(one.language, move, self.languages) else OTHER_LANGUAGE)
