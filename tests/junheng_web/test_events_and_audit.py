"""What happened is written once, handled at least once, and cannot be changed unseen."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from junheng_web.config.management.commands.scheduler import chores
from junheng_web.organisation import audit, events
from junheng_web.organisation.models import Area, AuditRow, Event
from places import COUNTY


@pytest.fixture
def county(db) -> Area:
    """The fictional county."""
    return Area.objects.get(code=COUNTY)


def verified() -> tuple[int, str]:
    """Return the exit status of `junheng-web verify-audit` and what it says."""
    said, status = StringIO(), 0
    try:
        call_command("verify-audit", stdout=said)
    except SystemExit as ended:
        status = ended.code
    return status, said.getvalue()


def sealed(county: Area) -> None:
    """Write three rows and seal them all."""
    for number in range(3):
        audit.record("test", by=None, county=county, of=("thing", str(number)), amount=number)
    while audit.seal():
        pass


def test_sealed_rows_are_whole_and_the_rest_is_told(county) -> None:
    """A row that was just written is not sealed yet, which is no fault."""
    sealed(county)
    audit.record("test", by=None, county=county)
    assert verified() == (0, "完好；还有 1 条没有封存（每分钟封存一次）\n")


def test_a_changed_row_is_found(county) -> None:
    """Whichever of its words was changed."""
    sealed(county)
    row = AuditRow.objects.filter(action="test").first()
    AuditRow.objects.filter(id=row.id).update(detail={"amount": 100})
    status, said = verified()
    assert status == 1
    assert f"审计记录 {row.id} 与封存时不同" in said


def test_a_row_that_was_taken_away_is_found(county) -> None:
    """By its number."""
    sealed(county)
    row = AuditRow.objects.filter(action="test").first().id
    AuditRow.objects.filter(id=row).delete()
    assert f"审计记录 {row} 不见了" in verified()[1]


def test_each_reaction_handles_each_event_once(county) -> None:
    """One that fails is tried again, and keeps nobody else from going on."""
    seen: list[tuple[str, str]] = []
    failing = [True]

    def fails_first(event: Event) -> None:
        if failing.pop() if failing else False:
            raise ValueError
        seen.append(("second", event.object_code))

    reactions = {
        "first": ("run.made", lambda event: seen.append(("first", event.object_code))),
        "second": ("run.made", fails_first),
        "other": ("something.else", lambda event: seen.append(("other", event.object_code))),
    }
    Event.objects.all().delete()
    events.announce("run.made", county=county, of=("run", "a"))
    assert events.react(reactions) == 1
    assert events.react(reactions) == 1
    assert events.react(reactions) == 0
    assert seen == [("first", "a"), ("second", "a")]


def test_the_scheduler_s_chores_can_be_done(county) -> None:
    """Each by itself, and all by the command."""
    assert set(chores()) >= {"seal", "react"}
    call_command("scheduler", once=True)
    assert verified()[0] == 0
