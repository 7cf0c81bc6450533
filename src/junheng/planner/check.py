"""The independent checker: is this list of actions what it claims to be? Fractions, no model, no engine.

It works from the facts before, the terms and the actions, and shares nothing with the model that found them. Every
family of constraints has one function here that yields what is wrong, in Chinese.
"""

from __future__ import annotations

import operator
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from junheng.facts.plan_schema import BACKBONE, DEEDS, MONEY_COLUMNS, TRANSFER_KM
from junheng.planner.case import Case, Section
from junheng.planner.plan import Action

HUNDRED = 100


@dataclass(frozen=True)
class Claim:
    """What is checked: the actions, what they are said to cost (fen), and whether every school is to pass.

    Where not every school is to pass, `may_fail` tells how many need not; None: any number.
    """

    case: Case
    actions: Sequence[Action]
    cost: int
    all_pass: bool = True
    may_fail: int | None = None


def faults(claim: Claim) -> list[str]:
    """Return everything that is wrong with a plan; nothing where it keeps every limit and reaches every line."""
    asked = [costs, budgets, movements, shares_moved, staff_kept, numbers_limited, land]
    if claim.all_pass:
        asked += [lines_reached, spreads_within, classes_staffed, rooms_provided]
    elif claim.may_fail is not None:
        asked += [few_enough_fail, classes_staffed, rooms_provided]
    return [fault for family in asked for fault in family(claim)]


def costs(claim: Claim) -> Iterator[str]:
    """Each action costs what the prices say, and together they cost what is claimed."""
    terms = claim.case.terms
    begun = Counter((one.school, one.item) for one in claim.actions if one.fixed_cost)
    for one in claim.actions:
        price = terms.prices.get(one.item)
        if price is None or one.quantity <= 0:
            yield f"{one.item}：没有价格，或数量不是正数"
            continue
        unit = price.unit + ceil(price.yearly * terms.years) + _by_distance(claim, one)
        fixed = price.fixed if one.kind in ("buy", "build") and (one.school, one.item) in begun else 0
        if (one.unit_cost, one.cost) != (unit, one.quantity * unit + fixed) or begun[one.school, one.item] > 1:
            yield f"{one.item} {one.school or one.to_school}：金额不等于单价乘数量"
        if fixed != price.fixed and _decided(claim, one):
            yield f"{one.item} {one.school}：没有计固定费用"
    if claim.cost != sum(one.cost for one in claim.actions):
        yield "各项金额之和不等于总额"


def _decided(claim: Claim, one: Action) -> bool:
    """Whether an action was chosen, rather than being a room that a school lacks in any case."""
    return one.kind in ("buy", "build") and bool(DEEDS[one.item].facts)


def _by_distance(claim: Claim, one: Action) -> int:
    price = claim.case.terms.prices.get(TRANSFER_KM)
    if one.kind != "transfer" or price is None:
        return 0
    km = claim.case.terms.distances.get((one.from_school, one.to_school))
    km = claim.case.terms.distances.get((one.to_school, one.from_school), Fraction(0)) if km is None else km
    return ceil((price.unit + ceil(price.yearly * claim.case.terms.years)) * km)


def budgets(claim: Claim) -> Iterator[str]:
    """No column of money, nor all of it, is overspent."""
    spent = Counter({"": sum(one.cost for one in claim.actions)})
    for one in claim.actions:
        spent[f"_{DEEDS[one.item].money}"] += one.cost
    for column in ("", *(f"_{name}" for name in MONEY_COLUMNS)):
        most = claim.case.terms.most.get((f"budget{column}", ""))
        if most is not None and spent[column] > most * HUNDRED:
            yield f"经费 budget{column} 超出限额"


def movements(claim: Claim) -> Iterator[str]:
    """Teachers move within stage, language and public schools, near enough, and only such as there are."""
    sections = {one.key: one for one in claim.case.sections}
    left: Counter[tuple[tuple[str, str], tuple[str, ...]]] = Counter()
    for one in claim.actions:
        if one.kind != "transfer":
            continue
        giver, taker = sections.get((one.from_school, one.stage)), sections.get((one.to_school, one.stage))
        if giver is None or taker is None or giver.group is None or giver.group != taker.group or giver is taker:
            yield f"{one.from_school} 与 {one.to_school} 之间不能交流"
            continue
        left[giver.key, tuple(one.qualities)] += one.quantity
        if not _near(claim, one):
            yield f"{one.from_school} 与 {one.to_school} 太远"
    for (key, qualities), number in left.items():
        kind = tuple(name in qualities for name in claim.case.qualities)
        if number > sections[key].staff.get(kind, 0):
            yield f"{key[0]} 没有这么多可以调出的教师"


