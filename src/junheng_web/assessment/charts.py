"""Charts of the room as ECharts options; every figure also stands in a table beside them."""

from __future__ import annotations

from typing import Any

# Colours of the theme, light or dark; the sign and word of a status stand in the table.
COLOURS = {
    "met": "var(--jh-green-line)",
    "floor": "var(--jh-yellow-line)",
    "below": "var(--jh-red)",
    "missing": "var(--jh-azure-line)",
}
BAR, DARK = "var(--jh-azure-line)", "var(--bs-body-color)"
SLANTED_FROM = 12


def ranked(names: list[str], values: list[float], statuses: list[str], lines: dict[str, float]) -> dict[str, Any]:
    """Return bars of the schools' values, the lowest first, under lines with their names."""
    marks = [{"yAxis": line, "name": name, "label": {"formatter": f"{name} {line:g}"}} for name, line in lines.items()]
    bars = [
        {"value": round(value, 4), "itemStyle": {"color": COLOURS[status]}}
        for value, status in zip(values, statuses, strict=True)
    ]
    series = {"type": "bar", "data": bars, "barMaxWidth": 28}
    series["markLine"] = {
        "symbol": "none",
        "data": marks,
        "lineStyle": {"color": DARK, "type": "dashed"},
        "label": {"position": "insideEndTop", "color": DARK},
    }
    return _framed(names, series)


def shares(names: list[str], values: list[float]) -> dict[str, Any]:
    """Return bars of how much each school makes of a spread, in percent."""
    series = {"type": "bar", "data": [round(value * 100, 1) for value in values], "barMaxWidth": 28}
    series["itemStyle"] = {"color": BAR}
    option = _framed(names, series)
    option["yAxis"]["axisLabel"] = {"formatter": "{value}%"}
    return option


def _framed(names: list[str], series: dict[str, Any]) -> dict[str, Any]:
    slanted = {"rotate": 45 if len(names) >= SLANTED_FROM else 0, "width": 90, "overflow": "truncate", "interval": 0}
    return {
        "animation": False,
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 16, "top": 24, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": names, "axisLabel": slanted},
        "yAxis": {"type": "value"},
        "series": [series],
    }
