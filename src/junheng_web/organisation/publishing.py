"""Taking in what an area has published, and reading it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet

from junheng_web.organisation import audit
from junheng_web.organisation.models import Area, Publication
from junheng_web.organisation.scopes import Scope

Tables = Mapping[str, Sequence[Mapping[str, str]]]


@transaction.atomic
def publication_keep(
    *, by: Scope | None, area: Area, code: str, title: str, overlay: str, tables: Tables, text: str
) -> Publication:
    """Keep a public document of an area; what is there under the code already stays as it is."""
    known = {"title": title, "overlay": overlay, "tables": tables, "text": text}
    publication, new = Publication.objects.get_or_create(area=area, code=code, defaults=known)
    if new:
        audit.record("publication.keep", by=by, county=area, of=("publication", code), title=title)
    return publication


def publications() -> QuerySet[Publication]:
    """Return what was published, by whichever area: whoever is signed in may read it."""
    return Publication.objects.select_related("area")
