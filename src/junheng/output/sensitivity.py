"""What one more unit does, as lines of a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from junheng.engine.display import shown
from junheng.engine.result import STATUS_LABELS, VERDICT_LABELS
from junheng.engine.sensitivity import Effect, Sensitivity, State
from junheng.facts.schema import STAGE_LABELS

DECIMALS = 6
IN_SAMPLE = {True: "进样本", False: "不进样本", None: "不知是否进样本"}


def sensitivity_lines(one: Sensitivity) -> Iterator[Text]:
    """Yield what one more unit and one more pupil do, and how many units reach each line."""
    yield Text("\n再增加一点会怎样", style="bold")
    told = [*one.resource[-1:], *([one.pupil] if one.pupil else [])]
    if not one.resource:
        yield Text("  数据未报，还说不出增加一个单位的作用")
    for more in told:
        yield Text(f"  {more.label}加 {more.amount:,} {more.unit}：")
        yield from (Text(f"    {_effect(effect)}") for effect in more.effects)
    yield from (Text(f"  {line}") for line in _reached(one))


def _effect(effect: Effect) -> str:
    before, after = effect.before, effect.after
    parts = [f"{STAGE_LABELS[effect.stage]}指标值 {_number(before.value)} → {_number(after.value)}"]
    parts += _changed("", STATUS_LABELS[before.status], STATUS_LABELS[after.status])
    parts += _changed("", IN_SAMPLE[before.in_sample], IN_SAMPLE[after.in_sample])
    parts += _changed("该校", VERDICT_LABELS[before.verdict], VERDICT_LABELS[after.verdict])
    parts.append(f"差异系数 {spread_of(before)} → {spread_of(after)}")
    parts += _changed("", VERDICT_LABELS[before.cv_status], VERDICT_LABELS[after.cv_status])
    parts += _changed("学段", VERDICT_LABELS[before.stage_verdict], VERDICT_LABELS[after.stage_verdict])
    return "，".join(parts)


def _changed(what: str, before: str, after: str) -> list[str]:
    return [] if before == after else [f"{what}由{before}变为{after}"]


def _number(value: float | None) -> str:
    return "—" if value is None else shown(value, 4)


def spread_of(state: State) -> str:
    """Return a spread as it is known: a number, or its bounds."""
    if state.cv is not None:
        return shown(state.cv, DECIMALS)
    if state.cv_bounds is None:
        return "—"
    low, high = state.cv_bounds
    return f"{shown(low, 3)}～{'∞' if high is None else shown(high, 3)}"


def _reached(one: Sensitivity) -> Iterator[str]:
    unit = one.resource[0].unit if one.resource else ""
    if one.gap_to_threshold:
        floor = f"（{one.gap_to_floor:,} {unit}到 85%）" if one.gap_to_floor else ""
        yield f"再有 {one.gap_to_threshold:,} {unit}即达到标准值{floor}"
    if _over(one):
        alone = one.units_to_limit
        told = "单靠这所学校不能" if alone is None else f"单是这所学校再有 {alone:,} {unit}即可"
        yield f"{told}使本学段差异系数降到上限之内"


def _over(one: Sensitivity) -> bool:
    """Whether the stage's spread is known and over its limit, and this section is in it."""
    states = [one.own(more).before for more in one.resource]
    return any(state.cv is not None and state.cv_status == "fail" and state.in_sample for state in states)
