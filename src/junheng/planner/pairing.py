"""Who gives to whom, once it is decided how many of each kind leave and come: a transport problem, whole by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from junheng.planner.case import Kind
from junheng.planner.linear import Program, Sum, total
from junheng.planner.solver import solve
from junheng.planner.variables import Key, Model

# A value this near to a whole number is that number; the engine works with doubles.
NEAR = 1e-6
Moves = Mapping[tuple[Key, Key, Kind], int]
Name = TypeVar("Name")


def moves(model: Model, found: Sequence[float]) -> Moves:
    """Return the transfers by giver, taker and kind that do what the variables' values decide, as cheaply as can be."""
    if model.arcs:
        return _along_the_cheapest_roads(model, found)
    together: Counter[tuple[Key, Key, Kind]] = Counter()
    for group in dict.fromkeys(one.group for one in model.case.sections if one.group is not None):
        own = [one.key for one in model.case.sections if one.group == group]
        for kind in model.kinds:
            together.update(dict(_first_to_first(model, own, kind, found)))
    return dict(together)


def _first_to_first(
    model: Model, own: Sequence[Key], kind: Kind, found: Sequence[float]
) -> Iterator[tuple[tuple[Key, Key, Kind], int]]:
    """Without distances any pairing costs the same, so the first gives to the first."""
    net = {}
    for key in own:
        if (key, kind) in model.out:
            net[key] = round((model.out[key, kind] - model.inn[key, kind]).at(found))
    giving = [key for key, number in net.items() for _ in range(number)]
    taking = [key for key, number in net.items() for _ in range(-number)]
    pairs = Counter(zip(giving, taking, strict=True))
    yield from (((giver, taker, kind), number) for (giver, taker), number in pairs.items())


def _along_the_cheapest_roads(model: Model, found: Sequence[float]) -> Moves:
    """A vertex of a transport problem with whole numbers at both ends is whole; the values found need not be one."""
    program, terms = Program(), model.case.terms
    given, taken = _whole(model.out, found), _whole(model.inn, found)
    flows = {
        (giver, taker, kind): program.variable()
        for giver, taker, kind in model.arcs
        if (giver, kind) in given and (taker, kind) in taken
    }
    for ends, end in ((given, 0), (taken, 1)):
        meeting: defaultdict[tuple[Key, Kind], list[Sum]] = defaultdict(list)
        for (*pair, kind), flow in flows.items():
            meeting[pair[end], kind].append(flow)
        for name, number in ends.items():
            program.keep(total(meeting[name]), at_least=number, at_most=number)
    program.cost = total(flow * terms.transfer_cost(one[0], other[0]) for (one, other, _), flow in flows.items())
    return _whole(flows, solve(program, relaxed=True).values)


def _whole(variables: Mapping[Name, Sum], found: Sequence[float]) -> dict[Name, int]:
    numbers = {name: round(one.at(found)) for name, one in variables.items()}
    return {name: number for name, number in numbers.items() if number > 0}
