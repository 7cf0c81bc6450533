"""What stands beside the verdict in a terminal: the county's own targets, and readings that would turn something."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from junheng.engine.display import with_unit
from junheng.engine.result import VERDICT_LABELS, Assessment, Change
from junheng.facts.schema import STAGE_LABELS
from junheng.output.overlay import asked_line
from junheng.standard.differences import looser_targets

TURNED_SHOWN = 3


def target_lines(answer: Assessment) -> Iterator[Text]:
    """Say what the county's own targets add: those that are missed, and those that ask less than the document."""
    parts = [(id, part) for id, one in answer.requirements.items() for part in one.parts]
    for id, part in ((id, part) for id, part in parts if (part.status, part.target_status) == ("pass", "fail")):
        target = with_unit(part.target or 0.0, part.unit)
        yield Text(f"  {id} {part.name}：达到国家标准，未达到本县目标 {target}", style="yellow")
    for one in looser_targets(answer.rules.standard, answer.as_of):
        lines = f"{asked_line(one.second)}，低于国家标准 {asked_line(one.first)}"
        yield Text(f"  {one.indicator} {one.name}：本县目标 {lines}，认定仍按国家标准", style="yellow")


def reading_lines(answer: Assessment) -> Iterator[Text]:
    """Say which readings of disputed points would turn something."""
    if answer.readings:
        yield Text("\n换一种读法，结论会变（采用的读法见 junheng standard show）", style="bold")
    for one in answer.readings:
        turned = "、".join(_turned(answer, change) for change in one.changes[:TURNED_SHOWN])
        more = f"等 {len(one.changes)} 处" if len(one.changes) > TURNED_SHOWN else ""
        yield Text(f"  · {one.question}：若“{one.reading}”（{one.source}），{turned}{more}")


def _turned(answer: Assessment, change: Change) -> str:
    labels = f"{VERDICT_LABELS[change.now]}→{VERDICT_LABELS[change.then]}"
    if change.scope == "county":
        return f"{change.indicator} {labels}"
    stage, _, code = change.scope.partition(":")
    names = {one.school_code: one.school_name or one.school_code for one in answer.sections}
    return f"{STAGE_LABELS[stage]}{names.get(code, '')}{change.indicator} {labels}"
