"""What is done to a paper after it was handed in: by whom, from which state to which, and with what reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from junheng_web.dossier.models import Paper

State = Paper.State
HAND_IN, REPLACE = "hand_in", "replace"


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed: what it is called, who may, from which states, to which; `asks` is what its reason is called."""

    name: str
    label: str
    permission: str
    before: frozenset[str]
    after: str
    asks: str = ""


_DEEDS = (
    Deed("review", "审核通过", "dossier.review", frozenset({State.UPLOADED}), State.REVIEWED),
    Deed("approve", "审定", "dossier.approve", frozenset({State.REVIEWED}), State.APPROVED),
    Deed("return", "退回", "dossier.review", frozenset({State.UPLOADED, State.REVIEWED}), State.RETURNED, "为什么退回"),
    Deed("reopen", "撤销审定", "dossier.approve", frozenset({State.APPROVED}), State.RETURNED, "为什么撤销"),
    Deed("withdraw", "撤回", "dossier.hand_in", frozenset({State.UPLOADED, State.RETURNED}), State.WITHDRAWN),
)
DEEDS: Mapping[str, Deed] = MappingProxyType({one.name: one for one in _DEEDS})
# What stands in an item's history, by the deed's name.
LABELS: Mapping[str, str] = MappingProxyType(
    {HAND_IN: "交来", REPLACE: "由新的代替", **{one.name: one.label for one in _DEEDS}}
)
