"""What tests of rectification share: the example county's gaps, and values that are approved, counted, or fall."""

from __future__ import annotations

from collected import acting, form_of
from junheng_web.assessment.live import approved_run
from junheng_web.assessment.models import Run
from junheng_web.assessment.services import run_declare
from junheng_web.collection.handing.approving import step_take
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.saving import Change, cells_save
from junheng_web.collection.ledger.values import Key as Cell
from junheng_web.collection.ledger.values import column_of, keep
from junheng_web.collection.models import Period, Write
from junheng_web.config.reactions import REACTIONS
from junheng_web.organisation import events
from junheng_web.organisation.models import Area, Unit
from junheng_web.rectification.gaps import Gap, gaps_of
from junheng_web.rectification.models import Issue
from junheng_web.rectification.services import issue_raise_of, issue_send
from junheng_web.rectification.standings import official_census, standing_of
from moments import TOMORROW
from places import COUNTY

CHAIN = ("submit", "sign", "review", "approve")


def county() -> Area:
    """Return the example county."""
    return Area.objects.get(code=COUNTY)


def period() -> Period:
    """Return the example county's year."""
    return Period.objects.select_related("county").get(county__code=COUNTY)


def gaps() -> list[Gap]:
    """Return the gaps of the example county's official census."""
    return gaps_of(standing_of(official_census(county())))


def gap(indicator: str, school: str = "") -> Gap:
    """Return one of them."""
    return next(one for one in gaps() if one.key.indicator == indicator and (not school or one.key.school == school))


def raised(indicator: str, school: str = "") -> Issue:
    """Raise the issue of a gap, as the office."""
    return issue_raise_of(by=acting("office"), period=period(), gap=gap(indicator, school))


def sent(issue: Issue, unit: str = "fin", desk: str = "") -> Issue:
    """Send an issue, as the office."""
    units = {one.code: one for one in Unit.objects.filter(county=issue.county)}
    return issue_send(by=acting("office"), issue=issue, unit=units[unit], desk=units.get(desk), due=TOMORROW)


def enter(cell: Cell, text: str, basis: str = "current") -> None:
    """Put a value into a school's form and have it approved; the census is brought in. The office does it all."""
    office, one = acting("office"), form_of(cell[1], basis)
    if one.ledger.submissions.filter(kind=one.kind, subject=one.code, status="approved").exists():
        step_take(by=office, one=one, deed=DEEDS["withdraw"], note="改数")
    if basis == "current":
        form_save(by=office, one=one, texts=[(cell, text, None)])
    else:
        change = Change(cell, keep(int(text), column_of(cell)), None)
        cells_save(by=office, ledger=one.ledger, changes=[change], kind=Write.Kind.IMPORTED)
    for name in CHAIN:
        step_take(by=office, one=one, deed=DEEDS[name])


def count() -> Run:
    """Judge what is approved in the census ledger, and declare it official."""
    from collected import ledger_of

    run = approved_run(by=acting("office"), ledger=ledger_of("census"))
    run_declare(by=acting("office"), run=run)
    return run


def react() -> int:
    """Let the reactions hear what happened."""
    return events.react(REACTIONS)


def forget_the_demonstration() -> None:
    """Let no issue of the demonstration stand for a gap, so that a test raises its own."""
    Issue.objects.filter(county__code=COUNTY).update(origin=Issue.Origin.HAND, key="")
