"""Writes cells of one sheet: text never becomes a formula, and a formula never stands without its value."""

from __future__ import annotations

from collections import defaultdict
from math import ceil
from typing import Any

from junheng.engine.result import STATUS_LABELS, VERDICT_LABELS

A4 = 9
MARGIN_INCHES = 0.4
LINE_POINTS, BROAD = 15, 0.95
BORDER = {"border": 1, "valign": "vcenter"}
WORDS = {**BORDER, "text_wrap": True}
FIGURE = {**BORDER, "align": "right"}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "note": {"font_color": "#595959"},
    "warning": {"bold": True, "font_color": "#C00000"},
    "head": {**WORDS, "bold": True, "bg_color": "#DDEBF7", "align": "center"},
    "words": WORDS,
    "centre": {**WORDS, "align": "center"},
    "code": {**BORDER, "num_format": "@"},
    "plain": FIGURE,
    "count": {**FIGURE, "num_format": "#,##0"},
    "percent": {**FIGURE, "num_format": "0.0%"},
    "near": {"bg_color": "#FFF2CC"},
    "bad": {"bg_color": "#F8CBAD", "bold": True},
    "unknown": {"bg_color": "#EDEDED"},
}
# Words that a cell may come to hold, live, and the colour that they take.
COLOURS = {
    STATUS_LABELS["below"]: "bad",
    STATUS_LABELS["floor"]: "near",
    STATUS_LABELS["missing"]: "unknown",
    VERDICT_LABELS["fail"]: "bad",
    VERDICT_LABELS["undetermined"]: "unknown",
}


def _breadth(text: str) -> float:
    """Return how broad a text is, in the unit of column widths: a Chinese character takes two, and some air."""
    return BROAD * sum(1 if character.isascii() else 2 for character in text)


class Styles:
    """The formats of one workbook, each made once; `value` and `spread` are decimals of the form."""

    def __init__(self, book: Any, value_decimals: int, spread_decimals: int) -> None:
        self.by_name = {name: book.add_format({"font_name": "宋体", **style}) for name, style in STYLES.items()}
        for name, decimals in (("value", value_decimals), ("spread", spread_decimals)):
            style = {"font_name": "宋体", **FIGURE, "num_format": f"#,##0.{'0' * decimals}"}
            self.by_name[name] = book.add_format(style)


class Pen:
    """One sheet, with its formats. Rows and columns count from 0."""

    def __init__(self, book: Any, name: str, styles: Styles) -> None:
        self.name = name
        self.sheet = book.add_worksheet(name)
        self.styles = styles.by_name
        self.wrapped: dict[int, dict[int, str]] = defaultdict(dict)

    def text(self, row: int, column: int, text: str, style: str = "words") -> None:
        """Write text, whatever it begins with."""
        self.sheet.write_string(row, column, text, self.styles[style])
        if STYLES.get(style, {}).get("text_wrap"):
            self.wrapped[row][column] = text

    def texts(self, row: int, column: int, texts: list[str], style: str = "words") -> None:
        """Write texts from left to right."""
        for at, text in enumerate(texts, column):
            self.text(row, at, text, style)

    def number(self, row: int, column: int, value: float, style: str = "plain") -> None:
        """Write a number as it was reported."""
        self.sheet.write_number(row, column, value, self.styles[style])

    def formula(self, row: int, column: int, formula: str, value: float | str, style: str = "plain") -> None:
        """Write a formula with the value that the engine gave, for readers that do not calculate."""
        self.sheet.write_formula(row, column, f"={formula}", self.styles[style], value)

    def cell(self, row: int, column: int) -> str:
        """Return a cell's address as formulas on any sheet write it."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return f"'{self.name}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"

    def here(self, row: int, column: int) -> str:
        """Return a cell's address as formulas on this sheet write it."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return str(xl_rowcol_to_cell(row, column))

    def range(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        """Return the address of a block, both corners in it."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return f"{self.cell(*first)}:{xl_rowcol_to_cell(*last, row_abs=True, col_abs=True)}"

    def widths(self, *widths: float) -> None:
        """Set the columns' widths from the left, and make each row as high as its longest wrapped text needs.

        Excel would find the heights by itself when it opens the file; what only prints it would not.
        """
        for at, width in enumerate(widths):
            self.sheet.set_column(at, at, width)
        for row, texts in self.wrapped.items():
            lines = max(ceil(_breadth(text) / widths[at]) for at, text in texts.items())
            if lines > 1:
                self.sheet.set_row(row, LINE_POINTS * lines)

    def colour(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Let the words of judgement in a block show their colour, also after a change."""
        for word, style in COLOURS.items():
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": self.styles[style]}
            self.sheet.conditional_format(*first, *last, rule)

    def finish(self, head: int, notice: str, frozen: int = 0) -> None:
        """Freeze the rows down to `head` and the first columns, and set the sheet up for A4 across."""
        self.sheet.freeze_panes(head + 1, frozen)
        self.sheet.repeat_rows(head)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(MARGIN_INCHES, MARGIN_INCHES, MARGIN_INCHES * 2, MARGIN_INCHES * 2)
        self.sheet.set_footer(f"&L{notice.replace('&', '&&')}&R&A  第 &P 页，共 &N 页")
