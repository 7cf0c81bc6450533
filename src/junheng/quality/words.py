"""What a finding says, in Chinese: labels and units from the data dictionary, names from the rule book."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from junheng.facts.schema import SCHOOLS, STAGE_LABELS, TABLES, Column, Kind
from junheng.facts.writers import plain
from junheng.quality.model import OWN_STAGE, Bounds, Check, When
from junheng.quality.views import Context

DIGITS_SHOWN = 4
DIGITS_OF_A_DOUBLE = 15


@dataclass(frozen=True, slots=True)
class Hit:
    """One row of a check's statement, with the row of the table that it is about."""

    stage: str | None
    column: str
    measured: float | None
    low: float | None
    high: float | None
    other: str | None
    row: Mapping[str, Any]


Saying = tuple[str, str]
"""What was expected, and the whole sentence about what was found."""


def say(check: Check, hit: Hit, context: Context) -> Saying:
    """Return what was expected of a hit, and the sentence about it."""
    return SENTENCES[check.kind](check, hit, context)


def written(value: Any, column: Column) -> str | None:
    """Return a cell as a person would have typed it: in written units, codes by their labels; None if empty."""
    if value is None or value == "":
        return None
    if column.kind is Kind.FLAG:
        return "是" if value else "否"
    return column.choices.get(value, plain(value, column))


def _with_unit(value: Any, column: Column) -> str:
    text = written(value, column)
    return "未报" if text is None else f"{text} {column.unit}".rstrip()


def _short(number: float, *lines: Fraction | None) -> str:
    """Return a measured number in few digits, but in enough that it does not look as if it were on one of `lines`."""
    for digits in range(DIGITS_SHOWN, DIGITS_OF_A_DOUBLE + 1):
        text = format(Decimal(f"{number:.{digits}g}"), "f")
        if Fraction(text) not in lines:
            break
    return text.rstrip("0").rstrip(".") if "." in text else text


def _line(number: Fraction) -> str:
    return _short(float(number))


def _labels(check: Check, names: Sequence[str], hit: Hit) -> str:
    """Return columns joined by a plus sign: those that the row reports, or all where it reports none."""
    columns = [check.column(name, hit.stage) for name in names]
    said = [column for column in columns if hit.row[column.name]] or columns[:1]
    return "＋".join(column.label for column in said)


def _number(check: Check, number: float | None, hit: Hit) -> str:
    column = check.column(check.terms.columns[0], hit.stage)
    return _with_unit(round(number or 0), column)


def _believed(bounds: Bounds, stage: str | None, context: Context) -> str:
    least, most = bounds.of(stage, context.day)
    if least is not None and most is not None:
        return f"应在 {_line(least)}～{_line(most)} 之间"
    return f"应不小于 {_line(least)}" if least is not None else f"应不大于 {_line(most or Fraction(0))}"


def _within(check: Check, hit: Hit, _: Context) -> Saying:
    whole = f"{_labels(check, check.terms.against, hit)} {_number(check, hit.high, hit)}"
    part = f"{_labels(check, check.terms.columns, hit)}为 {_number(check, hit.measured, hit)}"
    return f"不多于{whole}", f"{part}，多于{whole}"


def _sum_of(check: Check, hit: Hit, _: Context) -> Saying:
    listed = f"{TABLES[check.terms.table].label}表里的 {_number(check, hit.high, hit)}"
    here = f"{_labels(check, check.terms.columns, hit)}为 {_number(check, hit.measured, hit)}"
    return f"等于{listed}", f"{here}，不等于{listed}"


def _range(check: Check, hit: Hit, context: Context) -> Saying:
    expected = _believed(check.terms.bounds, hit.stage, context)
    return expected, f"{_labels(check, check.terms.columns, hit)}为 {_number(check, hit.measured, hit)}，{expected}"


def _ratio(check: Check, hit: Hit, context: Context) -> Saying:
    expected = _believed(check.terms.bounds, hit.stage, context)
    return expected, f"{_per(check, hit, *check.terms.bounds.of(hit.stage, context.day))}，{expected}"


def _per(check: Check, hit: Hit, *lines: Fraction | None) -> str:
    over, under = (_labels(check, names, hit) for names in (check.terms.columns, check.terms.against))
    return f"{over} ÷ {under} ＝ {_short(hit.measured or 0, *lines)}"


def _requires(check: Check, hit: Hit, _: Context) -> Saying:
    must = check.terms.must
    assert must is not None  # noqa: S101 (the loader reads it for this kind)
    because = [_told(check, one, hit) for one in check.when if (one.column, one.value) != (OWN_STAGE, True)]
    expected = _wanted(check, must, hit)
    wanted = [] if must.test == "reported" else [expected]
    return expected, "，".join([*because, _told(check, must, hit), *wanted])


