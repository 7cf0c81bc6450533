"""What the checklist still lacks: one line for each item or paper that is not in order, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import OuterRef, QuerySet, Subquery

from junheng import api as jh
from junheng_web.collection.models import Period
from junheng_web.dossier.expected import standard_of
from junheng_web.dossier.models import Item, Paper, oldest
from junheng_web.dossier.owning import Held
from junheng_web.dossier.selectors import checklist_of, papers_read
from junheng_web.dossier.states import STANDING
from junheng_web.evidence.models import About, Reading
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
WAITING = {State.RETURNED: "returned", State.UPLOADED: "unreviewed", State.REVIEWED: "unapproved"}


@dataclass(frozen=True, slots=True)
class Fact:
    """What has to be known of a paper to say whether it is in order; a county has thousands."""

    item: int
    state: str
    name: str
    formed_on: dt.date | None
    unreadable: bool


@dataclass(frozen=True, slots=True)
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
    for fact in _facts(papers_read(scope, county)):
        facts.setdefault(fact.item, []).append(fact)
    held = checklist_of(scope, county)
    return [gap for one in held for gap in _gaps(one, facts.get(one.item.id, []), since, today)]


def _facts(papers: QuerySet[Paper]) -> Iterator[Fact]:
    """Yield what has to be known of the papers that count."""
    said = About.objects.filter(file=OuterRef("file")).order_by("-id")
    known = papers.filter(state__in=STANDING).order_by("id").annotate(formed=Subquery(said.values("formed_on")[:1]))
    for *told, reading in known.values_list("item", "state", "file__name", "formed", "file__reading__state"):
        yield Fact(*told, reading == Reading.State.UNREADABLE)


def oldest_allowed(county: Area) -> dt.date | None:
    """Return the first day on which a paper may have been formed that still holds: None without a period.

    It goes back from the newest period's counting date as far as the rules let facts be old.
    """
    period = Period.objects.of(county).first()
    months = jh.load_standard(standard_of(county)).facts_valid_months
    return oldest(period.counting_date, months) if period else None


def _gaps(one: Held, standing: Sequence[Fact], since: dt.date | None, today: dt.date) -> Iterator[Gap]:
    if one.owner is None:
        yield Gap("unowned", one)
    if not standing:
        yield Gap("late" if one.item.due and one.item.due < today else "missing", one)
    for fact in standing:
        yield from (Gap(kind, one, fact) for kind in _kinds(one.item, fact, since))


def _kinds(item: Item, paper: Fact, since: dt.date | None) -> Iterator[str]:
    """Yield what is not in order about one paper."""
    if paper.unreadable:
        yield "unreadable"
    if paper.state in WAITING:
        yield WAITING[State(paper.state)]
    if item.lasting:
        return
    if paper.formed_on is None:
        yield "undated"
    elif since and paper.formed_on < since:
        yield "stale"
