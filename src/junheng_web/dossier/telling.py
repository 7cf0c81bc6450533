"""What the pages of the checklist show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from junheng_web.dossier.deeds import DEEDS, LABELS
from junheng_web.dossier.forms import StepForm, named
from junheng_web.dossier.gaps import KINDS, Gap
from junheng_web.dossier.models import Paper
from junheng_web.dossier.owning import Held
from junheng_web.dossier.selectors import from_outside, items_of, may_hand_in
from junheng_web.dossier.states import CHOICES, TONES, WORDS
from junheng_web.dossier.tables import state_told, tone_of
from junheng_web.evidence.models import File
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope

Asked = Mapping[str, str]
RIGHTS = {"manages": "dossier.manage", "overlooks": "dossier.gaps"}


def rights(scope: Scope, county: Area) -> dict[str, bool]:
    """Return what the reader may do here, for what the pages offer."""
    return {name: allowed(right, scope, county) for name, right in RIGHTS.items()}


def narrowed(found: Iterable[Held], asked: Asked) -> list[Held]:
    """Return the items that are asked for: of an indicator, in a state, of an owner, with words in them."""
    return [one for one in found if _wanted(one, asked)]


def _wanted(one: Held, asked: Asked) -> bool:
    return (
        asked["indicator"] in ("", one.item.indicator)
        and asked["state"] in ("", one.state)
        and asked["whose"] in ("", one.owner.code if one.owner else "")
        and asked["q"] in f"{one.item} {one.whose}"
    )


def listed(scope: Scope, county: Area, found: list[Held], asked: Asked) -> dict[str, Any]:
    """Return what stands above the checklist: how many are in which state, and by what one can narrow it."""
    many = Counter(one.state for one in found)
    return {
        "asked": asked,
        "counts": [(state, word, TONES[state], many[state]) for state, word in CHOICES],
        "states": CHOICES,
        "indicators": named(county),
        "owners": owners(found),
        "anything": bool(found),
        **rights(scope, county),
    }


def owners(found: Iterable[Held]) -> list[tuple[str, str]]:
    """Return whoever owns some of the items: units in the document's order, then schools by their codes (P3)."""
    known = {one.owner for one in found if one.owner}
    units = sorted((one for one in known if isinstance(one, Unit)), key=lambda one: (one.place, one.code))
    schools = sorted((one for one in known if not isinstance(one, Unit)), key=lambda one: one.code)
    return [(one.code, str(one)) for one in (*units, *schools)]


def item_told(scope: Scope, one: Held, forms: Mapping[tuple[int, str], StepForm]) -> dict[str, Any]:
    """Return what the page of an item shows: what is asked, each paper with what one may do to it, every step."""
    county = one.item.county
    return {
        "held": one,
        "item": one.item,
        "name": dict(named(county)).get(one.item.indicator, one.item.indicator),
        "tone": tone_of(one),
        "word": state_told(one),
        "papers": [_paper(scope, one, paper, forms) for paper in reversed(one.papers)],
        "trail": [] if from_outside(scope, county) else _trail(one),
        "hands_in": may_hand_in(scope, county, one),
        **rights(scope, county),
    }


def _paper(scope: Scope, one: Held, paper: Paper, forms: Mapping[tuple[int, str], StepForm]) -> dict[str, Any]:
    may = may_hand_in(scope, paper.county, one)
    deeds = [
        deed
        for deed in DEEDS.values()
        if paper.state in deed.before and allowed(deed.permission, scope, paper.county)
        if not one.item.ended and (deed is not DEEDS["withdraw"] or may)
        if deed is not DEEDS["review"] or paper.by_account != scope.account.id
    ]
    return {
        "paper": paper,
        "about": paper.file.about,
        "tone": TONES[paper.state],
        "word": WORDS[paper.state],
        "why": _why(paper),
        "deeds": [forms.get((paper.id, deed.name)) or StepForm(paper, deed) for deed in deeds],
    }


def _why(paper: Paper) -> str:
    """Return why a paper was returned, where it is."""
    if paper.state != Paper.State.RETURNED:
        return ""
    return next((step.note for step in reversed(paper.steps.all()) if step.note), "")


def _trail(one: Held) -> list[dict[str, Any]]:
    """Return every step of an item's papers, the last first."""
    steps = [(paper, step) for paper in one.papers for step in paper.steps.all()]
    return [
        {"label": LABELS[step.deed], "step": step, "file": paper.file}
        for paper, step in sorted(steps, key=lambda pair: -pair[1].id)
    ]


def file_told(scope: Scope, file: File) -> dict[str, Any]:
    """Return what a file proves: its items as far as one sees them, and to which others one may put it."""
    held = items_of(scope, file.county)
    proved = [(one, paper) for one in held for paper in one.papers if paper.file_id == file.id and paper.standing]
    known = {one.item.id for one, _ in proved}
    offered = [one for one in held if one.item.id not in known and may_hand_in(scope, file.county, one)]
    rows = [(one.item, WORDS[paper.state], TONES[paper.state]) for one, paper in proved]
    return {"file": file, "proved": rows, "offered": offered}


def gaps_told(scope: Scope, county: Area, gaps: Iterable[Gap], asked: Asked) -> dict[str, Any]:
    """Return what stands above the list of gaps: how many of each kind."""
    found = list(gaps)
    many = Counter(gap.kind for gap in found)
    return {
        "asked": asked,
        "counts": [(kind, word, tone, many[kind]) for kind, (word, tone, _) in KINDS.items() if many[kind]],
        "kinds": [(kind, word) for kind, (word, _, _) in KINDS.items()],
        "owners": owners({id(gap.held): gap.held for gap in found}.values()),
        "today": timezone.localdate(),
        **rights(scope, county),
    }
