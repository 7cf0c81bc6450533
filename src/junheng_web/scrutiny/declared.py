"""The kinds of signs as they are declared in `signs.yaml`: what each means, what to look at, and where its line is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from pathlib import Path

from junheng import api as jh
from junheng.facts.items import ITEMS
from junheng.facts.nodes import Node, collect, read_node
from junheng.facts.schema import SCHOOLS, STAGES, per_stage

SIGNS = Path(__file__).with_name("signs.yaml")
LOOKS: Mapping[str, str] = {"first": "先看", "next": "再看", "also": "顺带看"}
COMMON = ("id", "kind", "look", "name", "means", "honest", "remedy")
AREA, ROWS = "area", "rows"


@dataclass(frozen=True, slots=True)
class Compared:
    """A ratio that is compared with like schools', and how it is spoken of: `times` as much, in a unit.

    `least` is how much more, of what is counted above, a school must have than it would at the median.
    """

    name: str
    ratio: jh.Ratio
    times: int
    unit: str
    least: Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """An item of the county that cannot be more than columns of all its schools together."""

    item: str
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Where the line of a sign is; each kind reads the terms that it needs. Shares and factors are exact."""

    checks: tuple[str, ...] = ()
    ratios: tuple[Compared, ...] = ()
    parts: tuple[Part, ...] = ()
    least_schools: int = 0
    least_pupils: int = 0
    most_pupils: int = 0
    new_years: int = 0
    school_type: str = ""
    measure: str = ""
    hours: int = 0
    deviations: Fraction = Fraction(0)
    away: Fraction = Fraction(0)
    margin: Fraction = Fraction(0)
    chance: Fraction = Fraction(0)
    step_back: Fraction = Fraction(0)
    share: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Declared:
    """One kind of sign. `honest` says what may be behind it that is quite in order."""

    id: str
    kind: str
    look: str
    name: str
    means: str
    honest: str
    remedy: str
    terms: Terms
    sizes: tuple[int, ...]

    @property
    def word(self) -> str:
        """How soon it is to be looked at, in words."""
        return LOOKS[self.look]

    @property
    def with_another(self) -> bool:
        """Whether it counts only beside another sign of the same school (P6)."""
        return self.look == "also"


@cache
def declared(file: Path = SIGNS) -> tuple[Declared, ...]:
    """Return what is declared, in its order. Raises `Unusable` with file, key and remedy."""
    top = read_node(file, file.name)
    top.only("sizes", "signs")
    sizes = tuple(top.get("sizes", list, "学生数列表"))
    if list(sizes) != sorted({one for one in sizes if isinstance(one, int) and one > 0}):
        raise top.refusal("sizes", f"{list(sizes)} 不能用", "请从小到大写几个大于 0 的学生数")
    found = collect([partial(_declared, node, sizes) for node in top.nodes("signs")])
    if len({one.id for one in found}) < len(found):
        raise top.refusal("signs", "编号出现两次", "每种迹象一个编号")
    return tuple(found)


def _declared(node: Node, sizes: tuple[int, ...]) -> Declared:
    kind = node.one_of("kind", TERMS)
    keys, read = TERMS[kind]
    node.only(*COMMON, *keys)
    told = {name: node.text(name) for name in ("id", "name", "means", "honest", "remedy")}
    return Declared(kind=kind, look=node.one_of("look", LOOKS), terms=read(node), sizes=sizes, **told)


def _share(node: Node, key: str) -> Fraction:
    return Fraction(node.number(key, least=0))


def _found(node: Node) -> Terms:
    return Terms(checks=tuple(node.texts("checks")))


def _apart(node: Node) -> Terms:
    return Terms(
        ratios=tuple(collect([partial(_compared, one) for one in node.nodes("ratios")])),
        least_schools=node.integer("least_schools", least=3),
        least_pupils=node.integer("least_pupils"),
        deviations=_share(node, "deviations"),
        away=_share(node, "away"),
    )


def _compared(node: Node) -> Compared:
    node.only("name", "over", "under", "times", "unit", "least")
    ratio = jh.Ratio(*(tuple(_column(node, key, name) for name in node.texts(key)) for key in ("over", "under")))
    return Compared(node.text("name"), ratio, node.integer("times", least=1), node.text("unit"), _share(node, "least"))


def _column(node: Node, key: str, name: str) -> str:
    if (f"{STAGES[0]}_{name}" if per_stage(name) else name) not in SCHOOLS.by_name:
        raise node.refusal(key, f"学校表里没有 {name!r}", "请改为数据字典里的列名")
    return name


def _crowded(node: Node) -> Terms:
    return Terms(margin=_share(node, "margin"), chance=_share(node, "chance"))


def _late(node: Node) -> Terms:
    return Terms(hours=node.integer("hours", least=1))


def _totals(node: Node) -> Terms:
    return Terms(parts=tuple(collect([partial(_part, one) for one in node.nodes("parts")])))


def _part(node: Node) -> Part:
    node.only("item", "whole")
    return Part(node.one_of("item", ITEMS), tuple(_column(node, "whole", name) for name in node.texts("whole")))


def _rooms(node: Node) -> Terms:
    return Terms(measure=node.one_of("measure", {AREA, ROWS}))


def _returned(node: Node) -> Terms:
    return Terms(step_back=_share(node, "step_back"))


def _driving(node: Node) -> Terms:
    return Terms(
        checks=tuple(node.texts("checks")),
        school_type=node.text("school_type"),
        most_pupils=node.integer("most_pupils"),
        new_years=node.integer("new_years"),
        share=_share(node, "share"),
    )


def _nothing(_: Node) -> Terms:
    return Terms()


TERMS: Mapping[str, tuple[tuple[str, ...], Callable[[Node], Terms]]] = {
    "found": (("checks",), _found),
    "apart": (("ratios", "least_schools", "least_pupils", "deviations", "away"), _apart),
    "crowded": (("margin", "chance"), _crowded),
    "late": (("hours",), _late),
    "twice": ((), _nothing),
    "totals": (("parts",), _totals),
    "rooms": (("measure",), _rooms),
    "returned": (("step_back",), _returned),
    "driving": (("checks", "school_type", "most_pupils", "new_years", "share"), _driving),
}
"""The closed vocabulary of kinds: the keys that each takes beside the common ones, and how they are read."""
