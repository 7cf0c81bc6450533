"""One row for every write; none is ever changed, and if one is, it shows."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from installations import COMMAND_SECONDS, ROOT, Installation
from junheng_web.organisation import audit
from junheng_web.organisation.models import Account, Area, AuditRow, Seal
from junheng_web.organisation.scopes import scope_of
from moments import TODAY
from places import COUNTY

ROWS = 5


@pytest.fixture
def rows(db) -> list[AuditRow]:
    """Some rows of an account, sealed."""
    scope = scope_of(Account.objects.get(username="office"), TODAY)
    for number in range(ROWS):
        audit.record("test.deed", by=scope, county=scope.county, of=("test", str(number)), new=[number, "值"])
    while audit.seal():
        pass
    return list(AuditRow.objects.filter(action="test.deed"))


def change(statement: str, *values: object) -> None:
    """Change the database behind the platform's back."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_an_untouched_chain_has_no_fault(rows: list[AuditRow], capsys) -> None:
    """And the command says so."""
    assert list(audit.faults()) == []
    call_command("verify_audit")
    told = capsys.readouterr().out
    assert "与封存时一致" in told
    assert audit.head() in told


@pytest.mark.parametrize("column", ["action", "person", "post", "object_code", "county_code", "request_id"])
def test_a_changed_row_shows(rows: list[AuditRow], column: str) -> None:
    """Whichever column; that row, and no other."""
    change(f"UPDATE organisation_auditrow SET {column} = 'else' WHERE id = %s", rows[2].id)
    assert [fault.split("（")[0] for fault in audit.faults()] == [f"审计记录 {rows[2].id}"]


def test_changed_detail_and_time_show(rows: list[AuditRow]) -> None:
    """What was done, and when."""
    change("UPDATE organisation_auditrow SET detail = '{}' WHERE id = %s", rows[0].id)
    change("UPDATE organisation_auditrow SET at = '2020-01-01 00:00:00+00:00' WHERE id = %s", rows[3].id)
    assert len(list(audit.faults())) == 2


def test_a_deleted_row_shows(rows: list[AuditRow]) -> None:
    """Its link tells that it was there."""
    change("DELETE FROM organisation_auditrow WHERE id = %s", rows[1].id)
    assert list(audit.faults()) == [f"审计记录 {rows[1].id} 不见了"]


def test_a_row_deleted_with_its_link_shows_at_the_next(rows: list[AuditRow]) -> None:
    """The chain no longer closes."""
    change("DELETE FROM organisation_auditrow WHERE id = %s", rows[1].id)
    change('DELETE FROM organisation_seal WHERE "row" = %s', rows[1].id)
    assert [fault.split("（")[0] for fault in audit.faults()] == [f"审计记录 {rows[2].id}"]


def test_an_end_cut_off_shows_against_a_noted_link(rows: list[AuditRow]) -> None:
    """Nothing inside the database can tell; what was noted down outside it does."""
    noted = audit.head()
    change("DELETE FROM organisation_auditrow WHERE id = %s", rows[-1].id)
    change('DELETE FROM organisation_seal WHERE "row" = %s', rows[-1].id)
    assert list(audit.faults()) == []
    assert len(list(audit.faults(noted))) == 1
    assert list(audit.faults(audit.head())) == []


def test_the_command_fails_on_a_fault(rows: list[AuditRow], capsys) -> None:
    """Exit code 1, the row, and what to do."""
    change("DELETE FROM organisation_auditrow WHERE id = %s", rows[1].id)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert f"审计记录 {rows[1].id} 不见了" in told
    assert "保留现场" in told


def test_the_tail_is_told_and_is_no_fault(rows: list[AuditRow], capsys) -> None:
    """Rows of the last minute are not sealed yet."""
    audit.record("test.deed", by=None)
    call_command("verify_audit")
    assert "还没有封存的记录：1 条" in capsys.readouterr().out


def test_seals_follow_one_another_in_batches(db, monkeypatch) -> None:
    """As often as asked, without a break in the chain."""
    monkeypatch.setattr(audit, "BATCH", 2)
    for number in range(ROWS):
        audit.record("test.deed", by=None, of=("test", str(number)))
    added = list(iter(audit.seal, 0))
    assert sum(added) >= ROWS
    assert max(added) == 2
    assert audit.tail() == 0
    assert list(audit.faults()) == []


def write_attempts(row: AuditRow) -> Iterator[object]:
    """Yield every way in which code could change or take away a row."""
    yield row.save
    yield row.delete
    yield type(row).objects.all().delete
    yield lambda: type(row).objects.update(id=1)
    yield lambda: type(row).objects.filter(id=row.id).update(id=1)
    yield lambda: type(row).objects.bulk_update([row], ["id"])
    yield lambda: type(row).objects.update_or_create(id=row.id, defaults={"id": row.id})


@pytest.mark.parametrize("model", [AuditRow, Seal])
def test_no_code_changes_or_deletes_a_row(rows: list[AuditRow], model) -> None:
    """Whatever a service tries."""
    for attempt in write_attempts(model.objects.last()):
        with pytest.raises(TypeError, match="written once"):
            attempt()


def test_a_row_names_the_request_that_wrote_it(as_) -> None:
    """The id that the answer's header carries and the log repeats."""
    from junheng_web.organisation import jobs
    from junheng_web.organisation.models import Job

    scope = scope_of(Account.objects.get(username="office"), TODAY)
    job: Job = jobs.job_submit("test", by=scope, county=Area.objects.get(code=COUNTY))
    answer = as_("office").post(f"/c/{COUNTY}/jobs/{job.id}/cancel")
    row = AuditRow.objects.get(action="job.cancel")
    assert row.request_id == answer["X-Request-Id"] != ""
    assert AuditRow.objects.get(action="job.submit").request_id == ""


WRITE_AND_SEAL = """
from junheng_web.organisation import audit
for number in range(40):
    audit.record("test.deed", by=None, of=("test", str(number)))
    audit.seal()
"""


@pytest.mark.xdist_group("installations")
def test_several_sealers_make_one_chain(installation: Installation) -> None:
    """They wait for one another, however their rows commit."""
    installation.python("from junheng_web.organisation import audit; audit.seal()")
    command = installation.command("shell", "--verbosity=0", "-c", WRITE_AND_SEAL)
    started = [subprocess.Popen(command, env=installation.environment, cwd=ROOT) for _ in range(3)]
    assert [one.wait(COMMAND_SECONDS) for one in started] == [0, 0, 0]
    told = installation.done("verify-audit")
    assert "还没有封存的记录：0 条" in told
    assert "与封存时一致" in told
