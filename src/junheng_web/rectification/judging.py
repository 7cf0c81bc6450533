"""Issues raised from gaps, judged by values: two steps to closure, and back where a value falls again.

The reactions and `junheng-web reconcile` both end here, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from junheng_web.organisation import audit, events
from junheng_web.organisation.models import Area
from junheng_web.rectification.following import task_follow
from junheng_web.rectification.models import Issue, IssueStep
from junheng_web.rectification.standings import Standings

State, Reached = Issue.State, Issue.Reached
# What a value does to an issue, and how it is told.
PRESENT, CENSUS, FELL, UNDONE = "present", "census", "fell", "undone"
BY_VALUE = {
    PRESENT: "现状到位：审定的现状数达到了要求，等统计口径的数",
    CENSUS: "入统销号：正式评估所依据的统计口径的数达到了要求",
    FELL: "重新打开：数又降到要求以下",
    UNDONE: "重新打开：原来依据的审定或正式评估撤销了",
}
ENDED = frozenset({State.REVIEW, State.CLOSED})


def state_after(state: str, present: str, census: str) -> str:
    """Return the state of an issue from a gap, from the one before and from what each basis says.

    The census closes it unless the present value is known to have fallen; the present value alone brings it to 复核.
    """
    if state == State.DROPPED:
        return state
    if census == Reached.MET and present != Reached.UNMET:
        return State.CLOSED
    if present == Reached.MET:
        return State.REVIEW
    return State.REOPENED if state in ENDED else state


def deed_of(after: str, present: str, census: str) -> str:
    """Return which deed of a value brings an issue into a state."""
    if after == State.CLOSED:
        return CENSUS
    if after == State.REVIEW:
        return PRESENT
    return FELL if Reached.UNMET in (present, census) else UNDONE


def open_to_judging(county: Area) -> Iterable[Issue]:
    """Return the county's issues that values decide on."""
    found = Issue.objects.of(county).filter(origin=Issue.Origin.GAP).exclude(state=State.DROPPED)
    return found.select_related("county", "school", "period").order_by("id")


@transaction.atomic
def issues_judge(*, county: Area, among: Iterable[Issue] | None = None) -> int:
    """Bring each issue from a gap to where the values of today put it, and return how many moved. Idempotent."""
    standings, moved = Standings(county), 0
    for issue in open_to_judging(county) if among is None else among:
        moved += _judge(issue, standings)
    return moved


def _judge(issue: Issue, standings: Standings) -> bool:
    present, census = standings.present(issue), standings.counted(issue)
    held = Issue.objects.select_for_update(of=("self",)).select_related("county").get(id=issue.id)
    after = state_after(held.state, present, census)
    if (held.state, held.present, held.census) == (after, present, census):
        return False
    told = {"present": present, "census": census, "was": held.state}
    held.present, held.census = present, census
    if after != held.state:
        step_write(held, deed_of(after, present, census), after, by=None)
    held.save(update_fields=["present", "census"])
    audit.record("issue.judge", by=None, county=held.county, of=("issue", held.code), state=after, **told)
    return True


def step_write(issue: Issue, deed: str, after: str, *, by: object, note: str = "") -> IssueStep:
    """Put an issue into a state with the row that says why; part of the caller's transaction."""
    issue.state = after
    issue.closed_on = timezone.localdate() if after == State.CLOSED else None
    issue.save(update_fields=["state", "closed_on"])
    row = {"county": issue.county, "issue": issue, "deed": deed, "state": after, "note": note or BY_VALUE.get(deed, "")}
    step = IssueStep.objects.create(**row, **audit.signed(by))
    events.announce(f"issue.{after}", county=issue.county, of=("issue", issue.code))
    task_follow(issue)
    return step
