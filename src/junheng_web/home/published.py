"""Documents that counties have published, part by part as they are printed; whoever is signed in may read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from junheng_web.assessment.selectors import Answer, beside_document, rules_today
from junheng_web.duties.matrix import grid
from junheng_web.duties.models import Duty
from junheng_web.duties.naming import irregularities
from junheng_web.funding import footing as money
from junheng_web.funding.footing import COLUMNS, TOTAL, foot
from junheng_web.organisation.charting import chart as charted
from junheng_web.organisation.models import Publication, Unit
from junheng_web.organisation.permissions import signed_in
from junheng_web.organisation.publishing import publications
from junheng_web.organisation.selectors import group_of

# The tables that a publication keeps; the table of tasks stands in the rule book.
TABLES = ("parts", "group", "rules", "duties", "aliases", "funding", "notes")
VETO = "VETO"
CHART, MATRIX = "架构图", "分工对照"
MONEY = ("equipment_wan", "renovation_wan", "other_wan", "total_wan")
Row = dict[str, Any]


@signed_in
def contents(request: HttpRequest) -> HttpResponse:
    """Which documents there are, county by county."""
    return _page(request, "contents", {"publications": publications(), "county": None})


@signed_in
def document(request: HttpRequest, area: str, code: str) -> HttpResponse:
    """Lead to a document's first part."""
    publication = get_object_or_404(publications(), area__code=area, code=code)
    return redirect(_url(publication, publication.tables["parts"][0]["part"]))


@signed_in
def part(request: HttpRequest, area: str, code: str, part: str) -> HttpResponse:
    """One part of a document, with the way to the others."""
    publication = get_object_or_404(publications(), area__code=area, code=code)
    parts = {row["part"]: row for row in publication.tables["parts"]}
    if part not in parts:
        raise Http404
    about = {
        "publication": publication,
        "county": publication.area,
        "part": parts[part],
        "notes": [row["text"] for row in publication.tables["notes"] if row["part"] == part],
        "tabs": _tabs(publication, part),
    }
    return _page(request, part, about | TELL[part](publication))


@signed_in
def chart(request: HttpRequest, area: str, code: str) -> HttpResponse:
    """The working group of the document as a chart, as the platform holds it: names and titles as printed."""
    publication = get_object_or_404(publications(), area__code=area, code=code)
    told = charted(publication.area, timezone.localdate())
    if told["group"] is None:
        raise Http404
    about = {"publication": publication, "county": publication.area, "links": False}
    about["part"] = {"title": "工作专项组架构图", "tab": CHART}
    return _page(request, "chart", {**about, **told, "tabs": _tabs(publication, "chart")})


@signed_in
def matrix(request: HttpRequest, area: str, code: str) -> HttpResponse:
    """The document's table as indicators by units, as the platform holds it, and what does not agree in its parts."""
    publication = get_object_or_404(publications(), area__code=area, code=code)
    county, units = publication.area, list(Unit.objects.of(publication.area).prefetch_related("written"))
    if not Duty.objects.of(county).exists():
        raise Http404
    told = grid(county, units, {}) | {"irregular": list(irregularities(county, units))}
    about = {"publication": publication, "county": county, "links": False}
    about["part"] = {"title": told["book"].title, "tab": MATRIX}
    return _page(request, "matrix", {**about, **told, "tabs": _tabs(publication, "matrix")})


def _tabs(publication: Publication, here: str) -> list[tuple[str, str, bool]]:
    """Return the document's parts as tabs; what the platform holds of it comes after: the chart, the table by units."""
    tabs = [(row["tab"], _url(publication, row["part"]), row["part"] == here) for row in publication.tables["parts"]]
    if group_of(publication.area):
        there = reverse("publication_chart", args=[publication.area.code, publication.code])
        tabs.insert(1, (CHART, there, here == "chart"))
    if Duty.objects.of(publication.area).exists():
        there = reverse("publication_matrix", args=[publication.area.code, publication.code])
        after = next((at for at, one in enumerate(tabs, 1) if one[1] == _url(publication, "tasks")), len(tabs))
        tabs.insert(after, (MATRIX, there, here == "matrix"))
    return tabs


def _page(request: HttpRequest, template: str, told: dict[str, Any]) -> HttpResponse:
    """Show a page that says of itself that it reproduces: whatever the reader's own county is, this is not invented."""
    return render(request, f"home/published_{template}.html", {"invented": False, "reproduced": True, **told})


def _url(publication: Publication, part: str, anchor: str = "") -> str:
    address = reverse("publication_part", args=[publication.area.code, publication.code, part])
    return f"{address}#{anchor}" if anchor else address


def _units(publication: Publication) -> dict[str, str]:
    """Return where each unit's duties are told, under every way in which the document writes the unit."""
    duties = [unit for unit, _ in groupby(row["unit"] for row in publication.tables["duties"])]
    places = {unit: _url(publication, "duties", f"unit-{at}") for at, unit in enumerate(duties, 1)}
    written = (
        (row[where], row["in_duties"]) for row in publication.tables["aliases"] for where in ("in_tasks", "in_group")
    )
    return {name: places[unit] for name, unit in written if name}


