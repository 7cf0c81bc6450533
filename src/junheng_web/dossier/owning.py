"""Whose an item is today: whom the office named, else who leads for the indicator in the table of tasks (P2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from junheng_web.dossier.models import Item, Paper
from junheng_web.dossier.states import state_of
from junheng_web.duties.matrix import Set, table_of
from junheng_web.organisation.models import Area, School, Unit


@dataclass(frozen=True, slots=True)
class Held:
    """An item with whose it is: `owner` is None where several answer and nobody was set to lead."""

    item: Item
    owner: Unit | School | None
    answering: tuple[Unit, ...]
    papers: tuple[Paper, ...]

    @property
    def state(self) -> str:
        """How far it is, from the papers that the reader sees."""
        return state_of(self.papers)

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


def held_of(county: Area, items: Iterable[Item]) -> Iterator[Held]:
    """Yield items, whose papers are at hand, with whose they are today."""
    table, units = table_of(county), {one.code: one for one in Unit.objects.of(county)}
    for item in items:
        told = table.get(item.indicator, Set())
        answering = tuple(units[code] for code in told.units)
        yield Held(item, _owner(item, told, units), answering, tuple(item.papers.all()))


def _owner(item: Item, told: Set, units: dict[str, Unit]) -> Unit | School | None:
    if item.school or item.unit:
        return item.school or item.unit
    lead = told.lead or (told.units[0] if len(told.units) == 1 else "")
    return units.get(lead)
