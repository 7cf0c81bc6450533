"""A process that is killed (-9) while it opens a school year leaves last year as it was, and the draft with it."""

from __future__ import annotations

import json

from installations import copied
from killing import BEGIN

POINTS = 12
SCRIPT = """
import json
from django.db import connection, transaction
from django.utils import timezone
from junheng_web.collection.models import Entry, Period, Write, YearDraft
from junheng_web.collection.years.opening import Asked, SchoolAsked, year_draft_save, year_open
from junheng_web.organisation.models import Account, Area, AuditRow, Event, School, SchoolChange
from junheng_web.organisation.scopes import scope_of
from killing import Counted, child, points

office = scope_of(Account.objects.get(username="office"), timezone.localdate())
county = Area.objects.get(code="150699")
closed = SchoolAsked("closed", "1506990005", "2026-09-01")
asked = Asked("2026-09-01", "national-2017", schools=(closed,))
year_draft_save(by=office, county=county, asked=asked)

def opened():
    year_open(by=office, county=county, asked=asked)

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
    # How many moments it has before it is committed; nothing of it stays.
    counted = Counted()
    with transaction.atomic(), connection.execute_wrapper(counted):
        opened()
        transaction.set_rollback(True)
    return counted.passed

# What is looked up once and remembered is not sent by a child again.
statements()
many, left = statements(), []
# The last moment is the one before the commit.
for at in points(many + 1, POINTS):
    ended, _ = child(opened, at)
    assert ended is None, (many, at, ended)
    left.append(done())
child(opened)
print(json.dumps({"left": left, "sent": many, "whole": done()}))
"""


def test_a_killed_process_opens_no_part_of_a_year(demonstration, tmp_path) -> None:
    """At twelve points from the first statement to the commit; then it is opened as if nothing had been."""
    one = copied(demonstration, tmp_path / "data")
    script = one.data / "killed.py"
    script.write_text(SCRIPT.replace("POINTS", str(POINTS)), encoding="utf-8")
    told = one.python(f"{BEGIN}; exec(compile(open({str(script)!r}).read(), 'killed', 'exec'), globals())")
    found = json.loads(told.splitlines()[-1])
    assert len(found["left"]) == POINTS
    assert not any(part for left in found["left"] for part in left)
    assert all(found["whole"])
    assert found["sent"] > POINTS
