"""The answer as tables that people like to read in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.engine.display import shown
from junheng.engine.result import VERDICT_LABELS, Assessment, Measured, Section, Spread
from junheng.facts.problems import Unusable
from junheng.facts.schema import BASES, STAGE_LABELS
from junheng.output.advice import reason_lines, to_confirm, warning_lines
from junheng.output.told import (
    county_told,
    figures,
    or_dash,
    readings_told,
    school_told,
    scope,
    spread_told,
    targets_told,
    why_outside,
)

STYLES = {"pass": "green", "fail": "bold red", "undetermined": "yellow", "not_applicable": "dim"}
STATUS_STYLES = {"met": "", "floor": "yellow", "below": "bold red", "missing": "dim"}
STATUS_MARKS = {"met": "", "floor": "▽", "below": "✗", "missing": ""}


def print_assessment(answer: Assessment, console: Console) -> None:
    """Print the verdict first, then the stages' spreads, the schools, and the reasons."""
    console.print(_headline(answer))
    for stage in answer.stages:
        if any(section.stage == stage for section in answer.sections):
            console.print(_spread_table(answer, stage))
            console.print(_section_table(answer, stage))
    console.print(_requirement_table(answer))
    for line in (*_target_lines(answer), *reason_lines(answer), *to_confirm(answer)):
        console.print(line)
    for line in (*warning_lines(answer), *_reading_lines(answer)):
        console.print(line)
    console.print(_footnote(answer), style="dim")


def print_problems(error: Unusable, console: Console) -> None:
    """Print every problem of unusable input, numbered."""
    console.print(f"数据不能使用，共 {len(error.problems)} 处问题：", style="bold red")
    for number, problem in enumerate(error.problems, 1):
        console.print(f"{number:>3}. {problem}", markup=False, highlight=False)


def _headline(answer: Assessment) -> Text:
    standard = answer.rules.standard
    text = Text(f"{county_told(answer)}  ", style="bold")
    text.append(f"{standard.title}（{standard.number}）  {answer.as_of} 的规则\n", style="not bold")
    text.append(_period(answer), style="not bold")
    text.append("结论：")
    text.append(VERDICT_LABELS[answer.verdict], style=STYLES[answer.verdict])
    text.append(f"\n{scope(answer)} 资源配置：", style="not bold")
    text.append(VERDICT_LABELS[answer.resources], style=STYLES[answer.resources])
    for stage, one in answer.stages.items():
        seen = answer.coverage[stage]
        text.append(f"\n{STAGE_LABELS[stage]}：", style="not bold")
        text.append(VERDICT_LABELS[one.verdict], style=STYLES[one.verdict])
        text.append(
            f"  {one.schools} 校 {one.pupils:,} 人，各项齐全 {seen.reported}/{seen.expected} 校", style="not bold"
        )
    return text


def _period(answer: Assessment) -> str:
    """Return a line that names the period of the facts, where they say it."""
    row: dict[str, Any] = next(iter(answer.facts.tables["period"].to_pylist()), {})
    year, day = row.get("school_year"), row.get("counting_date")
    told = [year and f"{year} 学年", day and f"统计时点 {day}", BASES.get(row.get("basis") or "")]
    return f"数据：{'，'.join(one for one in told if one)}\n" if any(told) else ""


def _table(title: str) -> Table:
    """Return a table narrow enough for 80 columns: no lines between columns, one blank."""
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 0),
    )


