"""What the pages of duties show: all of them in the document's order, one unit's, one's own, what is due and late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.functional import SimpleLazyObject

from junheng_web.duties import selectors
from junheng_web.duties.book import Book, book_of
from junheng_web.duties.dues import Slot, slots
from junheng_web.duties.matrix import Set, table_of, word_of
from junheng_web.duties.models import Bearer, Duty, Report
from junheng_web.duties.selectors import reports_on
from junheng_web.organisation.models import Area, Publication, Unit
from junheng_web.organisation.scopes import Scope

# State of a period: what it is called, and its tone.
STATES: Mapping[str, tuple[str, str]] = {
    "reported": ("已报", "green"),
    "late": ("过期没有报", "red"),
    "soon": ("该报了", "yellow"),
    "open": ("本期还没有完", "secondary"),
}
TONES: Mapping[str, str] = {
    Report.State.DONE: "green",
    Report.State.NOT: "red",
    Report.State.NOTHING: "secondary",
}
# So many periods of a duty stand on its page.
SHOWN = 12


def duties(scope: Scope, county: Area, only: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page of all duties shows: under each heading its sentences, in the document's order."""
    found = [one for one in selectors.duties_of(scope, county) if _wanted(one, only)]
    units, book = list(selectors.units_of(scope, county)), book_of(county)
    bearing = {bearer.unit_id for one in found for bearer in one.bearers.all()}
    return {
        "sections": _sections(found, book, table_of(county)),
        "units": [(one.code, one.name) for one in units],
        "rows": [(row.indicator, row.called) for row in book.rows],
        "only": only,
        "without": [one for one in units if one.id not in bearing] if not any(only.values()) else [],
        "document": Publication.objects.filter(area=county).defer("tables", "text").order_by("code").first(),
        "many": len(found),
    }


def _wanted(duty: Duty, only: Mapping[str, str]) -> bool:
    unit, indicator = only.get("unit", ""), only.get("indicator", "")
    borne = not unit or unit in {bearer.unit.code for bearer in duty.bearers.all()}
    return borne and (not indicator or indicator in duty.indicators)


def _sections(found: Iterable[Duty], book: Book, table: Mapping[str, Set]) -> list[dict[str, Any]]:
    """Return the duties under their headings, each where it comes first; with the units and their rows of the table."""
    by_heading: dict[str, list[Duty]] = {}
    for duty in found:
        by_heading.setdefault(duty.heading, []).append(duty)
    return [_section(heading, own, book, table) for heading, own in by_heading.items()]


def _section(heading: str, own: list[Duty], book: Book, table: Mapping[str, Set]) -> dict[str, Any]:
    units = {one.unit.code: one.unit for duty in own for one in duty.bearers.all()}
    rows = [(row.indicator, row.called) for row in book.rows if set(units) & set(table.get(row.indicator, Set()).units)]
    return {"heading": heading, "duties": own, "units": list(units.values()), "rows": rows}


def unit_told(scope: Scope, unit: Unit, today: dt.date) -> dict[str, Any]:
    """Return what the page of one unit shows: its duties, its rows of the table, and, for whom it is, what is due."""
    county, own = unit.county, unit.id in {one.id for one in selectors.own_units(scope, unit.county)}
    sees, desks = own or selectors.sees_all(scope, county), list(unit.desks.all())
    bearers = selectors.borne_by(scope, county, [unit])
    told = due_told(county, bearers, today) if sees else []
    return {
        "unit": unit,
        "duties": [one.duty for one in bearers],
        "standing": any(one.duty.ended is None for one in bearers),
        "rows": answered(unit, desks, book_of(county), table_of(county)),
        "desks": desks,
        "sees": sees,
        "reports": selectors.may_report(scope, unit),
        "behalf": not own,
        "due": [one for one in told if one["state"] != "reported"],
        "reported": [one for one in reversed(told) if one["state"] == "reported"][:SHOWN],
    }


def answered(unit: Unit, desks: Iterable[Unit], book: Book, table: Mapping[str, Set]) -> list[dict[str, Any]]:
    """Return the rows of the table for which a unit answers: what it is there, and its desk."""
    names, found = {one.code: one.name for one in desks}, []
    for row in book.rows:
        own = table.get(row.indicator, Set())
        if word := word_of(own, unit.code):
            found.append({"row": row, "word": word, "desk": names.get(dict(own.desks).get(unit.code, ""), "")})
    return found


