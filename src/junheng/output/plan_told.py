"""A plan in words and rows, the same everywhere: what it costs, what is done, by when, what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from junheng.engine.display import shown
from junheng.engine.result import STATUS_LABELS
from junheng.facts.plan_schema import DEEDS, MONEY_COLUMNS, PRICED, ROLES
from junheng.facts.schema import STAGE_LABELS
from junheng.output.told import INVENTED, school_told
from junheng.planner.plan import Action, Alternative, Plan, Point, priced_terms
from junheng.planner.steps import Decision
from junheng.planner.timing import late

STATUSES = {
    "optimal": "已证明没有更省的",
    "feasible": "时间到，还可能有更省的",
    "infeasible": "在现有限制之内办不到",
    "time_limit": "时间到，还没有找到方案",
}
# Of a plan, and of a proof that there is none.
DISPUTED = ("方案逐条核对过，可以用；是否最省，两个求解器说法不一", "是否办得到，两个求解器说法不一")
SECOND = "另一个求解器（SCIP）"
SECOND_SAYS = {
    "agrees": "单独算了一遍，两个求解器一致",
    "alone": "单独算了一遍，只有它算完了",
    "disagrees": "与这里说法不一，请把数据和这句话告诉软件的维护人员",
    "time_limit": "到时间没有算完",
    "broken": "中途出错，没有结果，方案不受影响",
}
WAN = 1_000_000
YUAN_IN_WAN = 10_000
NAMED = 8
BY_ROSTER = "教师的学历、骨干、学科只有各自的人数，谁兼有几项按比例推算；调动以学校教师名册为准。"
DROPPED = {"miss": "{where} {of} 不再只到下限", "give": "{where}不再调出教师", "take": "{where}不再调入教师"}
ADDED = {"miss": "{where} {of} 只到下限", "give": "{where}调出教师", "take": "{where}调入教师"}


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of deed in a plan: how much of it, at how many schools, what it costs (fen), by when it must begin."""

    item: str
    quantity: int
    schools: int
    one_off: int
    yearly: int
    cost: int
    latest: str
    late: bool

    @property
    def label(self) -> str:
        """What it is called."""
        return DEEDS[self.item].label

    @property
    def amount(self) -> str:
        """How much of it, with its unit."""
        return f"{self.quantity:,} {DEEDS[self.item].unit}"

    @property
    def column(self) -> str:
        """Which column of money pays."""
        return MONEY_COLUMNS[DEEDS[self.item].money]


@dataclass(frozen=True, slots=True)
class Task:
    """One school's part: how it stands now, what is done there, what that costs (fen), by when it must begin."""

    code: str
    name: str
    now: str
    deeds: str
    cost: int
    latest: str
    late: bool


def wan(fen: int) -> str:
    """Return money in 万元 with two decimals."""
    return shown(fen / WAN, 2)


def percent(share: float) -> str:
    """Return a share with two decimals."""
    return f"{shown(share * 100, 2)}%"


def status_told(plan: Plan) -> str:
    """Say how the search ended; of a plan that cannot be, whether fractions prove it as well (decision 84)."""
    if plan.second and plan.second.status == "disagrees" and plan.status != "time_limit":
        return DISPUTED[plan.status == "infeasible"]
    exactly = "（不论差异系数，已用分数验算证明）" if plan.impossible_exactly else ""
    return f"{STATUSES[plan.status]}{exactly}"


def cost_told(plan: Plan) -> str:
    """Say what the plan costs, and what the practice would."""
    if plan.cost is None:
        return ""
    if plan.status == "infeasible":
        return f"限额之内最好的方案，经费 {wan(plan.cost)} 万元"
    return f"经费 {wan(plan.cost)} 万元；{compared(plan)}"


