"""Writes the Word document: what a county must know on its first pages, then a page of findings for each school."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from junheng.engine.display import shown
from junheng.engine.result import STATUS_LABELS, VERDICT_LABELS, Assessment, Measured, Section, Spread
from junheng.facts.model import Facts
from junheng.facts.schema import STAGE_LABELS
from junheng.output.advice import unasked_told, warnings_told
from junheng.output.by_school import Maker, School, by_school
from junheng.output.told import (
    NONE,
    UNREPORTED,
    county_told,
    figures,
    invented,
    labels_told,
    line_told,
    or_dash,
    readings_told,
    school_told,
    scope,
    sources,
    spread_told,
    targets_told,
    why_outside,
)

if TYPE_CHECKING:
    from docx.document import Document as Paper

STATES = {"failing": "不达标", "missing": UNREPORTED}


def write_assessment_docx(answer: Assessment, facts: Facts, file: Path) -> None:
    """Write one county's answer as a Word document; `facts` are those that it was judged from."""
    from junheng.output.document.paper import blank

    paper = blank(invented(facts))
    about = paper.core_properties
    about.title, about.author, about.language = f"{county_told(answer)}各校情况", "junheng", "zh-CN"
    day = answer.as_of
    # The day of the rules, so that the same answer is the same file.
    about.created = about.modified = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    schools = by_school(answer)
    _county(paper, answer, facts, schools)
    for school in schools:
        if school.has_findings:
            _school(paper, answer, school)
    paper.save(str(file))


def _county(paper: Paper, answer: Assessment, facts: Facts, schools: tuple[School, ...]) -> None:
    from junheng.output.document.paper import heading, say, table

    paper.add_paragraph(county_told(answer), style="Title")
    paper.add_paragraph("义务教育优质均衡各校情况", style="Title")
    notice = invented(facts)
    if notice:
        say(paper, f"（{notice}）", bold=True)
    say(paper, f"按{answer.rules.standard.full_title} {answer.as_of} 的规则，{_verdicts(answer)}")
    if any(school.has_findings for school in schools):
        say(paper, "有要办事项的学校各有一页，附在后面。")
    heading(paper, "一、各学段情况", 1)
    table(paper, ("学段", "结论", "学校", "达标", "在校生", "数据齐全"), (2, 3, 2, 2, 3, 3), _stage_rows(answer))
    heading(paper, "二、校际差异系数", 1)
    headings = ("学段", "指标", "县均值", "标准差", "差异系数", "上限", "结论")
    table(paper, headings, (20, 94, 30, 30, 46, 24, 30), _spread_rows(answer))
    heading(paper, "三、其他要求里没有达到或不能判定的", 1)
    _requirements(paper, answer)
    heading(paper, "四、没有要办事项的学校", 1)
    say(paper, _listed([school.name for school in schools if not school.has_findings]), small=True)
    heading(paper, "五、说明", 1)
    for text in _notes(answer, facts):
        say(paper, text, small=True)


def _verdicts(answer: Assessment) -> str:
    whole, resources = VERDICT_LABELS[answer.verdict], VERDICT_LABELS[answer.resources]
    return f"全县结论为{whole}，其中资源配置（{scope(answer)}）{resources}。"


def _stage_rows(answer: Assessment) -> Iterator[list[str]]:
    for stage, one in answer.stages.items():
        seen = answer.coverage[stage]
        own = [section for section in answer.sections if section.stage == stage and section.in_sample]
        passing = sum(section.verdict == "pass" for section in own)
        counts = [f"{one.schools}", f"{passing}", f"{one.pupils:,}", f"{seen.reported}/{seen.expected}"]
        yield [STAGE_LABELS[stage], VERDICT_LABELS[one.verdict], *counts]


def _spread_rows(answer: Assessment) -> Iterator[list[str]]:
    for stage, one in answer.stages.items():
        if not any(section.stage == stage for section in answer.sections):
            continue
        for id, spread in one.indicators.items():
            yield [STAGE_LABELS[stage], f"{id} {answer.rules.indicators[id].name}", *_spread(answer, spread)]


def _spread(answer: Assessment, spread: Spread) -> list[str]:
    display = answer.rules.standard.display
    return [
        or_dash(spread.mean, display.value_decimals),
        or_dash(spread.sd, display.value_decimals),
        spread_told(spread, display.spread_decimals),
        shown(spread.cv_limit, display.spread_decimals),
        VERDICT_LABELS[spread.status],
    ]


