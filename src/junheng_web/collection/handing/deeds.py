"""The steps that a form can take: from which states to which, and who may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from junheng_web.collection.handing import agreeing
from junheng_web.collection.ledger.subjects import Subject, own_roles
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

Status = Submission.Status


@dataclass(frozen=True, slots=True)
class Who:
    """The roles that may do something to a form: those at its own school or unit, and those of the whole county."""

    own: frozenset[Role] = frozenset()
    county: frozenset[Role] = frozenset()

    def may(self, scope: Scope, one: Subject) -> bool:
        """Whether one of the reader's posts is among them."""
        return bool(self.own & own_roles(scope, one) or self.county & scope.roles_in(one.ledger.county))


# The office may do each step for somebody who has handed in a paper (代录).
OFFICE = frozenset({Role.OFFICE})
HEADS = frozenset({Role.SCHOOL_HEAD, Role.UNIT_STAFF, Role.TOWN_STAFF})
FILLING = Who(HEADS | {Role.SCHOOL_CLERK, Role.DESK}, OFFICE)
SIGNING = Who(HEADS, OFFICE)
REVIEWING = Who(county=OFFICE | {Role.DESK})
SENDING_BACK = Who(HEADS, OFFICE | {Role.DESK})
DECIDING = Who(county=OFFICE)
CONFIRMING = Who(county=OFFICE | agreeing.ROLES[agreeing.CONFIRM])


SUBMIT, ENDORSE, SIGN = "submit", "endorse", "sign"
# A deed that leaves a form in the state in which it is.
STAYS = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """One kind of step: from which states to which, who may, what it is called, and whether it must say why."""

    name: str
    label: str
    before: frozenset[str]
    after: str
    who: Who
    reason: bool = False


def _deeds() -> Mapping[str, Deed]:
    on_the_way = frozenset({Status.SUBMITTED, Status.ENDORSED, Status.SIGNED, Status.REVIEWED})
    every = (
        Deed(SUBMIT, "提交", frozenset({Status.DRAFT}), Status.SUBMITTED, FILLING),
        # Whether a form's unit has somebody who signs before its head does, `signing` says.
        Deed(ENDORSE, "分管领导签字", frozenset({Status.SUBMITTED}), Status.ENDORSED, SIGNING),
        Deed(SIGN, "签字", frozenset({Status.SUBMITTED, Status.ENDORSED}), Status.SIGNED, SIGNING),
        Deed("review", "审核通过", frozenset({Status.SIGNED}), Status.REVIEWED, REVIEWING),
        Deed("confirm", "会签", frozenset({Status.SIGNED, Status.REVIEWED}), STAYS, CONFIRMING),
        Deed("approve", "审定", frozenset({Status.REVIEWED}), Status.APPROVED, DECIDING),
        Deed("recall", "收回", frozenset({Status.SUBMITTED}), Status.DRAFT, FILLING),
        Deed("return", "退回", on_the_way, Status.DRAFT, SENDING_BACK, reason=True),
        Deed("withdraw", "撤销审定", frozenset({Status.APPROVED}), Status.DRAFT, DECIDING, reason=True),
    )
    return MappingProxyType({one.name: one for one in every})


DEEDS = _deeds()
