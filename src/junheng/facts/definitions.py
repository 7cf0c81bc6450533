"""What each column of the data dictionary counts, in our own words, and where that number stands at its source.

Data, read once from `definitions.yaml`: a form's number only where a public source names it, with how far it can be
trusted; where there is none, from what the number follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from junheng.facts.nodes import Node, read_node

FILE = Path(__file__).parent / "definitions.yaml"
REGISTERS: Mapping[str, str] = MappingProxyType(
    {
        "statistics": "教育事业统计",
        "finance": "教育经费统计",
        "enrolment": "学籍系统",
        "teachers": "教师台账",
        "school_papers": "学校台账",
        "visit": "现场评定",
        "monitoring": "义务教育质量监测",
        "survey": "社会认可度调查",
        "none": "无对应统计表",
    }
)
"""In what kind of papers a number stands."""
STANDINGS: Mapping[str, str] = MappingProxyType(
    {
        "published": "公开文件",
        "transcribed": "公开的转录件，用前与正式的申报表核对",
        "program": "旁证，用前与当年报表核对",
        "own": "本软件的约定",
        "none": "没有查到",
    }
)
"""How far a citation can be trusted."""
NO_TABLE = "none"


@dataclass(frozen=True, slots=True)
class Source:
    """Where numbers stand at their source; `form` and `formerly` are form numbers, nothing where none is known."""

    register: str
    title: str
    standing: str
    citation: str
    form: str = ""
    formerly: str = ""

    @property
    def short(self) -> str:
        """The papers with the form's number, as there is room for beside a number."""
        return f"{REGISTERS[self.register]}{f' {self.form}' if self.form else ''}"

    @property
    def told(self) -> str:
        """The whole of it in a line: papers, form, title; where there is no table, from what the number follows."""
        if self.register == NO_TABLE:
            return f"{REGISTERS[self.register]}，{self.title}"
        return f"{self.short}{f'（原{self.formerly}）' if self.formerly else ''}：{self.title}"

    @property
    def cited(self) -> str:
        """From where this is known, and how far it can be trusted."""
        return f"{self.citation}（{STANDINGS[self.standing]}）"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a column counts, and where its number stands at its source."""

    text: str
    source: Source


def definition_of(table: str, column: str) -> Definition:
    """Return what is said of a column of a table of the facts, or of an item of the county (`items`). KeyError."""
    return definitions()[table, column]


@cache
def definitions(file: Path = FILE) -> Mapping[tuple[str, str], Definition]:
    """Return every definition by table and column. Raises `Unusable` with file, key and remedy."""
    node = read_node(file, file.name)
    sources = {str(name): _source(child) for name, child in node.node("sources").children()}
    return MappingProxyType(
        {
            (str(table), str(column)): _definition(child, sources)
            for table, columns in node.children()
            if table != "sources"
            for column, child in columns.children()
        }
    )


def _source(node: Node) -> Source:
    node.only("register", "form", "formerly", "title", "standing", "citation")
    return Source(
        register=node.one_of("register", REGISTERS),
        standing=node.one_of("standing", STANDINGS),
        **{name: node.text(name) for name in ("title", "citation")},
        **{name: node.get(name, str, "文字", default="") for name in ("form", "formerly")},
    )


def _definition(node: Node, sources: Mapping[str, Source]) -> Definition:
    node.only("source", "definition")
    return Definition(node.text("definition"), sources[node.one_of("source", sources)])
