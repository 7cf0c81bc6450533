"""What each kind of report asks for: which checks stand before its signature, how its text begins, who may sign it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from junheng import papers
from junheng_web.organisation.roles import Role
from junheng_web.reports.models import Kind

# Kinds that begin with a text of the core.
OURS: Mapping[str, str] = MappingProxyType({Kind.SELF: "report", Kind.NOTICE: "notice"})
BEGINNINGS = Path(__file__).parent / "beginnings"
# Names of the checks (`checking.CHECKS`). Every report waits for its references and its reviewers.
ALWAYS = ("references",)
ASSESSED = ("basis", "undetermined")
HANDED_IN = (*ASSESSED, "unapproved", "unsealed", "footing", "evidence")
SIGNERS = frozenset({Role.LEADER, Role.OFFICE})


@dataclass(frozen=True, slots=True)
class Asks:
    """What a kind asks for; `about` says in a line what it is for."""

    about: str
    checks: tuple[str, ...]
    signers: frozenset[Role] = SIGNERS


ASKS: Mapping[str, Asks] = MappingProxyType(
    {
        Kind.APPLICATION: Asks("国家要的申报表，随附全部分表", (*ALWAYS, *HANDED_IN, "form")),
        Kind.SELF: Asks("县里对照标准逐项自查的报告", (*ALWAYS, *HANDED_IN)),
        Kind.SCHOOL_PLANS: Asks("各校的问题、责任单位和期限，随附清单", ALWAYS),
        Kind.DUTIES: Asks("任务分工表照现在的样子定稿，随附工作簿", ALWAYS),
        Kind.FUNDING: Asks("创建资金明细表照现在的数定稿，随附工作簿", (*ALWAYS, "footing")),
        Kind.BRIEF: Asks("一周的进展，给领导小组成员单位", ALWAYS),
        # P25: nothing is made public before the head of the group has signed it.
        Kind.NOTICE: Asks("向社会公示的结果，由组长签发", (*ALWAYS, *ASSESSED), frozenset({Role.LEADER})),
    }
)

# Who signs and seals the printed tables of a kind, by place: what is printed, and whether a day is written beside it.
SEALS: Mapping[str, tuple[tuple[str, bool], ...]] = MappingProxyType(
    {
        Kind.SCHOOL_PLANS: (("学校（盖章）", True), ("校长（签字）", True), ("责任单位（盖章）", True)),
        Kind.DUTIES: (("领导小组办公室（盖章）", True), ("负责人（签字）", True), ("填表人（签字）", False)),
        Kind.FUNDING: (("填报单位（盖章）", True), ("单位负责人（签字）", True), ("财务负责人（签字）", False)),
    }
)


def beginning(kind: str) -> str:
    """Return the text with references that a report of a kind begins with, where the county has no template."""
    text = papers.default_text(OURS[kind]) if kind in OURS else (BEGINNINGS / f"{kind}.txt").read_text(encoding="utf-8")
    # A line that begins with # is the title, which a report has beside its text.
    return "\n".join(line for line in text.strip().splitlines() if not line.startswith("# "))
