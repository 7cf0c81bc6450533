"""Which files belong to what was handed in: the seals of those versions, and the proofs of the values in them (P6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, pairwise

from junheng_web.collection.handing.proofs import code_of
from junheng_web.collection.ledger.entries import Entry
from junheng_web.collection.ledger.periods import Owner
from junheng_web.collection.ledger.subjects import OFFICE, Kind
from junheng_web.collection.ledger.submissions import Step
from junheng_web.collection.ledger.values import SEPARATOR
from junheng_web.collection.sealed.marks import SHOWN
from junheng_web.collection.shown.submitted import Version, versions
from junheng_web.organisation.models import Area

Form = tuple[str, str]
"""Kind and code of a form."""
Units = Mapping[str, str]


def units_of_items(county: Area) -> Units:
    """Return which unit owns an item today, the item as the codes of links write it."""
    owners = Owner.objects.of(county).values_list("item", "unit__code")
    return {item.replace(SEPARATOR, "."): unit for item, unit in owners}


def form_of_cell(units: Units, table: str, row: str) -> Form:
    """Return the form in which a cell stands: the school's, or for the county's items that of the unit that owns it."""
    school = "" if table == "county" else row.split(".", maxsplit=1)[0]
    return (Kind.SCHOOL.value, school) if school else (Kind.UNIT.value, units.get(row, OFFICE))


def seals_handed_in(county: Area, codes: Iterable[str]) -> set[str]:
    """Return those codes of seals (form, short code) that stand on a version that was handed in."""
    known = {f"{form}:{one.steps[0].digest[:SHOWN]}" for form, one in _versions(county)}
    return known.intersection(codes)


def _versions(county: Area) -> Iterator[tuple[str, Version]]:
    """Yield every version that was handed in, with the name of its form within the county."""
    own = Step.objects.of(county).select_related("submission__ledger__period").order_by("submission", "id")
    for one, steps in groupby(own, key=lambda step: step.submission):
        for version in versions(steps):
            yield one.code, version


def proofs_handed_in(county: Area, codes: Iterable[str]) -> set[str]:
    """Return those codes of entries whose values stood in a version that was handed in."""
    moments: dict[str, list[dt.datetime]] = {}
    for form, version in _versions(county):
        moments.setdefault(form, []).append(version.steps[0].at)
    units = units_of_items(county)
    wanted = set(codes)
    return {
        code
        for code, form, begun, ended in _stood(county, units, wanted)
        if code in wanted and any(begun <= at and (ended is None or at < ended) for at in moments.get(form, ()))
    }


def _stood(county: Area, units: Units, codes: set[str]) -> Iterator[tuple[str, str, dt.datetime, dt.datetime | None]]:
    """Yield the code of each entry of some cells, its form, and from when to when it stood there."""
    places = [code.split(":") for code in codes]
    rows = {row.replace(".", SEPARATOR) for _, _, _, row, *_ in places} | {row for _, _, _, row, *_ in places}
    found = Entry.objects.of(county).filter(row__in=rows, column__in={place[4] for place in places})
    ordered = found.select_related("ledger__period", "write").order_by("ledger", "table", "row", "column", "revision")
    for _, own in groupby(ordered, key=lambda entry: (entry.ledger_id, entry.key)):
        for entry, after in pairwise([*own, None]):
            code = code_of(entry.ledger, entry)
            period, basis, table, row, *_ = code.split(":")
            kind, subject = form_of_cell(units, table, row)
            form = ":".join([period, basis, kind, subject])
            yield code, form, entry.write.at, after.write.at if after else None
