"""What the county itself writes on the form: read from a table of two columns, or given by whoever holds it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from junheng.facts.problems import Problem, Unusable, unusable
from junheng.output.form.layout import Basic, Layout, load_layout
from junheng.standard.load import load_standard

HEADS = {"item", "项目"}


@dataclass(frozen=True, slots=True)
class CountyBasics:
    """What was given, under the keys of the form's `basics`: text as it stands, numbers in the unit that is printed.

    What is not given stays open on the form; nothing is guessed.
    """

    values: Mapping[str, str | Fraction] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Mapping[str, object], standard: str = "national-2017") -> CountyBasics:
        """Return what is given under keys or labels. `Unusable` names each that is unknown or no number."""
        rows = [(None, key, "" if value is None else str(value)) for key, value in given.items()]
        return cls(_values(rows, load_layout(load_standard(standard)), "申报表基本情况"))


def load_basics(path: str | Path, standard: str = "national-2017") -> CountyBasics:
    """Read a CSV with the columns item (项目) and value (数值). Raises `Unusable` with every problem."""
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise unusable(str(path), f"文件读不出来（{error}）", "请检查文件是否存在，并另存为 UTF-8 的 CSV") from error
    lines = list(enumerate(csv.reader(io.StringIO(text)), 1))
    rows = [(at, row[0].strip(), row[1].strip() if len(row) > 1 else "") for at, row in lines if row and row[0].strip()]
    rows = [row for row in rows if row[1] not in HEADS]
    return CountyBasics(_values(rows, load_layout(load_standard(standard)), file.name))


def basics_asked(standard: str = "national-2017") -> tuple[Basic, ...]:
    """Return what the form asks the county to fill in, in the form's order."""
    return tuple(load_layout(load_standard(standard)).basics.values())


def _values(rows: Sequence[tuple[int | None, str, str]], layout: Layout, file: str) -> dict[str, str | Fraction]:
    problems: list[Problem] = []
    by_label = {one.label: one for one in layout.basics.values()}
    found: dict[str, str | Fraction] = {}
    for at, name, text in rows:
        asked = layout.basics.get(name) or by_label.get(name)
        if asked is None:
            remedy = f"可填的有：{'、'.join(one.label for one in layout.basics.values())}"
            problems.append(Problem(file, "申报表没有这一项", remedy, row=at, value=name))
        elif asked.key in found:
            problems.append(Problem(file, "同一项写了两次", "请只留一行", row=at, value=name))
        elif text:
            problems += _read(asked, text, Problem(file, "", "", at, asked.label, text), found)
    if problems:
        raise Unusable(problems)
    return found


def _read(asked: Basic, text: str, place: Problem, found: dict[str, str | Fraction]) -> Iterator[Problem]:
    """Keep a value, or yield what is wrong with it."""
    if asked.kind == "text":
        found[asked.key] = text
        return
    try:
        value = Fraction(Decimal(text.replace(",", "")))
    except (InvalidOperation, ValueError, OverflowError):
        yield Problem(place.file, "应当是数字", "请只写数字，不写单位", place.row, place.column, text)
        return
    if value < 0:
        yield Problem(place.file, "不能小于 0", "请核对", place.row, place.column, text)
    found[asked.key] = value
