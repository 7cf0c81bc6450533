"""A plan for the terminal: one page that a leader can read."""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.output import plan_told as told
from junheng.output.told import county_told
from junheng.planner.plan import Plan


def print_plan(plan: Plan, console: Console) -> None:
    """Print what it costs and how sure that is, then what is done, school by school, then what limits are worth."""
    console.print(_headline(plan))
    for because in plan.infeasible_because or ():
        console.print(Text(f"  · {because.message}", style="yellow"))
    if plan.actions:
        console.print(_summary(plan))
        console.print(Text("\n各校要办的事", style="bold"))
        for line in school_lines(plan):
            console.print(line)
    for text in _rest(plan):
        console.print(text)


def _headline(plan: Plan) -> Text:
    text = Text(f"{county_told(plan.before)}  ", style="bold")
    text.append(f"达标方案（{plan.before.rules.standard.id}，{plan.before.as_of} 的规则）\n", style="not bold")
    text.append(f"{told.status_told(plan)}\n", style="green" if plan.status == "optimal" else "yellow")
    text.append(told.cost_told(plan), style="bold")
    for line in filter(None, (told.proven(plan), told.second_told(plan), told.in_time_told(plan))):
        text.append(f"\n{line}", style="not bold")
    if plan.failing_schools:
        text.append(f"\n{told.failing(plan)}", style="bold red")
    return text


def _summary(plan: Plan) -> Table:
    looks = {"title": "\n办什么", "title_justify": "left", "title_style": "bold", "box": SIMPLE_HEAD}
    table = Table(**looks, show_edge=False, padding=(0, 1, 0, 0))  # type: ignore[arg-type]
    table.add_column("事项")
    for heading in ("数量", "校数", "一次性（万元）", "每年（万元）", "计入（万元）"):
        table.add_column(heading, justify="right")
    table.add_column("出自")
    table.add_column("最迟开始")
    for one in told.items(plan):
        money = [told.wan(fen) for fen in (one.one_off, one.yearly, one.cost)]
        latest = Text(f"{one.latest}{'，已赶不上' if one.late else ''}", style="yellow" if one.late else "")
        table.add_row(one.label, one.amount, str(one.schools), *money, one.column, latest)
    return table


def school_lines(plan: Plan) -> Iterator[str]:
    """Yield one line for each school with something to do, in words."""
    return (f"  {one.name}：{one.deeds}" for one in told.tasks(plan))


def _rest(plan: Plan) -> Iterator[Text]:
    yield from _listed("限制和要求值多少", (one.message for one in plan.worth))
    yield from _listed("差不多一样省的另一种办法", (told.alternative_told(plan, one) for one in plan.alternatives))
    points = (told.point_told(plan, one) for one in plan.frontier)
    yield from _listed("花多少钱，几所学校达标（不管差异系数）", points)
    if plan.unpriced:
        yield Text(f"\n价格表没有、因此没有列入的：{told.unpriced(plan)}", style="yellow")
    if left := told.left(plan):
        yield Text(f"\n花钱解决不了、要另外办的：{left}", style="yellow")
    yield Text(f"\n价格来源：{told.price_sources(plan)}", style="dim")
    yield Text(told.BY_ROSTER, style="dim")


def _listed(title: str, lines: Iterator[str]) -> Iterator[Text]:
    listed = list(lines)
    if listed:
        yield Text(f"\n{title}", style="bold")
        yield from (Text(f"  · {one}") for one in listed)
