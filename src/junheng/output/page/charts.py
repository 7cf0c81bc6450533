"""The spreads as bars beside their limit: options for ECharts as plain data. Every number stands in a table too."""

from __future__ import annotations

from typing import Any

from junheng.engine.display import shown
from junheng.engine.result import Assessment, Spread
from junheng.output.told import spread_told

RED = "#c0392b"
COLOURS = {"pass": "#5b9bd5", "fail": RED, "undetermined": "#a6a6a6"}
INK = "#404040"


def spread_chart(answer: Assessment, stage: str) -> dict[str, Any]:
    """Return the chart of a stage: a bar for each spread, its least possible value where one is missing."""
    one = answer.stages[stage]
    decimals = answer.rules.standard.display.spread_decimals
    limit = float(answer.rules.spread_limits[stage])
    bars = [_bar(spread, decimals) for spread in one.indicators.values()]
    return {
        "animation": False,
        "textStyle": {"color": INK},
        "grid": {"left": 44, "right": 24, "top": 36, "bottom": 28},
        "xAxis": {"type": "category", "data": list(one.indicators), "axisTick": {"show": False}},
        "yAxis": {"type": "value", "min": 0},
        "series": [{"type": "bar", "barMaxWidth": 44, "data": bars}, _limit_line(limit, decimals, len(bars))],
    }


def _least(spread: Spread) -> float:
    return spread.cv if spread.cv is not None else spread.cv_bounds[0] if spread.cv_bounds else 0.0


def _bar(spread: Spread, decimals: int) -> dict[str, Any]:
    return {
        "value": _least(spread),
        "itemStyle": {"color": COLOURS[spread.status]},
        "label": {"show": True, "position": "top", "fontSize": 11, "formatter": _label(spread, decimals)},
    }


def _label(spread: Spread, decimals: int) -> str:
    """Return the figure over a bar; bounds take two lines, so that neighbours do not touch."""
    return spread_told(spread, decimals).replace("～", "\n～")


def _limit_line(limit: float, decimals: int, bars: int) -> dict[str, Any]:
    """Return the limit as a dashed line over the bars, called by its name at the left."""
    label = {"show": True, "position": "top", "color": RED, "formatter": f"上限 {shown(limit, decimals)}"}
    return {
        "type": "line",
        "symbol": "circle",
        "symbolSize": 1,
        "lineStyle": {"color": RED, "type": "dashed"},
        "itemStyle": {"color": RED},
        "data": [{"value": limit, "label": label}, *[limit] * (bars - 1)],
    }
