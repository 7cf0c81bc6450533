"""What people do to an issue: by whom, from which states to which, and whether they must say something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from junheng_web.organisation.roles import Role
from junheng_web.rectification.models import Issue

State = Issue.State
TO_DO = frozenset({State.ASSIGNED, State.WORKING, State.REOPENED})
OFFICE = frozenset({Role.OFFICE})
ANSWERING = frozenset({Role.OFFICE, Role.UNIT_STAFF, Role.DESK, Role.TOWN_STAFF, Role.SCHOOL_HEAD})
RAISE, SEND, DROP, PLANNED = "raise", "send", "drop", "plan"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that is done to an issue; `by_word` is not offered where only values close it (rule 9)."""

    name: str
    label: str
    before: frozenset[str]
    after: str
    who: frozenset[Role]
    asks: str = ""
    by_word: bool = False
    done: str = ""


DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        one.name: one
        for one in (
            Deed("start", "开始整改", frozenset({State.ASSIGNED, State.REOPENED}), State.WORKING, ANSWERING),
            Deed("apply", "申请销号", TO_DO, State.APPLIED, ANSWERING, asks="做了什么，凭什么说整改到位"),
            Deed("return", "退回", frozenset({State.APPLIED, State.REVIEW}), State.WORKING, OFFICE, asks="还差什么"),
            Deed("review", "复核通过", frozenset({State.APPLIED}), State.REVIEW, OFFICE, "看了什么", by_word=True),
            Deed("close", "销号", frozenset({State.REVIEW}), State.CLOSED, OFFICE, by_word=True),
            Deed(
                "reopen", "重新打开", frozenset({State.CLOSED}), State.REOPENED, OFFICE, "为什么重新打开", by_word=True
            ),
            Deed(
                DROP,
                "撤销",
                frozenset({State.FOUND, *TO_DO, State.APPLIED}),
                State.DROPPED,
                OFFICE,
                "为什么撤销（立错了、学校撤并了）；撤销不算销号",
            ),
        )
    }
)
LABELS: Mapping[str, str] = MappingProxyType(
    {
        RAISE: "发现",
        SEND: "交办",
        "change": "改动",
        PLANNED: "采用方案",
        "present": "现状到位",
        "census": "入统销号",
        "fell": "重新打开",
        "undone": "重新打开",
        **{one.name: one.label for one in DEEDS.values()},
    }
)


def fits(deed: Deed, issue: Issue) -> bool:
    """Return whether a deed can be done to an issue as it is, by whoever may."""
    by_value = issue.of_gap and (deed.by_word or (deed.name == "return" and issue.state == State.REVIEW))
    return issue.state in deed.before and not by_value