def compared(plan: Plan) -> str:
    """Say what the practice costs, and how much less or more the plan does."""
    if plan.baseline is None:
        return "各校缺什么买什么的做法达不到"
    saved = plan.baseline - (plan.cost or 0)
    return f"各校缺什么买什么要 {wan(plan.baseline)} 万元，{'省' if saved >= 0 else '多'} {wan(abs(saved))} 万元"


def proven(plan: Plan) -> str:
    """Say how near to the best the plan is; nothing where there is no bound."""
    if plan.relative_gap is None or plan.status == "infeasible":
        return ""
    return f"任何方案至少要 {wan(plan.lower_bound or 0)} 万元，差距不超过 {percent(plan.relative_gap)}"


def failing(plan: Plan) -> str:
    """Say which schools do not pass afterwards; nothing where all do."""
    sections = plan.assessment.sections if plan.assessment and plan.failing_schools else ()
    names = dict.fromkeys(school_told(one) for one in sections if one.in_sample and one.verdict != "pass")
    return f"仍有 {plan.failing_schools} 所学校不达标：{'、'.join(names)}" if names else ""


def in_time_told(plan: Plan) -> str:
    """Say what can still count at the next counting date, and what comes too late for it."""
    told = plan.in_time
    if told is None:
        return ""
    day = told.day.isoformat()
    late_items = {one.item for one in plan.actions if one not in told.actions}
    missed = [deed.label for item, deed in DEEDS.items() if item in late_items]
    result = "各校全部达标" if not told.failing_schools else f"还有 {told.failing_schools} 所学校不达标"
    if not missed:
        return f"现在着手，全部来得及计入 {day}：{wan(told.cost)} 万元，办完后{result}"
    if not told.actions:
        return f"没有一项还来得及计入 {day}：{'、'.join(missed)}都要更早开始"
    return f"还来得及计入 {day} 的有 {wan(told.cost)} 万元，办完后{result}；赶不上的：{'、'.join(missed)}"


def items(plan: Plan) -> Iterator[Item]:
    """Yield each kind of deed in the plan, in the order of the list of deeds."""
    for item in DEEDS:
        own = [one for one in plan.actions if one.item == item]
        if own:
            schools = {one.school or one.to_school for one in own}
            yield Item(
                item,
                sum(one.quantity for one in own),
                len(schools),
                sum(one.one_off for one in own),
                sum(one.yearly for one in own),
                sum(one.cost for one in own),
                _month(own[0]),
                late(plan.case, own[0].latest_start),
            )


def _month(one: Action) -> str:
    return f"{one.latest_start:%Y-%m}" if one.latest_start else ""


def tasks(plan: Plan) -> Iterator[Task]:
    """Yield what each school has to do, in words, in the order of the schools; a transfer is paid where it comes to."""
    for code, name in plan.case.names.items():
        own = [one for one in plan.actions if code in (one.school, one.from_school, one.to_school)]
        if own:
            first = min(own, key=lambda one: _month(one) or "~")
            deeds = "；".join(action_told(one, code, plan.case.names) for one in own)
            cost = sum(one.cost for one in own if code in (one.school, one.to_school))
            yield Task(
                code, name, now_told(plan, code), deeds, cost, _month(first), late(plan.case, first.latest_start)
            )


def now_told(plan: Plan, school: str) -> str:
    """Say which indicators of a school are under their lines now."""
    parts = []
    for section in plan.before.sections:
        if section.school_code == school and section.in_sample:
            under = {id: one.status for id, one in section.indicators.items() if one.status != "met"}
            told = "、".join(f"{id} {STATUS_LABELS[status]}" for id, status in under.items())
            parts += [f"{STAGE_LABELS[section.stage]} {told}"] if told else []
    return "；".join(parts) or "各项已到标准值"


