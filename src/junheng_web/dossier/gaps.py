"""What the checklist still lacks: one line for each item or paper that is not in order, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import OuterRef, Q, QuerySet, Subquery

from junheng import api as jh
from junheng_web.collection.models import Period
from junheng_web.dossier.expected import standard_of
from junheng_web.dossier.models import Item, Paper, oldest
from junheng_web.dossier.owning import Held
from junheng_web.dossier.selectors import checklist_of, papers_read
from junheng_web.dossier.states import STANDING
from junheng_web.evidence.models import About, File, Reading
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

State = Paper.State
# Kind of a gap: what it is called, its tone, and what to do.
KINDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "late": ("过期没有交", "red", "请催责任单位交来，或改期限"),
        "missing": ("没有交", "azure", "请责任单位交来"),
        "returned": ("退回没有补", "red", "请照退回的原因补"),
        "unreadable": ("打不开", "red", "请用原来的程序另存，或重新扫描，再换上"),
        "stale": ("太旧", "yellow", "请换近期形成的；长期有效的，在这一项里勾上“长期有效”"),
        "undated": ("没有写形成日期", "yellow", "请补写形成日期"),
        "unreviewed": ("没有审核", "azure", "请业务股室或办公室审核"),
        "unapproved": ("没有审定", "azure", "请办公室审定"),
        "unowned": ("没有定由谁交", "yellow", "请办公室定牵头单位，或直接指定由谁交"),
    }
)
WAITING: Mapping[str, str] = MappingProxyType(
    {State.RETURNED.value: "returned", State.UPLOADED.value: "unreviewed", State.REVIEWED.value: "unapproved"}
)
UNREADABLE = Reading.State.UNREADABLE
# A database takes so many numbers in one question.
MOST_NAMES = 500


@dataclass(slots=True)
class Fact:
    """What is not in order about a paper; a county has thousands, so that `name` is looked up where it is shown."""

    state: str
    file: int
    unreadable: bool
    undated: bool
    stale: bool
    name: str = ""


@dataclass(slots=True)
class Gap:
    """One thing that is not in order: of an item, or of one of its papers."""

    kind: str
    held: Held
    paper: Fact | None = None

    @property
    def item(self) -> Item:
        """The item that it is about."""
        return self.held.item

    @property
    def told(self) -> str:
        """What it is called."""
        return KINDS[self.kind][0]


def gaps_of(scope: Scope, county: Area, today: dt.date) -> list[Gap]:
    """Return what is not in order of what one sees, item by item in the order of the checklist."""
    since, facts = oldest_allowed(county), {}
    for item, fact in _facts(county, papers_read(scope, county), since):
        facts.setdefault(item, []).append(fact)
    return [gap for one in checklist_of(scope, county) for gap in _gaps(one, facts.get(one.item.id, []), today)]


def _facts(county: Area, papers: QuerySet[Paper], since: dt.date | None) -> Iterator[tuple[int, Fact]]:
    """Yield the papers about which something may not be in order, each with its item."""
    standing = papers.filter(state__in=STANDING)
    unreadable = set(Reading.objects.of(county).filter(state=UNREADABLE).values_list("file", flat=True))
    undated, stale = by_date(standing, since)
    for paper, item, state, file in standing.order_by("id").values_list("id", "item", "state", "file"):
        told = file in unreadable, paper in undated, paper in stale
        if state in WAITING or any(told):
            yield item, Fact(state, file, *told)


def by_date(papers: QuerySet[Paper], since: dt.date | None) -> tuple[set[int], set[int]]:
    """Return which papers bear no date, and which were formed too long ago: the database looks, few are told."""
    said = About.objects.filter(file=OuterRef("file")).order_by("-id")
    known = papers.order_by().annotate(formed=Subquery(said.values("formed_on")[:1]))
    old = Q(formed=None) | (Q(formed__lt=since) if since else Q())
    found = dict(known.filter(old).values_list("id", "formed"))
    undated = {paper for paper, day in found.items() if day is None}
    return undated, found.keys() - undated


def named(gaps: Iterable[Gap]) -> None:
    """Look up what the files of some gaps are called."""
    facts = [gap.paper for gap in gaps if gap.paper and not gap.paper.name]
    for start in range(0, len(facts), MOST_NAMES):
        some = facts[start : start + MOST_NAMES]
        names = dict(File.objects.filter(pk__in={one.file for one in some}).values_list("pk", "name"))
        for one in some:
            one.name = names[one.file]


def oldest_allowed(county: Area) -> dt.date | None:
    """Return the first day on which a paper may have been formed that still holds: None without a period.

    It goes back from the newest period's counting date as far as the rules let facts be old.
    """
    period = Period.objects.of(county).first()
    months = jh.load_standard(standard_of(county)).facts_valid_months
    return oldest(period.counting_date, months) if period else None


def _gaps(one: Held, facts: Sequence[Fact], today: dt.date) -> Iterator[Gap]:
    if one.owner is None:
        yield Gap("unowned", one)
    if not one.standing:
        yield Gap("late" if one.item.due and one.item.due < today else "missing", one)
    for fact in facts:
        if fact.unreadable:
            yield Gap("unreadable", one, fact)
        if fact.state in WAITING:
            yield Gap(WAITING[fact.state], one, fact)
        if (fact.undated or fact.stale) and not one.item.lasting:
            yield Gap("undated" if fact.undated else "stale", one, fact)
