"""An official paper as plain values: what GB/T 9704 puts above, into, and below its text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from junheng.output.charts.drawing import Drawing, as_svg
from junheng.output.charts.png import as_png


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 is 一、, level 2 （一）, level 3 1. and level 4 （1）."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in the text, under its title; `shares` are those of the width."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart in the text, the one that pages show; its title stands in it. `headings` and `rows` are its figures."""

    drawing: Drawing
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def title(self) -> str:
        """What it shows."""
        return self.drawing.title

    def svg(self) -> str:
        """Return it as pages show it."""
        return as_svg(self.drawing)

    def png(self) -> bytes:
        """Return it as Word takes it. Raises `Unusable` without Pillow or a Chinese font."""
        return as_png(self.drawing)


Block = Heading | Text | Grid | Picture


@dataclass(frozen=True, slots=True)
class OfficialPaper:
    """A whole paper; what is empty is left out. `notice` stands at the foot of every page: a draft, invented data.

    `mark` is the red head (发文机关标志) with `number` (发文字号) and, upwards, `signer` (签发人); `to` is 主送机关;
    `signed_by` and `day` stand under the text; `copied_to`, `printed_by` and `printed_on` make the 版记.
    """

    title: str
    blocks: tuple[Block, ...]
    mark: str = ""
    number: str = ""
    signer: str = ""
    to: str = ""
    attachments: Sequence[str] = ()
    signed_by: str = ""
    day: dt.date | None = None
    remark: str = ""
    copied_to: str = ""
    printed_by: str = ""
    printed_on: dt.date | None = None
    notice: str = ""

    @property
    def attachments_told(self) -> tuple[str, ...]:
        """The lines under the text that name the attachments, numbered where there are several."""
        if len(self.attachments) == 1:
            return (f"附件：{self.attachments[0]}",)
        return tuple(f"{'附件：' if at == 1 else '　　　'}{at}．{name}" for at, name in enumerate(self.attachments, 1))


def day_told(day: dt.date) -> str:
    """Return a date as papers write it: no zero before month and day."""
    return f"{day.year}年{day.month}月{day.day}日"
