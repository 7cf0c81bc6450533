"""A process that is killed (-9) in the middle of an import or an approval leaves all of it, or nothing.

One process in an installation of its own forks a child for each point: the child does the deed and is killed before
or after its n-th statement; what it left is looked at by the parent.
"""

from __future__ import annotations

import json

import pytest

from installations import Installation
from killing import BEGIN

POINTS = 20
KILLED = """
import json, tempfile
from pathlib import Path
from django.utils import timezone
from junheng import api as jh
from junheng_web.collection.handing import approving
from junheng_web.collection.exchange import importing
from junheng_web.collection.models import Cell, Entry, Ledger, Step, Submission, Write
from junheng_web.collection.ledger.subjects import subject
from junheng_web.evidence.models import File, Link
from junheng_web.organisation.models import Account, AuditRow, Event
from junheng_web.organisation.scopes import scope_of
from killing import child
import xlsxwriter

office = scope_of(Account.objects.get(username="office"), timezone.localdate())
CODES = ("1506990006", "1506990001", "1506990002")

def ledger():
    return Ledger.objects.select_related("county", "period").get(county__code="150699", basis="current")

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
    for name in ("withdraw", "submit", "sign", "review"):
        if approving.status_of(one) in approving.DEEDS[name].before:
            approving.step_take(by=office, one=one, deed=approving.DEEDS[name], note="again")

def told(whole, many):
    found = []
    for at in range(1, many + 1):
        found.append({"at": at, **whole(at)})
    return found

def one_import(at):
    deed, name = imported(at)
    ended, _ = child(deed, at)
    return {"ended": ended, "left": held(at, name)}

def one_approval(at):
    review_again()
    deed, said = approved(at)
    before = (None, None, Event.objects.filter(object_kind="submission").count())
    ended, _ = child(deed, at)
    return {"ended": ended, "left": stepped(before, said)}

def measured(make):
    deed, _ = make
    return child(deed)[1]

# Imports first: a form that is on its way takes nothing in.
many_import = measured(imported(900))
imports = told(one_import, many_import + 1)
review_again()
many_approval = measured(approved(900))
# Taken back, so that what is killed below is the approval, not the withdrawal.
measured(approved(901))
approvals = told(one_approval, many_approval + 1)

print(json.dumps({"moments": [many_import, many_approval], "import": imports, "approval": approvals}))
"""


@pytest.fixture(scope="module")
def found(demonstration, tmp_path_factory) -> dict[str, object]:
    """What was left at each point, of imports and of approvals."""
    import installations

    one: Installation = installations.copied(demonstration, tmp_path_factory.mktemp("killed") / "data")
    script = one.data / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    told = one.python(f"{BEGIN}; exec(compile(open({str(script)!r}).read(), 'killed', 'exec'), globals())")
    return json.loads(told.splitlines()[-1])


@pytest.mark.parametrize("deed", ["import", "approval"])
def test_a_killed_process_leaves_all_or_nothing(found, deed: str) -> None:
    """At twenty points and more, from before the first statement to after the commit; who is not killed does it all."""
    killed = {point["at"]: set(point["left"].values()) for point in found[deed] if point["ended"] is None}
    last = found["moments"][deed == "approval"]
    assert len(killed) > POINTS
    assert killed.pop(last) == {1}, "it was committed"
    assert killed[last - 1] == {0}, "it was about to be committed"
    assert [at for at, left in killed.items() if left != {0}] == []
    (whole,) = [point for point in found[deed] if point["ended"] == 0]
    assert set(whole["left"].values()) == {1}
