"""The catalogue of the evidence: every approved paper under its item, in the order of the rules, as a workbook."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from junheng_web.common.tables import workbook
from junheng_web.dossier.expected import names_of
from junheng_web.dossier.models import Paper
from junheng_web.dossier.selectors import items_of
from junheng_web.dossier.tables import CatalogueTable
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope


@dataclass(frozen=True, slots=True)
class Catalogued:
    """A line of the catalogue: a paper, what it proves, and its own data (P22)."""

    indicator: str
    code: str
    text: str
    name: str
    number: str
    formed_on: dt.date | None
    original: str
    compiled: bool
    digest: str


def approved_papers(scope: Scope, county: Area) -> list[Catalogued]:
    """Return every approved paper that one reads, indicator by indicator in the order of the rules."""
    names = names_of(county)
    places = {id: at for at, id in enumerate(names)}
    held = items_of(scope, county)
    items = sorted(held, key=lambda one: (places.get(one.item.indicator, len(places)), one.item.number))
    found = []
    for one in items:
        told = f"{one.item.indicator} {names.get(one.item.indicator, '')}".strip()
        for paper in one.papers:
            if paper.state == Paper.State.APPROVED:
                about = {key: getattr(paper.file.about, key) for key in ("number", "formed_on", "original", "compiled")}
                known = {"name": paper.file.name, "digest": paper.file.digest, **about}
                found.append(Catalogued(told, one.item.code, one.item.text, **known))
    return found


def catalogue_workbook(scope: Scope, county: Area) -> bytes:
    """Return the catalogue as a workbook."""
    return workbook(CatalogueTable(approved_papers(scope, county)))
