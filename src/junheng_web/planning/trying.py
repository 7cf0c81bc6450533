"""What a scenario comes to: the facts with its edits, the engine's answer on them, and what the edits cost."""

from __future__ import annotations

import datetime as dt
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from junheng import api as jh
from junheng_web.assessment.recomputing import assessed_of
from junheng_web.planning.models import Scenario
from junheng_web.planning.terms import arrow_of

KEPT = 8
Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tried:
    """What edits come to."""

    assessment: jh.Assessment
    answer: Told
    costs: tuple[jh.EditCost | None, ...]

    @property
    def cost(self) -> int:
        """What they cost in all (fen), as far as there are prices."""
        return sum(one.total for one in self.costs if one)


def edits_of(scenario: Scenario) -> list[Told]:
    """Return the edits that hold, as they are stored."""
    return list(scenario.edits.filter(place__lte=scenario.head).values_list("edit", flat=True))


def edit_of(told: Told) -> jh.Edit:
    """Return a stored edit as the core's."""
    return jh.Edit(**{**told, "qualities": tuple(told.get("qualities", ()))})


def tried(scenario: Scenario, edits: Sequence[Told]) -> Tried:
    """Return what edits come to on the facts of a scenario. Raises Unusable where one cannot be made."""
    base, terms = scenario.base, scenario.terms
    inputs = base.snapshot.digest, base.rules.standard, base.as_of, scenario.county.code
    return _tried(inputs, json.dumps(edits, sort_keys=True), json.dumps(terms.tables if terms else {}, sort_keys=True))


@lru_cache(maxsize=KEPT)
def _tried(inputs: tuple[str, str, dt.date, str], edits: str, terms: str) -> Tried:
    _, standard, as_of, county = inputs
    before = assessed_of(*inputs)
    every = [edit_of(one) for one in json.loads(edits)]
    after = _facts_after(inputs, before, json.loads(edits), every)
    answer = jh.assess(after, standard, as_of=as_of, county=county) if every else before
    costs = jh.edit_costs(every, names_of(before.facts), arrow_of(json.loads(terms)))
    return Tried(answer, jh.as_dict(answer), costs)


# The facts that came of edits, so that one thing more is one edit, however many there are: (inputs, edits) -> facts.
_REACHED: OrderedDict[tuple[object, str], jh.Facts] = OrderedDict()


def _facts_after(inputs: object, before: jh.Assessment, told: list[Told], every: list[jh.Edit]) -> jh.Facts:
    """Return the facts with every edit made: from those with all but the last, where these are still known."""
    almost = _REACHED.get((inputs, json.dumps(told[:-1], sort_keys=True)))
    done = len(every) - 1 if almost is not None else 0
    after = jh.edited(before.facts if almost is None else almost, before, every[done:], done)
    _REACHED[inputs, json.dumps(told, sort_keys=True)] = after
    while len(_REACHED) > KEPT:
        _REACHED.popitem(last=False)
    return after


def names_of(facts: jh.Facts) -> dict[str, str]:
    """Return the schools' names by their codes."""
    schools = facts.tables["schools"]
    return dict(zip(schools["school_code"].to_pylist(), schools["school_name"].to_pylist(), strict=True))
