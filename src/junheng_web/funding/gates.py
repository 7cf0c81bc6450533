"""The gates of a project as they are declared in `gates.yaml`, and how far an item is on its way through them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from junheng_web.funding.models import GateStep, Item

GATES = Path(__file__).with_name("gates.yaml")
ACCEPTED, BOOKED = "accepted", "booked"
Deed = GateStep.Deed


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: its name, what proves it, which columns' items usually do without it, and what it means."""

    id: str
    label: str
    document: str
    rarely: tuple[str, ...] = ()
    school: bool = False
    marks: str = ""


@cache
def gates() -> Mapping[str, Gate]:
    """Return the gates by id, in their order."""
    told = yaml.safe_load(GATES.read_text(encoding="utf-8"))
    found = [Gate(**{**one, "rarely": tuple(one.get("rarely", ()))}) for one in told]
    return {one.id: one for one in found}


@dataclass(frozen=True, slots=True)
class State:
    """Where an item stands at one gate: its last step there, if that was not taken back."""

    gate: Gate
    step: GateStep | None = None

    @property
    def through(self) -> bool:
        """Whether the way beyond it is open: done, or not needed."""
        return self.step is not None

    @property
    def done(self) -> bool:
        """Whether it was gone through, and not left out."""
        return self.step is not None and self.step.deed == Deed.PASS


@dataclass(frozen=True, slots=True)
class Way:
    """An item's states at all gates, in their order."""

    states: tuple[State, ...]

    def at(self, gate: str) -> State:
        """Return the state at one gate. Raises StopIteration for no such."""
        return next(one for one in self.states if one.gate.id == gate)

    def before(self, gate: str) -> list[State]:
        """Return the states at the gates before one."""
        return list(self.states[: list(gates()).index(gate)])

    def after(self, gate: str) -> list[State]:
        """Return the states at the gates after one."""
        return list(self.states[list(gates()).index(gate) + 1 :])

    @property
    def next(self) -> State | None:
        """The first gate that it is not through; None at the end."""
        return next((one for one in self.states if not one.through), None)

    @property
    def last(self) -> State | None:
        """The last gate that it went through."""
        return next((one for one in reversed(self.states) if one.done), None)

    def marked(self, mark: str) -> bool:
        """Whether the gate that means something was gone through."""
        return any(one.done for one in self.states if one.gate.marks == mark)

    @property
    def counts(self) -> bool:
        """Whether it may add to a school's figures: accepted and in the books (P24)."""
        return self.marked(ACCEPTED) and self.marked(BOOKED)

    @property
    def since(self) -> dt.date | None:
        """The day of the last gate that it went through."""
        return self.last.step.day if self.last and self.last.step else None


def way_of(item: Item) -> Way:
    """Return an item's way; its steps are read with one query, or none where they were fetched before."""
    return way_from(item.gates.all())


def way_from(steps: Iterable[GateStep]) -> Way:
    """Return the way that some steps of one item, in their order, come to."""
    last = {one.gate: one for one in steps}
    standing = {gate: one for gate, one in last.items() if one.deed != Deed.UNDO}
    return Way(tuple(State(one, standing.get(id)) for id, one in gates().items()))