def action_told(one: Action, school: str, names: Mapping[str, str]) -> str:
    """Return what an action means for one of its schools, in words."""
    stage = STAGE_LABELS.get(one.stage, "")
    if one.kind == "transfer":
        roles = "、".join(ROLES[name] for name in one.qualities)
        who = f"{stage}{roles or '其他'}教师 {one.quantity} 人"
        return (
            f"调出{who}到{names[one.to_school]}"
            if school == one.from_school
            else f"从{names[one.from_school]}调入{who}"
        )
    deed = DEEDS[one.item]
    amount = f"{shown(one.quantity / YUAN_IN_WAN, 2)} 万元" if deed.unit == "元" else f"{one.quantity:,} {deed.unit}"
    assumed = "（原数未报，按 0 起算）" if one.assumed else ""
    return f"{stage}{deed.label} {amount}{assumed}，{'、'.join(one.serves)}"


def point_told(plan: Plan, point: Point) -> str:
    """Say what so many passing schools cost, and which fail, the spreads left aside."""
    passing = len(plan.case.schools) - point.failing
    names = [plan.case.names[code] for code in point.schools]
    more = f"等 {len(names)} 所" if len(names) > NAMED else ""
    without = f"；不达标：{'、'.join(names[:NAMED])}{more}" if names else ""
    near = "" if point.cost <= point.lower_bound * (1 + 1 / 1000) else f"，至少 {wan(point.lower_bound)} 万元"
    return f"至少 {passing} 所达标 {wan(point.cost)} 万元{near}{without}"


def alternative_told(plan: Plan, other: Alternative) -> str:
    """Say what another plan costs and what of the best it does not do."""
    more = other.cost - (plan.cost or 0)
    share = f"（{percent(more / plan.cost)}）" if plan.cost else ""
    dropped = _decisions(plan, other.dropped, DROPPED, "{where}不用{of}")
    added = _decisions(plan, other.added, ADDED, "{where}{of}")
    instead = f"；改为：{added}" if added else ""
    return f"多花 {wan(more)} 万元{share}，{dropped}{instead}"


def _decisions(plan: Plan, decisions: Sequence[Decision], patterns: Mapping[str, str], otherwise: str) -> str:
    told = [
        patterns.get(what, otherwise).format(
            where=f"{plan.case.names[school]}{STAGE_LABELS.get(stage, '')}", of=DEEDS[of].label if of in DEEDS else of
        )
        for what, school, stage, of in decisions
    ]
    return "、".join(told[:NAMED]) + (f"等 {len(told)} 处" if len(told) > NAMED else "")


def second_told(plan: Plan) -> str:
    """Say what the second engine says of the same county; nothing where it was not asked."""
    one = plan.second
    if one is None:
        return ""
    if one.status == "agrees" and one.impossible:
        return f"{SECOND}单独算了一遍，也证明办不到"
    known = "已有" if one.status == "time_limit" else "最省"
    cost = [] if one.cost is None else [f"{known} {wan(one.cost)} 万元"]
    bound = [] if one.lower_bound is None else [f"至少要 {wan(one.lower_bound)} 万元"]
    return "，".join(
        [
            f"{SECOND}{SECOND_SAYS[one.status]}",
            *(["它证明办不到（没有查是哪条限制）"] if one.impossible else []),
            *cost,
            *bound,
        ]
    )


def left(plan: Plan) -> str:
    """Say what no money here mends; nothing where nothing is left."""
    if not plan.remaining or plan.assessment is None:
        return ""
    answers = plan.assessment.requirements
    return "；".join(f"{id} {answers[id].reason}" for id in plan.remaining)


def unpriced(plan: Plan) -> str:
    """Name what schools need and the prices do not have; nothing where nothing is missing."""
    return "、".join(PRICED[item] for item in plan.unpriced)


def price_sources(plan: Plan) -> str:
    """Say where the prices come from."""
    return "；".join(dict.fromkeys(filter(None, priced_terms(plan.case.terms).values())))


def invented(plan: Plan) -> str:
    """Return that facts or prices are invented, where they say so; else nothing."""
    told = f"{plan.before.county_name}{price_sources(plan)}"
    return "虚构数据和虚构价格，仅供演示" if INVENTED in told else ""
