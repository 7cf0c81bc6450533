"""A file that is tried is read, checked and judged: at once where it is small, by a job where it is large."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import orjson
import pyarrow.compute as pc
from django.urls import reverse
from django.utils import timezone

from junheng import api as jh
from junheng.facts.schema import TABLES
from junheng_web.assessment.models import Run
from junheng_web.assessment.selectors import DEFAULT_STANDARD, latest_run
from junheng_web.assessment.services import run_make, snapshot_keep
from junheng_web.assessment.telling import word
from junheng_web.evidence import trial_reading
from junheng_web.evidence.trials import ANSWER, FACTS, FINDINGS, Gone, Trial, find
from junheng_web.notices.services import notice_send
from junheng_web.organisation.jobs import Cancelled, Explained, Work, deed, job_submit
from junheng_web.organisation.models import Account, Area, Job
from junheng_web.organisation.scopes import Scope

LARGE_FILE, MANY_SCHOOLS = 2**20, 2000
KIND = "upload.judge"
STEPS = 4
Report = Callable[[int, str], None]
# The core speaks of its command's options; the page has fields.
OPTIONS = {"--as-of": "规则日期", "period": "统计时期"}
TOLD = {"unusable": "上传的文件不能评，请看原因", "foreign": "上传的文件里没有本县的学校"}
NO_DAY = jh.Problem(
    "统计时期", "没有填统计时点", "请在“统计时期”表里填统计时点，或在上传页填规则日期", None, "统计时点"
)
NO_SCHOOL = jh.Problem("学校", "一所学校也没有填", "请在“学校”表里每校填一行，再上传")


def standard_of(scope: Scope, county: Area) -> str:
    """Return the standard by which a county is judged: that of its newest run, or the national one."""
    run = latest_run(scope, county)
    return run.rules.standard if run else DEFAULT_STANDARD


def try_now_or_later(trial: Trial, *, by: Scope, county: Area) -> Job | None:
    """Judge a small file; for a large one, leave it to a job and return that."""
    if trial.state["size"] > LARGE_FILE:
        return _later(trial, by, county)
    facts = _read(trial)
    if facts is None:
        return None
    if facts.tables["schools"].num_rows > MANY_SCHOOLS:
        return _later(trial, by, county)
    _judge(trial, facts, _silent)
    return None


def _later(trial: Trial, by: Scope, county: Area) -> Job:
    job = job_submit(KIND, by=by, county=county, trial=trial.code)
    trial.say(outcome="waiting", job=job.id)
    return job


def _silent(done: int, doing: str) -> None:
    """Report to nobody."""


@deed(KIND)
def judge_later(work: Work) -> dict[str, str]:
    """Judge a large file, and lead to its result. It may be begun again: what it writes, it writes anew."""
    job = work.job
    try:
        trial = find(account=job.by_account, county=job.county.code, code=job.arguments["trial"])
        work.report(0, STEPS, "正在读文件")
        facts = _read(trial)
        if facts is not None:
            _judge(trial, facts, lambda done, doing: work.report(done, STEPS, doing))
        _tell(job, trial)
    except Gone:
        raise Explained("上传的文件已经删除，请重新上传") from None
    except Cancelled:
        job.refresh_from_db()
        # Another worker may have taken the job over; only who stopped it wants the file gone.
        if job.cancel:
            trial.remove()
        raise
    return {"url": _page(job, trial)}


def _page(job: Job, trial: Trial) -> str:
    return reverse("assessment:upload_findings", args=[job.county.code, trial.code])


def _tell(job: Job, trial: Trial) -> None:
    """Send word to whoever handed the file in, and may be elsewhere by now."""
    outcome = trial.state["outcome"]
    said = TOLD.get(outcome) or f"评完了，{word(trial.read(ANSWER)['verdict'])}"
    until = f"{timezone.localtime(trial.until):%m-%d %H:%M}"
    notice_send(
        by=None,
        county=job.county,
        accounts=Account.objects.filter(id=job.by_account),
        key=f"{KIND}:{job.id}",
        text=f"{said}：{trial.name}（保留到 {until}）",
        url=_page(job, trial),
    )


def _read(trial: Trial) -> jh.Facts | None:
    """Read the file once and keep its facts; where it is unusable, say so in the trial and return None."""
    unfolded = trial.folder / "tables"
    try:
        facts = trial_reading.read(trial.file, trial.name, unfolded)
    except jh.Unusable as error:
        unusable(trial, error.problems)
        return None
    finally:
        shutil.rmtree(unfolded, ignore_errors=True)
    if not facts.counties:
        unusable(trial, [NO_SCHOOL])
        return None
    trial.say(remarks=[asdict(one) for one in facts.remarks])
    return facts


def unusable(trial: Trial, problems: list[jh.Problem] | tuple[jh.Problem, ...]) -> None:
    """Write down why a file cannot be used."""
    trial.say(outcome="unusable", problems=[asdict(_told(one)) for one in problems])


def _told(one: jh.Problem) -> jh.Problem:
    return replace(one, file=OPTIONS.get(one.file, one.file))


def _judge(trial: Trial, facts: jh.Facts, report: Report) -> None:
    """Judge the own county's rows; where it has none, keep the facts and say which counties there are."""
    report(1, "正在保存读到的数")
    jh.write_parquet(facts, trial.folder / FACTS)
    trial.file.unlink(missing_ok=True)
    trial.say(counties=facts.counties)
    if trial.state["county"] in facts.counties:
        judge_county(trial, facts, trial.state["county"], report)
    else:
        trial.say(outcome="foreign")