def due_told(county: Area, bearers: Sequence[Bearer], today: dt.date) -> list[dict[str, Any]]:
    """Return every period of the duties, what was due first first; of one that has ended, what was reported."""
    reports = reports_on(county, bearers)
    told = [
        period_told(one, slot, reports.get((one.duty_id, one.unit_id, slot.code)), today)
        for one in bearers
        for slot in slots(one.duty, today)
        if one.duty.asked_on(today) or (one.duty_id, one.unit_id, slot.code) in reports
    ]
    return sorted(told, key=lambda one: (one["slot"].due, one["duty"].place))


def period_told(bearer: Bearer, slot: Slot, report: Report | None, today: dt.date) -> dict[str, Any]:
    """Return a period of a duty with what was reported on it."""
    state = slot.state(report, today)
    word, tone = STATES[state]
    return {
        "duty": bearer.duty,
        "unit": bearer.unit,
        "slot": slot,
        "state": state,
        "word": report.get_state_display() if report else word,
        "tone": TONES[report.state] if report else tone,
        "report": report,
        # Of thousands of periods few are shown: an address is made for those alone.
        "url": SimpleLazyObject(lambda: bearer.duty.address("report", bearer.unit.code, slot.code)),
    }


def mine(scope: Scope, county: Area, today: dt.date) -> dict[str, Any]:
    """Return what 'my duties' shows: a part for each unit that one works in; the office's way to what all report."""
    told = [unit_told(scope, unit, today) for unit in selectors.own_units(scope, county)]
    return {"parts": told, "sees_all": selectors.sees_all(scope, county)}


def reports(scope: Scope, county: Area, today: dt.date) -> dict[str, Any]:
    """Return what is due and late, unit by unit in the document's order, without scores, and words to remind with."""
    bearers = [one for one in selectors.borne_by(scope, county, selectors.units_of(scope, county)) if one.duty.cadence]
    told = due_told(county, bearers, today)
    by_unit: dict[int, list[dict[str, Any]]] = {}
    for one in told:
        by_unit.setdefault(one["unit"].id, []).append(one)
    rows = [_unit_row(unit, by_unit.get(id, [])) for id, unit in {one.unit_id: one.unit for one in bearers}.items()]
    late = [row for row in rows if row["late"]]
    return {"rows": rows, "late": late, "words": _words(late), "today": today, "asked": bool(bearers)}


def _unit_row(unit: Unit, own: Sequence[dict[str, Any]]) -> dict[str, Any]:
    by_state = {state: [one for one in own if one["state"] == state] for state in STATES}
    stuck = [one for one in by_state["reported"] if one["report"].state == Report.State.NOT]
    return {"unit": unit, **by_state, "stuck": stuck}


def _words(late: Iterable[dict[str, Any]]) -> str:
    """Return what may be sent to the group: who has not reported what, until when; a plain reminder (P16)."""
    lines = [f"{row['unit'].name}：{'；'.join(_of_period(own) for own in _by_period(row['late']))}" for row in late]
    return (
        "\n".join(["请下列单位报一下职责办理情况（“已做”“没有做”“本期没有这类事”选一个即可）：", *lines])
        if lines
        else ""
    )


def _by_period(told: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in told:
        found.setdefault(one["slot"].code, []).append(one)
    return list(found.values())


def _of_period(told: Sequence[dict[str, Any]]) -> str:
    slot: Slot = told[0]["slot"]
    return f"{slot.label} {len(told)} 条（{slot.due:%m-%d} 到期）"


def duty_told(scope: Scope, duty: Duty, today: dt.date) -> dict[str, Any]:
    """Return what the page of a duty shows: words, source, units, history, and the reports that one may see."""
    bearers = list(duty.bearers.all())
    for one in bearers:
        one.duty = duty
    seen = [one for one in bearers if selectors.sees_reports(scope, one.unit)]
    periods = due_told(duty.county, seen, today) if seen else []
    called = {row.indicator: row.called for row in book_of(duty.county).rows}
    return {
        "duty": duty,
        "bearers": bearers,
        "indicators": [(id, called.get(id, id)) for id in duty.indicators],
        "versions": list(duty.versions.all()),
        "sees": bool(seen),
        "periods": periods[::-1][: SHOWN * max(1, len(seen))],
    }