def _spread_table(answer: Assessment, stage: str) -> Table:
    one = answer.stages[stage]
    table = _table(f"\n{STAGE_LABELS[stage]}校际差异系数")
    table.add_column("指标", no_wrap=True)
    table.add_column("名称", min_width=12, max_width=48, overflow="fold")
    for heading in ("标准值", "县均值", "标准差", "差异系数", "上限"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("结论", no_wrap=True)
    for id, spread in one.indicators.items():
        table.add_row(*_spread_row(answer, stage, id, spread))
    decimals = answer.rules.standard.display.spread_decimals
    composite = "—" if one.composite_cv is None else shown(one.composite_cv, decimals)
    table.add_row("综合", f"{len(one.indicators)} 项平均，只供参考", "", "", "", composite, "", "", style="dim")
    return table


def _spread_row(answer: Assessment, stage: str, id: str, spread: Spread) -> Iterator[str | Text]:
    display = answer.rules.standard.display
    indicator = answer.rules.indicators[id]
    yield id
    yield indicator.name
    yield shown(float(answer.rules.thresholds[id][stage]), display.value_decimals)
    yield or_dash(spread.mean, display.value_decimals)
    yield or_dash(spread.sd, display.value_decimals)
    yield spread_told(spread, display.spread_decimals)
    yield shown(spread.cv_limit, display.spread_decimals)
    yield Text(VERDICT_LABELS[spread.status], style=STYLES[spread.status])


def _section_table(answer: Assessment, stage: str) -> Table:
    table = _table(f"\n{STAGE_LABELS[stage]}各校（▽ 未达标准值但达到85%，✗ 未达85%，? 未报，* 临界）")
    table.add_column("学校", min_width=10, max_width=40, overflow="fold")
    table.add_column("学生", justify="right", no_wrap=True)
    for id in answer.rules.indicators:
        table.add_column(id, justify="right", no_wrap=True)
    table.add_column("达标", justify="right", no_wrap=True)
    table.add_column("结论", no_wrap=True)
    for section in answer.sections:
        if section.stage == stage:
            table.add_row(*_section_row(answer, section))
    return table


def _section_row(answer: Assessment, section: Section) -> Iterator[str | Text]:
    decimals = answer.rules.standard.display.value_decimals
    outside = section.in_sample is False
    yield Text(school_told(section), style="dim" if outside else "")
    yield "?" if section.pupils is None else f"{section.pupils:,}"
    for one in section.indicators.values():
        yield Text(_cell(one, decimals), style="dim" if outside else STATUS_STYLES[one.status])
    yield f"{section.met}/{len(section.indicators)}"
    yield _section_verdict(section)


def _cell(one: Measured, decimals: int) -> str:
    if one.value is None:
        return "?"
    return f"{STATUS_MARKS[one.status]}{shown(one.value, decimals)}{'*' if one.borderline else ''}"


def _section_verdict(section: Section) -> Text:
    if section.in_sample is False:
        return Text("不纳入", style="dim")
    return Text(VERDICT_LABELS[section.verdict], style=STYLES[section.verdict])


def _requirement_table(answer: Assessment) -> Table:
    table = _table("\n政府保障、教育质量、社会认可和一票否决")
    table.add_column("指标", no_wrap=True)
    table.add_column("名称", min_width=20, max_width=64, overflow="fold")
    for heading in ("数值", "标准"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("结论", no_wrap=True)
    for one in answer.requirements.values():
        for at, part in enumerate(one.parts):
            label = Text(VERDICT_LABELS[part.status], style=STYLES[part.status])
            name = one.name if len(one.parts) == 1 else part.name
            table.add_row(one.id if at == 0 else "", name, *figures(part), label)
    return table


def _target_lines(answer: Assessment) -> Iterator[Text]:
    yield from (Text(f"  {told}", style="yellow") for told in targets_told(answer))


def _reading_lines(answer: Assessment) -> Iterator[Text]:
    if answer.readings:
        yield Text("\n换一种读法，结论会变（采用的读法见 junheng standard show）", style="bold")
    yield from (Text(f"  · {told}") for told in readings_told(answer))


def _footnote(answer: Assessment) -> str:
    excluded = [section for section in answer.sections if section.in_sample is False]
    why = "；".join(f"{school_told(s)}：{why_outside(answer, s)}" for s in excluded[:5])
    outside = f"\n不纳入样本 {len(excluded)} 处：{why}{'…' if len(excluded) > 5 else ''}" if excluded else ""
    return f"{outside}\n判定用未舍入的数；显示保留两位小数，差异系数三位。"
