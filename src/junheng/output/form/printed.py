"""How a table of the form stands on paper, whatever writes it: its rows of headings, its type, which cells are one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from junheng.output.form.model import Row, Table

# What is still to be filled in is seen at once; it is gone once it is filled in.
TO_BE_FILLED = {"open": "FFF2CC", "missing": "F2DCDB"}
# Columns whose words stand left; those whose equal neighbours are one cell.
LEFT = frozenset({"name", "label", "told", "remark", "group"})
JOINED = frozenset({"stage", "group"})
MANY_COLUMNS = 12


def heads(table: Table) -> list[list[str]]:
    """Return the rows of headings: groups where there are any, the headings, the codes where there are any."""
    rows = [[column.heading for column in table.columns]]
    if any(column.group for column in table.columns):
        rows.insert(0, [column.group for column in table.columns])
    if any(column.code for column in table.columns):
        rows.append([column.code for column in table.columns])
    return rows


def size_of(table: Table) -> float:
    """Return the size of a table's type, in points."""
    return 8.0 if len(table.columns) > MANY_COLUMNS else 9.5 if table.landscape else 10.5


def joins(table: Table, rows: Sequence[Row]) -> Iterator[tuple[int, int, int, int]]:
    """Yield which cells are one, of the headings and of some rows below them: first row and column, last of each."""
    top = len(heads(table))
    if any(column.group for column in table.columns):
        yield from ((0, first, 0, last) for first, last in _runs([column.group for column in table.columns]))
    for at, column in enumerate(table.columns):
        if column.key in JOINED:
            runs = _runs([row.cells[at].text for row in rows])
            yield from ((top + first, at, top + last, at) for first, last in runs)


def _runs(texts: list[str]) -> list[tuple[int, int]]:
    """Return the first and last place of every run of equal texts of more than one."""
    runs, first = [], 0
    for at in range(1, len(texts) + 1):
        if at == len(texts) or texts[at] != texts[first] or not texts[first]:
            if at - first > 1:
                runs.append((first, at - 1))
            first = at
    return runs


def told_below(table: Table) -> list[str]:
    """Return what stands below a table, note by note: what was counted, then the notes."""
    counts = "，".join(f"{one.label} {one.text} {one.unit}" for one in table.counts)
    return [f"注：{text}" for text in ([f"{counts}。"] if counts else []) + [text for text in table.notes if text]]
