"""Whose an item is today: whom the office named, else who leads for the indicator in the table of tasks (P2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from junheng_web.dossier.models import Item, Paper
from junheng_web.dossier.states import STANDING, state_of
from junheng_web.duties.matrix import Set, table_of
from junheng_web.organisation.models import Area, School, Unit


@dataclass(frozen=True, slots=True)
class Held:
    """An item with whose it is: `owner` is None where several answer and nobody was set to lead.

    `tally` says how many of the papers that the reader sees are in which state; `papers` are they, where asked for.
    """

    item: Item
    owner: Unit | School | None
    answering: tuple[Unit, ...]
    tally: Mapping[str, int]
    papers: tuple[Paper, ...] = ()

    @property
    def state(self) -> str:
        """How far it is, from the papers that the reader sees."""
        return state_of(self.tally)

    @property
    def standing(self) -> int:
        """How many papers count."""
        return sum(many for state, many in self.tally.items() if state in STANDING)

    @property
    def whose(self) -> str:
        """Whose it is in words; who answers, where nobody leads."""
        if self.owner:
            return str(self.owner)
        return f"没有定牵头（{'、'.join(map(str, self.answering))}）" if self.answering else "没有定由谁交"

    @property
    def concerned(self) -> set[str]:
        """The codes of the units that have to do with it: its owner, and whoever answers for the indicator."""
        own = {self.item.unit.code} if self.item.unit else set()
        return own | {unit.code for unit in self.answering}


def held_of(county: Area, items: Iterable[Item], papers: Iterable[Paper]) -> Iterator[Held]:
    """Yield items with whose they are today, and with those of the papers that belong to each."""
    own: dict[int, list[Paper]] = {}
    for paper in papers:
        own.setdefault(paper.item_id, []).append(paper)
    tallies = {item: Counter(paper.state for paper in some) for item, some in own.items()}
    for one in tallied(county, items, tallies):
        yield replace(one, papers=tuple(own.get(one.item.id, ())))


def tallied(county: Area, items: Iterable[Item], tallies: Mapping[int, Mapping[str, int]]) -> Iterator[Held]:
    """Yield items with whose they are today, and how many papers are in which state."""
    table, units = table_of(county), {one.code: one for one in Unit.objects.of(county)}
    for item in items:
        told = table.get(item.indicator, Set())
        answering = tuple(units[code] for code in told.units)
        yield Held(item, _owner(item, told, units), answering, tallies.get(item.id, {}))


def _owner(item: Item, told: Set, units: dict[str, Unit]) -> Unit | School | None:
    if item.school or item.unit:
        return item.school or item.unit
    lead = told.lead or (told.units[0] if len(told.units) == 1 else "")
    return units.get(lead)
