"""A process that is killed (-9) in the middle of an import or an approval leaves all of it, or nothing.

One process in an installation of its own forks a child for each point: the child does the deed and is killed when it
is about to send its n-th statement to the database; what it left is looked at by the parent.
"""

from __future__ import annotations

import json
import os

import pytest

from installations import Installation

POINTS = 20
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
KILLED = """
import json, os, signal, tempfile, traceback
from pathlib import Path
from django.db import connection, transaction
from django.utils import timezone
from junheng import api as jh
from junheng_web.collection import approving, importing
from junheng_web.collection.models import Cell, Entry, Ledger, Step, Submission, Write
from junheng_web.collection.subjects import subject
from junheng_web.evidence.models import File, Link
from junheng_web.organisation.models import Account, AuditRow, Event
from junheng_web.organisation.scopes import scope_of
import xlsxwriter

office = scope_of(Account.objects.get(username="office"), timezone.localdate())
CODES = ("1506990006", "1506990001", "1506990002")

def ledger():
    return Ledger.objects.select_related("county", "period").get(county__code="150699", basis="current")

class Counted:
    # Counts statements, and kills its own process when it is about to send the one at `at`.
    def __init__(self, at):
        self.at, self.sent = at, 0
    def __call__(self, execute, sql, params, many, context):
        self.sent += 1
        if self.sent == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

def child(deed, at):
    # Return how the child ended (None: it was killed), and how many statements it sent where it ended by itself.
    connection.close()
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            counted = Counted(at)
            with connection.execute_wrapper(counted):
                deed()
            os.write(writing, str(counted.sent).encode())
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    os.close(writing)
    _, status = os.waitpid(process, 0)
    told = os.read(reading, 20)
    os.close(reading)
    return (None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)), int(told or 0)

def made(number):
    file = Path(tempfile.mkdtemp()) / f"points-{number}.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("学校")
        sheet.write_row(0, 0, ["学校标识码", "小学在校生数", "小学专任教师数"])
        for row, code in enumerate(CODES, 1):
            sheet.write_row(row, 0, [code, 5000 + number, 500 + number])
    return file

def imported(number):
    file = made(number)
    plan = importing.plan(office, ledger(), jh.load(file))
    return lambda: importing.plan_apply(by=office, ledger=ledger(), made=plan, file=file, name=file.name), file.name

def held(number, name):
    # What of an import is there: each of these is 1 where it was done, and 0 where it was not.
    cells = [Cell.objects.get(ledger=ledger(), table="schools", row=code, column=column).integer
             for code in CODES for column in ("primary_pupils", "primary_teachers")]
    wanted = [value + number for _ in CODES for value in (5000, 500)]
    write = Write.objects.filter(file_name=name)
    return {
        "cells": 1 if cells == wanted else 0 if not set(cells) & set(wanted) else 0.5,
        "entries": Entry.objects.filter(write__in=write).count() / len(wanted),
        "write": write.count(),
        "file": File.objects.filter(name=name).count(),
        "link": Link.objects.filter(file__name=name).count(),
        "audit": AuditRow.objects.filter(action="cells.save", detail__write__in=[one.code for one in write]).count(),
        "ledger": int(write.filter(sequence=ledger().sequence, code=ledger().head).exists()),
    }

def approved(number):
    one = subject(ledger(), "school", CODES[0])
    note = f"points {number}"
    deed = approving.DEEDS["approve" if approving.status_of(one) == "reviewed" else "withdraw"]
    return (lambda: approving.step_take(by=office, one=one, deed=deed, note=note)), (deed, note)

def stepped(before, told):
    deed, note = told
    status, steps, events = before
    submission = Submission.objects.get(subject=CODES[0])
    return {
        "status": int(submission.status == deed.after),
        "step": Step.objects.filter(note=note).count(),
        "audit": AuditRow.objects.filter(action=f"submission.{deed.name}", detail__note=note).count(),
        "event": Event.objects.filter(object_kind="submission").count() - events,
    }

def review_again():
    one = subject(ledger(), "school", CODES[0])
    for name in ("submit", "sign", "review"):
        if approving.status_of(one) in approving.DEEDS[name].before:
            approving.step_take(by=office, one=one, deed=approving.DEEDS[name])

def points(sent, wanted):
    if wanted == 0 or wanted >= sent:
        return range(1, sent + 1)
    return sorted({1 + at * (sent - 1) // (wanted - 1) for at in range(wanted)})

def told(whole, many):
    found = []
    for number, at in enumerate(points(many, WANTED), 1):
        found.append({"at": at, **whole(number, at)})
    return found

def one_import(number, at):
    deed, name = imported(number)
    ended, _ = child(deed, at)
    return {"ended": ended, "left": held(number, name)}

def one_approval(number, at):
    review_again()
    deed, said = approved(number)
    before = (None, None, Event.objects.filter(object_kind="submission").count())
    ended, _ = child(deed, at)
    return {"ended": ended, "left": stepped(before, said)}

def measured(make):
    deed, _ = make
    return child(deed, 0)[1]

# Imports first: a form that is on its way takes nothing in.
many_import = measured(imported(900))
imports = told(one_import, many_import + 1)
review_again()
many_approval = measured(approved(900))
# Taken back, so that what is killed below is the approval, not the withdrawal.
measured(approved(901))
approvals = told(one_approval, many_approval + 1)
print(json.dumps({"statements": [many_import, many_approval], "import": imports, "approval": approvals}))
"""


@pytest.fixture(scope="module")
def found(demonstration, tmp_path_factory) -> dict[str, object]:
    """What was left at each point, of imports and of approvals."""
    import installations

    one: Installation = installations.copied(demonstration, tmp_path_factory.mktemp("killed") / "data")
    script = one.data / "killed.py"
    wanted = 0 if THOROUGH else POINTS + 2
    script.write_text(KILLED.replace("WANTED", str(wanted)), encoding="utf-8")
    return json.loads(
        one.python(f"exec(compile(open({str(script)!r}).read(), 'killed', 'exec'), globals())").splitlines()[-1]
    )


@pytest.mark.parametrize("deed", ["import", "approval"])
def test_a_killed_process_leaves_all_or_nothing(found, deed: str) -> None:
    """At twenty points and more, from the first statement to the one after the last."""
    left = [point["left"] for point in found[deed]]
    assert [one for one in left if set(one.values()) not in ({0}, {1})] == []
    killed = [point for point in found[deed] if point["ended"] is None]
    assert len(killed) >= min(POINTS, found["statements"][deed == "approval"])
    assert all(set(point["left"].values()) == {0} for point in killed)
    (whole,) = [point for point in found[deed] if point["ended"] == 0]
    assert set(whole["left"].values()) == {1}