def _group(publication: Publication) -> dict[str, Any]:
    """The posts and who holds them, in the printed order, and the rules that follow them."""
    units = _units(publication)
    holders = [row | {"url": units.get(row["title"], "")} for row in publication.tables["group"]]
    return {"holders": holders, "rules": publication.tables["rules"]}


def _duties(publication: Publication) -> dict[str, Any]:
    """Each unit's duties sentence by sentence, who of it sits in the group, and which rows of the tasks name it."""
    by_unit = groupby(publication.tables["duties"], key=lambda row: row["unit"])
    return {"units": [_unit(publication, unit, [row["text"] for row in rows]) for unit, rows in by_unit]}


def _unit(publication: Publication, unit: str, sentences: list[str]) -> Row:
    known = [row for row in publication.tables["aliases"] if row["in_duties"] == unit]
    titles, names = {row["in_group"] for row in known}, {row["in_tasks"] for row in known}
    book = rules_today(publication.overlay)
    tasks = [row["indicator"] for row in book["rows"] if names & set(row["units"])]
    return {
        "name": unit,
        "sentences": sentences,
        "holders": [row for row in publication.tables["group"] if row["title"] in titles],
        "tasks": [(_called(book["document"], id), _url(publication, "tasks", id)) for id in tasks],
        "notes": list(dict.fromkeys(row["note"] for row in known if row["note"])),
    }


def _called(document: Answer, id: str) -> str:
    """Return a row's number; of a row that the document does not number, its name."""
    return id if id[-1].isdigit() else document["requirements"][id]["name"]


def _tasks(publication: Publication) -> dict[str, Any]:
    """Every row of the table of tasks beside the national line, and what that document asks and the table does not."""
    book, beside = rules_today(publication.overlay), beside_document(publication.overlay)
    every = [*beside["differences"], *beside["equal"]]
    urls = _units(publication)
    rows = [
        row
        | {
            "links": [(unit, urls.get(unit, "")) for unit in row["units"]],
            "asked": [_condition(book["document"], one) for one in every if one["indicator"] == row["indicator"]],
        }
        for row in book["rows"]
    ]
    listed = {row["indicator"] for row in rows}
    return {
        "book": book,
        "rows": [row for row in rows if row["indicator"] != VETO],
        "vetoes": [_vetoes(row) for row in rows if row["indicator"] == VETO],
        "absent": list(_absent(book["document"], [one for one in every if one["indicator"] not in listed])),
    }


def _condition(document: Answer, one: Row) -> Row:
    """Return a condition with a short name: of the resources, the stage; the row itself says the rest."""
    return one | {"name": document["stages"].get(one["part"], one["name"])}


def _vetoes(row: Row) -> Row:
    """Return the row of the veto items, each as printed beside what the national document calls it."""
    printed = iter(row["text"].rstrip("。").split("；"))
    return row | {
        "items": [(next(printed) if one["second"] is not None else "", one["name"]) for one in _in_order(row["asked"])]
    }


def _in_order(asked: list[Row]) -> list[Row]:
    """Return conditions with those first that both documents have."""
    return sorted(asked, key=lambda one: one["second"] is None)


def _absent(document: Answer, asked: list[Row]) -> Iterator[tuple[str, list[str]]]:
    """Yield what the national document asks beside the rows: its id and name, and its conditions."""
    for id, conditions in groupby(asked, key=lambda one: one["indicator"]):
        yield f"{id} {document['requirements'][id]['name']}", [one["name"] for one in conditions]


def _funding(publication: Publication) -> dict[str, Any]:
    """The legible rows of the table of money, and whether they add up; where rows cannot be read, a row says so."""
    rows = publication.tables["funding"]
    printed = next((row for row in rows if not row["row"].isdigit()), None)
    legible = [_money(row) for row in rows if row is not printed]
    footing = foot(legible, _money(printed) if printed else None)
    legible_sums = [*footing.down.values(), footing.across]
    told = {"legible": [_plain(one) for one in legible_sums]}
    told["left"] = [_plain(footing.off.get(one)) for one in (*COLUMNS, TOTAL)]
    across = not footing.rows_off and printed is not None and not _money(printed).off
    return {"rows": list(_legible(rows)), **told, "read": len(legible), "across": across}


def _money(row: Row) -> money.Row:
    """Return a printed row as sums; what is blank counts as nothing."""
    cells = {column: Decimal(row[name]) for column, name in zip(COLUMNS, MONEY, strict=False) if row[name]}
    return money.Row(cells, Decimal(row[MONEY[-1]]))


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _legible(rows: list[Row]) -> Iterator[Row]:
    before = 0
    for row in rows:
        number = int(row["row"]) if row["row"].isdigit() else before + 1
        if number > before + 1:
            yield {"unread": f"{before + 1}～{number - 1}" if number > before + 2 else f"{before + 1}"}
        yield row | {"cells": [(row[name], name in row["inferred"].split()) for name in MONEY]}
        before = number


def _original(publication: Publication) -> dict[str, Any]:
    """The whole text."""
    return {"text": publication.text}


TELL: dict[str, Callable[[Publication], dict[str, Any]]] = {
    "group": _group,
    "duties": _duties,
    "tasks": _tasks,
    "funding": _funding,
    "original": _original,
}
