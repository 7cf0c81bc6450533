"""A large workbook is read and compared by a job, which tells how far it is; the page of its plan appears when ready.

Only the reading waits: what was agreed to is made in one transaction, as with a small one (`importing.plan_apply`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

import orjson
from django.utils import timezone

from junheng import api as jh
from junheng_web.collection.exchange import importing
from junheng_web.collection.exchange.bases import base_here
from junheng_web.collection.exchange.foreseeing import Foreseen, foreseen
from junheng_web.collection.ledger.addresses import address
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.saving import Change, Place
from junheng_web.collection.ledger.values import Kept, column_of
from junheng_web.evidence import trial_reading
from junheng_web.evidence.trials import Gone, Trial, find
from junheng_web.notices.services import notice_send
from junheng_web.organisation.jobs import Cancelled, Explained, Work, deed, job_submit
from junheng_web.organisation.models import Account, Job
from junheng_web.organisation.scopes import Scope, scope_of

KIND, PLAN = "import.plan", "plan.json"
PURPOSE = "collect"
# About two hundred schools in a workbook of ours.
LARGE_FILE = 120 * 2**10
STEPS = 3


def read(trial: Trial) -> jh.Facts:
    """Return the facts of a file that is to be brought in. Raises Unusable."""
    with tempfile.TemporaryDirectory() as folder:
        return trial_reading.read(trial.file, trial.name, Path(folder) / "tables")


def plan_now(by: Scope, ledger: Ledger, trial: Trial) -> tuple[importing.Plan, list[jh.Problem]]:
    """Return what a file would change, and what is asked about it. Raises Unusable."""
    return _compared(by, ledger, trial, read(trial))


def _compared(by: Scope, ledger: Ledger, trial: Trial, facts: jh.Facts) -> tuple[importing.Plan, list[jh.Problem]]:
    base, remarks = base_here(ledger, trial.file, trial.name)
    return importing.plan(by, ledger, facts, base=base), [*remarks, *facts.remarks]


def plan_later(trial: Trial, *, by: Scope, ledger: Ledger) -> Job | None:
    """Leave a large file to a job and return that; None for a small one, whose plan is made at once."""
    if trial.state["size"] <= LARGE_FILE:
        return None
    post = by.acting and f"{by.acting.area.code}/{by.acting.code}"
    job = job_submit(KIND, by=by, county=ledger.county, trial=trial.code, ledger=ledger.id, post=post)
    trial.say(job=job.id)
    return job


@deed(KIND)
def plan_make(work: Work) -> dict[str, str]:
    """Read a file and write down what it would change. It may be begun again: what it writes, it writes anew."""
    job = work.job
    ledger = Ledger.objects.select_related("county", "period").get(id=job.arguments["ledger"])
    try:
        trial = find(account=job.by_account, county=job.county.code, code=job.arguments["trial"], purpose=PURPOSE)
        said = _planned(work, trial, ledger)
    except Gone:
        raise Explained("要导入的文件已经删除，请重新选文件导入") from None
    except Cancelled:
        job.refresh_from_db()
        # Another worker may have taken the job over; only who stopped it wants the file gone.
        if job.cancel:
            trial.remove()
        raise
    url = address(ledger, "import_plan", trial.code)
    until, who = f"{timezone.localtime(trial.until):%m-%d %H:%M}", Account.objects.filter(id=job.by_account)
    text = f"{said}：{trial.name}（保留到 {until}）"
    notice_send(by=None, county=job.county, accounts=who, key=f"{KIND}:{job.id}", text=text, url=url)
    return {"url": url}


def _planned(work: Work, trial: Trial, ledger: Ledger) -> str:
    """Put the plan, or why there is none, into the trial, and return what it came to."""
    work.report(0, STEPS, "正在读文件")
    try:
        facts = read(trial)
    except jh.Unusable as error:
        trial.say(outcome="unusable", problems=[asdict(one) for one in error.problems])
        return "导入的文件不能用，请看原因"
    work.report(1, STEPS, "正在和已有的数逐格比对")
    account = Account.objects.get(id=work.job.by_account)
    scope = scope_of(account, timezone.localdate(), work.job.arguments["post"] or "")
    made, remarks = _compared(scope, ledger, trial, facts)
    work.report(2, STEPS, "正在按导入以后的数查问题")
    made.found = foreseen(scope, ledger, [one.change for one in made.differences])
    trial.write(PLAN, orjson.dumps(_written(made, remarks)))
    trial.say(outcome="planned")
    work.report(STEPS, STEPS, "完成")
    chosen = f"，另有 {len(made.conflicts)} 格要您选" if made.conflicts else ""
    return f"看过了，会改 {len(made.differences)} 格{chosen}"


def _written(made: importing.Plan, remarks: Sequence[jh.Problem]) -> dict[str, Any]:
    """Return a plan as it is kept beside its file."""
    return {
        "differences": [_row(one) for one in made.differences],
        "conflicts": [[_row(one.difference), one.base, one.now] for one in made.conflicts],
        "same": made.same,
        "newer": made.newer,
        "problems": [asdict(one) for one in made.problems],
        "remarks": [asdict(one) for one in remarks],
        "found": [asdict(one) for one in made.found or ()],
    }


def _row(one: importing.Difference) -> list[Any]:
    change = one.change
    cell = [*change.key, change.revision, *astuple(change.kept), *astuple(change.place)]
    return [*cell, one.before, one.after, one.subject]


def planned(trial: Trial) -> tuple[importing.Plan, list[jh.Problem]] | None:
    """Return the plan that a job has written down, with what was asked about the file; None where there is none.

    Raises Unusable where the job found that the file cannot be used.
    """
    if trial.state["outcome"] == "unusable":
        raise jh.Unusable([jh.Problem(**one) for one in trial.state["problems"]])
    if trial.state["outcome"] != "planned":
        return None
    told = trial.read(PLAN)
    differences = [_difference(*one) for one in told["differences"]]
    # A plan that an earlier version wrote down tells neither conflicts nor findings: the page looks for these.
    conflicts = [importing.Conflict(_difference(*one), base, now) for one, base, now in told.get("conflicts", ())]
    problems, remarks = ([jh.Problem(**one) for one in told[name]] for name in ("problems", "remarks"))
    found = [Foreseen(**one) for one in told["found"]] if "found" in told else None
    return importing.Plan(differences, told["same"], problems, conflicts, told.get("newer", 0), found), remarks


def _difference(table: str, row: str, column: str, revision: int | None, *told: Any) -> importing.Difference:
    """Return a difference as it was written down."""
    key, kept, place = (table, row, column), Kept(*told[:3]), Place(*told[3:6])
    before, after, subject = told[6:]
    return importing.Difference(Change(key, kept, revision, place), before, after, column_of(key), subject)
