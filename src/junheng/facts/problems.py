"""What makes input unusable, one problem a line, and the error that carries all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# A cell may hold thousands of characters; the sentence about it shows so many.
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell, row or file that cannot be used: where, what, why, and what to do, in Chinese.

    `row` counts as a spreadsheet does: the header is row 1. `column` is the heading as it stands in the file.
    """

    file: str
    reason: str
    remedy: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        row = f" 第 {self.row} 行" if self.row is not None else ""
        column = f"「{self.column}」" if self.column is not None else ""
        value = f" 的值 {_shortened(self.value)!r}" if self.value is not None else ""
        return f"{self.file}{row}{column}{value}：{self.reason}。{self.remedy}。"


def _shortened(value: str) -> str:
    return value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…（共 {len(value)} 字）"


class Unusable(Exception):
    """Input that cannot be used. `problems` holds every problem found, in the order of files, rows and columns."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def unusable(file: str, reason: str, remedy: str, value: str | None = None) -> Unusable:
    """Return an `Unusable` with one problem that concerns a whole file or option."""
    return Unusable([Problem(file, reason, remedy, value=value)])