def shares_moved(claim: Claim) -> Iterator[str]:
    """As large a share of the teachers who can move does move as is asked for, and as many of these are backbone."""
    moved = [one for one in claim.actions if one.kind == "transfer"]
    everybody = sum(one.quantity for one in moved)
    backbone = sum(one.quantity for one in moved if BACKBONE in one.qualities)
    for item, number, whole in (
        ("transfers_share", everybody, claim.case.eligible),
        ("transfers_backbone", backbone, everybody),
    ):
        if number * HUNDRED < whole * claim.case.terms.least.get((item, ""), 0):
            yield f"{item}：{number} 人，不到 {whole} 人的应有比例"


def _near(claim: Claim, one: Action) -> bool:
    most = claim.case.terms.most.get(("distance", ""))
    if most is None:
        return True
    pair = (one.from_school, one.to_school)
    km = claim.case.terms.distances.get(pair, claim.case.terms.distances.get(pair[::-1]))
    return km is not None and km <= most


def staff_kept(claim: Claim) -> Iterator[str]:
    """No section has fewer teachers than it must keep; none of a kind that it raises is wanting."""
    change = _staff_changes(claim)
    for one in claim.case.sections:
        now = sum(one.staff.values())
        share = claim.case.terms.least.get(("staff", one.school), claim.case.terms.at_least("staff", one.school))
        if share is not None and (now + change[one.key]) * HUNDRED < now * share:
            yield f"{one.school} 的教师少于应当保留的"
        for at, name in enumerate(claim.case.qualities):
            having = sum(number for kind, number in one.staff.items() if kind[at]) + _gained_people(claim, one, name)
            if not 0 <= having <= now + change[one.key]:
                yield f"{one.school} 的 {name} 超出教师总数"


def _staff_changes(claim: Claim) -> Counter[tuple[str, str]]:
    change: Counter[tuple[str, str]] = Counter()
    for one in claim.actions:
        if one.kind == "transfer":
            change[one.from_school, one.stage] -= one.quantity
            change[one.to_school, one.stage] += one.quantity
        elif one.kind == "hire":
            change[one.school, one.stage] += one.quantity
    return change


def _gained_people(claim: Claim, section: Section, name: str) -> int:
    gained = 0
    for one in claim.actions:
        if one.stage == section.stage and name in one.qualities:
            gained += one.quantity * (
                (section.school in (one.school, one.to_school)) - (section.school == one.from_school)
            )
    return gained


def _gained(claim: Claim, section: Section, indicator: str) -> int:
    rule = claim.case.rules.indicators[indicator]
    fact = rule.terms[0].fact
    if not rule.apportioned:
        return _gained_people(claim, section, fact)
    own = (one for one in claim.actions if one.school == section.school and fact in DEEDS[one.item].facts)
    return sum(one.quantity for one in own if one.kind in ("buy", "build"))


def numbers_limited(claim: Claim) -> Iterator[str]:
    """What is limited in number, for the county or a school, stays within it."""
    done = _numbers(claim)
    for limits, wrong in ((claim.case.terms.most, operator.gt), (claim.case.terms.least, operator.lt)):
        for (item, school), limit in limits.items():
            for code in _meant(claim, item, school, limits):
                if item in done and wrong(done[item][code], limit):
                    yield f"{item} {code}：超出限制"
    for school, out in done["transfers_out"].items():
        exempt = claim.case.terms.at_least("exempt", school) or 0
        staff = sum(sum(one.staff.values()) for one in claim.case.schools.get(school, ()))
        if out > max(0, staff - ceil(exempt)):
            yield f"{school} 调出的教师里有不参加交流的"


def _meant(claim: Claim, item: str, school: str, limits: Mapping[tuple[str, str], Fraction]) -> list[str]:
    """Return the schools that a limit is about: its own, or those without one of their own, or the county as ""."""
    if school or item not in ("transfers_out", "transfers_in"):
        return [school]
    return [code for code in claim.case.schools if (item, code) not in limits]


