"""A county's own published document, taken in as it is printed: units as written, duties, the table of tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from junheng_web.assessment.models import Responsibility
from junheng_web.duties.book import book_of
from junheng_web.duties.matrix import Set, indicator_set, printed_units
from junheng_web.duties.models import Duty, UnitName
from junheng_web.duties.services import Asked, Origin, duty_add, unit_name_set
from junheng_web.organisation.models import Area, Publication, Unit
from junheng_web.organisation.scopes import Scope

Rows = Sequence[Mapping[str, str]]
# Where the table of names says how each part writes a unit.
COLUMNS = {"in_group": UnitName.Part.GROUP, "in_duties": UnitName.Part.DUTIES, "in_tasks": UnitName.Part.TASKS}


@transaction.atomic
def document_take(*, by: Scope | None, county: Area, publication: Publication) -> int:
    """Take in how the document writes units, every sentence of duties and every row of the table; return how many.

    What has been taken in stays as it is: the office edits it. A name that no unit bears is passed over and shows as
    an irregularity. Raises ValueError for another county's document.
    """
    if publication.area_id != county.id:
        raise ValueError(f"{publication.code} is not a document of {county.code}")
    units = {unit.name: unit for unit in Unit.objects.of(county)}
    _names(by, county, units, publication.tables.get("aliases", []))
    taken = _duties(by, county, publication)
    return taken + _table(by, county)


def _names(by: Scope | None, county: Area, units: Mapping[str, Unit], rows: Rows) -> None:
    for row in rows:
        for column, part in COLUMNS.items():
            if row["unit"] in units and row[column]:
                told = {"part": part, "name": row[column], "note": row.get("note", "")}
                unit_name_set(by=by, county=county, unit=units[row["unit"]], **told)


def _duties(by: Scope | None, county: Area, publication: Publication) -> int:
    if Duty.objects.of(county).filter(kind=Duty.Kind.PRINTED).exists():
        return 0
    part = next((one["title"] for one in publication.tables["parts"] if one["part"] == "duties"), "")
    rows = publication.tables.get("duties", [])
    for row in rows:
        units = list(Unit.objects.of(county).filter(written__part=UnitName.Part.DUTIES, written__name=row["unit"]))
        place = f"{part}，“{row['unit']}”一段，第 {row['order']} 句"
        origin = Origin(Duty.Kind.PRINTED, row["unit"], publication.title, place)
        duty_add(by=by, county=county, origin=origin, asked=Asked(row["text"]), units=units)
    return len(rows)


def _table(by: Scope | None, county: Area) -> int:
    """Set the units of each printed row; a lead is not printed, and none is set."""
    if Responsibility.objects.of(county).exists():
        return 0
    known, taken = printed_units(county), 0
    for row in book_of(county).rows:
        units = tuple(dict.fromkeys(code for name in row.printed for code in known.get(name, ())))
        taken += indicator_set(by=by, county=county, indicator=row.indicator, asked=Set(units))
    return taken
