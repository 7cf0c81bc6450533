"""No plan is shown that does not hold: the exact checker first, then the engine's own answer on what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from junheng.engine.assess import assess_all
from junheng.engine.result import Assessment
from junheng.facts.model import Facts
from junheng.planner.after import carried_out
from junheng.planner.check import Claim, faults
from junheng.planner.plan import Action, actions_of
from junheng.planner.prepare import Prepared
from junheng.planner.rooms import of_kind
from junheng.planner.search import Found


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A plan that holds: its actions, its cost (fen), the facts afterwards, and the engine's answer on them."""

    actions: tuple[Action, ...]
    cost: int
    after: Facts
    assessment: Assessment

    @property
    def failing_schools(self) -> int:
        """How many schools have a section in the sample that does not pass."""
        return len(self.failing)

    @property
    def failing(self) -> tuple[str, ...]:
        """The codes of those schools."""
        return failing(self.assessment)


def failing(answer: Assessment) -> tuple[str, ...]:
    """Return the codes of the schools that have a section in the sample that does not pass."""
    own = (one.school_code for one in answer.sections if one.in_sample and one.verdict != "pass")
    return tuple(dict.fromkeys(own))


class Refused(Exception):
    """A proposed plan that does not hold, with what is wrong. It is a fault of the planner, never of the county."""


def confirmed(prepared: Prepared, found: Found, *, all_pass: bool = True, may_fail: int | None = None) -> Confirmed:
    """Return a proposed plan once checker and engine agree to it; `Refused` with what is wrong otherwise.

    Where not all pass, `may_fail` is how many schools need not; None: any number.
    """
    actions = actions_of(prepared.case, found.steps, prepared.assumed)
    wrong = faults(Claim(prepared.case, actions, found.cost, all_pass, may_fail))
    if wrong:
        raise Refused("；".join(wrong))
    after = carried_out(prepared.facts, prepared.answer, actions)
    rules = prepared.case.rules
    answer = next(assess_all(after, rules.standard, rules.day))
    if all_pass and (wrong := disagreements(prepared, actions, answer)):
        raise Refused("；".join(wrong))
    held = Confirmed(actions, found.cost, after, answer)
    if may_fail is not None and held.failing_schools > may_fail:
        raise Refused(f"{held.failing_schools} 所学校不达标，多于 {may_fail} 所")
    return held


def disagreements(prepared: Prepared, actions: Sequence[Action], answer: Assessment) -> list[str]:
    """Return where the engine does not give what the plan promises: resources, classes, rooms."""
    failing_stages = [stage for stage in prepared.case.stages if answer.stages[stage].verdict != "pass"]
    wrong = [one.message for one in answer.reasons if one.scope.partition(":")[0] in failing_stages]
    promised = {(one.school, id) for one in actions for id in one.serves if not one.stage or one.item == "class_room"}
    for one in (*of_kind(prepared.case.rules, "per_n_classes"), *of_kind(prepared.case.rules, "none_over", "classes")):
        parts = {part.id: part for part in answer.requirements[one.requirement.id].parts}
        failing = {row.school_code for row in parts[one.part.id].open_rows if row.state == "failing"}
        asked = [school for school in failing if (school, one.requirement.id) in promised]
        wrong += [f"{school} 的 {one.requirement.id} 没有达到" for school in asked if not _unpriced(prepared, school)]
    return wrong


def _unpriced(prepared: Prepared, school: str) -> bool:
    wanted = prepared.case.shorts.get(school, ())
    return any(one.item not in prepared.case.terms.prices for one in wanted)
