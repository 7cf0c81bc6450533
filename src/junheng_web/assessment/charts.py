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
BAR, DARK, GROUND = "var(--jh-azure-line)", "var(--bs-body-color)", "var(--jh-surface)"
SLANTED_FROM, NAMED_UP_TO = 12, 60
# Where the names of threshold, floor and mean stand, so that two that are near do not cover each other.
PLACES = ("top", "bottom", "top")
# Names of lines stand beside each other in so many columns of so many pixels.
COLUMNS, COLUMN = 4, 26


def ranked(names: list[str], values: list[float], statuses: list[str], lines: dict[str, float]) -> dict[str, Any]:
    """Return bars of the schools' values, the lowest first, and lines across them with their names."""
    pairs = zip(values, statuses, strict=True)
    bars = [{"value": round(value, 4), "itemStyle": {"color": COLOURS[status]}} for value, status in pairs]
    across = [_line(name, at, len(names), place) for (name, at), place in zip(lines.items(), PLACES, strict=False)]
    return _framed(names, {"type": "bar", "data": bars, "barMaxWidth": 28}, *across)


def _line(name: str, at: float, count: int, place: str) -> dict[str, Any]:
    """Return a line across the bars, named at its left end. The small library draws no marks: it is a series."""
    label = {"show": True, "formatter": f"{name} {at:g}", "position": place, "align": "left", "color": DARK}
    label |= {"backgroundColor": GROUND, "padding": [1, 4], "borderRadius": 3}
    points = [{"value": at, "label": label}, *([at] * (count - 1))]
    style = {"color": DARK, "type": "dashed", "width": 1}
    look = {"symbolSize": 1, "itemStyle": {"color": DARK}, "lineStyle": style}
    return {"type": "line", "name": name, "data": points, **look}


def shares(names: list[str], values: list[float]) -> dict[str, Any]:
    """Return bars of how much each school makes of a spread, in percent."""
    series = {"type": "bar", "data": [round(value * 100, 1) for value in values], "barMaxWidth": 28}
    series["itemStyle"] = {"color": BAR}
    option = _framed(names, series)
    option["yAxis"]["axisLabel"] = {"formatter": "{value}%"}
    return option


def lines(names: list[str], series: dict[str, list[float | None]], limit: list[float | None]) -> dict[str, Any]:
    """Return a line for each series over the names, None where there is a gap, and the limit as a dashed line."""
    drawn = [_named(name, data, at) for at, (name, data) in enumerate(series.items())]
    style = {"color": DARK, "type": "dashed", "width": 1}
    across = {"type": "line", "name": "上限", "data": limit, "symbolSize": 1}
    option = _framed(names, *drawn, across | {"lineStyle": style, "itemStyle": {"color": DARK}})
    option["xAxis"]["boundaryGap"] = len(names) == 1
    option["grid"]["right"] = 24 + COLUMN * min(len(series), COLUMNS)
    return option


def _named(name: str, data: list[float | None], at: int) -> dict[str, Any]:
    """Return a line that is named where it ends, each in a column of its own. The small library has no legend."""
    last = max((place for place, value in enumerate(data) if value is not None), default=None)
    label = {"show": True, "formatter": name.split(maxsplit=1)[0], "position": "right", "color": DARK}
    label["offset"] = [COLUMN * (at % COLUMNS), 0]
    points = [{"value": value, "label": label} if place == last else value for place, value in enumerate(data)]
    return {"type": "line", "name": name, "data": points, "symbolSize": 7, "lineStyle": {"width": 2}}


def _framed(names: list[str], *series: dict[str, Any]) -> dict[str, Any]:
    many = "auto" if len(names) > NAMED_UP_TO else 0
    slanted = {"rotate": 45 if len(names) >= SLANTED_FROM else 0, "width": 90, "overflow": "truncate", "interval": many}
    return {
        "animation": False,
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 16, "top": 24, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": names, "axisLabel": slanted},
        "yAxis": {"type": "value"},
        "series": [*series],
    }
