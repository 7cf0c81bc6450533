"""Who may read a file: each room says it of the links that it makes; a kind of link without a rule opens nothing.

A room's rules stand in its `file_readers.py`, which is found the first time that somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.module_loading import autodiscover_modules

from junheng_web.evidence.models import Link
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

# Of links of one kind in a county, those whose files one may read.
Rule = Callable[[Scope, Area, QuerySet[Link]], QuerySet[Link]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of links: what it is called on the screen, and who may read by them."""

    label: str
    rule: Rule


_KINDS: dict[str, Kind] = {}


def read_by(name: str, label: str) -> Callable[[Rule], Rule]:
    """Say who may read the files that links of a kind belong to. Raises ValueError where that was said already."""

    def register(rule: Rule) -> Rule:
        if name in _KINDS:
            raise ValueError(f"who reads files of {name} was said already")
        _KINDS[name] = Kind(label, rule)
        return rule

    return register


def kinds() -> Mapping[str, Kind]:
    """Return every kind of links that has a rule, by name."""
    _discover()
    return _KINDS


@cache
def _discover() -> None:
    autodiscover_modules("file_readers")


def readable(scope: Scope, county: Area, links: QuerySet[Link]) -> QuerySet[Link]:
    """Return those of a county's links by which one may read: what their kind's rule gives, of no rule nothing.

    A rule that gives back all it got is asked for by its kind's name: no list of links is made for it.
    """
    may, whole = Q(pk__in=[]), []
    for name in sorted(set(links.order_by().values_list("object_kind", flat=True).distinct()) & kinds().keys()):
        asked = links.filter(object_kind=name)
        own = kinds()[name].rule(scope, county, asked)
        if own is asked:
            whole.append(name)
        else:
            may |= Q(pk__in=own.order_by().values("pk"))
    return links.filter(Q(object_kind__in=whole) | may)


def by_file(links: QuerySet[Link]) -> Exists:
    """Return, as a condition on a file, that it has one of these links; the database looks at each file's own."""
    return Exists(links.order_by().filter(file=OuterRef("pk")))