def _numbers(claim: Claim) -> Mapping[str, Counter[str]]:
    done: dict[str, Counter[str]] = defaultdict(Counter)
    for item in (*DEEDS, "hires", "transfers", "transfers_out", "transfers_in"):
        done[item] = Counter()
    for one in claim.actions:
        if one.kind == "transfer":
            done["transfers"][""] += one.quantity
            done["transfers_out"][one.from_school] += one.quantity
            done["transfers_in"][one.to_school] += one.quantity
            continue
        for item in (one.item, *(["hires"] if one.kind == "hire" else [])):
            done[item][""] += one.quantity
            done[item][one.school] += one.quantity
    return done


def land(claim: Claim) -> Iterator[str]:
    """What is built at a school stands on its land."""
    share = (claim.case.terms.at_most("footprint") or HUNDRED) / HUNDRED
    for school in claim.case.schools:
        most = claim.case.terms.at_most("land", school)
        own = [one for one in claim.actions if one.school == school and DEEDS[one.item].land]
        used = sum(one.quantity * (share if DEEDS[one.item].land == "footprint" else 1) for one in own)
        if most is not None and used > most:
            yield f"{school} 的土地不够"


def lines_reached(claim: Claim) -> Iterator[str]:
    """Every section reaches its thresholds with the margin, but for as many as it may leave at the floor."""
    for section in claim.case.sections:
        if wrong := _unreached(claim, section):
            yield f"{section.school} {section.stage}：{'、'.join(wrong)} 没有达到"


def few_enough_fail(claim: Claim) -> Iterator[str]:
    """No more schools than are allowed to have a section that does not reach its lines."""
    failing = {one.school for one in claim.case.sections if _unreached(claim, one)}
    if claim.may_fail is not None and len(failing) > claim.may_fail:
        yield f"有 {len(failing)} 所学校没有达到，多于 {claim.may_fail} 所"


def _unreached(claim: Claim, section: Section) -> list[str]:
    reached = {id: line.value(_gained(claim, section, id)) for id, line in section.lines.items()}
    missed = [id for id, value in reached.items() if value < section.lines[id].threshold]
    under = [id for id, value in reached.items() if _must_rise(section, id) and value < section.lines[id].floor]
    return under or (missed if len(missed) > claim.case.may_miss(section.school) else [])


def _must_rise(section: Section, indicator: str) -> bool:
    return section.lines[indicator].floor > 0


def spreads_within(claim: Claim) -> Iterator[str]:
    """Each of the spreads is within its limit: CV^2 = sum(P (X - mean)^2) / (sum(P) mean^2), as fractions."""
    for stage, sections in claim.case.stages.items():
        limit = claim.case.rules.spread_limits[stage]
        for id in claim.case.rules.indicators:
            rows = [(one.pupils, one.lines[id].value(_gained(claim, one, id))) for one in sections]
            pupils = sum(heads for heads, _ in rows)
            mean = sum((heads * value for heads, value in rows), Fraction(0)) / pupils
            squares = sum((heads * (value - mean) ** 2 for heads, value in rows), Fraction(0))
            if mean <= 0 or squares > limit * limit * pupils * mean * mean:
                yield f"{stage} {id} 的差异系数超过上限"


def classes_staffed(claim: Claim) -> Iterator[str]:
    """Every class that is opened has its teacher, where hiring has a price."""
    hired: Counter[tuple[str, str]] = Counter()
    for one in claim.actions:
        if one.kind == "hire":
            hired[one.school, one.stage] += one.quantity
    if any(DEEDS[item].kind == "hire" for item in claim.case.terms.prices if item in DEEDS):
        for key, number in claim.case.new_classes.items():
            if hired[key] < number:
                yield f"{key[0]} 增设的班没有教师"


def rooms_provided(claim: Claim) -> Iterator[str]:
    """Every school gets the rooms that it lacks in any case, where they have a price."""
    given: Counter[tuple[str, str, str]] = Counter()
    for one in claim.actions:
        given[one.school, one.item, one.stage] += one.quantity
    for school, own in claim.case.shorts.items():
        for short in own:
            if short.item in claim.case.terms.prices and given[school, short.item, short.stage] < short.quantity:
                yield f"{school} 缺 {short.item}"
