"""What the pages of searches show: where one stands, how it goes, what was found, by when things must begin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from junheng import api as jh
from junheng_web.assessment.telling import NONE
from junheng_web.organisation.models import Job
from junheng_web.planning import bundles
from junheng_web.planning.models import PlanRun, Sample, Terms
from junheng_web.planning.terms import invented, label_of

WAN = 1_000_000
MILLION, THOUSAND = 1_000_000, 1000
Told = dict[str, Any]
# Outcome: sign of its card, and tone.
TONES = {"optimal": "pass", "feasible": "undetermined", "infeasible": "fail", "time_limit": "undetermined"}
VERDICT_WORDS = {"pass": "达标", "fail": "不达标", "undetermined": "不能判定"}


def wan(fen: int | None) -> str:
    """Return money in 万元 with separators and two decimals."""
    return NONE if fen is None else jh.shown(fen / WAN, 2)


def standing(plan: PlanRun) -> Told:
    """Return where a search stands: its word, its tone, and what the reader should know of it."""
    job = plan.job
    if plan.outcome:
        word = plan.get_outcome_display()
        note = "中途停下，留下了停下时最好的结果。" if plan.stopped else _interrupted(job, "从头再算，已经算完")
        return {"word": word, "tone": TONES[plan.outcome], "note": note, "going": False}
    word, tone, note = _of_job(job)
    return {"word": word, "tone": tone, "note": note, "going": not job.ended_at}


def _of_job(job: Job) -> tuple[str, str, str]:
    match job.status:
        case Job.Status.WAITING:
            return "排队", "undetermined", _interrupted(job, "排着队，等着从头再算")
        case Job.Status.RUNNING if job.lease_until and job.lease_until < timezone.now():
            return "没有回音", "undetermined", "处理它的进程没有回音，可能是服务停了；服务恢复以后，会自动从头再算。"
        case Job.Status.RUNNING:
            return "正在停止" if job.cancel else "正在求解", "undetermined", _interrupted(job, "正在从头再算")
        case Job.Status.CANCELLED:
            return "已停止", "undetermined", "停下时还没有找到方案。可以再求一次，多给些时间。"
        case Job.Status.INTERRUPTED:
            return "中断", "fail", job.error
        case _:
            return "没有算成", "fail", job.error


def _interrupted(job: Job, told: str) -> str:
    return f"处理它的进程中断过，{told}（第 {job.attempts} 次）。" if job.attempts > 1 else ""


def listed(plans: list[PlanRun]) -> list[Told]:
    """Return what the list of searches shows."""
    return [{"plan": one, "standing": standing(one), "cost": wan(one.cost), "gap": gap_told(one)} for one in plans]


def gap_told(plan: PlanRun) -> str:
    """Say how near to the best a plan is: proven, or how far it may be from it."""
    if plan.outcome == PlanRun.Outcome.OPTIMAL:
        return "已证明"
    if plan.cost is None or plan.bound is None or plan.outcome == PlanRun.Outcome.INFEASIBLE:
        return NONE
    return percent(_gap(plan.cost, plan.bound))


def _gap(best: int, bound: int) -> float:
    return max(0, best - bound) / best if best else 0.0


def percent(share: float) -> str:
    """Return a share with two decimals."""
    return f"{jh.shown(share * 100, 2)}%"


def progress(plan: PlanRun) -> Told:
    """Return how far a search is: its samples of the newest attempt as a chart and as figures."""
    samples = list(Sample.objects.of(plan.county).filter(plan=plan))
    last = max((one.attempt for one in samples), default=0)
    own = [(one.milliseconds, one.best, one.bound) for one in samples if one.attempt == last]
    best, bound = (_newest(own, at) for at in (1, 2))
    gap = percent(_gap(best, bound)) if best is not None and bound is not None else NONE
    drawn = [*own, (plan.job.done * THOUSAND, None, None)] if own and not plan.outcome else own
    chart = SafeString(jh.progress_chart(sorted(drawn, key=lambda one: one[0])).svg())
    figures = [("最好的方案（万元）", wan(best)), ("至少要（万元）", wan(bound)), ("还差", gap)]
    return {"chart": chart, "figures": figures, "rows": [_sample(one) for one in own[-12:]], "samples": len(own)}


def _newest(samples: list[tuple[int, int | None, int | None]], at: int) -> int | None:
    return next((one[at] for one in reversed(samples) if one[at] is not None), None)


def _sample(one: tuple[int, int | None, int | None]) -> Told:
    milliseconds, best, bound = one
    gap = NONE if best is None or bound is None else percent(_gap(best, bound))
    return {"seconds": f"{milliseconds / THOUSAND:.1f}", "best": wan(best), "bound": wan(bound), "gap": gap}


def page(plan: PlanRun) -> Told:
    """Return what the page of a search shows."""
    told = {"plan": plan, "standing": standing(plan), "progress": progress(plan), "how": _how(plan)}
    if not plan.digest:
        return told
    found = bundles.told_of(plan.digest)
    return {
        **told,
        "found": found,
        "cards": list(_cards(plan, found)),
        "because": list(_because(found)),
        "items": [_money(one) for one in found["items"]],
        "tasks": [_money(one) for one in found["tasks"]],
        "worth": [{**one, "saves": wan(one["saves"])} for one in found["worth"]],
        "charts": {name: bundles.chart_of(plan, name) for name in bundles.CHARTS},
        "total": _total(found),
        "rotation": list(_rotation(found)),
    }


def _how(plan: PlanRun) -> list[tuple[str, str]]:
    base = plan.base
    return [
        ("从哪次评估出发", f"{base.code} {base.snapshot.label}（{base.snapshot.get_basis_display()}）"),
        ("规则", f"{base.rules.standard}，{base.as_of} 的规则"),
        ("价格和限制", f"{plan.terms}{'（虚构价格，仅供演示）' if invented(plan.terms.tables) else ''}"),
        ("从哪一天起可以着手", f"{plan.begins}"),
        ("最多算多久", f"{plan.seconds} 秒，算到差距 {percent(plan.gap / MILLION)}"),
        ("程序", f"引擎第 {plan.engine} 版；{plan.planner}" if plan.planner else NONE),
    ]


def _cards(plan: PlanRun, found: Told) -> Iterator[Told]:
    """Yield the large figures: what it costs, how sure that is, who passes, what still counts in time."""
    if plan.cost is None:
        yield {"title": "方案", "value": "没有", "note": found["status_told"], "status": ""}
        return
    yield {"title": "经费（万元）", "value": wan(plan.cost), "note": found["compared"]}
    sure = {"optimal": "已证明", "infeasible": "办不到"}.get(plan.outcome) or gap_told(plan)
    yield {"title": "离最省还差", "value": sure, "note": found["proven"] or found["status_told"]}
    before, after = found["passing"]
    note = f"共 {found['everybody']} 所进入样本；办之前和办之后"
    yield {"title": "达标学校", "value": f"{before} → {after}", "note": note}
    if found["in_time"]:
        one = found["in_time"]
        yield {"title": f"来得及计入 {one['day']} 的（万元）", "value": wan(one["cost"]), "note": one["told"]}


def _because(found: Told) -> Iterator[Told]:
    """Yield the limits that stand in the way, each with by how much it would have to give way."""
    for one in found["because"]:
        amount = one["relax_by"]
        about = "至少 " if one["at_least"] else ""
        told = "单放宽这一条不够" if amount is None else f"放宽 {about}{amount:,}"
        yield {"message": one["message"], "relax": told}


def _money(one: Told) -> Told:
    return {**one, **{name: wan(one[name]) for name in ("one_off", "yearly", "cost") if name in one}}


def _total(found: Told) -> Told:
    return {name: wan(sum(one[name] for one in found["items"])) for name in ("one_off", "yearly", "cost")}


def _rotation(found: Told) -> Iterator[Told]:
    """Yield the transfers school by school: who gives, how many of which kind, to whom."""
    givers = dict.fromkeys(one["from"] for one in found["moves"])
    for giver in givers:
        own = [one for one in found["moves"] if one["from"] == giver]
        yield {"from": giver, "people": sum(one["people"] for one in own), "moves": own}


def calendar(plan: PlanRun) -> Told:
    """Return by when each thing must begin for the next counting date, and what the verdict would be then."""
    found = bundles.told_of(plan.digest)
    groups: dict[str, list[Told]] = {}
    for one in found["steps"]:
        groups.setdefault(one["latest"], []).append({**one, "cost": wan(one["cost"])})
    days = [_starting(day, steps) for day, steps in groups.items()]
    return {"plan": plan, "found": found, "days": days, "in_time": _in_time(found["in_time"])}


def _starting(day: str, steps: list[Told]) -> Told:
    late = any(one["late"] for one in steps)
    return {"title": f"最迟 {day} 开始" if day else "没有写需要几个月", "steps": steps, "late": late}


def _in_time(one: Told | None) -> Told | None:
    return one and {**one, "cost": wan(one["cost"])}


def terms_told(terms: Terms | None) -> Told | None:
    """Return what a page says of the terms on which it rests: prices with source and date, limits, roads."""
    if terms is None:
        return None
    tables = terms.tables
    prices = [
        {
            "label": label_of(row),
            "unit": wan_or_yuan(row.get("unit_price")),
            "fixed": wan_or_yuan(row.get("fixed_price")),
            "yearly": wan_or_yuan(row.get("yearly_price")),
            "months": row.get("lead_months", NONE),
            "source": row.get("source", NONE),
            "date": row.get("date", NONE),
        }
        for row in tables["prices"]
    ]
    counts = {"limits": len(tables["limits"]), "distances": len(tables["distances"])}
    return {"terms": terms, "prices": prices, "invented": invented(tables), **counts}


def wan_or_yuan(fen: int | None) -> str:
    """Return a price in yuan, with separators."""
    return NONE if fen is None else jh.shown(fen / 100, 2)
