"""What stands between a report and its signature: each line says what, where, who can mend it and where.

Nothing here can be set aside: a reason that is written down does not make a figure true.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from urllib.parse import urlencode

from django.urls import reverse

from junheng_web.assessment import board, overview
from junheng_web.assessment.live import overtaken
from junheng_web.assessment.models import Snapshot
from junheng_web.assessment.recomputing import otherwise
from junheng_web.assessment.telling import Judged
from junheng_web.collection.ledger.addresses import form_address
from junheng_web.collection.ledger.subjects import Subject, subjects
from junheng_web.collection.models import Ledger, Submission
from junheng_web.collection.sealed.seals import unsealed
from junheng_web.dossier.gaps import KINDS, gaps_of
from junheng_web.dossier.models import Item
from junheng_web.funding.amounts import wan_told
from junheng_web.funding.footing import TOTAL
from junheng_web.funding.models import Item as FundingItem
from junheng_web.funding.tables import table
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.reports import national
from junheng_web.reports.assessed import judged_for
from junheng_web.reports.figures import Catalogue
from junheng_web.reports.kinds import ASKS
from junheng_web.reports.models import Report, Version
from junheng_web.reports.references import pieces, to_write
from junheng_web.reports.services import waiting_for

OFFICE = "办公室"


@dataclass(frozen=True, slots=True)
class Blocks:
    """One thing that blocks: of which check, what it is, where it is mended, and who can."""

    check: str
    told: str
    who: str
    url: str
    remedy: str


@dataclass(frozen=True)
class Looked:
    """What the checks look at: a report's last version, read by somebody on a day."""

    scope: Scope
    report: Report
    version: Version
    figures: Catalogue
    today: dt.date

    @property
    def county(self) -> Area:
        """Whose report it is."""
        return self.report.county

    @cached_property
    def judged(self) -> Judged | None:
        """The assessment that the report speaks of."""
        return judged_for(self.county)

    @property
    def ledger(self) -> Ledger | None:
        """The ledger from whose approved values that was made; None of an upload."""
        return self.judged.run.snapshot.ledger if self.judged else None

    @cached_property
    def answering(self) -> Mapping[str, str]:
        """Who answers for each indicator, in words."""
        told = board.answering(self.scope, self.county)
        return {id: "、".join(one["name"] for one in units) for id, units in told.items()}


def _basis(seen: Looked) -> Iterator[Blocks]:
    """The facts are those of the census, declared official, and locked (P1)."""
    runs = reverse("assessment:runs", args=[seen.county.code])
    if seen.judged is None or not _official(seen):
        told = "还没有用统计口径的数作出正式评估"
        yield Blocks("basis", told, OFFICE, runs, "用统计口径的数评估一次，并定为正式")
        return
    for told in otherwise(seen.judged):
        yield Blocks("basis", told, OFFICE, runs, "再评估一次，并定为正式")
    ledger = seen.ledger
    if ledger and ledger.locked == Ledger.Level.OPEN:
        url = reverse("collection:locks", args=[seen.county.code, ledger.period.code])
        yield Blocks("basis", f"{ledger}还没有锁定", OFFICE, url, "到统计时点以后锁定，再签发")
    if overtaken(seen.judged.run.snapshot):
        told = f"{ledger}审定的数在正式评估以后变了"
        yield Blocks("basis", told, OFFICE, runs, "用现在审定的数再评估一次，并定为正式")


def _official(seen: Looked) -> bool:
    run = seen.judged and seen.judged.run
    if run is None or run.snapshot.basis != Snapshot.Basis.CENSUS:
        return False
    last = run.declarations.first()
    return bool(last and last.official)


def _undetermined(seen: Looked) -> Iterator[Blocks]:
    """Nothing is undetermined: neither an indicator, nor a spread, nor what a school in the sample has not reported."""
    judged, remedy = seen.judged, "补报缺的数，审定以后再评估"
    if judged is None:
        return
    for id, one in judged.answer["indicators"].items():
        if one["status"] == "undetermined":
            told = f"{id} {judged.name(id)}不能判定：{one['reason']}"
            yield Blocks("undetermined", told, seen.answering.get(id) or OFFICE, judged.page(id), remedy)
    for stage, found in judged.answer["stages"].items():
        for id, spread in found["indicators"].items():
            if spread["status"] == "undetermined":
                told = f"{judged.stage(stage)}{id}校际差异系数不能判定"
                yield Blocks("undetermined", told, OFFICE, judged.url("trace", id, stage=stage), remedy)
    for one in overview.missing(judged):
        yield Blocks("undetermined", f"{one['place']}没有报{one['columns']}", one["place"], one["url"], remedy)


def _unapproved(seen: Looked) -> Iterator[Blocks]:
    """What the assessment stands on was filled in and approved, form by form."""
    if seen.judged is None:
        return
    ledger = seen.ledger
    if ledger is None:
        told, url = (
            "正式评估用的是上传的数据，没有经过填报和审定",
            reverse("collection:newest", args=[seen.county.code]),
        )
        yield Blocks("unapproved", told, OFFICE, url, "在填报里审定，用审定的数评估，定为正式")
        return
    done = _approved(ledger)
    for one in subjects(ledger):
        if (one.kind, one.code) not in done:
            told = f"{one.name}的填报表（{ledger.get_basis_display()}）没有审定"
            yield Blocks("unapproved", told, one.name, form_address(one, "form"), "提交、审核、审定")


