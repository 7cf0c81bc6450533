"""Reads of the room: a county's files, those of one object, and whether what is stored is still what it was."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from junheng_web.common.stores import Store
from junheng_web.evidence import storage
from junheng_web.evidence.kinds import BY_ROOMS
from junheng_web.evidence.models import File, Link
from junheng_web.organisation.models import Area
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

# Who sees what the rooms link by themselves in the list; anybody else comes to it by the page that shows it.
SEE_ALL = frozenset({Role.LEADER, Role.OFFICE, Role.DESK})


def files_of(scope: Scope, county: Area, words: str = "", of: tuple[str, str] = ("", "")) -> QuerySet[File]:
    """Return the county's files, the newest first: those with words in their name, those linked to an object."""
    found = File.objects.visible_to(scope).of(county).select_related("county").prefetch_related("links")
    if not SEE_ALL & scope.roles_in(county):
        rooms = Link.objects.filter(file=OuterRef("pk"), object_kind__in=BY_ROOMS)
        found = found.filter(~Exists(rooms) | Q(by_account=scope.account.id))
    if words:
        found = found.filter(name__icontains=words)
    if all(of):
        found = found.filter(links__object_kind=of[0], links__object_code=of[1])
    return found


def file_of(scope: Scope, county: Area, digest: str) -> File:
    """Return a file of the county by its SHA-256. Raises File.DoesNotExist."""
    return File.objects.visible_to(scope).of(county).get(digest=digest)


def links_to(county: Area, kind: str, codes: Collection[str]) -> QuerySet[Link]:
    """Return the links to some objects of one kind, with their files, in the order in which they were made."""
    found = Link.objects.of(county).filter(object_kind=kind, object_code__in=list(codes))
    return found.select_related("file__county").order_by("id")


def files_by_object(county: Area, kind: str) -> dict[str, int]:
    """Return how many files belong to each object of a kind, by its code."""
    found = Link.objects.of(county).filter(object_kind=kind).values_list("object_code")
    return dict(found.annotate(many=Count("file")).order_by())


def _rows() -> QuerySet[File, tuple[str, str, str]]:
    return File.objects.order_by("id").values_list("digest", "county__code", "name")


STORE = Store("文件", _rows, storage.place, storage.intact)
