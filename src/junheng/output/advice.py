"""What to do first, what to confirm and what is too old, as lines under the tables of an answer."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from junheng.engine.result import Assessment, Help, Reason
from junheng.facts.schema import STAGE_LABELS

REASONS_SHOWN = 20
TURNED = {"pass": "达标", "settled": "有定论"}
# What a spread or a requirement turns of itself needs no words.
UNSAID = {"spread", "requirement"}


def reason_lines(answer: Assessment) -> Iterator[Text]:
    """Yield the reasons, what would help most first, each with what acting on it alone would turn."""
    if answer.reasons:
        yield Text(f"\n原因（{len(answer.reasons)} 条，最有用的在前）", style="bold")
    for reason in answer.reasons[:REASONS_SHOWN]:
        yield Text(f"  · {reason.message}")
        if told := helps_told(answer, reason):
            yield Text(f"    → {told}", style="dim")
    if len(answer.reasons) > REASONS_SHOWN:
        yield Text(f"  …另有 {len(answer.reasons) - REASONS_SHOWN} 条，见 --format json", style="dim")


def helps_told(answer: Assessment, reason: Reason) -> str:
    """Return what acting on a reason alone would turn, or nothing where it turns no more than what it is about."""
    told = _turned(answer, reason)
    return f"{_act(reason)}，{told}" if told else ""


def _act(reason: Reason) -> str:
    act = reason.act
    if act and act.amount:
        return f"只需增加 {act.amount:,} {act.unit}"
    return "补报之后" if act and act.to == "reported" else "单是做到这一条"


def _turned(answer: Assessment, reason: Reason) -> str:
    own = {(one.turns, one.indicator) for one in reason.helps} == {("spread", reason.indicator)}
    said = [one for one in reason.helps if one.turns != "requirement" and not own]
    if not said or all(one.turns in UNSAID for one in said):
        return ""
    return f"{'、'.join(_place(answer, one) for one in said)}即{TURNED[said[0].to]}"


def _place(answer: Assessment, one: Help) -> str:
    """Return what is turned, in an officer's words."""
    stage, _, school = one.scope.partition(":")
    label = STAGE_LABELS.get(stage, "")
    if one.turns == "section":
        name = next(each.school_name or school for each in answer.sections if each.school_code == school)
        return f"{name}（{label}）"
    return {
        "spread": f"{label} {one.indicator} 差异系数",
        "stage": f"{label}学段",
        "resources": "资源配置",
        "county": "全县",
    }[one.turns]


def to_confirm(answer: Assessment) -> Iterator[Text]:
    """Yield what is not applicable, which is neither pass nor fail: somebody must confirm that it is so."""
    if told := unasked_told(answer):
        yield Text(f"\n{told}")


def unasked_told(answer: Assessment) -> str:
    """Return what is not applicable and must be confirmed, or nothing."""
    parts = [
        f"{id} {part.name}"
        for id, one in answer.requirements.items()
        for part in one.parts
        if part.status == "not_applicable"
    ]
    return f"请确认不适用（没有适用的对象）：{'、'.join(parts)}" if parts else ""


def warning_lines(answer: Assessment) -> Iterator[Text]:
    """Yield each warning under a title."""
    if answer.warnings:
        yield Text("\n时期提醒", style="bold")
    yield from (Text(f"  ! {told}", style="yellow") for told in warnings_told(answer))


def warnings_told(answer: Assessment) -> Iterator[str]:
    """Yield each warning once, with the indicators that it is about."""
    about: dict[str, list[str]] = {}
    for one in answer.warnings:
        about.setdefault(one.message, []).append(one.indicator)
    yield from (f"{_ids(answer, ids)}：{message}" for message, ids in about.items())


def _ids(answer: Assessment, ids: list[str]) -> str:
    """Return indicators by their ids, neighbours in the document joined."""
    order = list(answer.periods)
    if ids == order:
        return "各项"
    runs: list[list[str]] = []
    for id in ids:
        if runs and order.index(id) == order.index(runs[-1][-1]) + 1:
            runs[-1].append(id)
        else:
            runs.append([id])
    return "、".join(run[0] if len(run) == 1 else f"{run[0]}～{run[-1]}" for run in runs)
