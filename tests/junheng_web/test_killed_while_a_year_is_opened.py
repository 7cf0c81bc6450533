"""A process that is killed (-9) while it opens a school year leaves last year as it was, and the draft with it."""

from __future__ import annotations

import json

from installations import copied

POINTS = 12
SCRIPT = """
import json, os, signal
from django.db import connection, transaction
from django.utils import timezone
from junheng_web.collection.models import Entry, Period, Write, YearDraft
from junheng_web.collection.newyear import Asked, SchoolAsked, year_draft_save, year_open
from junheng_web.organisation.models import Account, Area, AuditRow, Event, School, SchoolChange
from junheng_web.organisation.scopes import scope_of

office = scope_of(Account.objects.get(username="office"), timezone.localdate())
county = Area.objects.get(code="150699")
closed = SchoolAsked("closed", "1506990005", "2026-09-01")
asked = Asked("2026-09-01", "national-2017", schools=(closed,))
year_draft_save(by=office, county=county, asked=asked)

class Counted:
    # Counts statements, and kills its own process when it is about to send the one at `at`. How many savepoints there
    # are depends on whether a transaction is open around: they do not count.
    def __init__(self, at):
        self.at, self.sent = at, 0
    def __call__(self, execute, sql, params, many, context):
        self.sent += not sql.startswith(("SAVEPOINT", "RELEASE"))
        if self.at and self.sent == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

def child(at):
    # Return how many statements a child sent that opens the year; 0 where it was killed.
    connection.close()
    reading, writing = os.pipe()
    if os.fork() == 0:
        counted = Counted(at)
        with connection.execute_wrapper(counted):
            year_open(by=office, county=county, asked=asked)
        os.write(writing, str(counted.sent).encode())
        os._exit(0)
    os.close(writing)
    os.wait()
    told = os.read(reading, 20)
    os.close(reading)
    return int(told or 0)

def done():
    # Which of the parts of an opened year are there.
    return [
        Period.objects.filter(county=county, code="2026").exists(),
        Period.objects.get(county=county, code="2025").frozen,
        Write.objects.filter(kind="carried").exists(),
        Entry.objects.filter(write__kind="carried").exists(),
        SchoolChange.objects.exists(),
        School.objects.get(code="1506990005").closed is not None,
        AuditRow.objects.filter(action="school.closed").exists(),
        Event.objects.filter(kind="period.frozen").exists(),
        not YearDraft.objects.exists(),
    ]

def statements():
    # How many statements it takes; nothing of them stays.
    counted = Counted(0)
    with transaction.atomic(), connection.execute_wrapper(counted):
        year_open(by=office, county=county, asked=asked)
        transaction.set_rollback(True)
    return counted.sent

# What is looked up once and remembered is not sent by a child again.
statements()
many, left = statements(), []
for number in range(POINTS):
    at = 2 + number * (many - 3) // (POINTS - 1)
    got = child(at)
    assert got == 0, (many, at, got)
    left.append(done())
child(0)
print(json.dumps({"left": left, "sent": many, "whole": done()}))
"""


def test_a_killed_process_opens_no_part_of_a_year(demonstration, tmp_path) -> None:
    """At twelve points between the first statement and the last; then it is opened as if nothing had been."""
    one = copied(demonstration, tmp_path / "data")
    script = one.data / "killed.py"
    script.write_text(SCRIPT.replace("POINTS", str(POINTS)), encoding="utf-8")
    told = one.python(f"exec(compile(open({str(script)!r}).read(), 'killed', 'exec'), globals())")
    found = json.loads(told.splitlines()[-1])
    assert len(found["left"]) == POINTS
    assert not any(part for left in found["left"] for part in left)
    assert all(found["whole"])
    assert found["sent"] > POINTS
