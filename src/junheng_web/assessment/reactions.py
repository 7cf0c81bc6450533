"""What the room makes of events: the county's posts hear what its official run is."""

from __future__ import annotations

from junheng_web.assessment.models import Run
from junheng_web.assessment.services import run_withdraw
from junheng_web.assessment.telling import address, word
from junheng_web.collection.models import Ledger, Step
from junheng_web.notices.services import notice_send
from junheng_web.organisation.models import Event, Post
from junheng_web.organisation.permissions import PERMISSIONS


def run_declared(event: Event) -> None:
    """Tell that a run was declared official, with its verdict."""
    run = _run(event)
    about = f"本县定了正式评估：{run.snapshot.label}（{run.snapshot.get_basis_display()}），{word(run.verdict)}"
    _tell(event, about, address(event.county, "overview", run=run.code))


def run_withdrawn(event: Event) -> None:
    """Tell that a run is official no longer."""
    run = _run(event)
    _tell(event, f"本县撤销了一次正式评估：{run.snapshot.label}，编号 {run.code}", address(event.county, "runs"))


def approval_withdrawn(event: Event) -> None:
    """Take back every official run that rests on a form whose approval is withdrawn; not what was declared since."""
    period, basis, kind, subject = event.object_code.split(":")
    ledger = Ledger.objects.of(event.county).get(period__code=period, basis=basis)
    approvals = Step.objects.of(event.county).filter(
        submission__ledger=ledger, submission__kind=kind, submission__subject=subject, deed="approve"
    )
    note = f"{period} 年 {subject} 的表撤销了审定"
    for run in Run.objects.of(event.county).filter(snapshot__ledger=ledger, at__lt=event.at).select_related("snapshot"):
        since = run.declarations.filter(at__gt=event.at).exists()
        if approvals.filter(at__lt=run.at).exists() and not since:
            run_withdraw(by=None, run=run, note=note)


def _run(event: Event) -> Run:
    runs = Run.objects.of(event.county).select_related("snapshot").defer("answer")
    return runs.get(code=event.object_code)


def _tell(event: Event, text: str, url: str) -> None:
    posts = Post.objects.filter(area=event.county, role__in=PERMISSIONS["assessment.view"])
    notice_send(by=None, county=event.county, posts=posts, key=f"event:{event.id}", text=text, url=url)
