"""From a file that was brought in to what it would change, and on to the change: whichever way it was brought in."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from junheng_web.collection.exchange import importing
from junheng_web.collection.ledger.addresses import address
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.saving import Locked
from junheng_web.evidence import trials

# How the page names a choice: `CHOICE` and the conflict's token, and `MINE` where the file's value is taken.
CHOICE, MINE = "choice-", "mine"


def trial_of(request: HttpRequest, ledger: Ledger, code: str, purpose: str) -> trials.Trial:
    """Return a file that was brought in for a ledger. Raises Http404."""
    try:
        trial = trials.find(account=request.scope.account.id, county=request.county.code, code=code, purpose=purpose)
    except trials.Gone:
        raise Http404 from None
    if trial.state["ledger"] != [ledger.period.code, ledger.basis]:
        raise Http404
    return trial


def agreed(request: HttpRequest, ledger: Ledger, made: importing.Plan, trial: trials.Trial, here: str) -> HttpResponse:
    """Make every change that was shown `here`, or none, and lead to the board; back, where it is another plan now.

    What was chosen in conflicts is kept meanwhile: the page shows it again wherever the conflict is still the same.
    """
    taken = [
        name.removeprefix(CHOICE) for name, said in request.POST.items() if said == MINE and name.startswith(CHOICE)
    ]
    trial.say(taken=taken)
    if made.problems or request.POST.get("agreed") != made.digest:
        messages.error(request, "在您看的时候，有人改了数；请再看一遍会改什么。")
        return redirect(here)
    decided = importing.chosen(made, taken)
    try:
        saved = importing.plan_apply(by=request.scope, ledger=ledger, made=decided, file=trial.file, name=trial.name)
    except (Locked, importing.Moved) as why:
        messages.error(request, str(why))
        return redirect(here)
    trial.remove()
    messages.success(request, f"已导入：改了 {len(saved.cells)} 格，{made.same} 格与原来相同{_left(made, taken)}。")
    return redirect(address(ledger, "board"))


def _left(made: importing.Plan, taken: Collection[str]) -> str:
    left = made.newer + sum(one.token not in taken for one in made.conflicts)
    return f"，{left} 格保留下载以后改过的值" if left else ""
