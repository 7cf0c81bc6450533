"""A file is handed in for an item, for many at once, in the place of an older one; and what is done to it then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from junheng_web.dossier.deeds import DEEDS, HAND_IN, REPLACE, Deed
from junheng_web.dossier.models import Item, Paper, PaperStep
from junheng_web.dossier.owning import Held, held_of
from junheng_web.dossier.selectors import may_hand_in
from junheng_web.duties.selectors import AT_HOME
from junheng_web.evidence.describing import About, file_describe
from junheng_web.evidence.models import File
from junheng_web.evidence.services import file_add, file_link
from junheng_web.notices.services import notice_send
from junheng_web.organisation import audit
from junheng_web.organisation.models import Post, School, Unit
from junheng_web.organisation.permissions import SCHOOL, allowed
from junheng_web.organisation.scopes import Scope

State = Paper.State
# The kind of the link from a file to an item.
KIND = "item"


class Moved(Exception):
    """Somebody else took the paper a step on meanwhile."""


@transaction.atomic
def file_hand_in(
    *, by: Scope, one: Held, file: Any, about: About | None = None, replaces: Paper | None = None, today: dt.date
) -> Paper:
    """Take in a file for an item, with its dates and places; it may stand in the place of an older paper.

    `file` has a name and chunks(). Raises PermissionDenied, ValidationError where the file is not taken in or is there
    already, Moved where the older paper does not count any more.
    """
    if not may_hand_in(by, one.item.county, one):
        raise PermissionDenied
    kept, _ = file_add(by=by, county=one.item.county, name=file.name, chunks=file.chunks())
    return paper_hand_in(by=by, one=one, file=kept, about=about, replaces=replaces, today=today)


@transaction.atomic
def paper_hand_in(
    *,
    by: Scope,
    one: Held,
    file: File,
    about: About | None = None,
    replaces: Paper | None = None,
    today: dt.date | None = None,
) -> Paper:
    """Let a file that is there prove an item as well. Raises as `file_hand_in` does.

    What is said of the paper counts where something is said: a file that is known keeps what was known of it.
    """
    if not may_hand_in(by, one.item.county, one):
        raise PermissionDenied
    if about not in (None, About()):
        file_describe(by=by, file=file, about=about, today=today or timezone.localdate())
    return _handed(by, one.item, file, replaces)


@transaction.atomic
def file_serve(*, by: Scope, file: File, items: Iterable[Held]) -> list[Paper]:
    """Let a file prove several items at once: all of them or none. Raises as `file_hand_in` does."""
    return [paper_hand_in(by=by, one=one, file=file) for one in items]


def _handed(by: Scope, item: Item, file: File, replaces: Paper | None) -> Paper:
    Item.objects.select_for_update(of=("self",)).get(id=item.id)
    older = _replaced(by, item, replaces) if replaces else None
    known = Paper.objects.filter(item=item, file=file).first()
    if known and known.standing:
        raise ValidationError(f"{file.name} 已经交在 {item.code} 里了；不用再交，要换请交内容不同的新文件")
    paper = known or Paper(county=item.county, item=item, file=file)
    paper.state, paper.replaces, paper.by_account = State.UPLOADED, older, by.account.id
    paper.save()
    file_link(by=by, file=file, of=(KIND, item.code))
    _step(by, paper, HAND_IN)
    return paper


def _replaced(by: Scope, item: Item, older: Paper) -> Paper:
    """Let an older paper of the item not count any more: what it was, and was approved as, stays."""
    now = Paper.objects.select_for_update(of=("self",)).select_related("county", "item", "file").get(id=older.id)
    if now.item_id != item.id or not now.standing:
        raise Moved("要换的那份已经不算数了：可能别人刚换过。请看一下现在有哪些，再交")
    now.state = State.REPLACED
    now.save()
    _step(by, now, REPLACE)
    return now


@transaction.atomic
def paper_take(*, by: Scope, paper: Paper, deed: Deed, note: str = "", seen: str) -> Paper:
    """Take a paper one step on, or back; `seen` is the state in which it was read.

    Raises PermissionDenied, Moved where somebody came first, ValidationError without the reason that the deed asks for,
    and where one would review what one handed in oneself.
    """
    now = (
        Paper.objects.select_for_update(of=("self",)).select_related("county", "item__county", "file").get(id=paper.id)
    )
    _refuse(by, now, deed, note)
    if now.state != seen or now.state not in deed.before:
        raise Moved("您打开以后，别人办了这一份；请看一下它现在的状态，再办")
    now.state = deed.after
    now.save()
    _step(by, now, deed.name, note.strip())
    if now.state == State.RETURNED:
        _tell(by, now, deed, note.strip())
    return now


def _refuse(by: Scope, paper: Paper, deed: Deed, note: str) -> None:
    if not allowed(deed.permission, by, paper.county):
        raise PermissionDenied
    if deed is DEEDS["withdraw"] and not may_hand_in(by, paper.county, _held(paper.item)):
        raise PermissionDenied
    if deed.asks and not note.strip():
        raise ValidationError(f"请写{deed.asks}：交的人要照着补")
    if deed is DEEDS["review"] and paper.by_account == by.account.id:
        raise ValidationError("自己交的，要由别人审核；请告诉另一位审核的同事")


def _held(item: Item) -> Held:
    return next(held_of(item.county, [item], []))


def _step(by: Scope, paper: Paper, deed: str, note: str = "") -> None:
    PaperStep.objects.create(county=paper.county, paper=paper, deed=deed, note=note, **audit.signed(by))
    of = ("paper", f"{paper.item.code}:{paper.file.digest[:12]}")
    audit.record(f"paper.{deed}", by=by, county=paper.county, of=of, note=note, file=paper.file.digest)


def _tell(by: Scope, paper: Paper, deed: Deed, note: str) -> None:
    """Tell whoever may hand in for the item that a paper came back, and why."""
    step = paper.steps.latest("id")
    text = f"{paper.item.code} 的 {paper.file.name} {deed.label}：{note}"
    posts = _posts(_held(paper.item).owner)
    notice_send(by=by, county=paper.county, key=f"paper-returned-{step.id}", text=text, url=paper.item.url, posts=posts)


def _posts(owner: Unit | School | None) -> list[Post]:
    if isinstance(owner, School):
        return list(Post.objects.filter(area=owner.county, school=owner, role__in=SCHOOL))
    return list(Post.objects.filter(area=owner.county, unit=owner, role__in=AT_HOME)) if owner else []