def _approved(ledger: Ledger) -> set[tuple[str, str]]:
    found = ledger.submissions.filter(status=Submission.Status.APPROVED)
    return {*found.values_list("kind", "subject")}


def _unsealed(seen: Looked) -> Iterator[Blocks]:
    """Every form that is approved has its sealed scan (P15)."""
    if seen.ledger is None:
        return
    waiting = unsealed(seen.ledger)
    for one in subjects(seen.ledger):
        if (one.kind, one.code) in waiting:
            yield Blocks(
                "unsealed", f"{one.name}的填报表没有盖章件", one.name, _sealed_at(one), "打印、签字、盖章，交扫描件"
            )


def _sealed_at(one: Subject) -> str:
    return form_address(one, "sealed")


def _footing(seen: Looked) -> Iterator[Blocks]:
    """What is printed as a table adds up, both ways."""
    found, url = table(seen.scope, seen.county), reverse("funding:ledger", args=[seen.county.code])
    if not found.agrees:
        yield Blocks("footing", "创建资金明细表横竖加起来对不上", OFFICE, url, "在资金台账里核对")
    labels = {**dict(FundingItem.Column.choices), TOTAL: "合计"}
    for name, now, said, more in found.decided:
        if more:
            told = (
                f"创建资金明细表的{labels[name]}和会议定的不一样：现在 {wan_told(now)} 万元，定案 {wan_told(said)} 万元"
            )
            yield Blocks("footing", told, OFFICE, url, "改项目，或重新上会定案")


def _evidence(seen: Looked) -> Iterator[Blocks]:
    """Every item of the checklist has a paper that was approved and holds."""
    here = [seen.county.code]
    if not Item.objects.of(seen.county).exists():
        url = reverse("dossier:items", args=here)
        yield Blocks("evidence", "还没有列出佐证清单", OFFICE, url, "从规则书列出清单")
        return
    found = gaps_of(seen.scope, seen.county, seen.today)
    owners = {one.held.owner.code if one.held.owner else "": one.held.owner for one in found}
    many = Counter((one.kind, one.held.owner.code if one.held.owner else "") for one in found)
    for (kind, code), count in many.items():
        name, _, remedy = KINDS[kind]
        who = str(owners[code]) if code else OFFICE
        asked = urlencode({"kind": kind, **({"whose": code} if code else {})})
        url = f"{reverse('dossier:gaps', args=here)}?{asked}"
        yield Blocks("evidence", f"佐证：{who} {name} {count} 项", who, url, remedy)


def _form(seen: Looked) -> Iterator[Blocks]:
    """The national form has no empty cell that the county fills in, and foots."""
    if seen.judged is None:
        return
    url = seen.report.address("edit")
    for told, ours in national.lacking(seen.judged, seen.version.basics):
        if ours:
            yield Blocks("form", f"申报表待填：{told}", OFFICE, url, "在“修改”里填")
        else:
            yield Blocks("form", f"申报表未报：{told}", OFFICE, seen.judged.url("overview"), "补报、审定以后再评估")
    for told, remedy in national.off(seen.judged, seen.version.basics):
        yield Blocks("form", told, OFFICE, url, remedy)


def _references(seen: Looked) -> Iterator[Blocks]:
    """Every reference of the text is filled."""
    url = seen.report.address("edit")
    left = {one.key: one.figure for one in pieces(seen.version.text, seen.figures) if one.open}
    for key, figure in left.items():
        if figure:
            told, where = f"引用“{key}”现在是“{figure.told}”", figure.url
            yield Blocks("references", told, OFFICE, where or url, "等它能判定，或从正文里去掉这一句")
        else:
            remedy = "照右边的清单改成有的，或去掉"
            yield Blocks("references", f"正文引用了“{key}”，没有这个数", OFFICE, url, remedy)
    for one in to_write(seen.version.text):
        yield Blocks("references", f"正文里还有{one}", OFFICE, url, "写上，或去掉")


Check = Callable[[Looked], Iterator[Blocks]]
# Name of a check: what it is called, and what it looks for.
CHECKS: Mapping[str, tuple[str, Check]] = MappingProxyType(
    {
        "basis": ("统计口径", _basis),
        "undetermined": ("不能判定的", _undetermined),
        "unapproved": ("没有审定的", _unapproved),
        "unsealed": ("没有盖章的", _unsealed),
        "footing": ("加总", _footing),
        "evidence": ("佐证", _evidence),
        "form": ("申报表的格子和加总", _form),
        "references": ("正文里的引用", _references),
    }
)


def checklist(seen: Looked) -> list[tuple[str, list[Blocks]]]:
    """Return the checks of a report's kind by their labels, each with what blocks; the reviewers come first."""
    waiting = [
        Blocks("review", f"{post}还没有同意第 {seen.report.version} 稿", str(post), seen.report.url, "会审表态")
        for post in waiting_for(seen.report)
    ]
    asked = [(name, CHECKS[name]) for name in CHECKS if name in ASKS[seen.report.kind].checks]
    return [("会审", waiting), *((label, [*check(seen)]) for _, (label, check) in asked)]


def blocking(seen: Looked) -> list[Blocks]:
    """Return all that blocks a report's signature."""
    return [one for _, found in checklist(seen) for one in found]
