"""The trace of a spread: the table of the sample, the working, where one more unit would help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from junheng.engine.display import shown
from junheng.engine.result import VERDICT_LABELS
from junheng.engine.sensitivity import Sensitivity
from junheng.engine.spread_trace import SpreadRow, SpreadTrace
from junheng.facts.schema import STAGE_LABELS
from junheng.output.sensitivity import spread_of

# A figure that is as large needs no decimals; the exact ones stand in the JSON.
LARGE = 100_000
TEN_THOUSAND = "1万"


def spread_as_dict(one: SpreadTrace) -> dict[str, Any]:
    """Return the trace as plain values; exact numbers also as fractions."""
    return {
        "kind": "spread",
        "stage": one.stage,
        "indicator": {"id": one.indicator.id, "name": one.indicator.name, "definition": one.indicator.definition},
        "rows": [_row_as_dict(row) for row in one.rows],
        "steps": [asdict(step) for step in one.steps],
        "spread": {**asdict(one.spread), "contributions": dict(one.spread.contributions)},
        "exact_cv_squared": None if one.bounds is None else [_exact(one.bounds.lowest), _exact(one.bounds.highest)],
        "reference": one.reference,
        "sensitivity": [asdict(each) for each in one.sensitivity],
    }


def _row_as_dict(row: SpreadRow) -> dict[str, Any]:
    numbers = {"resource": row.resource, "value": row.value, "square": row.square}
    return {
        "school_code": row.school_code,
        "school_name": row.school_name,
        "in_sample": row.in_sample,
        "pupils": row.pupils,
        **{name: None if value is None else float(value) for name, value in numbers.items()},
        "exact_value": _exact(row.value),
        "contribution": row.share,
    }


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def spread_lines(one: SpreadTrace) -> Iterator[Text | Table]:
    """Yield what it is, the sample, the working and the verdict."""
    yield Text(f"{STAGE_LABELS[one.stage]} {one.indicator.id} {one.indicator.name}：校际差异系数", style="bold")
    yield Text(f"  {one.indicator.definition}")
    yield _table(one)
    yield Text("\n怎么算", style="bold")
    for number, step in enumerate(one.steps, 1):
        yield Text(f"  {number}. {step.label}：{step.formula} → {step.result or '算不出'}")
    yield Text(f"\n判定：{VERDICT_LABELS[one.spread.status]}", style="bold")
    yield from _mended(one)
    yield Text(f"  依据：{one.reference}")


def _table(one: SpreadTrace) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 0), header_style="bold")
    table.add_column("学校", min_width=10, max_width=40, overflow="fold")
    unit = one.indicator.measured.unit
    more = one.sensitivity[0].resource[-1:] if one.sensitivity else ()
    step = f"加{TEN_THOUSAND if more and more[0].amount > 1 else '1'}{unit}后"
    for heading in ("学生P", "资源x", "值X", "P(X−均值)²", "份额", step, "独补"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row, what in zip(one.rows, one.sensitivity, strict=True):
        table.add_row(row.school_name or row.school_code, *_cells(row), *_more(what))
    table.caption = f"“{step}”是差异系数那时的值；“独补”是单靠这所学校补到上限之内所需的{unit}数，✗ 做不到"
    table.caption_justify = "left"
    return table


def _cells(row: SpreadRow) -> Iterator[str]:
    yield "?" if row.pupils is None else f"{row.pupils:,}"
    for number in (row.resource, row.value, row.square):
        yield "?" if number is None else shown(float(number), 2 if number < LARGE else 0)
    yield "" if row.share is None else f"{shown(row.share * 100, 1)}%"


def _more(what: Sensitivity) -> tuple[str, str]:
    if not what.resource:
        return "", ""
    own = what.own(what.resource[-1])
    over = own.before.cv_status == "fail" and own.before.cv is not None
    alone = "" if not over else "✗" if what.units_to_limit is None else f"{what.units_to_limit:,}"
    return spread_of(own.after), alone


def _mended(one: SpreadTrace) -> Iterator[Text]:
    """Yield the school that alone mends the spread with least, or that none does."""
    if one.spread.status != "fail" or one.spread.cv is None:
        return
    able = [(each.units_to_limit, each.school_name or each.school_code) for each in one.sensitivity]
    found = sorted((units, name) for units, name in able if units is not None)
    if not found:
        yield Text("  没有哪一所学校单独增加就能降到上限之内，要几所学校一起补，或在校际之间调剂")
    else:
        units, name = found[0]
        yield Text(f"  单独补最省的是{name}：再有 {units:,} {one.indicator.measured.unit}")
