"""The families of constraints that are the county's own: money, posts, who leaves, land, what must be done or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, inf

from junheng.facts.plan_schema import BACKBONE, DEEDS, MONEY_COLUMNS
from junheng.planner.case import Section
from junheng.planner.costs import cost
from junheng.planner.linear import Program, Sum, total
from junheng.planner.terms import HUNDRED, whole_least, whole_most
from junheng.planner.useful import ground
from junheng.planner.variables import FEN_IN_WAN, Model


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on an expression: what it is called, for which school, and the bounds (None: none)."""

    item: str
    school: str
    what: Sum
    least: float | None
    most: float | None


def post(program: Program, cap: Cap, slack: Sum | None = None) -> None:
    """Keep within a limit; `slack` is by how much it may be passed."""
    least, most = -inf if cap.least is None else cap.least, inf if cap.most is None else cap.most
    if slack is None:
        program.keep(cap.what, at_least=least, at_most=most)
        return
    program.keep(cap.what - slack, at_most=most)
    program.keep(cap.what + slack, at_least=least)


def caps(model: Model) -> Iterator[Cap]:
    """Yield every limit of the county and of its schools, as the tables of the county say."""
    yield from _money(model)
    yield from _people(model)
    for school, own in model.case.schools.items():
        yield from _school_people(model, school, own)
        yield from _land(model, school)
    for deed in model.case.deeds("hire", "upgrade", "buy", "build"):
        for school in ("", *model.case.names):
            if _limited(model, deed.item, school):
                yield from _cap(model, deed.item, school, model.done(deed, school))


def _limited(model: Model, item: str, school: str) -> bool:
    return (model.case.terms.at_least(item, school), model.case.terms.at_most(item, school)) != (None, None)


def _cap(model: Model, item: str, school: str, what: Sum) -> Iterator[Cap]:
    least, most = model.case.terms.at_least(item, school), model.case.terms.at_most(item, school)
    if least is not None or most is not None:
        yield Cap(item, school, what, None if least is None else whole_least(least), whole_most(most))


def _money(model: Model) -> Iterator[Cap]:
    for item, what in {
        "budget": cost(model),
        **{f"budget_{column}": cost(model, column) for column in MONEY_COLUMNS},
    }.items():
        if (most := model.case.terms.at_most(item)) is not None:
            # Money is rounded up to whole yuan afterwards, once a school.
            rounding = len(model.case.schools) * HUNDRED if model.ask.round_money else 0
            yield Cap(item, "", what * (1 / FEN_IN_WAN), None, (float(most) * HUNDRED - rounding) / FEN_IN_WAN)


def _people(model: Model) -> Iterator[Cap]:
    yield from _cap(model, "hires", "", model.hires(model.case.sections) + model.case.needed_anyway("hire"))
    moved = model.transferred(model.case.sections, model.out)
    yield from _cap(model, "transfers", "", moved)
    yield from _shares(model, moved)


def _shares(model: Model, moved: Sum) -> Iterator[Cap]:
    """Of the teachers who can move such a share does, and of those who move such a share is backbone (B18)."""
    terms, at = model.case.terms, model.case.qualities.index(BACKBONE) if BACKBONE in model.case.qualities else -1
    if (share := terms.at_least("transfers_share")) is not None:
        yield Cap("transfers_share", "", moved, ceil(share * model.case.eligible / HUNDRED), None)
    if (share := terms.at_least("transfers_backbone")) is not None and at >= 0:
        backbone = total(one for (_, kind), one in model.out.items() if kind[at])
        yield Cap("transfers_backbone", "", backbone - moved * (float(share) / HUNDRED), 0, None)


def _school_people(model: Model, school: str, own: tuple[Section, ...]) -> Iterator[Cap]:
    terms, leaving = model.case.terms, model.transferred(own, model.out)
    if ("hires", school) in {**terms.most, **terms.least}:
        yield from _cap(model, "hires", school, model.hires(own))
    yield from _cap(model, "transfers_out", school, leaving)
    yield from _cap(model, "transfers_in", school, model.transferred(own, model.inn))
    if (exempt := terms.at_least("exempt", school)) is not None:
        staff = sum(number for one in own for number in one.staff.values())
        yield Cap("exempt", school, leaving, None, max(0, staff - whole_least(exempt)))
    for one in own:
        staff = sum(one.staff.values())
        share = terms.at_least("staff", school)
        least = None if share is None else whole_least(share * staff / HUNDRED)
        yield Cap("staff", school, model.teachers(one.key), least, None)


def _land(model: Model, school: str) -> Iterator[Cap]:
    most = model.case.terms.at_most("land", school)
    used = [
        float(ground(model.case, deed)) * units
        for (code, item), units in model.bought.items()
        if code == school and (deed := DEEDS[item]).land
    ]
    if most is not None and used:
        yield Cap("land", school, total(used), None, float(most))