def _told(check: Check, one: When, hit: Hit) -> str:
    """Return what the school says in the cell that a condition asks about."""
    if one.column == OWN_STAGE:
        return f"学校类型没有{STAGE_LABELS[hit.stage or '']}学段"
    column = check.column(one.column, hit.stage)
    value = written(hit.row[column.name], column)
    if value is None:
        return f"{column.label}未填"
    return f"{column.label}为{' ' if value.isascii() else ''}{value} {column.unit}".rstrip()


def _wanted(check: Check, must: When, hit: Hit) -> str:
    """Return what the cell should hold instead."""
    column = check.column(must.column, hit.stage)
    if must.test == "reported":
        return "应当填写"
    if must.test == "differs_from":
        return f"应不同于{check.column(must.value, hit.stage).label}"
    if isinstance(must.value, Fraction):
        amount = f"{_line(must.value)} {column.unit}".rstrip()
        return f"应至少 {amount}" if must.test == "at_least" else f"应至多 {amount}" if must.value else "应为 0"
    if isinstance(must.value, bool):
        return f"应为{'是' if must.value else '否'}"
    return f"应为{'或'.join(column.choices.get(code, code) for code in must.value)}"


def _unique(check: Check, hit: Hit, _: Context) -> Saying:
    labels = "＋".join(check.column(name, hit.stage).label for name in check.terms.columns)
    values = (written(hit.row[name], check.column(name, hit.stage)) for name in check.terms.columns)
    return (
        f"{labels}不重复",
        f"{labels}“{'＋'.join(str(value) for value in values)}”与前面第 {int(hit.other or 0) + 1} 条重复",
    )


def _reference(check: Check, hit: Hit, _: Context) -> Saying:
    known = f"{TABLES[check.terms.table].label}表里的{TABLES[check.terms.table].column(check.terms.measured).label}"
    column = check.column(check.terms.columns[0], hit.stage)
    return f"是{known}", f"{column.label}“{hit.row[column.name]}”不是{known}"


def _unit_slip(check: Check, hit: Hit, _: Context) -> Saying:
    factor, because = list(check.terms.slips.items())[int(hit.other or 0)]
    times = f"约为 {_line(factor)} 倍"
    return (
        f"每生约 {_short(hit.low or 0)}",
        f"{_per(check, hit)}，与同类学校的中位数 {_short(hit.low or 0)} 相比{times}：{because}",
    )


def _outlier(check: Check, hit: Hit, _: Context) -> Saying:
    middle = f"同类 {int(hit.high or 0)} 处的中位数 {_short(hit.low or 0)}"
    return f"接近{middle}", f"{_per(check, hit)}，远离{middle}"


def _hugging(check: Check, hit: Hit, context: Context) -> Saying:
    indicator = context.any_rules.indicators[hit.other or ""]
    line = f"标准值 {_short(hit.low or 0)} {indicator.unit}"
    place = f"比{line}高出不超过 {_line(check.terms.margin * 100)}%" if check.terms.margin else f"正好等于{line}"
    return f"留有余量（{line}）", f"{STAGE_LABELS[hit.stage or '']} {indicator.id} {indicator.name}{place}"


def _change(check: Check, hit: Hit, _: Context) -> Saying:
    if check.terms.side:
        return _event(check, hit)
    now, before = hit.measured or 0, hit.low or 0
    names = [_labels(check, names, hit) for names in (check.terms.columns, check.terms.against) if names]
    unit = "" if check.terms.against else f" {check.column(check.terms.columns[0], hit.stage).unit}".rstrip()
    share = f"，{'增加' if now > before else '减少'} {_short(abs(now - before) / before * 100)}%" if before else ""
    band = check.terms.rise if now > before else check.terms.fall
    believed = f"与上年相比{'增加' if now > before else '减少'}不超过 {_line((band or Fraction(0)) * 100)}%"
    return believed, f"{' ÷ '.join(names)}由上年的 {_short(before)}{unit}变为 {_short(now)}{unit}{share}"


def _event(check: Check, hit: Hit) -> Saying:
    code, name = hit.row["school_code"] or "（未填）", hit.row["school_name"] or "未填校名"
    told = {
        "appeared": ("上年也有", f"学校标识码 {code}（{name}）上年没有"),
        "vanished": ("今年也有", f"上年的学校标识码 {code}（{name}）今年没有"),
        "recoded": (f"上年的 {hit.other}", f"{name}的学校标识码由上年的 {hit.other} 变为 {code}"),
    }
    return told[check.terms.side]


def _needed(_: Check, hit: Hit, __: Context) -> Saying:
    return "填写", f"{SCHOOLS.column(hit.column).label}未报，{hit.other} 因此没有数值"


def _read(_: Check, __: Hit, ___: Context) -> Saying:
    return "", ""


SENTENCES: Mapping[str, Callable[[Check, Hit, Context], Saying]] = {
    "within": _within,
    "sum_of": _sum_of,
    "range": _range,
    "ratio_range": _ratio,
    "requires": _requires,
    "unique": _unique,
    "reference": _reference,
    "unit_slip": _unit_slip,
    "outlier": _outlier,
    "hugging": _hugging,
    "change": _change,
    "needed": _needed,
    "read": _read,
}
