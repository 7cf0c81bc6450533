"""What is asked of the office about a sign, and how a list of them is narrowed down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from junheng_web.scrutiny.declared import LOOKS, declared
from junheng_web.scrutiny.evidence import COUNTY
from junheng_web.scrutiny.selectors import Case, Told

OPEN, DONE, EVERY = "open", "done", "every"
STATES = {OPEN: "还没有核实的", DONE: "已核实的", EVERY: "全部"}


class NoteForm(forms.Form):
    """Why a sign is in order, or is to be looked at again."""

    note = forms.CharField(
        max_length=400, strip=True, error_messages={"required": "请写说明", "max_length": "说明请写在 400 字以内"}
    )
    seen = forms.CharField(required=False, max_length=400)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which signs are asked for; nothing means all."""

    sign: str = ""
    look: str = ""
    state: str = OPEN
    q: str = ""

    def keeps(self, one: Told) -> bool:
        """Whether a sign is among those."""
        asked = (self.sign in ("", one.sign.of.id), self.look in ("", one.sign.of.look))
        return all(asked) and (self.state == EVERY or one.open == (self.state == OPEN))


def asked_of(query: QueryDict) -> Asked:
    """Return what an address asks for; what there is not is passed over."""
    known = {"sign": {one.id for one in declared()}, "look": set(LOOKS), "state": set(STATES)}
    chosen = {name: query[name] for name, values in known.items() if query.get(name) in values}
    return Asked(**chosen, q=query.get("q", "").strip())


def narrowed(cases: Iterable[Case], asked: Asked, names: dict[str, str]) -> list[Case]:
    """Return the cases with the signs that are asked for, in the same order; those without any are left out."""
    own = ((one.school, tuple(told for told in one.signs if asked.keeps(told))) for one in cases)
    named = ((school, signs) for school, signs in own if asked.q in names.get(school, "") or school == COUNTY)
    return [Case(school, signs) for school, signs in named if signs]
