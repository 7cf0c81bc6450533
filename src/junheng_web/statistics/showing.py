"""A sheet as a table, a window at a time: merged cells as merged, each cell with its address and its mark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from junheng.facts.grids import Grid, Span, Spot, address_of, letters_of

ROWS, COLUMNS = 60, 40


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a sheet that is shown: its first and last row and column."""

    top: int
    left: int
    bottom: int
    right: int


def window(grid: Grid, row: int, column: int) -> Window:
    """Return the window that begins at a row and column, inside the sheet."""
    top, left = (max(1, min(at, size)) for at, size in ((row, grid.height), (column, grid.width)))
    return Window(top, left, min(top + ROWS - 1, grid.height), min(left + COLUMNS - 1, grid.width))


def shown(grid: Grid, part: Window, marks: Mapping[Spot, str], picked: Spot | None) -> dict[str, Any]:
    """Return the table of a window: `marks` says what cells, columns and rows are marked as."""
    columns = [
        {"at": letters_of(at), "mark": marks.get((0, at), ""), "picked": picked == (0, at)}
        for at in range(part.left, part.right + 1)
    ]
    covered = _covered(grid, part)
    rows = [
        {
            "at": row,
            "mark": marks.get((row, 0), ""),
            "picked": picked == (row, 0),
            "cells": list(_cells(grid, part, row, covered, marks, picked)),
        }
        for row in range(part.top, part.bottom + 1)
    ]
    return {"columns": columns, "rows": rows, "pages": list(_pages(grid, part))}


def _covered(grid: Grid, part: Window) -> dict[Spot, Span]:
    """Return the merged cells of each spot of a window that is one of several."""
    return {
        (row, column): span
        for span in grid.spans
        for row in range(max(span.top, part.top), min(span.bottom, part.bottom) + 1)
        for column in range(max(span.left, part.left), min(span.right, part.right) + 1)
    }


def _cells(
    grid: Grid, part: Window, row: int, covered: Mapping[Spot, Span], marks: Mapping[Spot, str], picked: Spot | None
) -> Iterator[dict[str, Any]]:
    """Yield a row's cells; one that another one covers is left out."""
    for column in range(part.left, part.right + 1):
        span = covered.get((row, column)) or Span(row, column, row, column)
        top, left = max(span.top, part.top), max(span.left, part.left)
        if (row, column) != (top, left):
            continue
        spot = (span.top, span.left)
        yield {
            "at": address_of(spot),
            "text": grid.own(*spot),
            "mark": marks.get(spot, ""),
            "high": min(span.bottom, part.bottom) - top + 1,
            "wide": min(span.right, part.right) - left + 1,
            "tone": _tone(span, marks, picked),
        }


def _tone(span: Span, marks: Mapping[Spot, str], picked: Spot | None) -> str:
    """Return how a cell looks: picked, marked itself, or in a column or row that is."""
    spots = {(span.top, span.left), (0, span.left), (span.top, 0)}
    if picked in spots:
        return "picked"
    if (span.top, span.left) in marks:
        return "marked"
    return "within" if spots & set(marks) else ""


def _pages(grid: Grid, part: Window) -> Iterator[tuple[str, int, int]]:
    """Yield where else one may look: what it is called, the row and the column at which that window begins."""
    steps = (("上面的行", -ROWS, 0), ("下面的行", ROWS, 0), ("左边的列", 0, -COLUMNS), ("右边的列", 0, COLUMNS))
    for told, down, along in steps:
        row, column = max(part.top + down, 1), max(part.left + along, 1)
        if (row, column) != (part.top, part.left) and row <= grid.height and column <= grid.width:
            yield told, row, column
