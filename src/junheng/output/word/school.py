"""A school's page: for each stage what is met, what is below and by how much, what is missing, its share of spreads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from junheng.engine.display import shown
from junheng.engine.result import STATUS_LABELS, VERDICT_LABELS, Assessment, Measured, Section
from junheng.facts.schema import STAGE_LABELS
from junheng.output.gaps import made_spreads, missing_cells
from junheng.output.told import NONE, UNREPORTED, or_dash, school_told
from junheng.output.word.paper import Paper

HEADINGS = ("指标", "名称", "现值", "标准值", "判定", "差多少到85%", "差多少到标准值", "占差异")
WIDTHS_MM = (11, 42, 20, 19, 18, 16, 16, 14)
STATUSES_BELOW = ("floor", "below")


def write_school(answer: Assessment, sections: Sequence[Section], paper: Paper) -> None:
    """Write the page of a school, whose stages with findings are `sections`."""
    paper.heading(school_told(sections[0]), new_page=True)
    paper.text(f"学校标识码 {sections[0].school_code}。")
    for section in sections:
        _write_section(answer, section, paper)


def _write_section(answer: Assessment, section: Section, paper: Paper) -> None:
    pupils = UNREPORTED if section.pupils is None else f"{section.pupils:,} 人"
    told = VERDICT_LABELS[section.verdict] if section.in_sample else "是否纳入样本待定"
    paper.subheading(f"{STAGE_LABELS[section.stage]}：在校生 {pupils}，{told}")
    for line in _findings(answer, section):
        paper.text(line)
    paper.table(HEADINGS, _rows(answer, section), WIDTHS_MM)


def _findings(answer: Assessment, section: Section) -> Iterator[str]:
    """Yield what there is to say, what is met first."""
    met = [id for id, one in section.indicators.items() if one.status == "met"]
    yield f"达到标准值 {len(met)} 项：{'、'.join(met) or '没有'}。"
    for id, one in section.indicators.items():
        if one.status in STATUSES_BELOW:
            yield f"{id} {answer.rules.indicators[id].name}{STATUS_LABELS[one.status]}，{_lack(answer, id, one)}。"
    if cells := missing_cells(section):
        yield f"未报：{'、'.join(cells)}。"
    for id, share in made_spreads(answer, section).items():
        name = answer.rules.indicators[id].name
        yield f"{STAGE_LABELS[section.stage]}{name}的校际差异，本校占 {shown(share * 100, 1)}%。"


def _lack(answer: Assessment, id: str, one: Measured) -> str:
    unit = answer.rules.indicators[id].measured.unit
    floor = f"再增加 {one.gap_to_floor:,} {unit}到 85%，" if one.gap_to_floor else ""
    return f"{floor}{'' if floor else '再'}增加 {one.gap_to_threshold:,} {unit}到标准值"


def _rows(answer: Assessment, section: Section) -> Iterator[tuple[str, ...]]:
    decimals = answer.rules.standard.display.value_decimals
    spreads = answer.stages[section.stage].indicators
    for id, one in section.indicators.items():
        share = spreads[id].contributions.get(section.school_code)
        yield (
            id,
            answer.rules.indicators[id].name,
            UNREPORTED if one.value is None else or_dash(one.value, decimals),
            shown(one.threshold, decimals),
            STATUS_LABELS[one.status],
            _gap(answer, id, one.gap_to_floor),
            _gap(answer, id, one.gap_to_threshold),
            NONE if share is None else f"{shown(share * 100, 1)}%",
        )


def _gap(answer: Assessment, id: str, gap: int | None) -> str:
    return f"{gap:,} {answer.rules.indicators[id].measured.unit}" if gap else NONE
