"""Reads of the room: a county's files, those of one object, and whether what is stored is still what it was."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from junheng_web.common.stores import Store
from junheng_web.evidence import storage
from junheng_web.evidence.kinds import SENDER
from junheng_web.evidence.looking import sees_masked
from junheng_web.evidence.models import File, Link
from junheng_web.evidence.readers import by_file, readable
from junheng_web.evidence.searching import with_words
from junheng_web.organisation.models import Area
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

# Who sees files that belong to nothing yet; anybody else sees those that he handed in.
SEE_LOOSE = frozenset({Role.LEADER, Role.OFFICE, Role.DESK, Role.AUDITOR})


def files_of(scope: Scope, county: Area, words: str = "", of: tuple[str, str] = ("", "")) -> QuerySet[File]:
    """Return the county's files that one may read, the newest first, each with the links by which one may.

    With words: those with them in their name or in what they say; with an object (kind, code): those linked to it.
    """
    links = links_read(scope, county)
    found = _read(scope, county, links).select_related("county").prefetch_related(Prefetch("links", links))
    if words:
        found = with_words(found, words, covered=sees_masked(scope, county))
    if all(of):
        found = found.filter(pk__in=links.filter(object_kind=of[0], object_code=of[1]).values("file"))
    return found


def file_of(scope: Scope, county: Area, digest: str) -> File:
    """Return a file of the county that one may read, by its SHA-256. Raises File.DoesNotExist."""
    return _read(scope, county, links_read(scope, county, digest)).get(digest=digest)


def links_read(scope: Scope, county: Area, digest: str = "") -> QuerySet[Link]:
    """Return the links by which one may read: of one file, or of all, in the order in which they were made."""
    return readable(scope, county, _links(scope, county, digest))


def _links(scope: Scope, county: Area, digest: str) -> QuerySet[Link]:
    links = Link.objects.visible_to(scope).of(county).order_by("id")
    return links.filter(file__digest=digest) if digest else links


def _read(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[File]:
    """Return the files that one may read: by a link, since one handed them in, or since they belong to nothing yet."""
    may = Q(by_file(links)) | Q(by_account=scope.account.id)
    if SEE_LOOSE & scope.roles_in(county):
        may |= ~Exists(Link.objects.filter(file=OuterRef("pk")).exclude(object_kind=SENDER))
    return File.objects.visible_to(scope).of(county).filter(may)


def links_to(county: Area, kind: str, codes: Collection[str]) -> QuerySet[Link]:
    """Return the links to some objects of one kind, with their files, in the order in which they were made."""
    found = Link.objects.of(county).filter(object_kind=kind, object_code__in=list(codes))
    return found.select_related("file__county").order_by("id")


def files_by_object(county: Area, kind: str) -> dict[str, int]:
    """Return how many files belong to each object of a kind, by its code."""
    found = Link.objects.of(county).filter(object_kind=kind).values_list("object_code")
    return dict(found.annotate(many=Count("file")).order_by())


def files_linked(county: Area, kinds: Collection[str]) -> Iterator[tuple[str, str, int]]:
    """Yield what files belong to among some kinds of objects: the kind, the object's code, and which file it is."""
    found = Link.objects.of(county).filter(object_kind__in=kinds).order_by()
    yield from found.values_list("object_kind", "object_code", "file").iterator(chunk_size=5000)


def _rows() -> QuerySet[File, tuple[str, str, str]]:
    return File.objects.order_by("id").values_list("digest", "county__code", "name")


STORE = Store("文件", _rows, storage.holds, storage.intact)