def _requirements(paper: Paper, answer: Assessment) -> None:
    from junheng.output.document.paper import say, table

    rows = [
        [one.id, one.name if len(one.parts) == 1 else part.name, *figures(part), VERDICT_LABELS[part.status]]
        for one in answer.requirements.values()
        for part in one.parts
        if part.status in {"fail", "undetermined"}
    ]
    if rows:
        table(paper, ("指标", "要求", "数值", "标准", "结论"), (2, 9, 3, 3, 3), rows)
    else:
        say(paper, "没有。")
    for text in targets_told(answer):
        say(paper, f"{text}。")


def _notes(answer: Assessment, facts: Facts) -> Iterator[str]:
    outside: dict[str, dict[str, None]] = defaultdict(dict)
    for section in answer.sections:
        if section.in_sample is False:
            outside[why_outside(answer, section)][school_told(section)] = None
    for why, names in outside.items():
        yield f"{why}：{'、'.join(names)}。"
    if told := unasked_told(answer):
        yield f"{told}。"
    for text in warnings_told(answer):
        yield f"时期提醒：{text}。"
    for text in readings_told(answer):
        yield f"有争议的读法：{text}。"
    yield f"数据来源：{'；'.join(sources(facts)) or '数据没有写明来源'}。"
    yield "缺口按购买单位取整；一校多学段共用的校舍、场地、设备，是全校要增加的数量。判定用未舍入的数。"


def _school(paper: Paper, answer: Assessment, school: School) -> None:
    from junheng.output.document.paper import heading, say, table

    heading(paper, school.name, 1, new_page=True)
    say(paper, f"学校标识码 {school.code}。", small=True)
    for section in school.sections:
        heading(paper, STAGE_LABELS[section.stage], 2)
        say(paper, _summary(answer, section), small=True)
        if section.in_sample is not False:
            table(paper, HEADINGS, WIDTHS, _measured_rows(answer, section))
    for one in school.makes:
        say(paper, _makes(answer, one), small=True)
    if school.shortcomings:
        heading(paper, "其他要求", 2)
        rows = [[one.indicator, one.part, one.subject or school.name, STATES[one.state]] for one in school.shortcomings]
        table(paper, ("指标", "要求", "对象", "情况"), (2, 8, 7, 3), rows)


def _makes(answer: Assessment, one: Maker) -> str:
    name = f"{STAGE_LABELS[one.stage]}{answer.rules.indicators[one.indicator].name}"
    return f"{name}的差异系数超过上限，本校占 {shown(one.share * 100, 1)}%。"


HEADINGS = ("指标", "本校", "标准值", "85% 线", "情况", "到 85% 还差", "到标准值还差", "占本项差异")
WIDTHS = (88, 40, 27, 27, 36, 40, 44, 30)


def _summary(answer: Assessment, section: Section) -> str:
    if section.in_sample is False:
        return f"{why_outside(answer, section)}。"
    pupils = "在校生数未报" if section.pupils is None else f"在校生 {section.pupils:,} 人"
    met = f"{section.met}/{len(section.indicators)} 项达到标准值"
    missing = dict.fromkeys(column for one in section.indicators.values() for column in one.missing)
    lacking = f"还没有报：{labels_told([*missing])}。" if missing else ""
    unsure = "学校类型或在校生数未报，不知是否纳入样本。" if section.in_sample is None else ""
    return f"{pupils}，{met}，结论：{VERDICT_LABELS[section.verdict]}。{lacking}{unsure}"


def _measured_rows(answer: Assessment, section: Section) -> Iterator[list[str]]:
    for id, one in section.indicators.items():
        share = answer.stages[section.stage].indicators[id].contributions.get(section.school_code)
        part = NONE if share is None else f"{shown(share * 100, 1)}%"
        yield [f"{id} {answer.rules.indicators[id].name}", *_measured(answer, id, one), part]


def _measured(answer: Assessment, id: str, one: Measured) -> list[str]:
    unit = answer.rules.indicators[id].measured.unit
    value = UNREPORTED if one.value is None else shown(one.value, answer.rules.standard.display.value_decimals)
    gaps = [f"{gap:,} {unit}" if gap else NONE for gap in (one.gap_to_floor, one.gap_to_threshold)]
    return [value, line_told(one.threshold), line_told(one.floor), STATUS_LABELS[one.status], *gaps]


def _listed(names: list[str]) -> str:
    return f"{'、'.join(names)}。" if names else "没有。"
