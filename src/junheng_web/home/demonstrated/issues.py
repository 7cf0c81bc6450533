"""Issues and veto declarations of the demonstration: all invented, but for the gaps, which are those of its figures."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from django.utils import timezone

from junheng_web.collection.models import Period
from junheng_web.duties.dues import slots
from junheng_web.organisation.models import Account, Area, School, Unit
from junheng_web.organisation.scopes import Scope, scope_of
from junheng_web.rectification.deeds import DEEDS
from junheng_web.rectification.gaps import gaps_of
from junheng_web.rectification.models import Issue, VetoDuty
from junheng_web.rectification.services import issue_raise, issue_send, issue_take, issues_raise_of
from junheng_web.rectification.standings import official_census, standing_of
from junheng_web.rectification.veto_services import duties_set, incident_report, incident_settle, veto_declare

Row = Mapping[str, str]
SAID = "示例说明（虚构）"


def load(county: Area, folder: Path) -> None:
    """Make what the tables in the folder tell. Loading them again changes nothing."""
    run = official_census(county)
    if run is None or Issue.objects.of(county).exists():
        return
    office, period = _office(), Period.objects.select_related("county").get(county=county)
    # Some gaps are left for whoever looks around to raise.
    left = {row["indicator"] for row in _rows(folder / "left.csv")}
    gaps = [one for one in gaps_of(standing_of(run)) if one.key.indicator not in left]
    issues_raise_of(by=office, period=period, gaps=gaps)
    for row in _rows(folder / "sent.csv"):
        found = Issue.objects.of(county).select_related("county", "school", "period")
        school = {"school__code": row["school_code"]} if row["school_code"] else {"school": None}
        _take_on(office, found.filter(indicator=row["indicator"], **school).earliest("number"), row)
    for row in _rows(folder / "hand.csv"):
        _take_on(office, _by_hand(office, county, row), row)
    _vetoes(office, county, folder)


def _office() -> Scope:
    return scope_of(Account.objects.get(username="office"), timezone.localdate())


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _by_hand(office: Scope, county: Area, row: Row) -> Issue:
    told = {"title": row["title"], "asked": row["asked"], "indicator": row["indicator"]}
    school = School.objects.of(county).filter(code=row["school_code"]).first()
    if row["source"]:
        told |= {"source": row["source"], "source_number": row["number"], "wording": row["title"], "origin": "feedback"}
    return issue_raise(by=office, county=county, school=school, **told)


def _take_on(office: Scope, issue: Issue, row: Row) -> None:
    """Send an issue and take it as far as the table says; the office writes it all down."""
    units = {one.code: one for one in Unit.objects.of(issue.county)}
    due = dt.date.fromisoformat(row["due"])
    issue = issue_send(by=office, issue=issue, unit=units[row["unit"]], desk=units.get(row["desk"]), due=due)
    for name in row["steps"].split():
        issue = issue_take(by=office, issue=issue, deed=DEEDS[name], note=SAID if DEEDS[name].asks else "")


def _vetoes(office: Scope, county: Area, folder: Path) -> None:
    rows, units = _rows(folder / "vetoes.csv"), {one.code: one for one in Unit.objects.of(county)}
    for part in dict.fromkeys(row["part"] for row in rows):
        own = [row for row in rows if row["part"] == part]
        since = dt.date.fromisoformat(own[0]["since"])
        told = {"units": [units[row["unit"]] for row in own], "cadence": own[0]["cadence"], "since": since}
        duties_set(by=office, county=county, part=part, **told)
    for row in rows:
        duty = VetoDuty.objects.select_related("county", "unit__county").get(
            county=county, part=row["part"], unit__code=row["unit"]
        )
        begun = {one.code for one in slots(duty, timezone.localdate())}
        for span in begun.intersection(row["declared"].split()):
            veto_declare(by=office, duty=duty, span=span, nothing=True, text=SAID, today=timezone.localdate())
    for row in _rows(folder / "incidents.csv"):
        day, unit = dt.date.fromisoformat(row["day"]), units[row["unit"]]
        made = incident_report(by=office, county=county, part=row["part"], unit=unit, day=day, text=row["text"])
        incident_settle(by=office, incident=made, state=row["settled"], note=row["reason"])