def judge_county(trial: Trial, facts: jh.Facts, code: str, report: Report = _silent) -> None:
    """Check and judge one county's rows, and write findings and answer down."""
    day = trial.state.get("as_of")
    if not day and facts.counting_date is None:
        unusable(trial, [NO_DAY])
        return
    options: dict[str, Any] = {"as_of": date.fromisoformat(day) if day else None, "county": code}
    try:
        report(2, "正在查数据质量")
        found = jh.check(facts, trial.state["standard"], **options)
        report(3, "正在评估")
        answer = jh.assess(facts, trial.state["standard"], **options)
    except jh.Unusable as error:
        unusable(trial, error.problems)
        return
    trial.write(FINDINGS, orjson.dumps(list(_findings(found))))
    trial.write(ANSWER, jh.to_json(answer, indent=False).encode())
    trial.say(outcome="judged", judged=code, skipped=len(found.skipped))
    report(STEPS, "完成")


def _findings(found: jh.Findings) -> Iterator[dict[str, Any]]:
    """Yield the findings as the page shows them: where in the file, what, and what to do."""
    for one in found.findings:
        table = TABLES[one.table] if one.table else None
        label = table.label if table else "文件"
        yield {
            "severity": one.severity,
            "check": one.check.id,
            "place": label if one.row is None else f"{label}第 {one.row + 1} 条",
            "school": one.school_name or one.school_code or "",
            "column": table.column(one.column).label if table and one.column else "",
            "value": one.value or "",
            "expected": one.expected,
            "message": one.message,
            "remedy": one.remedy,
        }


def own_rows(facts: jh.Facts, code: str) -> jh.Facts:
    """Return the facts of one county alone; what a file of several says of no county in particular is left out."""
    if list(facts.counties) == [code]:
        return facts
    schools = facts.tables["schools"]
    own = schools.filter(pc.equal(schools["county_code"], code))
    tables = {
        name: table.filter(pc.is_in(table["school_code"], own["school_code"].combine_chunks()))
        if "school_code" in table.schema.names
        else table
        for name, table in facts.tables.items()
    }
    return replace(facts, tables={**tables, "schools": own, "county": facts.tables["county"].slice(0, 0)}, items={})


def trial_keep(*, by: Scope, county: Area, trial: Trial, label: str) -> Run:
    """Store what was tried as the county's snapshot, judge it, and take the trial away."""
    facts = own_rows(trial.facts(), county.code)
    snapshot = snapshot_keep(by=by, county=county, facts=facts, label=label, invented=county.invented)
    day = trial.state.get("as_of")
    run = run_make(
        by=by,
        county=county,
        snapshot=snapshot,
        standard=trial.state["standard"],
        as_of=date.fromisoformat(day) if day else None,
    )
    trial.remove()
    return run


def annotate(trial: Trial) -> bytes:
    """Return the file as a workbook in the template's form, with every finding marked in its cell."""
    facts, target = trial.facts(), trial.folder / "annotated.xlsx"
    if not target.is_file():
        day = trial.state.get("as_of")
        found = jh.check(
            facts,
            trial.state["standard"],
            as_of=date.fromisoformat(day) if day else None,
            county=trial.state["judged"],
        )
        jh.write_annotated(found, facts, target)
    return target.read_bytes()
