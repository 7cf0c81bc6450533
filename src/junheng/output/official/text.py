"""Texts of papers: references to figures are filled in, and the text becomes headings, paragraphs and tables.

A text is written as it is read. A line that begins with `#` is the title; 一、 （一） 1. （1） begin headings as papers
number them, where the line is short and does not end as a sentence does. `{{key}}` is a figure's text, a line that is
nothing but `{{表…}}` or `{{图…}}` a table or a chart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from junheng.output.form.model import Source, Value
from junheng.output.official.model import Block, Grid, Heading, Picture, Text

REFERENCE = re.compile(r"\{\{\s*([^{}\n]+?)\s*\}\}")
# What somebody still has to write: the default texts mark it so.
TO_WRITE = re.compile(r"【待写[^】]*】")
HEADINGS = (
    re.compile(r"^[一二三四五六七八九十]{1,3}、"),
    re.compile(r"^（[一二三四五六七八九十]{1,3}）"),
)
LONGEST_HEADING = 40
SENTENCE_ENDS = "。；！？：，"


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that a text may quote: its key, the words, the value and where it comes from.

    `state` is as a form's cell has it. `grid` is there where the figure is a table, `chart` where it is a chart.
    """

    key: str
    told: str
    value: Value = None
    state: str = "known"
    source: Source | None = None
    label: str = ""
    grid: Grid | None = None
    chart: Picture | None = None

    @property
    def whole(self) -> Grid | Picture | None:
        """What stands in a line of its own, where the figure is no words."""
        return self.grid or self.chart


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its figures in it. `used` are those quoted, in order; `unknown` keys that there is no figure for.

    `lacking` are the used ones without a value; `to_write` what people still have to write.
    """

    title: str
    blocks: tuple[Block, ...]
    used: tuple[Figure, ...]
    unknown: tuple[str, ...]
    to_write: tuple[str, ...] = field(default=())

    @property
    def lacking(self) -> tuple[Figure, ...]:
        """The figures that are quoted and not known."""
        return tuple(one for one in self.used if one.state in {"open", "missing", "undetermined"})


def references(text: str) -> tuple[str, ...]:
    """Return the keys that a text refers to, each once, in order."""
    return tuple(dict.fromkeys(REFERENCE.findall(text)))


def filled_text(text: str, figures: Mapping[str, Figure]) -> str:
    """Return the text with each reference replaced; an unknown one stays as it is written."""
    return REFERENCE.sub(lambda found: _told(figures, found), text)


def _told(figures: Mapping[str, Figure], found: re.Match[str]) -> str:
    figure = figures.get(found.group(1))
    return found.group(0) if figure is None or figure.whole else figure.told


def fill(text: str, figures: Mapping[str, Figure]) -> Filled:
    """Return a text filled in and divided into its parts; nothing of it is lost, and nothing is added."""
    keys = references(text)
    title, blocks = "", []
    for block in _blocks(text, figures):
        if isinstance(block, Heading) and not block.level:
            title = f"{title}\n{block.text}".strip()
        else:
            blocks.append(block)
    return Filled(
        title=title,
        blocks=tuple(blocks),
        used=tuple(figures[key] for key in keys if key in figures),
        unknown=tuple(key for key in keys if key not in figures),
        to_write=tuple(TO_WRITE.findall(text)),
    )


def _blocks(text: str, figures: Mapping[str, Figure]) -> Iterator[Block]:
    for raw in text.splitlines():
        line = raw.strip()
        whole = REFERENCE.fullmatch(line)
        block = figures[whole.group(1)].whole if whole and whole.group(1) in figures else None
        if block is not None:
            yield block
            continue
        yield from (_block(one) for one in filled_text(line, figures).splitlines() if one.strip())


def _block(line: str) -> Block:
    if line.startswith("# "):
        return Heading(line.removeprefix("# ").strip(), 0)
    for level, pattern in enumerate(HEADINGS, 1):
        if pattern.match(line) and len(line) <= LONGEST_HEADING and line[-1] not in SENTENCE_ENDS:
            return Heading(line, level)
    return Text(line)
