"""The planning problem as mathematics: variables, then one function for each family of constraints, then the cost.

Sets: sections s (a stage of a school), schools i, kinds of teachers t, indicators k, deeds d.

Variables, all whole and >= 0 (money bought in thousands, continuous):
    out[s,t], inn[s,t]   teachers of kind t who leave and who come; arc[s,r,t] where the pair matters
    hired[s,d], raised[s,t,d]   teachers hired; teachers of kind t who gain the quality of deed d
    bought[i,d], begun[i,d]   units bought or built; 1 where a school begins with a deed that has a fixed price
    missed[s,k]   1 where the section leaves indicator k between floor and threshold
    failed[i]   1 where the school is given up (only with a budget that does not reach)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import ceil, inf

from junheng.facts.plan_schema import BACKBONE, DEEDS, MONEY_COLUMNS, Deed
from junheng.facts.schema import SCHOOLS
from junheng.facts.schema import Kind as ColumnKind
from junheng.planner.case import Case, Kind, Section
from junheng.planner.linear import Program, Sum, total
from junheng.planner.terms import HUNDRED, whole_least, whole_most
from junheng.planner.useful import Useful, ground

Key = tuple[str, str]
FEN_IN_WAN = 1e6
THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Ask:
    """Which problem is meant: the county's own, or one that leaves something out.

    `failing` lets schools be given up; `least` raises what a section must gain of an indicator (the practice's levels);
    `round_money` leaves room in the budget for money that is rounded up afterwards.
    """

    transfers: bool = True
    limits: bool = True
    may_miss: bool = True
    failing: bool = False
    round_money: bool = True
    least: Mapping[tuple[Key, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on an expression: what it is called, for which school, and the bounds (None: none)."""

    item: str
    school: str
    what: Sum
    least: float | None
    most: float | None


class Model:
    """The variables of one problem; `gained` and `cost` are what the families of constraints speak of."""

    def __init__(self, case: Case, ask: Ask) -> None:
        self.case, self.ask, self.program = case, ask, Program()
        self.useful = Useful(case, _demanded(case, ask), land=ask.limits)
        self.levels = dict(self.useful.thresholds)
        self.kinds: tuple[Kind, ...] = tuple(product((False, True), repeat=len(case.qualities)))
        self.out: dict[tuple[Key, Kind], Sum] = {}
        self.inn: dict[tuple[Key, Kind], Sum] = {}
        self.arcs: dict[tuple[Key, Key, Kind], Sum] = {}
        self.hired: dict[tuple[Key, str], Sum] = {}
        self.raised: dict[tuple[Key, Kind, str], Sum] = {}
        self.bought: dict[tuple[str, str], Sum] = {}
        self.begun: dict[tuple[str, str], Sum] = {}
        self.begins: dict[tuple[str, str], int] = {}
        self.missed: dict[tuple[Key, str], Sum] = {}
        self.failed: dict[str, Sum] = {}
        self.staff: dict[tuple[Key, Kind], Sum] = {}

    def of_kind_having(self, key: Key, quality: int) -> Sum:
        """Return how many teachers of a section have a quality afterwards."""
        return total(self.staff[key, kind] for kind in self.kinds if kind[quality])

    def gained(self, section: Section, indicator: str) -> Sum:
        """Return what a section gains of an indicator's resource, in buying units."""
        if self.case.rules.indicators[indicator].apportioned:
            deed = self.case.bought.get(indicator)
            return Sum() if deed is None else self.bought[section.school, deed.item]
        quality = self.case.quality(indicator)
        now = sum(number for kind, number in section.staff.items() if kind[quality])
        return self.of_kind_having(section.key, quality) - now

    def transferred(self, sections: Iterable[Section], moves: Mapping[tuple[Key, Kind], Sum]) -> Sum:
        """Return how many teachers of all kinds leave, or come to, some sections."""
        return total(moves[one.key, kind] for one in sections for kind in self.kinds if (one.key, kind) in moves)

    def hires(self, sections: Iterable[Section]) -> Sum:
        """Return how many teachers some sections hire."""
        return total(self.hired[one.key, deed.item] for one in sections for deed in self.case.deeds("hire"))

    def done(self, deed: Deed, school: str = "") -> Sum:
        """Return how many units of a deed a school, or the whole county, takes."""
        schools = (school,) if school else self.case.schools
        taken = [
            *(self.bought[code, deed.item] for code in schools if (code, deed.item) in self.bought),
            *(
                one
                for code in schools
                for section in self.case.schools.get(code, ())
                for one in self._by(section, deed)
            ),
        ]
        return total(taken) + fixed_quantity(self.case, deed.item, school)

    def _by(self, section: Section, deed: Deed) -> Iterator[Sum]:
        if (section.key, deed.item) in self.hired:
            yield self.hired[section.key, deed.item]
        for kind in self.kinds:
            if (section.key, kind, deed.item) in self.raised:
                yield self.raised[section.key, kind, deed.item]

    def decided(self) -> Iterator[int]:
        """Yield the numbers of the variables that decide who, where and whether; not those that say how much."""
        families = (self.out, self.inn, self.arcs, self.hired, self.raised, self.begun, self.missed, self.failed)
        for family in families:
            for one in family.values():
                yield from one.terms


def fixed_quantity(case: Case, item: str, school: str = "") -> int:
    """Return what schools need of a deed whatever is decided: rooms for new classes, music and art rooms."""
    wanted = [own for code, own in case.shorts.items() if school in ("", code)]
    return sum(one.quantity for own in wanted for one in own if one.item == item)


def build(case: Case, ask: Ask | None = None) -> Model:
    """Return the model of a case: the variables, every family of constraints but the spreads, and the cost."""
    model = Model(case, ask or Ask())
    exchange(model)
    staffing(model)
    purchases(model)
    thresholds_and_floors(model)
    at_most_so_many_missed(model)
    new_classes_have_teachers(model)
    if model.ask.limits:
        for cap in caps(model):
            post(model.program, cap)
    model.program.cost = cost(model) * (1 / FEN_IN_WAN)
    return model


def post(program: Program, cap: Cap, slack: Sum | None = None) -> None:
    """Keep within a limit; `slack` is by how much it may be passed."""
    least, most = -inf if cap.least is None else cap.least, inf if cap.most is None else cap.most
    if slack is None:
        program.keep(cap.what, at_least=least, at_most=most)
        return
    program.keep(cap.what - slack, at_most=most)
    program.keep(cap.what + slack, at_least=least)


# --- teachers ---------------------------------------------------------------------------------------------------------


def exchange(model: Model) -> None:
    """Teachers move within their group only; what leaves comes somewhere, kind by kind; pairs where roads are told."""
    case = model.case
    if not model.ask.transfers or "transfer" not in case.terms.prices:
        return
    groups: dict[tuple[str, ...], list[Section]] = {}
    for one in case.sections:
        if one.group is not None:
            groups.setdefault(one.group, []).append(one)
    for own in groups.values():
        if case.terms.pairs_matter:
            _by_pairs(model, own)
        else:
            _by_pool(model, own)


def _by_pool(model: Model, own: list[Section]) -> None:
    for kind in model.kinds:
        if not any(one.staff.get(kind) for one in own):
            continue
        for one in own:
            leaving = one.staff.get(kind, 0)
            model.out[one.key, kind] = model.program.variable(leaving, whole=True)
            model.inn[one.key, kind] = model.program.variable(whole=True)
        balance = total(model.out[one.key, kind] - model.inn[one.key, kind] for one in own)
        model.program.keep(balance, at_least=0, at_most=0)


def _by_pairs(model: Model, own: list[Section]) -> None:
    may = model.case.terms.may_transfer
    pairs = [(one, other) for one, other in product(own, own) if one is not other and may(one.school, other.school)]
    for kind in model.kinds:
        leaving: dict[Key, list[Sum]] = {one.key: [] for one in own}
        coming: dict[Key, list[Sum]] = {one.key: [] for one in own}
        for one, other in pairs:
            if number := one.staff.get(kind, 0):
                arc = model.program.variable(number, whole=True)
                model.arcs[one.key, other.key, kind] = arc
                leaving[one.key].append(arc)
                coming[other.key].append(arc)
        for one in own:
            model.out[one.key, kind], model.inn[one.key, kind] = total(leaving[one.key]), total(coming[one.key])
            if leaving[one.key]:
                model.program.keep(model.out[one.key, kind], at_most=one.staff.get(kind, 0))


def staffing(model: Model) -> None:
    """Teachers of each kind afterwards = now - leaving + coming + hired + raised into the kind - raised out of it."""
    case, program = model.case, model.program
    for section in case.sections:
        for deed in case.deeds("hire"):
            model.hired[section.key, deed.item] = program.variable(whole=True)
        for deed in case.deeds("upgrade"):
            for kind in model.kinds:
                if not kind[_quality(case, deed)]:
                    model.raised[section.key, kind, deed.item] = program.variable(whole=True)
        for kind in model.kinds:
            model.staff[section.key, kind] = _afterwards(model, section, kind)
            program.keep(model.staff[section.key, kind], at_least=0)


def _afterwards(model: Model, section: Section, kind: Kind) -> Sum:
    case, key = model.case, section.key
    parts = [Sum(constant=section.staff.get(kind, 0))]
    if (key, kind) in model.out:
        parts += [model.inn[key, kind], -model.out[key, kind]]
    parts += [model.hired[key, deed.item] for deed in case.deeds("hire") if hired_kind(case, deed) == kind]
    for deed in case.deeds("upgrade"):
        at = _quality(case, deed)
        if kind[at]:
            parts.append(model.raised[key, without(kind, at), deed.item])
        else:
            parts.append(-model.raised[key, kind, deed.item])
    return total(parts)


def hired_kind(case: Case, deed: Deed) -> Kind:
    """Return the kind of teacher that a deed hires."""
    return tuple(name in deed.facts for name in case.qualities)


def _quality(case: Case, deed: Deed) -> int:
    return case.qualities.index(deed.facts[0])


def without(kind: Kind, quality: int) -> Kind:
    """Return the kind of teacher that lacks one quality."""
    return (*kind[:quality], False, *kind[quality + 1 :])


# --- things -----------------------------------------------------------------------------------------------------------


def purchases(model: Model) -> None:
    """What a school buys or builds belongs to all its stages; a fixed price is paid where it begins at all."""
    case, program = model.case, model.program
    for school in case.schools:
        for deed in dict.fromkeys(case.bought.values()):
            money = SCHOOLS.column(deed.facts[0]).kind is ColumnKind.MONEY
            scale = THOUSAND if money else 1
            units = program.variable(whole=not money)
            model.bought[school, deed.item] = units * scale
            if case.terms.prices[deed.item].fixed:
                model.begun[school, deed.item] = program.variable(1, whole=True)
                model.begins[school, deed.item] = len(program.rows)
                program.keep(units - model.begun[school, deed.item], at_most=0)
            _at_most_useful(model, school, deed)


def reach_up_to(model: Model, stage: str, indicator: str, level: Fraction) -> None:
    """Let schools buy as much as brings them to a level of an indicator in a stage, where more is of no use."""
    model.levels[stage, indicator] = level
    deed = model.case.bought.get(indicator)
    if deed is not None:
        for school in dict.fromkeys(one.school for one in model.case.stages[stage]):
            _at_most_useful(model, school, deed)


def _at_most_useful(model: Model, school: str, deed: Deed) -> None:
    """No more is bought than is useful, and nothing without beginning: units <= most * begun."""
    name, program = (school, deed.item), model.program
    ((at, scale),) = model.bought[name].terms.items()
    most = model.useful.most(school, deed, model.levels) / scale
    program.bound(Sum({at: 1.0}), upper=most)
    if name in model.begun:
        program.restate(model.begins[name], Sum({at: 1.0}) - most * model.begun[name], at_most=0)


def _demanded(case: Case, ask: Ask) -> dict[tuple[str, str], int]:
    """Return what must be taken of deeds for other reasons than the lines: lower limits, levels that are asked for."""
    deeds = set(case.bought.values())
    asked = [
        ((code, deed.item), whole_least(case.terms.least.get((deed.item, at))))
        for deed in deeds
        for code in case.schools
        for at in ("", code)
    ]
    for ((code, _), indicator), more in ask.least.items():
        if indicator in case.bought:
            asked.append(((code, case.bought[indicator].item), more))
    found: dict[tuple[str, str], int] = {}
    for name, number in asked:
        found[name] = max(found.get(name, 0), number)
    return found


# --- what the document asks -------------------------------------------------------------------------------------------


def thresholds_and_floors(model: Model) -> None:
    """Each value reaches its threshold, or, where it is the one that is missed, its floor (资源配置, 单校达标)."""
    for section in model.case.sections:
        for indicator, line in section.lines.items():
            enough, least = line.gained(line.threshold), line.gained(line.floor)
            gained = model.gained(section, indicator)
            more = model.ask.least.get((section.key, indicator))
            if more is not None:
                model.program.keep(gained, at_least=more)
            _reach(model, section, indicator, gained, enough, least)


def _reach(model: Model, section: Section, indicator: str, gained: Sum, enough: int, least: int) -> None:
    # Things are never taken away: where there is enough, nothing is asked, and over the floor nothing is at least.
    if things := model.case.rules.indicators[indicator].apportioned:
        least = max(0, least)
        if enough <= 0:
            return
    allowed = gained
    if model.ask.may_miss and model.case.may_miss(section.school):
        missed = model.program.variable(1, whole=True)
        model.missed[section.key, indicator] = missed
        allowed = allowed + (enough - least) * missed
    if model.ask.failing:
        allowed = allowed + _given_up(model, section, indicator, enough)
        model.program.keep(gained + _given_up(model, section, indicator, least), at_least=least)
    else:
        model.program.keep(gained, at_least=least)
        if things:
            _begin(model, section, indicator, least)
    model.program.keep(allowed, at_least=enough)


def _begin(model: Model, section: Section, indicator: str, least: int) -> None:
    """Where something is needed, it begins: under the floor in any case, else unless this is the one that is missed."""
    deed = model.case.bought.get(indicator)
    if deed is not None and (section.school, deed.item) in model.begun:
        missed = model.missed.get((section.key, indicator), Sum()) if least <= 0 else Sum()
        model.program.keep(model.begun[section.school, deed.item] + missed, at_least=1)


def _given_up(model: Model, section: Section, indicator: str, line: int) -> Sum:
    """Return what a line yields by where the school is given up: all that it asks beyond what could be lost."""
    if section.school not in model.failed:
        model.failed[section.school] = model.program.variable(1, whole=True)
    staff = 0 if model.case.rules.indicators[indicator].apportioned else sum(section.staff.values())
    return model.failed[section.school] * max(0, line + staff)


def at_most_so_many_missed(model: Model) -> None:
    """Of a section's indicators at most one (as the rule book says) may stay at the floor."""
    for section in model.case.sections:
        own = [model.missed[section.key, id] for id in section.lines if (section.key, id) in model.missed]
        if own:
            model.program.keep(total(own), at_most=model.case.may_miss(section.school))


def new_classes_have_teachers(model: Model) -> None:
    """Each class that is added needs a teacher more."""
    for section in model.case.sections:
        if (number := model.case.new_classes.get(section.key, 0)) and model.case.deeds("hire"):
            model.program.keep(model.hires([section]), at_least=number)


# --- what the county can do -------------------------------------------------------------------------------------------


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
    yield from _cap(model, "hires", "", model.hires(model.case.sections) + fixed_quantity(model.case, "hire"))
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
        yield Cap("staff", school, total(model.staff[one.key, kind] for kind in model.kinds), least, None)


def _land(model: Model, school: str) -> Iterator[Cap]:
    most = model.case.terms.at_most("land", school)
    used = [
        float(ground(model.case, deed)) * units
        for (code, item), units in model.bought.items()
        if code == school and (deed := DEEDS[item]).land
    ]
    if most is not None and used:
        yield Cap("land", school, total(used), None, float(most))


# --- what it costs ----------------------------------------------------------------------------------------------------


def cost(model: Model, column: str = "") -> Sum:
    """Return what everything costs (fen), or what one column of money pays."""
    case, terms = model.case, model.case.terms
    parts: list[Sum] = []
    for deed in case.deeds("hire", "upgrade", "buy", "build"):
        if column in ("", deed.money):
            parts.append(model.done(deed) * terms.unit_cost(deed.item))
            begun = [one for (_, item), one in model.begun.items() if item == deed.item]
            parts.append(total(begun) * terms.prices[deed.item].fixed)
    if column in ("", DEEDS["transfer"].money):
        parts.append(_transfers(model))
    return total(parts)


def _transfers(model: Model) -> Sum:
    terms = model.case.terms
    if model.arcs:
        return total(arc * terms.transfer_cost(giver[0], taker[0]) for (giver, taker, _), arc in model.arcs.items())
    return total(model.out.values()) * (terms.unit_cost("transfer") if model.out else 0)
