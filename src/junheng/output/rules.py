"""The rule book in a terminal and as JSON: what is asked, against which line, since when, by which clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.facts.items import ITEMS
from junheng.facts.schema import STAGE_LABELS
from junheng.output.disputed import disputed_as_dicts
from junheng.output.json_text import json_text
from junheng.output.overlay import overlay_as_dict, part_line, print_overlay
from junheng.output.told import line_told
from junheng.standard.model import Disputed, Standard, Term
from junheng.standard.requirements import GROUPS, Requirement
from junheng.standard.rubrics import PLACES, SOURCES, Rubric


def documents_to_json(documents: Sequence[Standard]) -> str:
    """Return which documents there are as JSON text."""
    return json_text([{"id": one.id, "title": one.full_title} for one in documents])


def rules_to_json(standard: Standard) -> str:
    """Return the document as JSON text: indicators, requirements, clauses, open readings.

    Of an overlay: its rows, and under `document` what it overlays, so that the copy needs nothing beside it.
    """
    if standard.overlay is not None:
        return json_text(overlay_as_dict(standard.overlay) | {"document": _document(standard)})
    return json_text(_document(standard))


def _document(standard: Standard) -> dict[str, Any]:
    return {
        "id": standard.overlay.base if standard.overlay else standard.id,
        "title": standard.title,
        "number": standard.number,
        "issuer": standard.issuer,
        "source": standard.source,
        "effective": standard.effective.isoformat(),
        "stages": dict(STAGE_LABELS),
        "groups": dict(GROUPS),
        "pass_rule": {"may_miss": standard.may_miss, "floor": float(standard.floor)},
        "spread_limits": {
            day.isoformat(): {stage: float(limit) for stage, limit in by.items()}
            for day, by in standard.spread_limits.items()
        },
        "display": {
            "value_decimals": standard.display.value_decimals,
            "spread_decimals": standard.display.spread_decimals,
        },
        "exclusions": dict(standard.exclusions),
        "indicators": {id: _indicator(standard, id) for id in standard.indicators},
        "requirements": {id: _requirement(one) for id, one in standard.requirements.items()},
        "transition_clauses": {
            id: {"title": one.title, "from": one.effective.isoformat(), "until": one.until.isoformat()}
            for id, one in standard.transition_clauses.items()
        },
        "disputed": disputed_as_dicts(standard.disputed),
    }


def _indicator(standard: Standard, id: str) -> dict[str, Any]:
    one = standard.indicators[id]
    lines = {
        day.isoformat(): {
            **{stage: {"threshold": float(line), "floor": float(line * standard.floor)} for stage, line in by.items()},
            "reference": one.references[day],
        }
        for day, by in one.thresholds.items()
    }
    return {
        "name": one.name,
        "unit": one.unit,
        "per": one.per,
        "buying_unit": one.measured.unit,
        "apportioned": one.apportioned,
        "terms": [_term(term) for term in one.terms],
        "lines": lines,
        "definition": one.definition,
        "level": one.level,
        "time_basis": one.time_basis,
        "evidence": one.evidence,
        "disputed": disputed_as_dicts(one.disputed),
    }


def _term(term: Term) -> dict[str, Any]:
    labels = {stage: term.column(stage).label for stage in STAGE_LABELS}
    return {"fact": term.fact, "sign": term.sign, "clause": term.clause, "labels": labels}


def _requirement(one: Requirement) -> dict[str, Any]:
    parts = [
        {
            "id": part.id,
            "name": part.name,
            "kind": part.kind,
            "unit": part.unit,
            "relation": part.relation,
            "lines": {day.isoformat(): float(part.lines[day]) for day in part.references},
            "lines_told": {day.isoformat(): part_line(part, part.lines[day]) for day in part.references},
            "references": {day.isoformat(): reference for day, reference in part.references.items()},
        }
        for part in one.parts
    ]
    return {
        "name": one.name,
        "group": one.group,
        "clause": one.clause,
        "definition": one.definition,
        "level": one.level,
        "time_basis": one.time_basis,
        "judged_by": one.judged_by,
        "evidence": one.evidence,
        "figures_from": _figures_from(one),
        "rubric": list(one.observed),
        "points": _points(one.rubric) if one.rubric else [],
        "grading": list(one.rubric.rule) if one.rubric else [],
        "grading_source": SOURCES[one.rubric.source] if one.rubric else None,
        "parts": parts,
        "disputed": disputed_as_dicts(one.disputed),
    }


def _figures_from(one: Requirement) -> str | None:
    """Return in words which answer tells whose figures were entered; None where that is not asked."""
    source = one.figures_from
    if source is None:
        return None
    return f"{source.if_yes}或{source.if_no}，由“{ITEMS[source.item].label}”说明；不影响结论"


def _points(rubric: Rubric) -> list[dict[str, Any]]:
    return [
        {
            "id": point.id,
            "text": point.text,
            "at": PLACES[point.at],
            "look": point.looked,
            "source": SOURCES[point.source],
        }
        for point in rubric.points
    ]


def print_rules(standard: Standard, console: Console) -> None:
    """Print the document: indicators, requirements by group, points of observation, clauses, what is disputed.

    Of an overlay, its table as it is printed.
    """
    if standard.overlay is not None:
        print_overlay(standard.overlay, console)
        return
    console.print(Text(f"{standard.title}（{standard.number}），自 {standard.effective} 起", style="bold"))
    console.print(_indicators(standard))
    console.print(_requirements(standard))
    console.print(_rubrics(standard))
    for rule, ids in _gradings(standard).items():
        console.print(Text(f"{'、'.join(ids)} 怎么评定：{rule}"))
    for one in standard.transition_clauses.values():
        console.print(Text(f"过渡条款 {one.effective} 至 {one.until}（不含）：{one.title}"))
    for question in _disputed(standard):
        chosen = next(reading for reading in question.readings if reading.in_force)
        console.print(Text(f"有争议：{question.question}。采用：{chosen.reading}", style="dim"))


def _disputed(standard: Standard) -> Iterator[Disputed]:
    yield from standard.disputed
    for indicator in standard.indicators.values():
        yield from indicator.disputed
    for requirement in standard.requirements.values():
        yield from requirement.disputed


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading != "名称")
    return table


def _indicators(standard: Standard) -> Table:
    table = _table("\n资源配置", "指标", "名称", "学段", "标准值", "85% 线", "起")
    for one in standard.indicators.values():
        for day, lines in one.thresholds.items():
            for stage, line in lines.items():
                numbers = line_told(line), line_told(line * standard.floor)
                table.add_row(one.id, one.name, STAGE_LABELS[stage], *numbers, str(day))
    return table


def _requirements(standard: Standard) -> Table:
    table = _table("\n其他要求", "指标", "名称", "标准", "起", "类别")
    for one in standard.requirements.values():
        for part in one.parts:
            name = one.name if len(one.parts) == 1 else part.name
            lines = [(part_line(part, part.lines[day]), str(day)) for day in part.references]
            for line, day in lines or [("评定", "")]:
                table.add_row(one.id, name, line, day, GROUPS[one.group])
    return table


def _rubrics(standard: Standard) -> Table:
    table = _table("\n评定的观测点", "指标", "名称", "在哪里看", "怎么看", "来源")
    for one in standard.requirements.values():
        for point in one.rubric.points if one.rubric else ():
            table.add_row(one.id, point.text, PLACES[point.at], point.looked, SOURCES[point.source])
    return table


def _gradings(standard: Standard) -> dict[str, list[str]]:
    """Return the rules from points to grades, each with the requirements that are judged by it."""
    found: dict[str, list[str]] = {}
    for one in standard.requirements.values():
        if one.rubric:
            found.setdefault(f"{'；'.join(one.rubric.rule)}（{SOURCES[one.rubric.source]}）", []).append(one.id)
    return found
