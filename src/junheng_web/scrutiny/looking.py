"""The signs of a ledger, remembered until something that they rest on changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from junheng_web.collection.handing.checking import previous_of
from junheng_web.collection.ledger.gathering import schools_of, unfolded
from junheng_web.collection.models import Explanation, Ledger, Step
from junheng_web.registers.counting import doubles
from junheng_web.registers.models import Register
from junheng_web.scrutiny.declared import Declared, declared
from junheng_web.scrutiny.evidence import Evidence, Placement, Sign
from junheng_web.scrutiny.gathering import gather
from junheng_web.scrutiny.kinds import KINDS

LEDGERS = 4
State = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """The signs of a ledger, and of how many schools each ratio could not be compared: those like them are too few."""

    signs: tuple[Sign, ...] = ()
    alone: Mapping[str, int] | None = None


def looked(ledger: Ledger) -> Looked:
    """Return a ledger's signs, drafts and all; one that has not changed is not looked at again."""
    return _looked(ledger.id, _state(ledger))


def _state(ledger: Ledger) -> State:
    """Return what tells apart the states of all that signs rest on."""
    before = previous_of(ledger)
    heads = unfolded(ledger).head, unfolded(before).head if before else ""
    of = {"submission__ledger": ledger}
    last = (
        kind.objects.filter(**of).order_by("-id").values_list("id", flat=True).first() for kind in (Step, Explanation)
    )
    register = Register.objects.of(ledger.county).filter(name=Register.Name.TEACHERS).values_list("sequence", flat=True)
    return (*heads, ledger.due, *last, register.first(), schools_of(ledger))


@lru_cache(maxsize=LEDGERS)
def _looked(ledger_id: int, state: State) -> Looked:
    """Look at a ledger; its state is asked for because it tells when to look again."""
    del state
    ledger = Ledger.objects.select_related("county", "period").get(id=ledger_id)
    placements = tuple(Placement(*one) for one in doubles(ledger.county, ledger.period.counting_date))
    evidence = gather(ledger, max(one.terms.hours for one in declared()), placements)
    return Looked() if evidence is None else look(evidence)


def look(evidence: Evidence, kinds: tuple[Declared, ...] | None = None) -> Looked:
    """Return every sign that the evidence gives, in the order of their declarations."""
    asked = declared() if kinds is None else kinds
    signs = tuple(sign for one in asked for sign in KINDS[one.kind](one, evidence))
    return Looked(signs, _alone(asked, evidence))


def _alone(asked: tuple[Declared, ...], evidence: Evidence) -> Mapping[str, int]:
    return Counter(
        compared.name
        for one in asked
        for compared in one.terms.ratios
        for peer in evidence.peers(one, compared.ratio)
        if peer.middle is None and peer.pupils >= one.terms.least_pupils
    )
